// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/client.h"

namespace valise::adapters {

// The files of a published log below an address, read one by one and never written. `https://…`
// under a chain of authorities, or `http://127.0.0.1:PORT/…`. Whose log it is, no certificate says:
// the signatures do.
class LogUrl {
public:
    static constexpr std::size_t kMaxFile = std::size_t{32} << 20; // 256 entries of 64 KiB
    static constexpr std::size_t kMaxAll = std::size_t{16} << 30;  // of one log, bytes

    // `authorities_pem`: empty, the system's. Errors: invalid adapters.log_url, adapters.tls.
    static Result<LogUrl> at(const std::string& url, ByteView authorities_pem = {});

    // Errors: not_found adapters.log_file (the server has no such file, or leads elsewhere); limit
    // adapters.http_body; those of the client.
    Result<Bytes> fetch(const std::string& path);

private:
    LogUrl(HttpClient client, std::string base)
        : client_(std::move(client)), base_(std::move(base)) {}

    HttpClient client_;
    std::string base_; // of the path, without a slash at its end
    std::size_t read_ = 0;
};

} // namespace valise::adapters
