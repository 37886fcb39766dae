// SPDX-License-Identifier: Apache-2.0
#include "logbook/number.h"

#include "base/text.h"

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
    RegisterNumber out;
    out.party = std::string(text.substr(0, text.find('-')));
    const std::size_t rest = text.size() - out.party.size(); // "-2026-0001" to "-2026-99999999"
    if (!is_party_code(out.party) || rest < 10 || rest > 14)
        return bad();
    const std::string_view year = text.substr(out.party.size() + 1, 4);
    const std::string_view sequence = text.substr(out.party.size() + 6);
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
