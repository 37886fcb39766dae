// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/internal/connection.h"

#include "adapters/http/internal/message.h"
#include "base/codec/json.h"
#include "base/text.h"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace valise::adapters {
namespace {

constexpr std::size_t kTargetLimit = 2048;
constexpr std::size_t kFilePiece = std::size_t{256} * 1024;

unsigned status_of(const Error& error) {
    if (error.reason() == "adapters.http_header")
        return 431;
    switch (error.code()) {
    case Code::invalid:
        return 400;
    case Code::refused:
        return 403;
    case Code::not_found:
        return 404;
    case Code::conflict:
        return 409;
    case Code::integrity:
        return 422;
    case Code::limit:
        return 413;
    case Code::unavailable:
        return 503;
    case Code::internal:
        break;
    }
    return 500;
}

HttpResponse error_response(const Error& error, unsigned status = 0) {
    HttpResponse response;
    response.status = status == 0 ? status_of(error) : status;
    const Json body = {{"error",
                        {{"code", std::string(to_string(error.code()))},
                         {"context", printable(error.context())},
                         {"reason", error.reason()}}}};
    response.body = to_bytes(canonical_json(body));
    return response;
}

bool header_safe(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
}

// Those that frame the message are ours alone.
bool framing(std::string_view name) {
    return boost::beast::iequals(name, "content-length") ||
           boost::beast::iequals(name, "connection") ||
           boost::beast::iequals(name, "transfer-encoding") ||
           boost::beast::iequals(name, "content-type");
}

class Conversation {
public:
    Conversation(Channel& channel, const HttpService& service, Workers& workers,
                 const std::atomic<bool>& stopping)
        : channel_(channel), service_(service), workers_(workers), stopping_(stopping),
          reader_(channel) {}

    void run() {
        while (!stopping_) {
            const auto begun = reader_.begins(after(service_.limits.idle));
            if (!begun || !*begun || !one_request())
                break;
        }
        end_gently(channel_);
    }

private:
    // Whether the connection goes on.
    bool one_request();
    bool answer(const HttpResponse& response, bool keep);
    bool answer_upload(HttpUpload& upload);
    bool answer_plain();
    bool send_file(const HttpResponse& response);
    bool send_stream(ByteSource& stream);
    std::optional<HttpResponse> fault() const;
    Result<void> invite_body();
    template<class Work> HttpResponse work(Work&& how);

    Channel& channel_;
    const HttpService& service_;
    Workers& workers_;
    const std::atomic<bool>& stopping_;
    MessageReader reader_;
    std::optional<Message<true>> message_;
    HttpRequest request_;
};

// A handler must not throw; if one does, its connection fails and not the server.
template<class Work> HttpResponse Conversation::work(Work&& how) {
    workers_.acquire();
    HttpResponse response;
    try {
        response = how();
    } catch (...) {
        response = error_response(Error(Code::internal, "adapters.http_handler"));
    }
    workers_.release();
    return response;
}

// What makes a whole header unacceptable.
std::optional<HttpResponse> Conversation::fault() const {
    const auto bad = [](unsigned status, const char* what) {
        return error_response(Error(Code::invalid, "adapters.http_syntax", what), status);
    };
    if (message_->target.size() > kTargetLimit)
        return bad(414, "the target is over 2 KiB");
    // An encoding that is not understood hides where the body ends (request smuggling).
    //= RFC 9112 6.1
    if (message_->header("transfer-encoding") != nullptr && !message_->chunked())
        return bad(400, "transfer encoding");
    const std::string* expect = message_->header("expect");
    if (expect != nullptr && !boost::beast::iequals(*expect, "100-continue"))
        return bad(417, "expect");
    return std::nullopt;
}

Result<void> Conversation::invite_body() {
    if (message_->header("expect") == nullptr || message_->is_done() || !reader_.empty())
        return {};
    return channel_.write(view("HTTP/1.1 100 Continue\r\n\r\n"), service_.limits.stall);
}

bool Conversation::one_request() {
    message_.emplace();
    const auto header = reader_.header(*message_, after(service_.limits.header));
    if (!header) {
        if (header.error().code() != Code::unavailable)
            answer(error_response(header.error()), false);
        return false;
    }
    request_ = {};
    request_.method = message_->method;
    request_.target = message_->target;
    request_.headers = message_->headers;
    request_.peer_key = channel_.peer_key;
    request_.connection = channel_.protection;
    request_.address = peer_address_of(channel_.descriptor());
    if (const auto response = fault())
        return answer(*response, false);
    std::unique_ptr<HttpUpload> upload;
    try {
        if (service_.upload)
            upload = service_.upload(request_);
    } catch (...) {
        return answer(error_response(Error(Code::internal, "adapters.http_handler")), false);
    }
    return upload ? answer_upload(*upload) : answer_plain();
}

bool Conversation::answer_upload(HttpUpload& upload) {
    const auto wanted = upload.write({});
    if (!wanted)
        return answer(error_response(wanted.error()), false);
    if (!invite_body())
        return false;
    message_->take = [&](ByteView bytes) { return upload.write(bytes); };
    const auto whole = reader_.body(*message_, service_.limits.stall);
    if (!whole) {
        if (message_->refused || whole.error().code() == Code::invalid)
            answer(error_response(whole.error()), false);
        return false;
    }
    return answer(work([&] { return upload.finish(); }), message_->keep_alive());
}

bool Conversation::answer_plain() {
    const std::size_t limit = service_.limits.body_bytes;
    const Error too_large(Code::limit, "adapters.http_body",
                          fmt::format("a body has at most {} bytes here", limit));
    const auto length = message_->content_length();
    if (length && *length > limit)
        return answer(error_response(too_large), false);
    if (!invite_body())
        return false;
    message_->take = [&](ByteView bytes) -> Result<void> {
        if (bytes.size() > limit - request_.body.size())
            return fail(too_large);
        append(request_.body, bytes);
        return {};
    };
    const auto whole = reader_.body(*message_, service_.limits.stall);
    if (!whole) {
        if (whole.error().code() != Code::unavailable)
            answer(error_response(whole.error()), false);
        return false;
    }
    return answer(work([&] { return service_.handler(request_); }), message_->keep_alive());
}

bool Conversation::answer(const HttpResponse& response, bool keep) {
    keep = keep && !stopping_;
    const bool bodiless = response.status == 204 || response.status == 304;
    const std::uint64_t file = response.file ? response.file_bytes : 0;
    std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status,
                                   std::string(boost::beast::http::obsolete_reason(
                                       static_cast<boost::beast::http::status>(response.status))));
    bool safe = header_safe(response.content_type);
    if (!bodiless && response.stream)
        head += fmt::format("content-type: {}\r\ntransfer-encoding: chunked\r\n",
                            response.content_type);
    else if (!bodiless)
        head += fmt::format("content-type: {}\r\ncontent-length: {}\r\n", response.content_type,
                            response.body.size() + file);
    for (const auto& [name, value] : response.headers) {
        safe = safe && header_safe(name) && header_safe(value);
        if (!framing(name))
            head += fmt::format("{}: {}\r\n", name, value);
    }
    // A value with a line break would let its author write the rest of the answer.
    if (!safe)
        return answer(error_response(Error(Code::internal, "adapters.http_handler")), false);
    head += keep ? "\r\n" : "connection: close\r\n\r\n";
    const bool with_body = !bodiless && request_.method != "HEAD";
    Bytes first = to_bytes(head);
    if (with_body && !response.stream)
        append(first, response.body);
    if (!channel_.write(first, service_.limits.stall))
        return false;
    if (with_body && response.stream)
        return send_stream(*response.stream) && keep;
    if (with_body && file > 0 && !send_file(response))
        return false;
    return keep;
}

// An error on the way can only be shown by ending without the last chunk.
//= RFC 9112 7.1
bool Conversation::send_stream(ByteSource& stream) {
    Bytes piece(kFilePiece);
    while (true) {
        Result<std::size_t> count = 0;
        try {
            count = stream.read(piece);
        } catch (...) {
            return false;
        }
        if (!count)
            return false;
        Bytes chunk = to_bytes(fmt::format("{:x}\r\n", *count));
        append(chunk, ByteView(piece).first(*count));
        append(chunk, "\r\n");
        if (!channel_.write(chunk, service_.limits.stall))
            return false;
        if (*count == 0)
            return true;
    }
}

// Read, then written: at most one piece is in memory, however slow the other end is. An error on
// the way can only be shown by ending before the stated length.
bool Conversation::send_file(const HttpResponse& response) {
    Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(kFilePiece, response.file_bytes)));
    for (std::uint64_t sent = 0; sent < response.file_bytes;) {
        const auto count = static_cast<std::size_t>(
            std::min<std::uint64_t>(piece.size(), response.file_bytes - sent));
        const auto part = std::span(piece).first(count);
        if (!response.file->read_at(response.file_offset + sent, part) ||
            !channel_.write(part, service_.limits.stall))
            return false;
        sent += count;
    }
    return true;
}

} // namespace

void serve_connection(Channel& channel, const HttpService& service, Workers& workers,
                      const std::atomic<bool>& stopping) {
    Conversation(channel, service, workers, stopping).run();
}

} // namespace valise::adapters
