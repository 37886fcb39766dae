// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace valise::testing {

// Sensible persons in a bad world: a seed decides what they do, what the network loses, doubles and
// delays, and where a process dies; after every step both whole states are checked. Prints a line a
// seed; returns the exit code, 1 at the first invariant that does not hold.
int tell_stories(std::uint64_t from, std::uint64_t seeds, int steps);

} // namespace valise::testing
