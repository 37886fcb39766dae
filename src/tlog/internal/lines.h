// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <optional>

namespace valise::tlog {

// Walks over lines that each end with a line feed; what follows the last one is no line.
class LineReader {
public:
    explicit LineReader(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    // The next line without its line feed; nothing when there is none.
    std::optional<std::string_view> next();
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

// Digits only, no leading zero, below 2^63 (kMaxTreeSize).
std::optional<std::uint64_t> parse_decimal(std::string_view text);
// The canonical base64 of exactly 32 bytes.
std::optional<Hash32> parse_hash(std::string_view text);
// The decimal after "<keyword> ".
std::optional<std::uint64_t> parse_numbered(std::string_view line, std::string_view keyword);
// Hash lines up to and with the empty line that ends them; nothing when one is malformed, the empty
// line is missing or there are more than `max`.
std::optional<std::vector<Hash32>> parse_hash_lines(LineReader& lines, std::size_t max);
void append_hash_lines(std::string& out, std::span<const Hash32> hashes);

} // namespace valise::tlog
