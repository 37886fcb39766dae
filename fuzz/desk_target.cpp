// SPDX-License-Identifier: Apache-2.0
// The target of a request for people: its path against every route, its query, and the problem that
// answers it. The answer is JSON whatever the target held.
#include "base/text.h"
#include "desk/internal/problem.h"
#include "desk/internal/routes.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::desk;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

void same_path(std::string_view pattern, const std::vector<std::string>& parts,
               std::string_view path) {
    std::string out;
    std::size_t used = 0;
    while (!pattern.empty()) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        out += pattern.substr(0, open);
        pattern.remove_prefix(open);
        if (pattern.empty())
            break;
        hold(used < parts.size() && !parts[used].empty());
        out += parts[used++];
        pattern.remove_prefix(pattern.find('}') + 1);
    }
    hold(used == parts.size() && out == path);
}

void read_query(std::string_view text) {
    const auto query = parse_query(text);
    if (!query) {
        hold(query.error().reason() == "desk.query");
        return;
    }
    std::string written;
    for (const auto& [name, value] : *query) {
        hold(is_utf8(name) && is_utf8(value));
        written += written.empty() ? "" : "&";
        for (const char c : name)
            written += "%" + to_hex(view(std::string_view(&c, 1)));
        written += "=";
        for (const char c : value)
            written += "%" + to_hex(view(std::string_view(&c, 1)));
    }
    if (!written.empty())
        hold(parse_query(written).value() == *query);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto target = text_view({data, size});
    const auto path = target.substr(0, target.find('?'));
    for (const Route& route : routes())
        if (const auto parts = match(route.pattern, path))
            same_path(route.pattern, *parts, path);
    if (path.size() < target.size())
        read_query(target.substr(path.size() + 1));
    const auto response = problem({Code::not_found, "desk.no_path", std::string(path)});
    hold(response.status == 404 && parse_json(response.body).has_value());
    return 0;
}
