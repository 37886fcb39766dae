// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/internal/web_place.h"

#include <algorithm>
#include <charconv>

namespace valise::adapters {
namespace {

constexpr std::size_t kMaxUrl = 1024;
constexpr std::uint16_t kHttps = 443;

bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == '_' || c == '-' || c == '~' || c == ':';
}

bool plain_in_query(char c) {
    return plain(c) || c == '=' || c == '&' || c == '%' || c == '+';
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out == 0)
        return std::nullopt;
    return out;
}

} // namespace

std::optional<WebPlace> parse_web_place(std::string_view url) {
    constexpr std::string_view kTls = "https://";
    constexpr std::string_view kLoopback = "http://127.0.0.1:";
    WebPlace out;
    const auto mark = std::min(url.find('?'), url.size());
    out.query = std::string(url.substr(mark));
    if (url.size() > kMaxUrl || out.query == "?" ||
        !std::ranges::all_of(out.query.empty() ? std::string_view() : url.substr(mark + 1),
                             plain_in_query))
        return std::nullopt;
    url = url.substr(0, mark);
    if (!std::ranges::all_of(url, plain))
        return std::nullopt;
    out.tls = url.starts_with(kTls);
    if (!out.tls && !url.starts_with(kLoopback))
        return std::nullopt;
    url.remove_prefix(out.tls ? kTls.size() : std::string_view("http://").size());
    const std::string_view authority = url.substr(0, url.find('/'));
    out.path = std::string(url.substr(authority.size()));
    const auto colon = authority.find(':');
    out.host = std::string(authority.substr(0, colon));
    out.port = kHttps;
    if (colon != std::string_view::npos) {
        const auto port = port_of(authority.substr(colon + 1));
        if (!port)
            return std::nullopt;
        out.port = *port;
    }
    if (out.host.empty() || out.path.find("//") != std::string::npos ||
        out.path.find("..") != std::string::npos)
        return std::nullopt;
    return out;
}

} // namespace valise::adapters
