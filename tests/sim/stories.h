// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace valise::testing {

struct Telling {
    std::uint64_t from = 1;
    std::uint64_t seeds = 10;
    int steps = 40;
    int parties = 0;               // 2 or 5; 0: as the seed says
    std::string spoil = "nothing"; // what is wrong with the world: Bond::Spoil
};

// Sensible persons in a bad world: a seed decides what they do, what the network loses, doubles and
// delays, where a process dies, a disk is full, a clock is wrong or a backup is put back, and what
// a peer in other hands says; after every step both whole states are checked. Prints a line a seed;
// returns the exit code, 1 at the first invariant that does not hold.
int tell_stories(const Telling& told);

} // namespace valise::testing
