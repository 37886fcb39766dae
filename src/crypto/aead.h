// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <memory>

namespace valise::crypto {

inline constexpr std::size_t kGcmKeySize = 32;
inline constexpr std::size_t kGcmNonceSize = 12;
inline constexpr std::size_t kGcmTagSize = 16;

using GcmNonce = std::array<Byte, kGcmNonceSize>;
using GcmNonceView = std::span<const Byte, kGcmNonceSize>;

// AES-256-GCM under one key; the key schedule is made once. One thread at a time. The caller sees
// to it that no nonce is used twice to seal: two texts under one nonce give away both and the tag
// key. Every failure of every function is the same error, crypto.aead (integrity).
class Aes256Gcm {
public:
    static Result<Aes256Gcm> create(const SecretBytes& key);
    static Result<Aes256Gcm> create(ByteView key);

    Aes256Gcm(Aes256Gcm&&) noexcept;
    Aes256Gcm& operator=(Aes256Gcm&&) noexcept;
    ~Aes256Gcm();

    // `out` is exactly plain.size() + 16 bytes, ciphertext || tag, and may begin where `plain`
    // does.
    Result<void> seal(GcmNonceView nonce, ByteView aad, ByteView plain, std::span<Byte> out);
    // `sealed` is ciphertext || tag, `out` exactly 16 bytes shorter, and may begin where `sealed`
    // does. `out` is wiped when the tag is wrong, so that nothing unauthentic can be read from it.
    Result<void> open(GcmNonceView nonce, ByteView aad, ByteView sealed, std::span<Byte> out);

    Result<Bytes> seal(GcmNonceView nonce, ByteView aad, ByteView plain);
    Result<SecretBytes> open(GcmNonceView nonce, ByteView aad, ByteView sealed);

private:
    struct State;
    explicit Aes256Gcm(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace valise::crypto
