// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace valise::testing {

struct RandomActs {
    std::uint64_t acts = 0; // in all, in worlds of at most kWorldActs each
    std::uint64_t from = 1; // the first world's seed
    std::string expected;   // an invariant that has to break, for a clause is switched off
};
inline constexpr std::uint64_t kWorldActs = 2000;

// Acts of every kind by whomever at both registries, sensible and wrong, with time and the exchange
// going on between them; the invariants are looked at after each. Prints what each kind came to;
// returns the exit code, 1 when an invariant broke (or the one expected did not).
int random_acts(const RandomActs& run);

// "I5 clearance" a line: which invariant breaks without which clause.
int list_invariants();

} // namespace valise::testing
