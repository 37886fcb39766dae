// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/cosignature.h"

namespace valise::tlog {

//= c2sp.org/tlog-policy
// Whom a verifier believes: the keys of logs, of witnesses, and how many of these it wants.
class TrustFile {
public:
    struct Witness {
        std::string name; // means something in this file only
        Verifier key;
        std::string url; // or empty
    };
    // At most 64 KiB, 64 logs, 64 witnesses and 64 groups. Errors: tlog.trust_file, with the line.
    static Result<TrustFile> parse(ByteView bytes);

    // Keys of type 0x01 and 0x06, in the order of the file. Those of one name are one log, which
    // must have signed with each: stricter than the document, where one of them is enough.
    std::span<const Verifier> logs() const { return logs_; }
    std::span<const Witness> witnesses() const { return witnesses_; }
    std::vector<Verifier> witness_keys() const;
    // Whether the witnesses that cosigned make the quorum. Errors: tlog.cosignature (integrity), of
    // a bad line by one of them.
    Result<bool> satisfied(const Checkpoint& checkpoint,
                           std::span<const NoteSignature> signatures) const;
    std::string quorum() const; // its name, "none" for none

    // Both keys of every log. Errors: tlog.trust_file when one has a single key.
    Result<std::vector<LogKeys>> log_keys() const;

private:
    struct Group {
        std::string name;
        std::size_t wanted = 0;
        std::vector<std::string> members; // each stands before the group in the file
    };
    friend class TrustFileReader;
    TrustFile() = default;

    std::vector<Verifier> logs_;
    std::vector<Witness> witnesses_;
    std::vector<Group> groups_;
    std::string quorum_;
};

} // namespace valise::tlog
