// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/problem.h"

#include "base/text.h"

namespace valise::desk {

unsigned http_status(Code code) {
    switch (code) {
    case Code::invalid:
        return 400;
    case Code::refused:
        return 403;
    case Code::not_found:
        return 404;
    case Code::conflict:
        return 409;
    case Code::integrity:
        return 422;
    case Code::limit:
        return 413;
    case Code::unavailable:
        return 503;
    case Code::internal:
        return 500;
    }
    return 500;
}

HttpResponse json_response(const Json& body, unsigned status) {
    HttpResponse response;
    response.status = status;
    // Anything that is not UTF-8 would make dump() throw.
    response.body = to_bytes(body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    response.headers["cache-control"] = "no-store";
    return response;
}

//= RFC 9457 3
HttpResponse problem(const Error& error) {
    const unsigned status = http_status(error.code());
    HttpResponse response = json_response({{"type", "about:blank"},
                                           {"title", std::string(to_string(error.code()))},
                                           {"status", status},
                                           {"detail", printable(error.context(), 2000)},
                                           {"code", error.reason()},
                                           {"kind", std::string(to_string(error.code()))}},
                                          status);
    response.content_type = "application/problem+json";
    return response;
}

} // namespace valise::desk
