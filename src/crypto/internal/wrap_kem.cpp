// SPDX-License-Identifier: Apache-2.0
// Wraps in the DER envelope: composites, X-Wing and ML-KEM alone. //= facts/tdf.md 1.5
#include "crypto/internal/composite.h"
#include "crypto/internal/kem_der.h"
#include "crypto/internal/xwing.h"
#include "crypto/random.h"

#include <openssl/core_names.h>

#include <array>

namespace valise::crypto {

namespace {

SecretAccess access() {
    return SecretAccess::because("key encapsulation");
}

class CompositeWrap final : public KemPublic {
public:
    explicit CompositeWrap(CompositePublic key) : key_(std::move(key)) {}
    Result<Encapsulated> encapsulate() const override { return key_.encapsulate(); }

private:
    CompositePublic key_;
};

class CompositeUnwrap final : public KemPrivate {
public:
    explicit CompositeUnwrap(CompositePrivate key) : key_(std::move(key)) {}
    Bytes public_der() const override { return spki_der(key_.scheme(), key_.public_raw()); }
    SecretBytes private_der() const override {
        return pkcs8_der(key_.scheme(), key_.seed().read(access()), key_.scalar().read(access()));
    }
    std::size_t ciphertext_size() const override {
        return composite_facts(key_.scheme()).ciphertext_size();
    }
    Result<SecretBytes> decapsulate(ByteView ciphertext) const override {
        return key_.decapsulate(ciphertext);
    }

private:
    CompositePrivate key_;
};

Result<std::unique_ptr<PublicWrap>> read_composite(WrapScheme scheme, ByteView der) {
    TRY_ASSIGN(const Spki spki, read_spki(der));
    if (spki.scheme != scheme)
        return not_a_wrap_key("a key of another scheme");
    TRY_ASSIGN(CompositePublic key, CompositePublic::parse(scheme, spki.raw));
    return std::make_unique<CompositeWrap>(std::move(key));
}

Result<std::unique_ptr<PrivateWrap>> read_private_composite(WrapScheme scheme,
                                                            const SecretBytes& der) {
    TRY_ASSIGN(const Pkcs8 parts, read_pkcs8(der.read(access())));
    if (parts.scheme != scheme)
        return not_a_wrap_key("a key of another scheme");
    TRY_ASSIGN(CompositePrivate key, CompositePrivate::make(scheme, parts.seed, parts.scalar));
    if (!parts.point.empty() &&
        to_bytes(ByteView(key.public_raw()).last(parts.point.size())) != to_bytes(parts.point))
        return not_a_wrap_key("the public point in the private key is not its own");
    return std::make_unique<CompositeUnwrap>(std::move(key));
}

std::unique_ptr<PrivateWrap> generate_composite(WrapScheme scheme) {
    return std::make_unique<CompositeUnwrap>(CompositePrivate::generate(scheme));
}

struct MlkemFacts {
    const char* type; // OpenSSL's name
    std::size_t public_size;
    std::size_t ciphertext_size;
    Byte oid_end; // 2.16.840.1.101.3.4.4.x
};

MlkemFacts mlkem_facts(WrapScheme scheme) {
    return scheme == WrapScheme::mlkem768 ? MlkemFacts{"ML-KEM-768", 1184, 1088, 2}
                                          : MlkemFacts{"ML-KEM-1024", 1568, 1568, 3};
}

Bytes mlkem_algorithm(WrapScheme scheme) {
    const std::array<Byte, 9> oid{0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, mlkem_facts(scheme).oid_end};
    return algorithm_der({oid});
}

// The shared secret is the AES key itself, with no derivation between (an HSM can do that).
class MlkemWrap final : public KemPublic {
public:
    MlkemWrap(PkeyPtr key, std::size_t ciphertext)
        : key_(std::move(key)), ciphertext_(ciphertext) {}
    Result<Encapsulated> encapsulate() const override {
        const ErrorQueueGuard guard;
        Encapsulated out{Bytes(ciphertext_), {}};
        out.key = mlkem_encapsulate(key_.get(), out.ciphertext);
        if (out.key.empty())
            return wrap_failed();
        return out;
    }

private:
    PkeyPtr key_;
    std::size_t ciphertext_;
};

class MlkemUnwrap final : public KemPrivate {
public:
    static Result<std::unique_ptr<PrivateWrap>> make(WrapScheme scheme, ByteView seed) {
        const ErrorQueueGuard guard;
        auto out = std::make_unique<MlkemUnwrap>();
        out->scheme_ = scheme;
        out->key_ = mlkem_from_seed(mlkem_facts(scheme).type, seed);
        if (!out->key_)
            return not_a_wrap_key("not a private key");
        out->seed_ = SecretBytes::copy(seed);
        return out;
    }
    Bytes public_der() const override {
        Bytes raw(mlkem_facts(scheme_).public_size);
        require(read_octets(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, raw), "ML-KEM public key");
        Bytes out = spki_frame(mlkem_algorithm(scheme_), raw.size());
        append(out, raw);
        return out;
    }
    SecretBytes private_der() const override {
        return join_secret({private_frame(scheme_), seed_.read(access())});
    }
    std::size_t ciphertext_size() const override { return mlkem_facts(scheme_).ciphertext_size; }
    Result<SecretBytes> decapsulate(ByteView ciphertext) const override {
        const ErrorQueueGuard guard;
        SecretBytes key = mlkem_decapsulate(key_.get(), ciphertext);
        if (key.empty())
            return does_not_open();
        return key;
    }
    // The seed alone, [0] IMPLICIT OCTET STRING: of the three forms that exist, the one.
    static Bytes private_frame(WrapScheme scheme) {
        Bytes out = pkcs8_frame(mlkem_algorithm(scheme), 2 + kMlkemSeedSize);
        out.push_back(0x80);
        out.push_back(kMlkemSeedSize);
        return out;
    }

private:
    WrapScheme scheme_ = WrapScheme::mlkem1024;
    PkeyPtr key_;
    SecretBytes seed_;
};

Result<std::unique_ptr<PublicWrap>> read_mlkem(WrapScheme scheme, ByteView der) {
    const ErrorQueueGuard guard;
    const MlkemFacts facts = mlkem_facts(scheme);
    TRY_ASSIGN(const ByteView raw,
               after_frame(spki_frame(mlkem_algorithm(scheme), facts.public_size),
                           facts.public_size, der));
    PkeyPtr key = raw_public_key(facts.type, raw);
    if (!key)
        return not_a_wrap_key("not an ML-KEM key");
    return std::make_unique<MlkemWrap>(std::move(key), facts.ciphertext_size);
}

Result<std::unique_ptr<PrivateWrap>> read_private_mlkem(WrapScheme scheme, const SecretBytes& der) {
    TRY_ASSIGN(const ByteView seed,
               after_frame(MlkemUnwrap::private_frame(scheme), kMlkemSeedSize, der.read(access())));
    return MlkemUnwrap::make(scheme, seed);
}

std::unique_ptr<PrivateWrap> generate_mlkem(WrapScheme scheme) {
    const SecretBytes seed = random_secret(kMlkemSeedSize);
    auto made = MlkemUnwrap::make(scheme, seed.read(access()));
    require(made.has_value(), "ML-KEM key generation");
    return std::move(*made);
}

constexpr std::array kFamilies{
    WrapFamily{WrapScheme::p384_mlkem1024, "hpqt:secp384r1-mlkem1024", "hybrid-wrapped",
               read_composite, read_private_composite, generate_composite},
    WrapFamily{WrapScheme::p256_mlkem768, "hpqt:secp256r1-mlkem768", "hybrid-wrapped",
               read_composite, read_private_composite, generate_composite},
    WrapFamily{WrapScheme::xwing, "hpqt:xwing", "hybrid-wrapped", read_xwing, read_private_xwing,
               generate_xwing},
    WrapFamily{WrapScheme::mlkem1024, "mlkem:1024", "mlkem-wrapped", read_mlkem, read_private_mlkem,
               generate_mlkem},
    WrapFamily{WrapScheme::mlkem768, "mlkem:768", "mlkem-wrapped", read_mlkem, read_private_mlkem,
               generate_mlkem},
};

} // namespace

std::span<const WrapFamily> kem_families() {
    return kFamilies;
}

} // namespace valise::crypto
