// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace valise {
namespace {

// The code point at the start of `text` and its length in bytes, or length 0 when malformed.
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;
};

CodePoint code_point(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    if (first < 0x80)
        return {first, 1};
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size)
        return {};
    std::uint32_t value = first & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xc0) != 0x80)
            return {};
        value = value << 6 | (at(i) & 0x3fU);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return {};
    return {value, size};
}

bool is_unsafe(std::uint32_t c) {
    const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    // Bidirectional controls can make a text read as something else (CVE-2021-42574).
    const bool bidi = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                      (c >= 0x2066 && c <= 0x2069);
    return control || bidi || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

} // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint c = code_point(text);
        if (c.bytes == 0)
            return false;
        text.remove_prefix(c.bytes);
    }
    return true;
}

bool is_party_code(std::string_view text) {
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    return text.size() >= 2 && text.size() <= kMaxPartyCode && is_capital(text.front()) &&
           std::ranges::all_of(text,
                               [&](char c) { return is_capital(c) || (c >= '0' && c <= '9'); });
}

std::string printable(std::string_view text, std::size_t max) {
    const bool cut = text.size() > max;
    text = text.substr(0, max);
    std::string out;
    while (!text.empty()) {
        const CodePoint c = code_point(text);
        if (c.bytes == 0) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        if (is_unsafe(c.value))
            out += fmt::format("\\u{{{:x}}}", c.value);
        else
            out += text.substr(0, c.bytes);
        text.remove_prefix(c.bytes);
    }
    return cut ? out + "..." : out;
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
    const std::string best = nearest(word, candidates);
    return best.empty() ? std::string() : " (did you mean '" + best + "'?)";
}

} // namespace valise
