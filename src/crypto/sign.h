// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <memory>

namespace valise::crypto {

// Ed25519 (RFC 8032); ML-DSA (FIPS 204) pure, with an empty context, hedged.
enum class SignatureAlgorithm { ed25519, ml_dsa_44, ml_dsa_87 };

std::string_view to_string(SignatureAlgorithm algorithm); // "ed25519", "ml-dsa-44", "ml-dsa-87"
std::size_t public_key_size(SignatureAlgorithm algorithm);
std::size_t signature_size(SignatureAlgorithm algorithm);

inline constexpr std::size_t kSignatureSeedSize = 32;

// May be used by several threads at once.
class SigningKey {
public:
    static SigningKey generate(SignatureAlgorithm algorithm);
    // The 32-byte seed of RFC 8032 or FIPS 204. Errors: crypto.seed.
    static Result<SigningKey> from_seed(SignatureAlgorithm algorithm, const SecretBytes& seed);

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    SignatureAlgorithm algorithm() const;
    SecretBytes seed(SecretAccess access) const;
    const Bytes& public_bytes() const;
    // Errors: crypto.sign (internal).
    Result<Bytes> sign(ByteView message) const;

private:
    struct State;
    explicit SigningKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Cheap to copy; copies and several threads may use it at once.
class VerifyKey {
public:
    // Raw public key bytes of exactly public_key_size(). An Ed25519 key of small order is refused:
    // under such a key one signature fits many messages, so its owner could deny any of them.
    // Errors: crypto.public_key.
    static Result<VerifyKey> parse(SignatureAlgorithm algorithm, ByteView raw);

    SignatureAlgorithm algorithm() const;
    const Bytes& public_bytes() const;
    // Errors: crypto.signature (integrity), whatever is wrong with it.
    Result<void> verify(ByteView message, ByteView signature) const;

private:
    struct State;
    explicit VerifyKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

} // namespace valise::crypto
