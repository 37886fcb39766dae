// SPDX-License-Identifier: Apache-2.0
#include "tlog/internal/lines.h"

#include "tlog/tree.h"

#include <charconv>

namespace valise::tlog {

std::optional<std::string_view> LineReader::next() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): it is given the end as well
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || value > kMaxTreeSize)
        return std::nullopt;
    return value;
}

std::optional<Hash32> parse_hash(std::string_view text) {
    const auto bytes = from_base64(text);
    if (!bytes)
        return std::nullopt;
    const auto hash = fixed<32>(*bytes, "tlog.hash");
    if (!hash)
        return std::nullopt;
    return *hash;
}

std::optional<std::uint64_t> parse_numbered(std::string_view line, std::string_view keyword) {
    if (!line.starts_with(keyword) || line.size() == keyword.size() || line[keyword.size()] != ' ')
        return std::nullopt;
    return parse_decimal(line.substr(keyword.size() + 1));
}

std::optional<std::vector<Hash32>> parse_hash_lines(LineReader& lines, std::size_t max) {
    std::vector<Hash32> hashes;
    while (const auto line = lines.next()) {
        if (line->empty())
            return hashes;
        const auto hash = parse_hash(*line);
        if (!hash || hashes.size() == max)
            return std::nullopt;
        hashes.push_back(*hash);
    }
    return std::nullopt;
}

void append_hash_lines(std::string& out, std::span<const Hash32> hashes) {
    for (const auto& hash : hashes) {
        out += to_base64(hash);
        out += '\n';
    }
}

} // namespace valise::tlog
