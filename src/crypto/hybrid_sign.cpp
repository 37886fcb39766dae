// SPDX-License-Identifier: Apache-2.0
#include "crypto/hybrid_sign.h"

namespace valise::crypto {

using enum SignatureAlgorithm;

HybridSigner HybridSigner::generate() {
    return HybridSigner(SigningKey::generate(ed25519), SigningKey::generate(ml_dsa_87));
}

Result<HybridSigner> HybridSigner::from_seeds(const SecretBytes& seeds) {
    if (seeds.size() != kHybridSeedSize)
        return fail(Code::invalid, "crypto.seed", "a hybrid signing seed is 64 bytes");
    const ByteView both = seeds.read(SecretAccess::because("split into the two seeds"));
    const auto classic_seed = SecretBytes::copy(both.first(kSignatureSeedSize));
    const auto lattice_seed = SecretBytes::copy(both.subspan(kSignatureSeedSize));
    TRY_ASSIGN(SigningKey classic, SigningKey::from_seed(ed25519, classic_seed));
    TRY_ASSIGN(SigningKey lattice, SigningKey::from_seed(ml_dsa_87, lattice_seed));
    return HybridSigner(std::move(classic), std::move(lattice));
}

SecretBytes HybridSigner::seeds(SecretAccess access) const {
    const SecretBytes first = classic_.seed(access);
    const SecretBytes second = lattice_.seed(access);
    SecretBytes out(kHybridSeedSize);
    const std::span<Byte> to = out.write(access);
    std::ranges::copy(first.read(access), to.begin());
    std::ranges::copy(second.read(access), to.begin() + kSignatureSeedSize);
    return out;
}

HybridPublic HybridSigner::public_keys() const {
    return {classic_.public_bytes(), lattice_.public_bytes()};
}

Result<Bytes> HybridSigner::sign(ByteView message) const {
    TRY_ASSIGN(Bytes out, classic_.sign(message));
    TRY_ASSIGN(const Bytes second, lattice_.sign(message));
    append(out, second);
    return out;
}

Result<HybridVerifier> HybridVerifier::parse(const HybridPublic& keys) {
    TRY_ASSIGN(VerifyKey classic, VerifyKey::parse(ed25519, keys.ed25519));
    TRY_ASSIGN(VerifyKey lattice, VerifyKey::parse(ml_dsa_87, keys.ml_dsa_87));
    return HybridVerifier(std::move(classic), std::move(lattice));
}

HybridPublic HybridVerifier::public_keys() const {
    return {classic_.public_bytes(), lattice_.public_bytes()};
}

Result<void> HybridVerifier::verify(ByteView message, ByteView signature) const {
    if (signature.size() != kHybridSignatureSize)
        return fail(Code::integrity, "crypto.signature", "the signature does not hold");
    const std::size_t split = signature_size(ed25519);
    TRY(classic_.verify(message, signature.first(split)));
    TRY(lattice_.verify(message, signature.subspan(split)));
    return {};
}

} // namespace valise::crypto
