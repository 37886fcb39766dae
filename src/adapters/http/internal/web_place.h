// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace valise::adapters {

// Where an address leads.
struct WebPlace {
    bool tls = false; // else plain, on 127.0.0.1
    std::string host;
    std::uint16_t port = 0;
    std::string path;  // "" or "/…"
    std::string query; // "" or "?…"
};

// `https://HOST[:PORT][/PATH]` or `http://127.0.0.1:PORT[/PATH]`, at most 1 KiB: no user, no
// fragment, no escapes but in a query, nothing that two readers could read differently.
std::optional<WebPlace> parse_web_place(std::string_view url);

} // namespace valise::adapters
