// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifying/checkpoint.h"

namespace valise::verifying {

// What a `.tlog-proof` file proves of one entry.
struct ProvenEntry {
    CheckedCheckpoint checkpoint; // as claimed until it is verified
    std::uint64_t index = 0;
    Hash32 leaf_hash{};
    std::optional<Fault> found; // none: verified

    bool verified() const { return !found; }
};

// `entry` is what is said to stand in the log; none: what the file itself carries as `extra`, which
// nothing authenticates before the path leads from it to the signed root.
ProvenEntry check_log_proof(ByteView file, const std::optional<Bytes>& entry,
                            const Believed& believed);

Json log_proof_json(const ProvenEntry& proven);
std::string log_proof_text(const ProvenEntry& proven);

} // namespace valise::verifying
