// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <string>

namespace valise::logbook {

class Act;

//= O-07
// A law or regulation under which a party protects what it received, in its newest edition here.
struct Law {
    std::string code;        // chosen by the party that it is of
    std::string edition;     // never recorded twice for one law
    Time from;               // in force from then on
    Hash32 text{};           // SHA-256 of its text
    bool affects = true;     // whether this edition changes the protection
    Hash32 enclosed{};       // commits to law_words(); zero: of the other party
    std::uint64_t event = 0; // that recorded it, or took the notice of it
    bool operator==(const Law&) const = default;
};

// The newest request that a party supply its laws.
struct LawRequest {
    std::uint64_t event = 0; // that made it, or took the notice of it
    Time at;
    bool operator==(const LawRequest&) const = default;
};

// What the other party reads of an act `law`: its title, and below an empty line its note.
std::string law_words(const Act& act);

} // namespace valise::logbook
