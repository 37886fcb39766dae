// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

namespace valise::crypto {

// From OpenSSL's generator, seeded by the kernel. Should it ever fail, the process ends: no act may
// go on with bytes that somebody can guess.
void random_bytes(std::span<Byte> out);
Bytes random_bytes(std::size_t size);

template<std::size_t N> std::array<Byte, N> random_array() {
    std::array<Byte, N> out{};
    random_bytes(std::span<Byte>(out));
    return out;
}

// From the generator kept for secrets, whose output never leaves the process in clear.
SecretBytes random_secret(std::size_t size);

} // namespace valise::crypto
