// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/descriptor.h"

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace valise::adapters {

// Takes connections at several listening sockets and gives each its own thread, up to a bound for
// each socket. Add, start once, stop once.
class Acceptor {
public:
    // Serves one connection until it ends, or stopping() and nothing comes any more. May throw
    // nothing.
    using Serve = std::function<void(Descriptor)>;

    Acceptor();
    ~Acceptor() { stop(); }
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    // Connections beyond the bound are closed at once.
    void add(Descriptor listening, std::size_t max_connections, Serve serve);
    Result<void> start(); // Errors: internal adapters.listen
    bool started() const { return thread_.joinable(); }
    // Who waits for input sees the end at once; output has two seconds to leave; then all are cut.
    // Returns when every thread has ended.
    void stop();
    const std::atomic<bool>& stopping() const { return stopping_; }

private:
    struct Listener {
        Descriptor socket;
        std::size_t max_connections = 0;
        Serve serve;
        std::size_t connections = 0; // under mutex_
    };
    // `fd` is -1 as soon as the thread is about to close it, so that stop() never shuts down a
    // stranger's descriptor.
    struct Connection {
        std::thread thread;
        int fd = -1;
        bool done = false;
    };

    void accept_loop();
    void accept_from(Listener& listener);
    void run(Listener& listener, Connection& self, Descriptor socket);
    void reap();
    void cut(int how);
    bool all_done();

    Descriptor wake_;
    std::list<Listener> listeners_;
    std::thread thread_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_; // over connections_ and the counts
    std::list<Connection> connections_;
};

} // namespace valise::adapters
