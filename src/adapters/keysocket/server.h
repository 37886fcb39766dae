// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vault/key_service_port.h"

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

namespace valise::adapters {

// Serves a key service on a unix socket, to processes of one user only: `user`, or our own, and
// then the socket has mode 0600. Another user's connects through a socket that everybody can reach,
// and is told apart by the kernel's word (SO_PEERCRED). A frame that breaks the format ends its
// connection, and no frame is larger than 80 MiB. The service is called by one thread for each
// connection, so several at a time.
class KeySocketServer {
public:
    // Errors: conflict adapters.address_in_use, internal adapters.listen.
    static Result<std::unique_ptr<KeySocketServer>> start(const std::string& path,
                                                          vault::KeyService& service,
                                                          std::optional<uid_t> user = {},
                                                          std::size_t connections = 16);
    ~KeySocketServer(); // stops: cuts waiting connections and waits for running calls
    KeySocketServer(const KeySocketServer&) = delete;
    KeySocketServer& operator=(const KeySocketServer&) = delete;

private:
    class Impl;
    explicit KeySocketServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace valise::adapters
