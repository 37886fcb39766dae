// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/log_url.h"

#include "adapters/http/internal/web_place.h"
#include "base/text.h"

namespace valise::adapters {

Result<LogUrl> LogUrl::at(const std::string& url, ByteView authorities_pem) {
    auto place = parse_web_place(url);
    if (!place || !place->query.empty())
        return fail(Code::invalid, "adapters.log_url",
                    "'" + printable(url) +
                        "' is neither https://HOST[:PORT][/PATH] nor http://127.0.0.1:PORT[/PATH]");
    while (place->path.ends_with('/'))
        place->path.pop_back();
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
