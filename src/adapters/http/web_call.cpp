// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/web_call.h"

#include "adapters/http/client.h"
#include "adapters/http/internal/tls_context.h"
#include "adapters/http/internal/web_place.h"
#include "base/text.h"

namespace valise::adapters {
namespace {

Result<HttpResponse> send(const WebCall& call, ByteView authorities_pem,
                          std::chrono::milliseconds total) {
    const HttpClientLimits limits{
        .connect = total, .answer = total, .body_bytes = kMaxWebAnswer, .total = total};
    const auto place = parse_web_place(call.url);
    if (!place)
        return fail(Code::invalid, "adapters.web_url",
                    "'" + printable(call.url) +
                        "' is neither https://HOST[:PORT][/PATH] nor http://127.0.0.1:PORT[/PATH]");
    TRY_ASSIGN(HttpClient client, [&]() -> Result<HttpClient> {
        if (place->tls)
            return HttpClient::over_https(place->host, place->port, authorities_pem, limits);
        return HttpClient::over_loopback(place->port, limits);
    }());
    HttpCall out;
    out.method = call.method;
    out.target = (place->path.empty() ? "/" : place->path) + place->query;
    out.headers = call.headers;
    out.headers["connection"] = "close";
    out.body = call.body;
    TRY_ASSIGN(HttpAnswer answer, client.send(out));
    HttpResponse response;
    response.status = answer.status;
    if (const auto type = answer.headers.find("content-type"); type != answer.headers.end())
        response.content_type = type->second;
    response.headers = std::move(answer.headers);
    response.body = std::move(answer.body);
    return response;
}

} // namespace

Result<WebCaller> web_caller(Bytes authorities_pem, std::chrono::milliseconds total) {
    // Named now, so that a file that holds none stops the start and not the first sign-in.
    TRY(TlsContext::for_host("localhost", authorities_pem));
    return WebCaller([pem = std::move(authorities_pem), total](const WebCall& call) {
        return send(call, pem, total);
    });
}

} // namespace valise::adapters
