// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/internal/channel.h"
#include "adapters/http/tls.h"

namespace valise::adapters {

enum class TlsRole { server, client };

// What all connections of one end share. Safe to use from several threads.
class TlsContext {
public:
    // Errors: invalid adapters.tls.
    static Result<std::shared_ptr<TlsContext>> make(const TlsEnd& end, TlsRole role);
    // Of a server that asks its callers for no key.
    static Result<std::shared_ptr<TlsContext>> make_site(const TlsSite& site);
    virtual ~TlsContext() = default;

    // Shakes hands on a connected socket. Errors: integrity adapters.peer_key, unavailable
    // adapters.http_timeout, adapters.http_broken.
    virtual Result<std::unique_ptr<Channel>> handshake(Descriptor connection,
                                                       Deadline deadline) = 0;
};

} // namespace valise::adapters
