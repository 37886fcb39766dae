// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <cstdint>

namespace valise::crypto {

// HKDF-SHA256 (RFC 5869), extract and expand. `size` is 1 to 8160 bytes and never comes from
// outside.
SecretBytes hkdf_sha256(ByteView ikm, ByteView salt, ByteView info, std::size_t size);

// One lane. The default is the second recommended option of RFC 9106 4, in one lane.
struct Argon2Cost {
    std::uint32_t memory_kib = 64 * 1024;
    std::uint32_t iterations = 3;
};

// A cost is read from the sealed file itself, before anything in it is authentic: without bounds a
// forged file could take all memory or time.
inline constexpr std::uint32_t kArgon2MinMemoryKib = 8;
inline constexpr std::uint32_t kArgon2MaxMemoryKib = 1024 * 1024;
inline constexpr std::uint32_t kArgon2MaxIterations = 32;

// Argon2id version 0x13 (RFC 9106). `salt` of at least 8 bytes; `size` 4 to 1024.
// Errors: crypto.argon2_cost (limit), crypto.argon2 (invalid salt or size; internal: no memory).
Result<SecretBytes> argon2id(ByteView passphrase, ByteView salt, Argon2Cost cost, std::size_t size);

} // namespace valise::crypto
