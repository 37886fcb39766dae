// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace valise {

// Well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

// How a party of an agreement is called wherever bytes name it: 2 to 12 capital letters A-Z and
// digits, a letter first (docs/decisions/0005-what-a-party-may-be.md).
inline constexpr std::size_t kMaxPartyCode = 12;
bool is_party_code(std::string_view text);

// Control characters, invalid UTF-8 and bidirectional controls as \u{..} or \x.., so that what a
// peer sent can be shown on a terminal or in a log line. At most `max` bytes of input are shown.
std::string printable(std::string_view text, std::size_t max = 200);

// The candidate with the smallest edit distance, or empty when none is near enough to suggest.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// " (did you mean 'x'?)" or nothing.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

} // namespace valise
