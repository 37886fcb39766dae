// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/client.h"
#include "exchange/carrier_port.h"

namespace valise::adapters {

// Carries peer messages as POST /peer/v1/messages. A call that fails on the way is sent once more
// on a new connection, which is safe because every message is idempotent.
class WireCarrier : public exchange::Carrier {
public:
    // Errors: as HttpClient::over_tls().
    static Result<std::unique_ptr<WireCarrier>> to(std::string host, std::uint16_t port, TlsEnd tls,
                                                   HttpClientLimits limits = {});

    // Errors: those of HttpClient; by status of the answer refused adapters.peer_refused (401,
    // 403), limit adapters.peer_limit (413), unavailable adapters.peer_unavailable (408, 429, 5xx),
    // invalid adapters.peer_answer (any other but 200).
    Result<Bytes> call(ByteView request) override;
    std::string protection() const override { return client_.protection(); }

private:
    explicit WireCarrier(HttpClient client) : client_(std::move(client)) {}
    HttpClient client_;
};

} // namespace valise::adapters
