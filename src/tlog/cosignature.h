// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/checkpoint.h"

#include <optional>

namespace valise::tlog {

//= c2sp.org/tlog-cosignature
// "Consistent with everything that I ever saw of this origin", at `time`. It does not say that the
// cosigner holds the entries: that is what a mirror's cosignature, by a key of its own, says.
struct Cosignature {
    std::string name;
    KeyType type = KeyType::cosigner_ed25519;
    Time time;

    bool operator==(const Cosignature&) const = default;
};

// What 0x04 signs.
Bytes cosigned_message_ed25519(std::string_view checkpoint_text, Time time);
// What 0x06 signs. Errors: tlog.cosignature (a name over 255 bytes, a time before 1970, a time
// other than 0 with start other than 0).
Result<Bytes> cosigned_message_ml_dsa_44(std::string_view name, Time time, std::string_view origin,
                                         std::uint64_t start, std::uint64_t end,
                                         const Hash32& root);

// One line by `name`: 0x04 for an Ed25519 key, 0x06 for ML-DSA-44. Errors: tlog.cosignature,
// tlog.vkey, those of the key.
Result<NoteSignature> cosign(const Checkpoint& checkpoint, const std::string& name,
                             const crypto::SigningKey& key, Time time);
// A 0x06 line with time 0 over the subtree [start, end) of a log. Errors: as above.
Result<NoteSignature> cosign_subtree(const std::string& origin, std::uint64_t start,
                                     std::uint64_t end, const Hash32& root, const std::string& name,
                                     const crypto::SigningKey& key);

// One line by one key of type 0x04 or 0x06. Errors: tlog.cosignature (integrity).
Result<Cosignature> verify_cosignature(const Checkpoint& checkpoint, const Verifier& cosigner,
                                       const NoteSignature& signature);
Result<void> verify_subtree_cosignature(const std::string& origin, std::uint64_t start,
                                        std::uint64_t end, const Hash32& root,
                                        const Verifier& cosigner, const NoteSignature& signature);

// Who of `known` cosigned, with which time: at most one a key, the newest. Lines by others are
// ignored; one bad line by a known key refuses all. Errors: tlog.cosignature (integrity).
Result<std::vector<Cosignature>> cosigners(const Checkpoint& checkpoint,
                                           std::span<const NoteSignature> signatures,
                                           std::span<const Verifier> known);

// When `name` cosigned with both algorithms: the earlier of its two times, else nothing.
std::optional<Time> countersigned(std::span<const Cosignature> cosignatures, std::string_view name);

} // namespace valise::tlog
