// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/sign.h"

namespace valise::crypto {

struct HybridPublic {
    Bytes ed25519;   // 32
    Bytes ml_dsa_87; // 2592

    bool operator==(const HybridPublic&) const = default;
};

inline constexpr std::size_t kHybridSignatureSize = 64 + 4627;
inline constexpr std::size_t kHybridSeedSize = std::size_t{2} * kSignatureSeedSize;

// Ed25519 and ML-DSA-87 over the same bytes: a forger has to break both. May be used by several
// threads at once.
class HybridSigner {
public:
    static HybridSigner generate();
    // Ed25519 seed || ML-DSA-87 seed, 64 bytes. Errors: crypto.seed.
    static Result<HybridSigner> from_seeds(const SecretBytes& seeds);

    SecretBytes seeds(SecretAccess access) const;
    HybridPublic public_keys() const;
    // Ed25519 signature (64) || ML-DSA-87 signature (4627). Errors: crypto.sign (internal).
    Result<Bytes> sign(ByteView message) const;

private:
    HybridSigner(SigningKey classic, SigningKey lattice)
        : classic_(std::move(classic)), lattice_(std::move(lattice)) {}
    SigningKey classic_;
    SigningKey lattice_;
};

class HybridVerifier {
public:
    // Errors: crypto.public_key.
    static Result<HybridVerifier> parse(const HybridPublic& keys);

    HybridPublic public_keys() const;
    // Both signatures must hold. Errors: crypto.signature (integrity).
    Result<void> verify(ByteView message, ByteView signature) const;

private:
    HybridVerifier(VerifyKey classic, VerifyKey lattice)
        : classic_(std::move(classic)), lattice_(std::move(lattice)) {}
    VerifyKey classic_;
    VerifyKey lattice_;
};

} // namespace valise::crypto
