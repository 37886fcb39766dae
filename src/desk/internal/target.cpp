// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "desk/internal/routes.h"

namespace valise::desk {

namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> out;
    while (true) {
        const auto end = text.find(at);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return out;
        text.remove_prefix(end + 1);
    }
}

Result<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const auto byte = i + 3 <= text.size() ? from_hex(text.substr(i + 1, 2)) : Result<Bytes>();
        if (!byte || byte->size() != 1)
            return fail(Code::invalid, "desk.query", "a '%' in the query is not followed by hex");
        out += static_cast<char>(byte->front());
        i += 2;
    }
    // Parameters end in texts of JSON, which holds nothing else.
    if (!is_utf8(out))
        return fail(Code::invalid, "desk.query", "a parameter is not UTF-8");
    return out;
}

} // namespace

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    if (wanted.size() != given.size())
        return std::nullopt;
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].starts_with('{')) {
            if (given[i].empty())
                return std::nullopt;
            parts.emplace_back(given[i]);
        } else if (wanted[i] != given[i]) {
            return std::nullopt;
        }
    }
    return parts;
}

Result<std::map<std::string, std::string>> parse_query(std::string_view text) {
    std::map<std::string, std::string> out;
    if (text.empty())
        return out;
    for (const std::string_view pair : split(text, '&')) {
        const auto equals = pair.find('=');
        TRY_ASSIGN(std::string name, decoded(pair.substr(0, equals)));
        TRY_ASSIGN(std::string value,
                   decoded(equals == std::string_view::npos ? std::string_view()
                                                            : pair.substr(equals + 1)));
        if (!out.emplace(std::move(name), std::move(value)).second)
            return fail(Code::invalid, "desk.query", "a parameter stands twice in the query");
    }
    return out;
}

} // namespace valise::desk
