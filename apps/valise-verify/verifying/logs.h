// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/cosignature.h"
#include "verifying/fault.h"

#include <optional>

namespace valise::verifying {

// A log whose leaves have the root that its checkpoint signs.
struct CheckedLog {
    tlog::Checkpoint tree;
    std::vector<tlog::Cosignature> cosignatures;
    // "E2" when the peer cosigned with both algorithms as witness, "E3" as mirror.
    std::string evidence = "E1";
    std::optional<Time> countersigned; // as witness: when, as the peer says
    std::optional<Time> mirrored;
};

// The keys by which the peer may have cosigned a log; none before pairing, or of a peer without.
struct PeerCosigners {
    std::vector<tlog::Verifier> witness;
    std::vector<tlog::Verifier> mirror; // of the shared log alone

    std::vector<tlog::Verifier> all() const;
};

// `place` is "private log" or "shared log". Both signatures of the log must hold, and every other
// line must be the peer's and hold too: a line that says nothing to us has no place here.
Checked<CheckedLog> check_log(const std::string& place, const std::string& note,
                              std::span<const Hash32> leaf_hashes, const tlog::LogKeys& keys,
                              const PeerCosigners& peer);

} // namespace valise::verifying
