// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace valise::label {

// One level of one party's classification scheme, as the terms of an agreement state it.
struct Level {
    std::string code;   // ASCII lower case, digits and hyphens: "gokuhi"; stands in attribute names
    std::string native; // the word in the party's own script; this is what a 4774 label holds
    std::string romanised;
    std::map<std::string, std::string> names; // language tag (en, ja, uk) -> what a reader is shown
    int rank = 0;      // higher protects more; means nothing in another scheme
    std::string color; // "#rrggbb" or empty; never the only sign of a level

    bool operator==(const Level&) const = default;
};

// The levels of one party under one policy. Plain values: nothing here knows a country, and no
// word is ever translated into a level (in the anchor case a literal "top secret" pairs with the
// other side's SECRET).
struct Scheme {
    std::string policy_id;
    std::string policy_uri; // "urn:oid:2.25...." or empty
    std::vector<Level> levels;

    // Null when there is none. The pointers live as long as the scheme is unchanged.
    const Level* by_code(std::string_view code) const;
    const Level* by_native(std::string_view native) const;
    // By code, native, romanised or any shown name; ASCII letters in either case. For what a person
    // typed, never for what a label says. Null also when two levels answer to the word.
    const Level* by_any_name(std::string_view word) const;

    // Codes, native words and ranks are there, bounded and each used once. Errors: label.scheme.
    Result<void> check() const;

    bool operator==(const Scheme&) const = default;
};

// Compares two levels of one scheme by code. Levels of two schemes have no order, only an
// equivalence that an agreement states. Errors: label.level.
Result<std::strong_ordering> compare_levels(const Scheme& scheme, std::string_view a,
                                            std::string_view b);

} // namespace valise::label
