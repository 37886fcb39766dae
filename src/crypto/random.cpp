// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"

#include "crypto/internal/openssl.h"

#include <openssl/rand.h>

namespace valise::crypto {

void random_bytes(std::span<Byte> out) {
    require(RAND_bytes_ex(nullptr, out.data(), out.size(), 0) == 1, "random bytes");
}

Bytes random_bytes(std::size_t size) {
    Bytes out(size);
    random_bytes(std::span<Byte>(out));
    return out;
}

SecretBytes random_secret(std::size_t size) {
    SecretBytes out(size);
    const std::span<Byte> bytes = out.write(SecretAccess::because("fresh random secret"));
    require(RAND_priv_bytes_ex(nullptr, bytes.data(), bytes.size(), 0) == 1, "random secret");
    return out;
}

} // namespace valise::crypto
