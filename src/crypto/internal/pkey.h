// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "crypto/internal/openssl.h"

// The few things that every wrap does with OpenSSL's keys. Empty or null is failure: what to say of
// it is the caller's, since of a wrapped share nothing precise may be said.
namespace valise::crypto {

inline constexpr std::size_t kMlkemSeedSize = 64;
inline constexpr std::size_t kMlkemSharedSize = 32;

// A key of `type` from one octet string; `group` for elliptic curves, else null.
PkeyPtr key_from_octets(const char* type, const char* group, const char* name, ByteView bytes,
                        int selection);
PkeyPtr raw_public_key(const char* type, ByteView bytes);
PkeyPtr raw_private_key(const char* type, ByteView bytes);
// A point on `curve`, uncompressed only: any other form would give one key several encodings.
PkeyPtr ec_point_key(const char* curve, std::size_t point_size, ByteView point);
// From RFC 5915 without the public point: reading it makes OpenSSL compute the point. Only with
// 1 <= scalar < order.
PkeyPtr ec_scalar_key(const SecretBytes& rfc5915);

// Exactly out.size() bytes of the key's parameter.
bool read_octets(const EVP_PKEY* key, const char* name, std::span<Byte> out);

// ECDH's x coordinate in the full width of the field, or X25519's output. A peer's key that
// ec_point_key() made, of a curve whose cofactor is 1, was found to lie on it then.
enum class Peer { unchecked, checked };
SecretBytes derive(EVP_PKEY* own, EVP_PKEY* peer, std::size_t size, Peer is = Peer::unchecked);

// 32 bytes; `ciphertext` is exactly as long as the key's ciphertexts are.
SecretBytes mlkem_encapsulate(EVP_PKEY* key, std::span<Byte> ciphertext);
// A ciphertext that was changed yields another key, not an error (FIPS 203 6.3): the cipher that
// uses the key finds out.
SecretBytes mlkem_decapsulate(EVP_PKEY* key, ByteView ciphertext);
PkeyPtr mlkem_from_seed(const char* type, ByteView seed); // 64 bytes

SecretBytes join_secret(std::initializer_list<ByteView> parts);
SecretBytes sha3_256_secret(const SecretBytes& input);

} // namespace valise::crypto
