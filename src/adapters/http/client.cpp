// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/client.h"

#include "adapters/http/internal/message.h"
#include "adapters/http/internal/tls_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace valise::adapters {
namespace {

constexpr std::size_t kUploadPiece = std::size_t{256} * 1024;

bool line_safe(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte != 0x7f;
    });
}

// A line break in a target or value would let its author add a request of his own.
Result<std::string> request_head(const HttpCall& call, const std::string& host) {
    const std::uint64_t size = call.upload != nullptr ? call.upload_bytes : call.body.size();
    bool safe = line_safe(call.method) && line_safe(call.target) && !call.target.empty() &&
                call.target.find(' ') == std::string::npos;
    std::string head =
        fmt::format("{} {} HTTP/1.1\r\nhost: {}\r\n", call.method, call.target, host);
    if (size > 0 || (call.method != "GET" && call.method != "HEAD"))
        head += fmt::format("content-length: {}\r\n", size);
    for (const auto& [name, value] : call.headers) {
        safe = safe && line_safe(name) && line_safe(value);
        head += fmt::format("{}: {}\r\n", name, value);
    }
    if (!safe)
        return fail(Code::invalid, "adapters.http_request", "a control character in the request");
    return head + "\r\n";
}

} // namespace

class HttpClient::Impl {
public:
    using Connect = std::function<Result<std::unique_ptr<Channel>>(Deadline)>;
    Impl(Connect connect, std::string host, HttpClientLimits limits)
        : connect_(std::move(connect)), host_(std::move(host)), limits_(limits) {}

    static Result<HttpClient> under(std::shared_ptr<TlsContext> context, std::string host,
                                    std::uint16_t port, HttpClientLimits limits);
    Result<HttpAnswer> send(const HttpCall& call);
    std::string protection() const {
        const std::lock_guard lock(mutex_);
        return protection_;
    }
    void disconnect() {
        const std::lock_guard lock(mutex_);
        close();
    }

private:
    Result<void> connect();
    Result<HttpAnswer> exchange(const HttpCall& call, const std::string& head);
    Result<void> send_request(const HttpCall& call, const std::string& head);
    Result<void> send_upload(const HttpCall& call);
    Result<HttpAnswer> receive(const HttpCall& call);
    void close() {
        reader_.reset();
        channel_.reset();
    }

    Connect connect_;
    std::string host_;
    HttpClientLimits limits_;
    mutable std::mutex mutex_;
    std::unique_ptr<Channel> channel_;
    std::unique_ptr<MessageReader> reader_;
    std::string protection_;
    bool keep_ = false;
    Deadline last_ = Deadline::max(); // of the present call
};

Result<void> HttpClient::Impl::connect() {
    // Bytes that nobody asked for are the server's goodbye, or an attempt to answer beforehand.
    if (channel_ && (channel_->readable() || !reader_->empty()))
        close();
    if (channel_)
        return {};
    TRY_ASSIGN(channel_, connect_(std::min(after(limits_.connect), last_)));
    reader_ = std::make_unique<MessageReader>(*channel_);
    protection_ = channel_->protection;
    return {};
}

Result<HttpAnswer> HttpClient::Impl::send(const HttpCall& call) {
    TRY_ASSIGN(const std::string head, request_head(call, host_));
    const std::lock_guard lock(mutex_);
    last_ = limits_.total.count() > 0 ? after(limits_.total) : Deadline::max();
    TRY(connect());
    keep_ = false;
    auto answer = exchange(call, head);
    if (!answer || !keep_)
        close();
    return answer;
}

// A server that refuses answers before it has read everything, and may then close: so a failed
// sending is followed by a look for that answer.
Result<HttpAnswer> HttpClient::Impl::exchange(const HttpCall& call, const std::string& head) {
    auto sent = send_request(call, head);
    const bool broken = !sent && sent.error().reason() == "adapters.http_broken";
    if (!sent && !broken)
        return fail(std::move(sent).error());
    auto answer = receive(call);
    if (!answer && broken && answer.error().code() != Code::integrity)
        return fail(std::move(sent).error());
    if (broken)
        keep_ = false;
    return answer;
}

Result<void> HttpClient::Impl::send_request(const HttpCall& call, const std::string& head) {
    if (call.upload != nullptr) {
        TRY(channel_->write(view(head), limits_.answer));
        return send_upload(call);
    }
    Bytes all = to_bytes(head);
    append(all, call.body);
    return channel_->write(all, limits_.answer);
}

Result<void> HttpClient::Impl::send_upload(const HttpCall& call) {
    Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(kUploadPiece, call.upload_bytes)));
    for (std::uint64_t sent = 0; sent < call.upload_bytes;) {
        if (channel_->readable())
            return fail(Code::unavailable, "adapters.http_broken", "answered before the end");
        const auto room = std::min<std::uint64_t>(piece.size(), call.upload_bytes - sent);
        TRY_ASSIGN(const std::size_t count,
                   call.upload->read(std::span(piece).first(static_cast<std::size_t>(room))));
        if (count == 0)
            return fail(Code::invalid, "adapters.http_request",
                        fmt::format("{} bytes were announced, {} came", call.upload_bytes, sent));
        TRY(channel_->write(ByteView(piece).first(count), limits_.answer));
        sent += count;
    }
    return {};
}

Result<HttpAnswer> HttpClient::Impl::receive(const HttpCall& call) {
    std::optional<Message<false>> message;
    do { // 1xx are no answers yet
        message.emplace();
        message->skip(call.method == "HEAD");
        const auto header = reader_->header(*message, std::min(after(limits_.answer), last_));
        const bool malformed = !header && (header.error().code() == Code::invalid ||
                                           header.error().code() == Code::limit);
        if (malformed)
            return fail(Code::invalid, "adapters.http_answer", header.error().context());
        TRY(header);
    } while (message->status / 100 == 1);

    HttpAnswer answer;
    answer.status = message->status;
    const bool stream = call.download != nullptr && (answer.status == 200 || answer.status == 206);
    const auto limit = limits_.body_bytes;
    message->take = [&](ByteView bytes) -> Result<void> {
        if (stream)
            return call.download->write(bytes);
        if (bytes.size() > limit - answer.body.size())
            return fail(Code::limit, "adapters.http_body",
                        fmt::format("the answer has more than {} bytes", limit));
        append(answer.body, bytes);
        return {};
    };
    const auto whole = reader_->body(*message, limits_.answer, last_);
    if (!whole && whole.error().code() == Code::invalid && !message->refused)
        return fail(Code::invalid, "adapters.http_answer", whole.error().context());
    TRY(whole);
    answer.headers = std::move(message->headers);
    keep_ = message->keep_alive() && !message->need_eof();
    return answer;
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

HttpClient HttpClient::over_unix(std::string path, HttpClientLimits limits) {
    auto connect = [path = std::move(path), limits](Deadline) -> Result<std::unique_ptr<Channel>> {
        TRY_ASSIGN(Descriptor socket, connect_unix_socket(path, limits.connect));
        return plain_channel(std::move(socket), "local socket");
    };
    return HttpClient(std::make_unique<Impl>(std::move(connect), "localhost", limits));
}

HttpClient HttpClient::over_loopback(std::uint16_t port, HttpClientLimits limits) {
    auto connect = [port](Deadline deadline) -> Result<std::unique_ptr<Channel>> {
        TRY_ASSIGN(Descriptor socket, connect_tcp_socket("127.0.0.1", port, deadline));
        return plain_channel(std::move(socket), "loopback");
    };
    return HttpClient(
        std::make_unique<Impl>(std::move(connect), fmt::format("127.0.0.1:{}", port), limits));
}

namespace {

bool is_host(const std::string& host) {
    return !host.empty() && line_safe(host);
}

} // namespace

Result<HttpClient> HttpClient::over_tls(std::string host, std::uint16_t port, TlsEnd tls,
                                        HttpClientLimits limits) {
    TRY_ASSIGN(auto context, TlsContext::make(tls, TlsRole::client));
    return Impl::under(std::move(context), std::move(host), port, limits);
}

Result<HttpClient> HttpClient::over_https(std::string host, std::uint16_t port,
                                          ByteView authorities_pem, HttpClientLimits limits) {
    TRY_ASSIGN(auto context, TlsContext::for_host(host, authorities_pem));
    return Impl::under(std::move(context), std::move(host), port, limits);
}

Result<HttpClient> HttpClient::Impl::under(std::shared_ptr<TlsContext> context, std::string host,
                                           std::uint16_t port, HttpClientLimits limits) {
    if (!is_host(host))
        return fail(Code::invalid, "adapters.http_request", "no host name");
    std::string shown = fmt::format("{}:{}", host, port);
    auto connect = [host = std::move(host), port, context = std::move(context)](
                       Deadline deadline) -> Result<std::unique_ptr<Channel>> {
        TRY_ASSIGN(Descriptor socket, connect_tcp_socket(host, port, deadline));
        return context->handshake(std::move(socket), deadline);
    };
    return HttpClient(std::make_unique<Impl>(std::move(connect), std::move(shown), limits));
}

Result<HttpAnswer> HttpClient::send(const HttpCall& call) {
    return impl_->send(call);
}

std::string HttpClient::protection() const {
    return impl_->protection();
}

void HttpClient::disconnect() {
    impl_->disconnect();
}

} // namespace valise::adapters
