// SPDX-License-Identifier: Apache-2.0
#include "logbook/number.h"

#include "logbook/internal/fields.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace valise::logbook {

std::string RegisterNumber::text() const {
    return fmt::format("{}-{:04}-{:04}", party, year, sequence);
}

Result<RegisterNumber> RegisterNumber::parse(std::string_view text) {
    const auto bad = [] {
        return fail(Code::invalid, "logbook.number", "expected a number like JPN-2026-0001");
    };
    if (text.size() < 13 || text.size() > 17 || !internal::is_party(text.substr(0, 3)))
        return bad();
    RegisterNumber out;
    out.party = std::string(text.substr(0, 3));
    const std::string_view year = text.substr(4, 4);
    const std::string_view sequence = text.substr(9);
    const auto whole = [](std::string_view digits, auto& value) {
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc() && end == digits.data() + digits.size();
    };
    if (!whole(year, out.year) || !whole(sequence, out.sequence) || out.year < 1970 ||
        out.sequence == 0 || out.text() != text)
        return bad();
    return out;
}

int year_of(Time at) {
    using namespace std::chrono;
    const year_month_day day(floor<days>(sys_seconds(seconds(at.seconds))));
    return static_cast<int>(day.year());
}

} // namespace valise::logbook
