// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/tls.h"
#include "base/http.h"

#include <chrono>
#include <memory>
#include <string>

namespace valise::adapters {

// Bounds of one listener. Each listener has its own connections, so that strangers at one cannot
// shut out the people at another.
struct HttpLimits {
    std::size_t body_bytes = 8 << 20;         // of requests that are not uploads
    std::size_t connections = 64;             // more are closed at once
    std::chrono::milliseconds header{10'000}; // TLS handshake; then header, from its first byte
    std::chrono::milliseconds idle{60'000};   // between two requests
    std::chrono::milliseconds stall{30'000};  // without any progress in a body
};

// What answers at one listener. Header blocks are at most 16 KiB, targets 2 KiB. Too much: 431,
// 414, 413. An error from HttpUpload::write() is answered as JSON {"error":{code,context,reason}}
// and the rest of the body is not read; write() is called once with no bytes before anything is
// read, so that an upload can be refused there.
struct HttpService {
    HttpHandler handler;
    HttpUploadOpener upload = {};
    HttpLimits limits = {};
};

// An HTTP/1.1 server with several listeners: one thread for each connection, bounded by
// HttpLimits::connections, and at most `workers` handlers at a time. Uploads and files are streamed
// with buffers of 64 KiB to 256 KiB, at the speed of the slower side.
class HttpServer {
public:
    explicit HttpServer(std::size_t workers = 8);
    ~HttpServer(); // stops
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Add listeners, then start(). Errors: conflict adapters.address_in_use (a live server is
    // there; a dead one's socket file is replaced), internal adapters.listen, invalid adapters.tls.
    // `mode`: 0600, or 0660 for a group of local users.
    Result<void> listen_unix(const std::string& path, unsigned mode, HttpService service);
    // Plain HTTP on 127.0.0.1 only. Port 0 chooses one; returns the port.
    Result<std::uint16_t> listen_loopback(std::uint16_t port, HttpService service);
    // Plain HTTP for people on "127.0.0.1" or "::1". Errors: refused adapters.plain_http for any
    // other address, where passwords would travel readable.
    Result<std::uint16_t> listen_plain(const std::string& address, std::uint16_t port,
                                       HttpService service);
    // `address`: numeric, "0.0.0.0", "127.0.0.1" or "::".
    Result<std::uint16_t> listen_tls(const std::string& address, std::uint16_t port, TlsEnd tls,
                                     HttpService service);

    // The same for clients of the wider world. With `asks` they may show a certificate, any one:
    // whose key it holds stands in HttpRequest::peer_key, and what that means is for the handler.
    Result<std::uint16_t> listen_https(const std::string& address, std::uint16_t port,
                                       const ServerCertificate& certificate, HttpService service,
                                       bool asks = false);

    Result<void> start(); // returns at once
    // Takes no more connections, cuts those that wait, and returns when every handler is done.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace valise::adapters
