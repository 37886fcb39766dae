// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/descriptor.h"

#include <sys/types.h>

#include <chrono>
#include <string>

namespace valise::adapters {

using Deadline = std::chrono::steady_clock::time_point;

inline Deadline after(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

// Waits until poll(2) reports one of `events` (or the other end going). Errors: unavailable
// adapters.http_timeout at the deadline, internal adapters.socket.
Result<void> wait_for(int fd, short events, Deadline deadline);

// Sockets that never block; every wait has a deadline. Errors of the listening ones: conflict
// adapters.address_in_use, internal adapters.listen, invalid adapters.socket_path.

// The id of a user of this system. Errors: not_found adapters.user.
Result<uid_t> user_id(const std::string& name);

// A dead program's socket file is replaced, a live one's is not. Nobody can connect before the mode
// is set.
Result<Descriptor> listen_unix_socket(const std::string& path, unsigned mode);
Result<Descriptor> listen_tcp_socket(const std::string& numeric_address, std::uint16_t port);
Result<std::uint16_t> port_of(int listening);
// Numeric, of the other end of a TCP connection; empty on others.
std::string peer_address_of(int connection);
// The next connection, or one that is not valid() where none waits.
Result<Descriptor> accept_connection(int listening);

// Errors: unavailable adapters.http_connect.
Result<Descriptor> connect_unix_socket(const std::string& path, std::chrono::milliseconds timeout);
Result<Descriptor> connect_tcp_socket(const std::string& host, std::uint16_t port,
                                      Deadline deadline);

} // namespace valise::adapters
