// SPDX-License-Identifier: Apache-2.0
#include "crypto/sign.h"

#include "crypto/internal/ed25519_points.h"
#include "crypto/internal/openssl.h"
#include "crypto/random.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

namespace valise::crypto {

namespace {

struct Algorithm {
    std::string_view text;
    const char* openssl;
    std::size_t public_size;
    std::size_t signature_size;
};

const Algorithm& facts(SignatureAlgorithm algorithm) {
    static constexpr Algorithm kTable[] = {{"ed25519", "ED25519", 32, 64},
                                           {"ml-dsa-44", "ML-DSA-44", 1312, 2420},
                                           {"ml-dsa-87", "ML-DSA-87", 2592, 4627}};
    return kTable[static_cast<std::size_t>(algorithm)];
}

PkeyPtr key_from_seed(SignatureAlgorithm algorithm, ByteView seed) {
    const char* name = facts(algorithm).openssl;
    if (algorithm == SignatureAlgorithm::ed25519)
        return PkeyPtr(
            EVP_PKEY_new_raw_private_key_ex(nullptr, name, nullptr, seed.data(), seed.size()));
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
    // The builder keeps the pointer without writing through it.
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_ML_DSA_SEED,
                                                                 const_cast<Byte*>(seed.data()),
                                                                 seed.size()),
                               OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_keygen_init(context.get()) <= 0 ||
        EVP_PKEY_CTX_set_params(context.get(), parameters) <= 0 ||
        EVP_PKEY_generate(context.get(), &key) <= 0)
        return nullptr;
    return PkeyPtr(key);
}

Bytes public_of(const EVP_PKEY* key, SignatureAlgorithm algorithm) {
    Bytes out(facts(algorithm).public_size);
    std::size_t size = out.size();
    require(EVP_PKEY_get_raw_public_key(key, out.data(), &size) == 1 && size == out.size(),
            "public key bytes");
    return out;
}

} // namespace

std::string_view to_string(SignatureAlgorithm algorithm) {
    return facts(algorithm).text;
}
std::size_t public_key_size(SignatureAlgorithm algorithm) {
    return facts(algorithm).public_size;
}
std::size_t signature_size(SignatureAlgorithm algorithm) {
    return facts(algorithm).signature_size;
}

struct SigningKey::State {
    SignatureAlgorithm algorithm;
    SecretBytes seed;
    PkeyPtr key;
    Bytes public_bytes;
};

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::generate(SignatureAlgorithm algorithm) {
    auto key = from_seed(algorithm, random_secret(kSignatureSeedSize));
    require(key.has_value(), "key generation");
    return std::move(*key);
}

Result<SigningKey> SigningKey::from_seed(SignatureAlgorithm algorithm, const SecretBytes& seed) {
    const ErrorQueueGuard guard;
    if (seed.size() != kSignatureSeedSize)
        return fail(Code::invalid, "crypto.seed", "a signing seed is 32 bytes");
    const auto access = SecretAccess::because("make the signing key of a seed");
    PkeyPtr key = key_from_seed(algorithm, seed.read(access));
    if (!key)
        return fail(Code::internal, "crypto.seed", "the library made no key of it");
    Bytes public_bytes = public_of(key.get(), algorithm);
    return SigningKey(std::make_unique<State>(
        State{algorithm, seed.clone(access), std::move(key), std::move(public_bytes)}));
}

SignatureAlgorithm SigningKey::algorithm() const {
    return state_->algorithm;
}
SecretBytes SigningKey::seed(SecretAccess access) const {
    return state_->seed.clone(access);
}
const Bytes& SigningKey::public_bytes() const {
    return state_->public_bytes;
}

Result<Bytes> SigningKey::sign(ByteView message) const {
    const ErrorQueueGuard guard;
    Bytes out(signature_size(state_->algorithm));
    std::size_t size = out.size();
    const MdCtxPtr context(EVP_MD_CTX_new());
    if (!context ||
        EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, state_->key.get(),
                              nullptr) != 1 ||
        EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) != 1 ||
        size != out.size())
        return fail(Code::internal, "crypto.sign", "the library made no signature");
    return out;
}

struct VerifyKey::State {
    SignatureAlgorithm algorithm;
    PkeyPtr key;
    Bytes public_bytes;
};

Result<VerifyKey> VerifyKey::parse(SignatureAlgorithm algorithm, ByteView raw) {
    const ErrorQueueGuard guard;
    const Algorithm& expected = facts(algorithm);
    if (raw.size() != expected.public_size)
        return fail(Code::invalid, "crypto.public_key",
                    "a key of " + std::string(expected.text) + " has " +
                        std::to_string(expected.public_size) + " bytes, got " +
                        std::to_string(raw.size()));
    if (algorithm == SignatureAlgorithm::ed25519 && !is_sound_ed25519_point(raw.first<32>()))
        return fail(Code::invalid, "crypto.public_key",
                    "the Ed25519 key is of small order or not in canonical form");
    PkeyPtr key(
        EVP_PKEY_new_raw_public_key_ex(nullptr, expected.openssl, nullptr, raw.data(), raw.size()));
    if (!key)
        return fail(Code::invalid, "crypto.public_key",
                    "not a key of " + std::string(expected.text));
    return VerifyKey(
        std::make_shared<const State>(State{algorithm, std::move(key), to_bytes(raw)}));
}

SignatureAlgorithm VerifyKey::algorithm() const {
    return state_->algorithm;
}
const Bytes& VerifyKey::public_bytes() const {
    return state_->public_bytes;
}

Result<void> VerifyKey::verify(ByteView message, ByteView signature) const {
    const ErrorQueueGuard guard;
    const MdCtxPtr context(EVP_MD_CTX_new());
    if (!context || signature.size() != signature_size(state_->algorithm) ||
        EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr,
                                state_->key.get(), nullptr) != 1 ||
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                         message.size()) != 1)
        return fail(Code::integrity, "crypto.signature", "the signature does not hold");
    return {};
}

} // namespace valise::crypto
