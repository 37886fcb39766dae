// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <fmt/core.h>

#include <charconv>
#include <chrono>

namespace valise {
namespace {

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
    const auto part = text.substr(at, count);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), out);
    return error == std::errc() && end == part.data() + count && part.front() != '-';
}

} // namespace

std::string Time::date_text() const {
    using namespace std::chrono;
    const year_month_day day(floor<days>(sys_seconds(std::chrono::seconds(seconds))));
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string Time::text() const {
    const std::int64_t of_day = (seconds % 86400 + 86400) % 86400;
    return fmt::format("{}T{:02}:{:02}:{:02}Z", date_text(), of_day / 3600, of_day / 60 % 60,
                       of_day % 60);
}

Result<Time> Time::parse(std::string_view text) {
    using namespace std::chrono;
    const auto bad = [&] {
        return fail(Code::invalid, "base.time", "expected YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
    };
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    if ((text.size() != 10 && text.size() != 20) || !digits(text, 0, 4, y) || text[4] != '-' ||
        !digits(text, 5, 2, mo) || text[7] != '-' || !digits(text, 8, 2, d))
        return bad();
    if (text.size() == 20 &&
        (text[10] != 'T' || !digits(text, 11, 2, h) || text[13] != ':' ||
         !digits(text, 14, 2, mi) || text[16] != ':' || !digits(text, 17, 2, s) || text[19] != 'Z'))
        return bad();
    const year_month_day day{year(y), month(static_cast<unsigned>(mo)),
                             std::chrono::day(static_cast<unsigned>(d))};
    if (!day.ok() || h > 23 || mi > 59 || s > 59)
        return bad();
    return Time{sys_days(day).time_since_epoch().count() * std::int64_t{86400} +
                std::int64_t{3600} * h + std::int64_t{60} * mi + s};
}

} // namespace valise
