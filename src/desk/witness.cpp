// SPDX-License-Identifier: Apache-2.0
#include "desk/witness.h"

#include "base/text.h"

namespace valise::desk {
namespace {

HttpResponse text(unsigned status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.content_type = status == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8";
    response.body = to_bytes(body);
    return response;
}

} // namespace

HttpResponse WitnessDesk::answer(const HttpRequest& request) const {
    if (request.target != "/add-checkpoint")
        return text(404, "logs ask at /add-checkpoint\n");
    if (request.method != "POST")
        return text(405, "POST only\n");
    if (!is_utf8(text_view(request.body)))
        return text(400, "malformed\n");
    const auto reply = registry_.witness(to_text(request.body));
    // Nothing was decided; why not is the operator's affair and no stranger's.
    if (!reply)
        return text(503, "not now\n");
    return text(reply->status, reply->body);
}

} // namespace valise::desk
