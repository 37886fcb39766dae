// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/log_url.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace valise::adapters {
namespace {

constexpr std::size_t kMaxUrl = 1024;
constexpr std::uint16_t kHttps = 443;

struct Place {
    bool tls = false;
    std::string host;
    std::uint16_t port = 0;
    std::string path;
};

bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == '_' || c == '-' || c == '~' || c == ':';
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out == 0)
        return std::nullopt;
    return out;
}

// No user, no query, no escapes: nothing that two readers could read differently.
std::optional<Place> parse(std::string_view url) {
    constexpr std::string_view kTls = "https://";
    constexpr std::string_view kLoopback = "http://127.0.0.1:";
    if (url.size() > kMaxUrl || !std::ranges::all_of(url, plain))
        return std::nullopt;
    Place out;
    out.tls = url.starts_with(kTls);
    if (!out.tls && !url.starts_with(kLoopback))
        return std::nullopt;
    url.remove_prefix(out.tls ? kTls.size() : std::string_view("http://").size());
    const std::string_view authority = url.substr(0, url.find('/'));
    out.path = std::string(url.substr(authority.size()));
    while (out.path.ends_with('/'))
        out.path.pop_back();
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

} // namespace

Result<LogUrl> LogUrl::at(const std::string& url, ByteView authorities_pem) {
    auto place = parse(url);
    if (!place)
        return fail(Code::invalid, "adapters.log_url",
                    "'" + printable(url) +
                        "' is neither https://HOST[:PORT][/PATH] nor http://127.0.0.1:PORT[/PATH]");
    HttpClientLimits limits;
    limits.body_bytes = kMaxFile;
    if (!place->tls)
        return LogUrl(HttpClient::over_loopback(place->port, limits), std::move(place->path));
    TRY_ASSIGN(auto client, HttpClient::over_https(std::move(place->host), place->port,
                                                   authorities_pem, limits));
    return LogUrl(std::move(client), std::move(place->path));
}

Result<Bytes> LogUrl::fetch(const std::string& path) {
    HttpCall call;
    call.target = base_ + "/" + path;
    auto answer = client_.send(call);
    // A kept connection that the server had closed; reading twice does no harm.
    if (!answer && answer.error().reason() == "adapters.http_broken")
        answer = client_.send(call);
    TRY(answer);
    // Another address is another log: nobody is led there.
    if (answer->status != 200)
        return fail(Code::not_found, "adapters.log_file",
                    printable(path) + ": the server answers " + std::to_string(answer->status));
    read_ += answer->body.size();
    if (read_ > kMaxAll)
        return fail(Code::limit, "adapters.http_body", "the log is larger than is read at once");
    return std::move(answer->body);
}

} // namespace valise::adapters
