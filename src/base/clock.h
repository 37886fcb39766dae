// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <compare>
#include <cstdint>

namespace valise {

// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
struct Time {
    std::int64_t seconds = 0;

    auto operator<=>(const Time&) const = default;

    Time plus_days(std::int64_t days) const { return {seconds + days * 86400}; }
    Time plus_seconds(std::int64_t more) const { return {seconds + more}; }
    // Finer times would let an outsider match acts with traffic.
    Time truncated_to_minute() const { return {seconds - (seconds % 60 + 60) % 60}; }

    // RFC 3339 in UTC, "2026-11-24T09:30:00Z". parse() takes exactly this form, or a bare date
    // "2026-11-24" as its first second. Errors: base.time.
    std::string text() const;
    std::string date_text() const;
    static Result<Time> parse(std::string_view text);
};

// Port: the clock of the machine, or one that a test sets.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

} // namespace valise
