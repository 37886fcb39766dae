// SPDX-License-Identifier: Apache-2.0
#include "desk/peer.h"

#include "desk/internal/problem.h"

namespace valise::desk {

HttpResponse PeerDesk::answer(const HttpRequest& request) const {
    if (request.target != "/peer/v1/messages" || request.method != "POST")
        return problem({Code::not_found, "desk.no_path", "the peer sends messages here"});
    if (!request.peer_key)
        return problem({Code::refused, "desk.no_peer_key", "mutual TLS is needed"});
    HttpResponse response;
    response.content_type = "application/octet-stream";
    response.body = registry_.answer_peer(request.body, *request.peer_key);
    return response;
}

} // namespace valise::desk
