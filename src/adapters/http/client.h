// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/tls.h"
#include "base/io.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace valise::adapters {

struct HttpClientLimits {
    std::chrono::milliseconds connect{10'000}; // TLS handshake included
    std::chrono::milliseconds answer{60'000};  // without any progress
    std::size_t body_bytes = 8 << 20;          // of answers held in memory
    // From the first step of connecting to the last byte of the answer; 0: no such limit.
    std::chrono::milliseconds total{0};
};

struct HttpCall {
    std::string method = "GET";
    std::string target = "/";
    std::map<std::string, std::string> headers = {};
    ByteView body = {};
    // In place of `body`: exactly `upload_bytes` from here.
    ByteSource* upload = nullptr;
    std::uint64_t upload_bytes = 0;
    // Where set, takes the body of an answer 200 or 206, of any size.
    ByteSink* download = nullptr;
};

struct HttpAnswer {
    unsigned status = 0;
    std::map<std::string, std::string> headers; // names in lower case
    Bytes body;
};

// An HTTP/1.1 client of one server, on one connection that is kept. Calls from several threads wait
// for each other. An answer of any status is an answer; errors: unavailable adapters.http_connect,
// adapters.http_timeout, adapters.http_broken (the request may have arrived); integrity
// adapters.peer_key (the server shows another key, or refused ours), adapters.tls_chain; limit
// adapters.http_body; invalid adapters.http_answer, adapters.tls.
class HttpClient {
public:
    static HttpClient over_unix(std::string path, HttpClientLimits limits = {});
    static HttpClient over_loopback(std::uint16_t port, HttpClientLimits limits = {});
    static Result<HttpClient> over_tls(std::string host, std::uint16_t port, TlsEnd tls,
                                       HttpClientLimits limits = {});
    // As the web does: the host shows a certificate that one of these authorities (PEM; empty: the
    // system's) answers for. Only for what its own signatures protect.
    static Result<HttpClient> over_https(std::string host, std::uint16_t port,
                                         ByteView authorities_pem, HttpClientLimits limits = {});
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    Result<HttpAnswer> send(const HttpCall& call);
    // Of the last connection: "TLSv1.3 SecP384r1MLKEM1024", "local socket", "loopback"; empty
    // before the first.
    std::string protection() const;
    void disconnect();

private:
    class Impl;
    explicit HttpClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace valise::adapters
