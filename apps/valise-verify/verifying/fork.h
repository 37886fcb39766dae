// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifying/checkpoint.h"

namespace valise::verifying {

// What a fork proof shows: docs/formats/fork-proof.md.
struct ProvenFork {
    CheckedCheckpoint smaller; // as claimed until they are verified
    CheckedCheckpoint larger;
    Hash32 prefix_root{};       // of the larger tree over the leaves of the smaller one
    std::optional<Fault> found; // none: the log signed two histories

    bool verified() const { return !found; }
};

// Both checkpoints must be signed by every believed key of the log. A quorum is not asked for: what
// convicts is the log's own signature.
ProvenFork check_fork_proof(ByteView file, const Believed& believed);

Json fork_json(const ProvenFork& fork);
std::string fork_text(const ProvenFork& fork);

} // namespace valise::verifying
