// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"
#include "registry/registry.h"

namespace valise::desk {

// The listener for the peer: POST /peer/v1/messages and nothing else. A request without a client
// key is refused; whose key it is, the registry asks.
class PeerDesk {
public:
    explicit PeerDesk(registry::Registry& registry) : registry_(registry) {}
    HttpResponse answer(const HttpRequest& request) const;

private:
    registry::Registry& registry_;
};

} // namespace valise::desk
