// SPDX-License-Identifier: Apache-2.0
// `wrapped`: RSA-OAEP with SHA-1 and MGF1-SHA-1, which every client in the field writes. OAEP needs
// no collision resistance of its hash. //= facts/tdf.md 1.5
#include "crypto/internal/kem_der.h"
#include "crypto/internal/pkcs8.h"
#include "crypto/internal/pkey.h"
#include "crypto/internal/wrap_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

namespace valise::crypto {

namespace {

using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;

SecretAccess access() {
    return SecretAccess::because("RSA key transport");
}

unsigned bits_of(WrapScheme scheme) {
    return scheme == WrapScheme::rsa2048 ? 2048 : 4096;
}

PkeyCtxPtr oaep(EVP_PKEY* key, int (*init)(EVP_PKEY_CTX*)) {
    PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!context || init(context.get()) <= 0 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) <= 0 ||
        EVP_PKEY_CTX_set_rsa_oaep_md_name(context.get(), "SHA1", nullptr) <= 0 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md_name(context.get(), "SHA1", nullptr) <= 0)
        return nullptr;
    return context;
}

// The modulus has exactly that many bits; the exponent is odd, above 2^16 and short.
// //= facts/tdf.md 7.3
bool is_admitted(const EVP_PKEY* key, unsigned bits) {
    BIGNUM* exponent = nullptr;
    if (EVP_PKEY_get_bits(key) != static_cast<int>(bits) ||
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
        return false;
    const BignumPtr owned(exponent);
    return BN_is_odd(exponent) == 1 && BN_num_bits(exponent) > 16 && BN_num_bits(exponent) <= 64;
}

Result<WrappedShare> encrypt(EVP_PKEY* key, const SecretBytes& share) {
    const PkeyCtxPtr context = oaep(key, EVP_PKEY_encrypt_init);
    WrappedShare out{Bytes(static_cast<std::size_t>(EVP_PKEY_get_size(key))), {}};
    std::size_t size = out.bytes.size();
    const ByteView plain = share.read(access());
    if (!context ||
        EVP_PKEY_encrypt(context.get(), out.bytes.data(), &size, plain.data(), plain.size()) <= 0 ||
        size != out.bytes.size())
        return wrap_failed();
    return out;
}

Bytes rsa_spki(const EVP_PKEY* key) {
    Bytes out(static_cast<std::size_t>(std::max(i2d_PUBKEY(key, nullptr), 0)));
    Byte* at = out.data();
    require(!out.empty() && i2d_PUBKEY(key, &at) == static_cast<int>(out.size()), "RSA public key");
    return out;
}

class RsaPublic final : public PublicWrap {
public:
    explicit RsaPublic(PkeyPtr key) : key_(std::move(key)) {}
    Result<WrappedShare> wrap(const SecretBytes& share) const override {
        const ErrorQueueGuard guard;
        return encrypt(key_.get(), share);
    }

private:
    PkeyPtr key_;
};

class RsaPrivate final : public PrivateWrap {
public:
    explicit RsaPrivate(PkeyPtr key) : key_(std::move(key)) {}

    Bytes public_der() const override { return rsa_spki(key_.get()); }
    SecretBytes private_der() const override { return pkcs8_of(key_.get()); }
    Result<SecretBytes> unwrap(ByteView wrapped, std::string_view ephemeral) const override {
        const ErrorQueueGuard guard;
        const std::size_t modulus = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
        if (!ephemeral.empty() || wrapped.size() != modulus)
            return does_not_open();
        const PkeyCtxPtr context = oaep(key_.get(), EVP_PKEY_decrypt_init);
        SecretBytes plain(modulus);
        std::size_t size = plain.size();
        if (!context ||
            EVP_PKEY_decrypt(context.get(), plain.write(access()).data(), &size, wrapped.data(),
                             wrapped.size()) <= 0 ||
            size != kShareSize)
            return does_not_open();
        return SecretBytes::copy(plain.read(access()).first(kShareSize));
    }

private:
    PkeyPtr key_;
};

Result<std::unique_ptr<PublicWrap>> read_rsa(WrapScheme scheme, ByteView der) {
    const ErrorQueueGuard guard;
    const Byte* at = der.data();
    PkeyPtr key(d2i_PUBKEY_ex(nullptr, &at, static_cast<long>(der.size()), nullptr, nullptr));
    if (!key || EVP_PKEY_is_a(key.get(), "RSA") != 1 || !is_admitted(key.get(), bits_of(scheme)) ||
        rsa_spki(key.get()) != to_bytes(der)) // one key, one encoding
        return not_a_wrap_key("not an RSA key of that length with an ordinary exponent");
    return std::make_unique<RsaPublic>(std::move(key));
}

Result<std::unique_ptr<PrivateWrap>> read_private_rsa(WrapScheme scheme, const SecretBytes& der) {
    const ErrorQueueGuard guard;
    PkeyPtr key = read_pkcs8_key(der, "RSA");
    if (!key || !is_admitted(key.get(), bits_of(scheme)))
        return not_a_wrap_key("not an RSA key of that length with an ordinary exponent");
    // All of it: with one wrong prime the library still opens by the exponent, only more slowly,
    // and leaks by the difference.
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (!context || EVP_PKEY_check(context.get()) != 1)
        return not_a_wrap_key("the parts of the private key do not belong together");
    return std::make_unique<RsaPrivate>(std::move(key));
}

std::unique_ptr<PrivateWrap> generate_rsa(WrapScheme scheme) {
    const ErrorQueueGuard guard;
    PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits_of(scheme)}));
    require(static_cast<bool>(key), "RSA key generation");
    return std::make_unique<RsaPrivate>(std::move(key));
}

constexpr std::array kFamilies{
    WrapFamily{WrapScheme::rsa2048, "rsa:2048", "wrapped", read_rsa, read_private_rsa,
               generate_rsa},
    WrapFamily{WrapScheme::rsa4096, "rsa:4096", "wrapped", read_rsa, read_private_rsa,
               generate_rsa},
};

} // namespace

std::span<const WrapFamily> rsa_families() {
    return kFamilies;
}

} // namespace valise::crypto
