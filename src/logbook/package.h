// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"

#include <cstdint>
#include <string_view>

namespace valise::logbook {

// What the seals of a package looked like to who took it.
enum class SealFinding : std::uint8_t { intact, broken };
std::string_view to_string(SealFinding finding);               // "intact"
Result<SealFinding> parse_seal_finding(std::string_view text); // Errors: logbook.finding

//= O-37
// One change of hands on the way. The names of who carried it lie in the opening of the event.
struct Leg {
    std::uint64_t event = 0;
    Time at; // as the courier's receipt says; not before the leg before it
    SealFinding seals = SealFinding::intact;
    bool operator==(const Leg&) const = default;
};

} // namespace valise::logbook
