// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/wire_carrier.h"

#include "base/text.h"

namespace valise::adapters {
namespace {

std::unexpected<Error> by_status(const HttpAnswer& answer) {
    const std::string context = "status " + std::to_string(answer.status) + ": " +
                                printable(text_view(answer.body).substr(0, 300));
    const unsigned status = answer.status;
    if (status == 401 || status == 403)
        return fail(Code::refused, "adapters.peer_refused", context);
    if (status == 413)
        return fail(Code::limit, "adapters.peer_limit", context);
    if (status == 408 || status == 429 || status / 100 == 5)
        return fail(Code::unavailable, "adapters.peer_unavailable", context);
    return fail(Code::invalid, "adapters.peer_answer", context);
}

} // namespace

Result<std::unique_ptr<WireCarrier>> WireCarrier::to(std::string host, std::uint16_t port,
                                                     TlsEnd tls, HttpClientLimits limits) {
    TRY_ASSIGN(HttpClient client,
               HttpClient::over_tls(std::move(host), port, std::move(tls), limits));
    return std::unique_ptr<WireCarrier>(new WireCarrier(std::move(client)));
}

Result<Bytes> WireCarrier::call(ByteView request) {
    HttpCall call;
    call.method = "POST";
    call.target = "/peer/v1/messages";
    call.headers = {{"content-type", "application/octet-stream"}};
    call.body = request;
    auto answer = client_.send(call);
    if (!answer && answer.error().reason() == "adapters.http_broken")
        answer = client_.send(call);
    TRY(answer);
    if (answer->status != 200)
        return by_status(*answer);
    return std::move(answer->body);
}

} // namespace valise::adapters
