// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>

namespace valise::adapters {

// OpenSSL's own socket BIO calls write(2), which ends the process with SIGPIPE when the other end
// is gone. This one sends with MSG_NOSIGNAL. It borrows the descriptor. Null: no memory.
BIO* new_socket_bio(int fd);

} // namespace valise::adapters
