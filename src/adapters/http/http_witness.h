// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/client.h"
#include "tlog/witness_port.h"

namespace valise::adapters {

// A tlog-witness submission prefix, "http://127.0.0.1:7380/path": plain HTTP to this machine only,
// where the witness itself or what carries requests to it (a TLS proxy, a bastion) listens. Nothing
// secret is sent and every answer is verified, so that whoever listens there can withhold
// cosignatures and do no more.
class HttpWitness : public tlog::WitnessPort {
public:
    // Errors: invalid adapters.witness_url.
    static Result<std::unique_ptr<HttpWitness>> at(const std::string& url,
                                                   HttpClientLimits limits = {});
    // Errors: those of HttpClient.
    Result<tlog::WitnessAnswer> add_checkpoint(std::string_view body) override;

private:
    HttpWitness(HttpClient client, std::string target)
        : client_(std::move(client)), target_(std::move(target)) {}

    HttpClient client_;
    std::string target_;
};

} // namespace valise::adapters
