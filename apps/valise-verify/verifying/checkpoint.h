// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "tlog/trust_file.h"
#include "verifying/fault.h"

#include <optional>

namespace valise::verifying {

// Whose signatures count: keys given one by one, or a trust file with a quorum.
struct Believed {
    std::vector<tlog::Verifier> keys; // of logs and of cosigners
    std::optional<tlog::TrustFile> trust;

    // Errors: tlog.vkey, tlog.trust_file, verify.usage (neither, or both).
    static Result<Believed> of(const std::vector<std::string>& vkeys,
                               const std::optional<Bytes>& trust_file);
};

struct CheckedCheckpoint {
    tlog::Checkpoint tree;
    std::vector<tlog::KeyType> signed_with; // of the log's own keys that are believed
    std::vector<tlog::Cosignature> cosignatures;
    std::string quorum; // of the trust file, which they make; empty: none was asked for
};

// Signed by every believed key that bears the log's origin as its name (at least one); keys of
// other names are cosigners, listed when they cosigned; a quorum must be made. `place` names the
// checkpoint in a fault; `claimed` is filled in as soon as it is read.
Checked<CheckedCheckpoint> check_checkpoint(const std::string& place, ByteView note,
                                            const Believed& believed, tlog::Checkpoint& claimed);

// Members origin, size, root, signatures, cosignatures and quorum.
Json checkpoint_json(const CheckedCheckpoint& checked);
// Lines "  signed with …", "  cosigned by …".
std::string checkpoint_lines(const CheckedCheckpoint& checked);
// Member "fault" and the line "REFUSED at …".
Json fault_json(const Fault& fault);
std::string fault_line(const Fault& fault);

} // namespace valise::verifying
