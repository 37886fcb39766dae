// SPDX-License-Identifier: Apache-2.0
#include "adapters/sockets/acceptor.h"

#include "adapters/sockets/sockets.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <vector>

namespace valise::adapters {

Acceptor::Acceptor() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Acceptor::add(Descriptor listening, std::size_t max_connections, Serve serve) {
    Listener& listener = listeners_.emplace_back();
    listener.socket = std::move(listening);
    listener.max_connections = max_connections;
    listener.serve = std::move(serve);
}

Result<void> Acceptor::start() {
    if (!wake_.valid() || started() || stopping_)
        return fail(Code::internal, "adapters.listen", "a server starts once");
    thread_ = std::thread([this] { accept_loop(); });
    return {};
}

void Acceptor::accept_loop() {
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

void Acceptor::accept_from(Listener& listener) {
    reap();
    auto accepted = accept_connection(listener.socket.get());
    if (!accepted) { // no descriptors left: wait for some to come back instead of spinning
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return;
    }
    const std::lock_guard lock(mutex_);
    if (!accepted->valid() || listener.connections >= listener.max_connections)
        return;
    Connection& connection = connections_.emplace_back();
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

void Acceptor::run(Listener& listener, Connection& self, Descriptor socket) {
    // A second descriptor of the same socket, so that stop() can cut it until the very end.
    const Descriptor own(::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0));
    bool serve = own.valid();
    {
        const std::lock_guard lock(mutex_);
        self.fd = own.get();
        serve = serve && !stopping_;
    }
    if (serve)
        listener.serve(std::move(socket));
    const std::lock_guard lock(mutex_);
    self.fd = -1;
    self.done = true;
    --listener.connections;
}

// Joins threads that are at their end: they need the lock no more once `done` is set.
void Acceptor::reap() {
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

void Acceptor::cut(int how) {
    const std::lock_guard lock(mutex_);
    for (const Connection& connection : connections_)
        if (connection.fd >= 0)
            ::shutdown(connection.fd, how);
}

bool Acceptor::all_done() {
    const std::lock_guard lock(mutex_);
    return std::ranges::all_of(connections_, &Connection::done);
}

void Acceptor::stop() {
    if (stopping_.exchange(true))
        return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto woken = ::write(wake_.get(), &one, sizeof(one));
    if (thread_.joinable())
        thread_.join();
    cut(SHUT_RD);
    for (int i = 0; i < 100 && !all_done(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cut(SHUT_RDWR);
    for (Connection& connection : connections_)
        connection.thread.join();
    connections_.clear();
    listeners_.clear();
}

} // namespace valise::adapters
