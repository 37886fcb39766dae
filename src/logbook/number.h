// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <string>

namespace valise::logbook {

// A register number: "JPN-2026-0001". Counts per party and year; past 9999 it simply grows.
struct RegisterNumber {
    std::string party;          // is_party_code()
    int year = 0;               // 1970 to 9999
    std::uint32_t sequence = 0; // from 1, at most 99'999'999

    std::string text() const;
    // Exactly the form that text() writes. Errors: logbook.number.
    static Result<RegisterNumber> parse(std::string_view text);
    bool operator==(const RegisterNumber&) const = default;
};

int year_of(Time at); // in UTC

} // namespace valise::logbook
