// SPDX-License-Identifier: Apache-2.0
#include "label/internal/text.h"

#include "base/text.h"
#include "label/label.h"

#include <algorithm>

namespace valise::label::internal {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::unexpected<Error> no_time() {
    return fail(Code::invalid, "label.time", "not a date and time as 2026-11-24T09:30:00Z");
}

} // namespace

std::string ascii_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string ascii_upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return out;
}

bool is_plain(std::string_view text) {
    if (text.empty() || text.size() > kMaxLabelText || is_space(text.front()) ||
        is_space(text.back()) || !is_utf8(text))
        return false;
    // U+FFFE and U+FFFF have no place in XML.
    if (text.contains("\xef\xbf\xbe") || text.contains("\xef\xbf\xbf"))
        return false;
    return printable(text, text.size()) == text;
}

std::string collapse(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (!is_space(c))
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

Result<LooseTime> parse_loose_time(std::string_view text) {
    constexpr std::size_t kSeconds = 19; // "2026-11-24T09:30:00"
    if (text.size() < kSeconds || text.size() > 40)
        return no_time();
    LooseTime out;
    std::string_view rest = text.substr(kSeconds);
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        const auto digits =
            static_cast<std::size_t>(std::ranges::find_if_not(rest, is_digit) - rest.begin());
        if (digits == 0)
            return no_time();
        rest.remove_prefix(digits);
        out.fraction = true;
    }
    auto whole = Time::parse(std::string(text.substr(0, kSeconds)) + "Z");
    if (!whole)
        return no_time();
    out.time = *whole;
    if (rest.empty())
        out.no_zone = true;
    if (rest.empty() || rest == "Z")
        return out;
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':')
        return no_time();
    for (const std::size_t i : {1U, 2U, 4U, 5U})
        if (!is_digit(rest[i]))
            return no_time();
    const int hours = (rest[1] - '0') * 10 + (rest[2] - '0');
    const int minutes = (rest[4] - '0') * 10 + (rest[5] - '0');
    if (hours > 14 || minutes > 59)
        return no_time();
    const int offset = (hours * 60 + minutes) * 60;
    out.time = out.time.plus_seconds(rest[0] == '+' ? -offset : offset);
    // The zone may carry it out of the years 0000 to 9999, which have no text.
    if (!Time::parse(out.time.text()))
        return no_time();
    return out;
}

std::string joined(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) {
        if (!out.empty())
            out += ", ";
        out += value;
    }
    return out;
}

} // namespace valise::label::internal
