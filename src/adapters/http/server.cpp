// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/server.h"

#include "adapters/http/internal/connection.h"
#include "adapters/http/internal/tls_context.h"
#include "adapters/sockets/acceptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace valise::adapters {

class HttpServer::Impl {
public:
    explicit Impl(std::size_t workers)
        : workers_(static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(workers, 1, 1024))) {}
    ~Impl() { stop(); }

    Result<void> add(Descriptor socket, HttpService service, std::string protection,
                     std::shared_ptr<TlsContext> tls = nullptr);
    Result<void> start() { return acceptor_.start(); }
    void remove_at_end(const std::string& socket_file) { socket_files_.push_back(socket_file); }
    void stop();

private:
    Workers workers_;
    Acceptor acceptor_;
    std::vector<std::string> socket_files_;
};

Result<void> HttpServer::Impl::add(Descriptor socket, HttpService service, std::string protection,
                                   std::shared_ptr<TlsContext> tls) {
    if (acceptor_.started() || !service.handler)
        return fail(Code::invalid, "adapters.listen", "add listeners with a handler before start");
    const std::size_t connections = service.limits.connections;
    auto serve = [this, service = std::move(service), protection = std::move(protection),
                  tls = std::move(tls)](Descriptor accepted) {
        std::unique_ptr<Channel> channel;
        if (tls) {
            auto shaken = tls->handshake(std::move(accepted), after(service.limits.header));
            if (!shaken)
                return;
            channel = std::move(*shaken);
        } else {
            channel = plain_channel(std::move(accepted), protection);
        }
        serve_connection(*channel, service, workers_, acceptor_.stopping());
    };
    acceptor_.add(std::move(socket), connections, std::move(serve));
    return {};
}

void HttpServer::Impl::stop() {
    acceptor_.stop();
    for (const std::string& file : socket_files_)
        ::unlink(file.c_str());
    socket_files_.clear();
}

HttpServer::HttpServer(std::size_t workers) : impl_(std::make_unique<Impl>(workers)) {}
HttpServer::~HttpServer() = default;

Result<void> HttpServer::listen_unix(const std::string& path, unsigned mode, HttpService service) {
    if (mode != 0600 && mode != 0660)
        return fail(Code::invalid, "adapters.listen", "a socket's mode is 0600 or 0660");
    TRY_ASSIGN(Descriptor socket, listen_unix_socket(path, mode));
    impl_->remove_at_end(path);
    return impl_->add(std::move(socket), std::move(service), "local socket");
}

Result<std::uint16_t> HttpServer::listen_loopback(std::uint16_t port, HttpService service) {
    TRY_ASSIGN(Descriptor socket, listen_tcp_socket("127.0.0.1", port));
    TRY_ASSIGN(const std::uint16_t bound, port_of(socket.get()));
    TRY(impl_->add(std::move(socket), std::move(service), "loopback"));
    return bound;
}

Result<std::uint16_t> HttpServer::listen_plain(const std::string& address, std::uint16_t port,
                                               HttpService service) {
    if (address != "127.0.0.1" && address != "::1")
        return fail(Code::refused, "adapters.plain_http",
                    "plain HTTP is for 127.0.0.1 and ::1 alone: elsewhere give a certificate");
    TRY_ASSIGN(Descriptor socket, listen_tcp_socket(address, port));
    TRY_ASSIGN(const std::uint16_t bound, port_of(socket.get()));
    TRY(impl_->add(std::move(socket), std::move(service), "loopback"));
    return bound;
}

Result<std::uint16_t> HttpServer::listen_tls(const std::string& address, std::uint16_t port,
                                             TlsEnd tls, HttpService service) {
    TRY_ASSIGN(auto context, TlsContext::make(tls, TlsRole::server));
    TRY_ASSIGN(Descriptor socket, listen_tcp_socket(address, port));
    TRY_ASSIGN(const std::uint16_t bound, port_of(socket.get()));
    TRY(impl_->add(std::move(socket), std::move(service), {}, std::move(context)));
    return bound;
}

Result<std::uint16_t> HttpServer::listen_https(const std::string& address, std::uint16_t port,
                                               const ServerCertificate& certificate,
                                               HttpService service, bool asks) {
    TRY_ASSIGN(auto context, TlsContext::for_anybody(certificate, asks));
    TRY_ASSIGN(Descriptor socket, listen_tcp_socket(address, port));
    TRY_ASSIGN(const std::uint16_t bound, port_of(socket.get()));
    TRY(impl_->add(std::move(socket), std::move(service), {}, std::move(context)));
    return bound;
}

Result<void> HttpServer::start() {
    return impl_->start();
}

void HttpServer::stop() {
    impl_->stop();
}

} // namespace valise::adapters
