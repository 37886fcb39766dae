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
    std::string evidence = "E1";       // "E2" when the peer cosigned with both algorithms
    std::optional<Time> countersigned; // when, as the peer says
};

// `place` is "private log" or "shared log". Both signatures of the log must hold, and every other
// line must be the witness's and hold too: a line that says nothing to us has no place here.
Checked<CheckedLog> check_log(const std::string& place, const std::string& note,
                              std::span<const Hash32> leaf_hashes, const tlog::LogKeys& keys,
                              std::span<const tlog::Verifier> witness,
                              const std::string& witness_name);

} // namespace valise::verifying
