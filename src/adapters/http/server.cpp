// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/server.h"

#include "adapters/http/internal/connection.h"
#include "adapters/http/internal/tls_context.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace valise::adapters {
namespace {

struct Listener {
    Descriptor socket;
    HttpService service;
    std::string protection;          // of plain ones
    std::shared_ptr<TlsContext> tls; // or this
    std::string socket_file;         // removed at the end
    std::atomic<std::size_t> connections{0};
};

// One thread and its socket. `fd` is -1 as soon as the thread is about to close it, so that stop()
// never shuts down a stranger's descriptor.
struct Connection {
    std::thread thread;
    int fd = -1;
    bool done = false;
};

} // namespace

class HttpServer::Impl {
public:
    explicit Impl(std::size_t workers)
        : workers_(static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(workers, 1, 1024))),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~Impl() { stop(); }

    Result<Listener*> add(Result<Descriptor> socket, HttpService service);
    Result<void> start();
    void stop();

private:
    void accept_loop();
    void accept_from(Listener& listener);
    void run(Listener& listener, Connection& self, Descriptor socket);
    void converse(Listener& listener, Descriptor socket);
    void reap();
    void cut(int how);
    bool all_done();

    Workers workers_;
    Descriptor wake_;
    std::list<Listener> listeners_;
    std::thread acceptor_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_; // over connections_
    std::list<Connection> connections_;
};

Result<Listener*> HttpServer::Impl::add(Result<Descriptor> socket, HttpService service) {
    TRY_ASSIGN(Descriptor listening, std::move(socket));
    if (acceptor_.joinable() || !service.handler)
        return fail(Code::invalid, "adapters.listen", "add listeners with a handler before start");
    Listener& listener = listeners_.emplace_back();
    listener.socket = std::move(listening);
    listener.service = std::move(service);
    return &listener;
}

Result<void> HttpServer::Impl::start() {
    if (!wake_.valid() || acceptor_.joinable() || stopping_)
        return fail(Code::internal, "adapters.listen", "a server starts once");
    acceptor_ = std::thread([this] { accept_loop(); });
    return {};
}

void HttpServer::Impl::accept_loop() {
    std::vector<pollfd> waiting{{wake_.get(), POLLIN, 0}};
    for (const Listener& listener : listeners_)
        waiting.push_back({listener.socket.get(), POLLIN, 0});
    while (!stopping_) {
        if (::poll(waiting.data(), waiting.size(), -1) < 0)
            continue;
        auto listener = listeners_.begin();
        for (std::size_t i = 1; i < waiting.size() && !stopping_; ++i, ++listener)
            if (waiting[i].revents != 0)
                accept_from(*listener);
    }
}

void HttpServer::Impl::accept_from(Listener& listener) {
    reap();
    auto accepted = accept_connection(listener.socket.get());
    if (!accepted) { // no descriptors left: wait for some to come back instead of spinning
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return;
    }
    if (!accepted->valid() || listener.connections >= listener.service.limits.connections)
        return;
    const std::lock_guard lock(mutex_);
    Connection& connection = connections_.emplace_back();
    connection.fd = accepted->get();
    ++listener.connections;
    try {
        connection.thread =
            std::thread([this, &listener, &connection, socket = std::move(*accepted)]() mutable {
                run(listener, connection, std::move(socket));
            });
    } catch (const std::system_error&) { // no threads left: this caller has to come again
        --listener.connections;
        connections_.pop_back();
    }
}

void HttpServer::Impl::run(Listener& listener, Connection& self, Descriptor socket) {
    // A second descriptor of the same socket, so that stop() can cut it until the very end.
    const Descriptor own(::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0));
    {
        const std::lock_guard lock(mutex_);
        self.fd = own.get();
    }
    if (own.valid())
        converse(listener, std::move(socket));
    const std::lock_guard lock(mutex_);
    self.fd = -1;
    self.done = true;
    --listener.connections;
}

void HttpServer::Impl::converse(Listener& listener, Descriptor socket) {
    std::unique_ptr<Channel> channel;
    if (listener.tls) {
        auto shaken =
            listener.tls->handshake(std::move(socket), after(listener.service.limits.header));
        if (!shaken)
            return;
        channel = std::move(*shaken);
    } else {
        channel = plain_channel(std::move(socket), listener.protection);
    }
    serve_connection(*channel, listener.service, workers_, stopping_);
}

// Joins threads that are at their end: they need the lock no more once `done` is set.
void HttpServer::Impl::reap() {
    const std::lock_guard lock(mutex_);
    for (auto at = connections_.begin(); at != connections_.end();) {
        if (!at->done) {
            ++at;
            continue;
        }
        at->thread.join();
        at = connections_.erase(at);
    }
}

void HttpServer::Impl::cut(int how) {
    const std::lock_guard lock(mutex_);
    for (const Connection& connection : connections_)
        if (connection.fd >= 0)
            ::shutdown(connection.fd, how);
}

bool HttpServer::Impl::all_done() {
    const std::lock_guard lock(mutex_);
    return std::ranges::all_of(connections_, &Connection::done);
}

void HttpServer::Impl::stop() {
    if (stopping_.exchange(true))
        return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto woken = ::write(wake_.get(), &one, sizeof(one));
    if (acceptor_.joinable())
        acceptor_.join();
    // Who waits for a request sees the end at once; answers under way have a moment to leave.
    cut(SHUT_RD);
    for (int i = 0; i < 100 && !all_done(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cut(SHUT_RDWR);
    for (Connection& connection : connections_)
        connection.thread.join();
    for (const Listener& listener : listeners_)
        if (!listener.socket_file.empty())
            ::unlink(listener.socket_file.c_str());
    connections_.clear();
    listeners_.clear();
}

HttpServer::HttpServer(std::size_t workers) : impl_(std::make_unique<Impl>(workers)) {}
HttpServer::~HttpServer() = default;

Result<void> HttpServer::listen_unix(const std::string& path, unsigned mode, HttpService service) {
    if (mode != 0600 && mode != 0660)
        return fail(Code::invalid, "adapters.listen", "a socket's mode is 0600 or 0660");
    TRY_ASSIGN(Listener* const listener,
               impl_->add(listen_unix_socket(path, mode), std::move(service)));
    listener->protection = "local socket";
    listener->socket_file = path;
    return {};
}

Result<std::uint16_t> HttpServer::listen_loopback(std::uint16_t port, HttpService service) {
    TRY_ASSIGN(Listener* const listener,
               impl_->add(listen_tcp_socket("127.0.0.1", port), std::move(service)));
    listener->protection = "loopback";
    return port_of(listener->socket.get());
}

Result<std::uint16_t> HttpServer::listen_tls(const std::string& address, std::uint16_t port,
                                             TlsEnd tls, HttpService service) {
    TRY_ASSIGN(auto context, TlsContext::make(tls, TlsRole::server));
    TRY_ASSIGN(Listener* const listener,
               impl_->add(listen_tcp_socket(address, port), std::move(service)));
    listener->tls = std::move(context);
    return port_of(listener->socket.get());
}

Result<void> HttpServer::start() {
    return impl_->start();
}

void HttpServer::stop() {
    impl_->stop();
}

} // namespace valise::adapters
