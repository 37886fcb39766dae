// SPDX-License-Identifier: Apache-2.0
#include "adapters/sockets/sockets.h"

#include "base/text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <thread>

namespace valise::adapters {
namespace {

constexpr int kWaiting = 128;
using Addresses = std::unique_ptr<addrinfo, decltype([](addrinfo* list) { ::freeaddrinfo(list); })>;

std::unexpected<Error> listen_error(std::string_view what) {
    if (errno == EADDRINUSE)
        return fail(Code::conflict, "adapters.address_in_use", std::string(what));
    return fail(Code::internal, "adapters.listen", system_text(what, errno));
}

std::unexpected<Error> connect_error(std::string_view what, int number) {
    return fail(Code::unavailable, "adapters.http_connect", system_text(what, number));
}

Result<sockaddr_un> unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path))
        return fail(Code::invalid, "adapters.socket_path",
                    fmt::format("a socket's path has 1 to {} bytes", sizeof(address.sun_path) - 1));
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

template<class Address> const sockaddr* generic(const Address& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

Result<Addresses> resolve(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (code != 0)
        return fail(Code::unavailable, "adapters.http_connect",
                    fmt::format("{}: {}", host, ::gai_strerror(code)));
    return Addresses(list);
}

// The system's resolver knows no deadline: it goes on in a thread of its own when nobody waits any
// more. Names that hang take no more than so many of those.
Result<Addresses> resolve_by(const std::string& host, std::uint16_t port, Deadline deadline) {
    constexpr int kMostAsking = 8;
    static std::atomic<int> asking = 0;
    if (auto numeric = resolve(host, port, AI_NUMERICHOST))
        return numeric;
    if (++asking > kMostAsking) {
        --asking;
        return fail(Code::unavailable, "adapters.http_connect", host + ": names are slow to find");
    }
    std::packaged_task<Result<Addresses>()> task([host, port] {
        auto found = resolve(host, port, 0);
        --asking;
        return found;
    });
    auto found = task.get_future();
    std::thread(std::move(task)).detach();
    if (found.wait_until(deadline) != std::future_status::ready)
        return fail(Code::unavailable, "adapters.http_timeout", host + ": its name is not found");
    return found.get();
}

// A path that a live program listens at stays; what a dead one left goes.
Result<void> clear_dead_socket(const std::string& path, const sockaddr_un& address) {
    struct stat about{};
    if (::lstat(path.c_str(), &about) != 0)
        return {};
    if (!S_ISSOCK(about.st_mode))
        return fail(Code::conflict, "adapters.address_in_use", path + " is not a socket");
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!probe.valid())
        return listen_error("socket");
    if (::connect(probe.get(), generic(address), sizeof(address)) == 0 || errno != ECONNREFUSED)
        return fail(Code::conflict, "adapters.address_in_use", path);
    ::unlink(path.c_str());
    return {};
}

} // namespace

Result<void> wait_for(int fd, short events, Deadline deadline) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd waiting{fd, events, 0};
        const auto wait = std::clamp<std::chrono::milliseconds::rep>(left.count() + 1, 0, 1 << 30);
        const int count = ::poll(&waiting, 1, static_cast<int>(wait));
        if (count > 0)
            return {};
        if (count == 0)
            return fail(Code::unavailable, "adapters.http_timeout", "the other end is too slow");
        if (errno != EINTR)
            return fail(Code::internal, "adapters.socket", system_text("poll", errno));
    }
}

Result<Descriptor> listen_unix_socket(const std::string& path, unsigned mode) {
    TRY_ASSIGN(const sockaddr_un address, unix_address(path));
    TRY(clear_dead_socket(path, address));
    Descriptor listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!listening.valid())
        return listen_error("socket");
    // Between bind() and listen() nobody gets in, so the mode holds from the first connection on.
    if (::bind(listening.get(), generic(address), sizeof(address)) != 0 ||
        ::chmod(path.c_str(), static_cast<mode_t>(mode)) != 0 ||
        ::listen(listening.get(), kWaiting) != 0)
        return listen_error(path);
    return listening;
}

Result<Descriptor> listen_tcp_socket(const std::string& numeric_address, std::uint16_t port) {
    const auto found = resolve(numeric_address, port, AI_NUMERICHOST | AI_PASSIVE);
    if (!found)
        return fail(Code::invalid, "adapters.listen", found.error().context());
    const addrinfo* address = found->get();
    Descriptor listening(
        ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    if (!listening.valid() ||
        ::setsockopt(listening.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        ::bind(listening.get(), address->ai_addr, address->ai_addrlen) != 0 ||
        ::listen(listening.get(), kWaiting) != 0)
        return listen_error(fmt::format("{}, port {}", numeric_address, port));
    return listening;
}

Result<std::uint16_t> port_of(int listening) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    if (::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return listen_error("getsockname");
    if (address.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

std::string peer_address_of(int connection) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    if (::getpeername(connection, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        (address.ss_family != AF_INET && address.ss_family != AF_INET6))
        return {};
    char text[NI_MAXHOST] = {};
    const int code = ::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, text,
                                   sizeof(text), nullptr, 0, NI_NUMERICHOST);
    return code == 0 ? std::string(text) : std::string();
}

Result<Descriptor> accept_connection(int listening) {
    Descriptor connection(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!connection.valid()) {
        // Besides "none waits", all of these say that this one caller is gone.
        if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED || errno == EPROTO)
            return Descriptor();
        return fail(Code::internal, "adapters.socket", system_text("accept", errno));
    }
    const int on = 1; // fails on a unix socket, which has no delay to switch off
    ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return connection;
}

Result<Descriptor> connect_unix_socket(const std::string& path, std::chrono::milliseconds timeout) {
    TRY_ASSIGN(const sockaddr_un address, unix_address(path));
    Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!connection.valid())
        return connect_error("socket", errno);
    timeval limit{};
    limit.tv_sec = timeout.count() / 1000;
    limit.tv_usec = timeout.count() % 1000 * 1000;
    ::setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    if (::connect(connection.get(), generic(address), sizeof(address)) != 0)
        return connect_error(path, errno);
    if (::fcntl(connection.get(), F_SETFL, O_NONBLOCK) != 0)
        return connect_error("fcntl", errno);
    return connection;
}

Result<Descriptor> connect_tcp_socket(const std::string& host, std::uint16_t port,
                                      Deadline deadline) {
    TRY_ASSIGN(const Addresses found, resolve_by(host, port, deadline));
    const std::string name = fmt::format("{}, port {}", host, port);
    int last = 0;
    for (const addrinfo* address = found.get(); address != nullptr; address = address->ai_next) {
        Descriptor connection(
            ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!connection.valid())
            return connect_error("socket", errno);
        if (::connect(connection.get(), address->ai_addr, address->ai_addrlen) != 0) {
            last = errno;
            if (last != EINPROGRESS)
                continue;
            TRY(wait_for(connection.get(), POLLOUT, deadline));
            socklen_t size = sizeof(last);
            ::getsockopt(connection.get(), SOL_SOCKET, SO_ERROR, &last, &size);
            if (last != 0)
                continue;
        }
        const int on = 1;
        ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        return connection;
    }
    return connect_error(name, last);
}

Result<uid_t> user_id(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> room{};
    if (::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found) != 0 ||
        found == nullptr)
        return fail(Code::not_found, "adapters.user", "this system has no user " + printable(name));
    return entry.pw_uid;
}

} // namespace valise::adapters
