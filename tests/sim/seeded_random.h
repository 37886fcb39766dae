// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace valise::testing {

// From now on every key, id, nonce and salt of this process follows from the seed: without it the
// order of ids, and with it who meets what, would differ each time that a seed is run again.
// For the simulator alone, which signs nothing that counts.
void seed_all_randomness(std::uint64_t seed);

} // namespace valise::testing
