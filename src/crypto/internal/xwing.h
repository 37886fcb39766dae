// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/internal/pkey.h"
#include "crypto/internal/wrap_key.h"

// X-Wing: ML-KEM-768 and X25519 under one combiner. //= draft-connolly-cfrg-xwing-kem 5
namespace valise::crypto {

inline constexpr std::size_t kXwingSeed = 32;
inline constexpr std::size_t kXwingMlkemPublic = 1184;
inline constexpr std::size_t kXwingMlkemCiphertext = 1088;
inline constexpr std::size_t kX25519 = 32; // key, and shared secret

// SHA3-256(ML-KEM secret || X25519 secret || X25519 ephemeral key || X25519 static key || label).
SecretBytes xwing_combine(ByteView mlkem_secret, ByteView x_secret, ByteView x_ephemeral,
                          ByteView x_static);

Result<std::unique_ptr<PublicWrap>> read_xwing(WrapScheme scheme, ByteView der);
Result<std::unique_ptr<PrivateWrap>> read_private_xwing(WrapScheme scheme, const SecretBytes& der);
std::unique_ptr<PrivateWrap> generate_xwing(WrapScheme scheme);
// From the seed of 32 bytes, from which both keys are made.
Result<std::unique_ptr<KemPrivate>> xwing_from_seed(ByteView seed);

} // namespace valise::crypto
