// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/sockets/sockets.h"
#include "base/secret.h"

#include <sys/types.h>

#include <optional>
#include <span>
#include <vector>

namespace valise::adapters::keysocket {

inline constexpr std::size_t kMaxDescriptors = 2;

struct ReceivedFrame {
    SecretBytes payload; // without the size in front
    std::vector<Descriptor> descriptors;
};

// Sends a whole frame; the descriptors travel with its first byte. Errors: unavailable
// adapters.keys_down.
Result<void> send_frame(int socket, const SecretBytes& frame, std::span<const int> descriptors,
                        std::chrono::milliseconds stall);
// Waits for a frame until `deadline`, then for the rest of it. Nothing: the other end closed
// orderly. Errors: unavailable adapters.keys_down, invalid adapters.keys_frame.
Result<std::optional<ReceivedFrame>> receive_frame(int socket, Deadline deadline,
                                                   std::chrono::milliseconds stall);
// The process at the other end runs as this user. Errors: refused adapters.keys_owner.
Result<void> run_by(int socket, uid_t user);

} // namespace valise::adapters::keysocket
