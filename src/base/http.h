// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace valise {

// One HTTP exchange as plain values, so that the desk can answer it and adapters can carry it
// without knowing each other.
struct HttpRequest {
    std::string method;                         // "GET"
    std::string target;                         // path and query as sent, at most 2 KiB
    std::map<std::string, std::string> headers; // names in lower case
    Bytes body;
    std::optional<Hash32> peer_key; // SHA-256 of the client certificate's SPKI, on mutual TLS
    std::string connection; // for the operator: "TLSv1.3 SecP384r1MLKEM1024" or "local socket"
    std::string address;    // numeric, of the other end; empty on a local socket
};

struct HttpResponse {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::map<std::string, std::string> headers;
    Bytes body;
    // Sent after `body` where set, from `file_offset`, `file_bytes` long: sealed files are
    // streamed.
    std::shared_ptr<const RandomSource> file;
    std::uint64_t file_offset = 0;
    std::uint64_t file_bytes = 0;
    // In place of body and file: what is made while it is sent, of a length that nobody knows yet.
    std::shared_ptr<ByteSource> stream;
};

// Answers a request; called on a worker thread, several at a time. Must not throw.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// For request bodies too large to hold: opened before the body arrives, fed in order, and finished
// once whole. A refused open answers without reading the body.
class HttpUpload {
public:
    virtual ~HttpUpload() = default;
    virtual Result<void> write(ByteView bytes) = 0;
    virtual HttpResponse finish() = 0;
};
// Empty pointer: not an upload target, handle it as an ordinary request.
using HttpUploadOpener = std::function<std::unique_ptr<HttpUpload>(const HttpRequest&)>;

// A call to a server of the wider world, whose certificate its name and an authority vouch for. The
// answer is held in memory, bounded by whoever carries it, and led nowhere else: a redirection is
// an answer like any other.
struct WebCall {
    std::string url; // "https://host[:port]/path[?query]"
    std::string method = "GET";
    std::map<std::string, std::string> headers;
    Bytes body;
};
// May be called by several threads. Errors: those that adapters::web_caller() names.
using WebCaller = std::function<Result<HttpResponse>(const WebCall&)>;

} // namespace valise
