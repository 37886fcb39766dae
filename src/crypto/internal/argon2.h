// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <cstdint>

namespace valise::crypto {

// Every input of RFC 9106, of which ours use a part: the vector of its section 5.3 uses them all.
struct Argon2Inputs {
    ByteView passphrase;
    ByteView salt;
    ByteView secret;
    ByteView associated;
    std::uint32_t memory_kib;
    std::uint32_t iterations;
    std::uint32_t lanes;
};

Result<SecretBytes> argon2id_raw(const Argon2Inputs& in, std::size_t size);

} // namespace valise::crypto
