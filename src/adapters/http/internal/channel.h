// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/sockets/sockets.h"

#include <memory>
#include <optional>
#include <string>

namespace valise::adapters {

// One connection, plain or under TLS, for one thread. Errors: unavailable adapters.http_timeout,
// adapters.http_broken; integrity adapters.peer_key.
class Channel {
public:
    Channel() = default;
    virtual ~Channel() = default;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // At least one byte, or 0 at the orderly end.
    virtual Result<std::size_t> read(std::span<Byte> out, Deadline deadline) = 0;
    // All of it; `stall` bounds the time without progress.
    virtual Result<void> write(ByteView bytes, std::chrono::milliseconds stall) = 0;
    // Says that nothing more will be sent.
    virtual void end() = 0;
    // Something can be read, or the other end is gone.
    virtual bool readable() const = 0;
    virtual int descriptor() const = 0;

    std::string protection;         // "TLSv1.3 SecP384r1MLKEM1024", "local socket"
    std::optional<Hash32> peer_key; // under mutual TLS
};

std::unique_ptr<Channel> plain_channel(Descriptor connection, std::string protection);

// Ends the sending side and reads what still comes for a moment: closing at once would reset the
// connection, and the reset could overtake the answer.
void end_gently(Channel& channel);
void drain(int fd, std::chrono::milliseconds time);

} // namespace valise::adapters
