// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/xwing.h"

#include "crypto/internal/kem_der.h"
#include "crypto/random.h"

#include <openssl/core_names.h>

#include <array>

namespace valise::crypto {

namespace {

constexpr const char* kMlkem = "ML-KEM-768";
constexpr std::string_view kLabel = "\\.//^\\";
constexpr std::size_t kPublic = kXwingMlkemPublic + kX25519;
constexpr std::size_t kCiphertext = kXwingMlkemCiphertext + kX25519;

SecretAccess access() {
    return SecretAccess::because("X-Wing key encapsulation");
}

Bytes algorithm() { // 1.3.6.1.4.1.62253.25722
    constexpr std::array<Byte, 11> kOid{0x2b, 6, 1, 4, 1, 0x83, 0xe6, 0x2d, 0x81, 0xc8, 0x7a};
    return algorithm_der({kOid});
}

// SHAKE256(seed, 96): the ML-KEM seed d || z, then the X25519 key. //= 5.2
SecretBytes expand(ByteView seed) {
    const MdPtr shake(EVP_MD_fetch(nullptr, "SHAKE256", nullptr));
    const MdCtxPtr context(EVP_MD_CTX_new());
    SecretBytes out(kMlkemSeedSize + kX25519);
    require(shake && context && EVP_DigestInit_ex2(context.get(), shake.get(), nullptr) == 1 &&
                EVP_DigestUpdate(context.get(), seed.data(), seed.size()) == 1 &&
                EVP_DigestFinalXOF(context.get(), out.write(access()).data(), out.size()) == 1,
            "SHAKE256");
    return out;
}

class XwingPublic final : public KemPublic {
public:
    XwingPublic(PkeyPtr mlkem, PkeyPtr x25519, ByteView x_raw)
        : mlkem_(std::move(mlkem)), x25519_(std::move(x25519)), x_raw_(to_bytes(x_raw)) {}

    Result<Encapsulated> encapsulate() const override {
        const ErrorQueueGuard guard;
        Encapsulated out{Bytes(kCiphertext), {}};
        const std::span<Byte> all(out.ciphertext);
        const SecretBytes secret =
            mlkem_encapsulate(mlkem_.get(), all.first(kXwingMlkemCiphertext));
        const PkeyPtr ephemeral(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
        if (secret.empty() || !ephemeral ||
            !read_octets(ephemeral.get(), OSSL_PKEY_PARAM_PUB_KEY, all.last(kX25519)))
            return wrap_failed();
        const SecretBytes x = derive(ephemeral.get(), x25519_.get(), kX25519);
        if (x.empty())
            return wrap_failed();
        out.key = tdf_key(
            xwing_combine(secret.read(access()), x.read(access()), all.last(kX25519), x_raw_));
        return out;
    }

private:
    PkeyPtr mlkem_;
    PkeyPtr x25519_;
    Bytes x_raw_;
};

class XwingPrivate final : public KemPrivate {
public:
    static Result<std::unique_ptr<XwingPrivate>> make(ByteView seed) {
        const ErrorQueueGuard guard;
        const SecretBytes expanded = expand(seed);
        auto out = std::make_unique<XwingPrivate>();
        out->mlkem_ = mlkem_from_seed(kMlkem, expanded.read(access()).first(kMlkemSeedSize));
        out->x25519_ = raw_private_key("X25519", expanded.read(access()).last(kX25519));
        if (!out->mlkem_ || !out->x25519_)
            return not_a_wrap_key("not a private key");
        out->raw_.resize(kPublic);
        const std::span<Byte> raw(out->raw_);
        require(
            read_octets(out->mlkem_.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.first(kXwingMlkemPublic)) &&
                read_octets(out->x25519_.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.last(kX25519)),
            "X-Wing public key");
        out->seed_ = SecretBytes::copy(seed);
        return out;
    }

    Bytes public_der() const override {
        Bytes out = spki_frame(algorithm(), kPublic);
        append(out, raw_);
        return out;
    }
    SecretBytes private_der() const override {
        return join_secret({pkcs8_frame(algorithm(), kXwingSeed), seed_.read(access())});
    }
    std::size_t ciphertext_size() const override { return kCiphertext; }

    Result<SecretBytes> decapsulate(ByteView ciphertext) const override {
        const ErrorQueueGuard guard;
        const SecretBytes secret =
            mlkem_decapsulate(mlkem_.get(), ciphertext.first(kXwingMlkemCiphertext));
        const ByteView point = ciphertext.last(kX25519);
        const PkeyPtr ephemeral = raw_public_key("X25519", point);
        if (secret.empty() || !ephemeral)
            return does_not_open();
        const SecretBytes x = derive(x25519_.get(), ephemeral.get(), kX25519);
        if (x.empty())
            return does_not_open();
        return tdf_key(xwing_combine(secret.read(access()), x.read(access()), point,
                                     ByteView(raw_).last(kX25519)));
    }

private:
    SecretBytes seed_;
    PkeyPtr mlkem_;
    PkeyPtr x25519_;
    Bytes raw_;
};

} // namespace

SecretBytes xwing_combine(ByteView mlkem_secret, ByteView x_secret, ByteView x_ephemeral,
                          ByteView x_static) {
    return sha3_256_secret(
        join_secret({mlkem_secret, x_secret, x_ephemeral, x_static, view(kLabel)}));
}

Result<std::unique_ptr<PublicWrap>> read_xwing(WrapScheme, ByteView der) {
    const ErrorQueueGuard guard;
    TRY_ASSIGN(const ByteView raw, after_frame(spki_frame(algorithm(), kPublic), kPublic, der));
    PkeyPtr mlkem = raw_public_key(kMlkem, raw.first(kXwingMlkemPublic));
    PkeyPtr x25519 = raw_public_key("X25519", raw.last(kX25519));
    if (!mlkem || !x25519)
        return not_a_wrap_key("not an X-Wing key");
    return std::make_unique<XwingPublic>(std::move(mlkem), std::move(x25519), raw.last(kX25519));
}

Result<std::unique_ptr<PrivateWrap>> read_private_xwing(WrapScheme, const SecretBytes& der) {
    TRY_ASSIGN(const ByteView seed,
               after_frame(pkcs8_frame(algorithm(), kXwingSeed), kXwingSeed, der.read(access())));
    return XwingPrivate::make(seed);
}

std::unique_ptr<PrivateWrap> generate_xwing(WrapScheme) {
    const SecretBytes seed = random_secret(kXwingSeed);
    auto made = XwingPrivate::make(seed.read(access()));
    require(made.has_value(), "X-Wing key generation");
    return std::move(*made);
}

Result<std::unique_ptr<KemPrivate>> xwing_from_seed(ByteView seed) {
    if (seed.size() != kXwingSeed)
        return not_a_wrap_key("a seed of another size");
    return XwingPrivate::make(seed);
}

} // namespace valise::crypto
