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
    // A server that takes whoever comes, and shows a certificate chain. With `asks` it takes any
    // certificate of the client's or none, and tells whose key that is. Errors: invalid
    // adapters.tls.
    static Result<std::shared_ptr<TlsContext>> for_anybody(const ServerCertificate& certificate,
                                                           bool asks);
    // A client that believes a chain up to one of these authorities (PEM; empty: the system's) for
    // this host, as the whole web does, and shows no certificate. For what carries its own
    // signatures. Errors: invalid adapters.tls.
    static Result<std::shared_ptr<TlsContext>> for_host(std::string host, ByteView authorities_pem);
    virtual ~TlsContext() = default;

    // Shakes hands on a connected socket. Errors: integrity adapters.peer_key,
    // adapters.tls_chain, unavailable
    // adapters.http_timeout, adapters.http_broken.
    virtual Result<std::unique_ptr<Channel>> handshake(Descriptor connection,
                                                       Deadline deadline) = 0;
};

} // namespace valise::adapters
