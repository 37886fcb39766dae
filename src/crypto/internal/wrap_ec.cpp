// SPDX-License-Identifier: Apache-2.0
// `ec-wrapped`: an ephemeral key beside the share instead of a ciphertext. //= facts/tdf.md 1.5
#include "crypto/internal/kem_der.h"
#include "crypto/internal/pkcs8.h"
#include "crypto/internal/pkey.h"
#include "crypto/internal/wrap_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <array>

namespace valise::crypto {

namespace {

struct CurveFacts {
    WrapScheme scheme;
    const char* name;  // OpenSSL's
    const char* group; // as OpenSSL gives it back
    std::string_view oid;
    std::size_t field;

    std::size_t point() const { return 1 + 2 * field; }
};

using namespace std::string_view_literals;
constexpr std::array kCurves{
    CurveFacts{WrapScheme::ec_p256, "P-256", "prime256v1", "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv,
               32},
    CurveFacts{WrapScheme::ec_p384, "P-384", "secp384r1", "\x2b\x81\x04\x00\x22"sv, 48},
    CurveFacts{WrapScheme::ec_p521, "P-521", "secp521r1", "\x2b\x81\x04\x00\x23"sv, 66},
};

const CurveFacts& curve_of(WrapScheme scheme) {
    for (const CurveFacts& one : kCurves)
        if (one.scheme == scheme)
            return one;
    die("a wrap scheme without its curve");
}

Bytes ec_spki_frame(const CurveFacts& curve) {
    constexpr std::array<Byte, 7> kEcPublicKey{0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1};
    return spki_frame(algorithm_der({kEcPublicKey, view(curve.oid)}), curve.point());
}

Bytes ec_spki(const CurveFacts& curve, const EVP_PKEY* key) {
    Bytes point(curve.point());
    require(read_octets(key, OSSL_PKEY_PARAM_PUB_KEY, point), "elliptic-curve public key");
    Bytes out = ec_spki_frame(curve);
    append(out, point);
    return out;
}

PkeyPtr read_ec_spki(const CurveFacts& curve, ByteView der) {
    const auto point = after_frame(ec_spki_frame(curve), curve.point(), der);
    return point ? ec_point_key(curve.name, curve.point(), *point) : nullptr;
}

class EcPublic final : public PublicWrap {
public:
    EcPublic(const CurveFacts& curve, PkeyPtr key) : curve_(&curve), key_(std::move(key)) {}

    Result<WrappedShare> wrap(const SecretBytes& share) const override {
        const ErrorQueueGuard guard;
        const PkeyPtr ephemeral(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve_->name));
        if (!ephemeral)
            return wrap_failed();
        const SecretBytes x = derive(ephemeral.get(), key_.get(), curve_->field);
        if (x.empty())
            return wrap_failed();
        WrappedShare out;
        TRY_ASSIGN(out.bytes, seal_share(tdf_key(x), share));
        out.ephemeral_key = pem_of("PUBLIC KEY", ec_spki(*curve_, ephemeral.get()));
        return out;
    }

private:
    const CurveFacts* curve_;
    PkeyPtr key_;
};

class EcPrivate final : public PrivateWrap {
public:
    EcPrivate(const CurveFacts& curve, PkeyPtr key) : curve_(&curve), key_(std::move(key)) {}

    Bytes public_der() const override { return ec_spki(*curve_, key_.get()); }
    SecretBytes private_der() const override { return pkcs8_of(key_.get()); }
    Result<SecretBytes> unwrap(ByteView wrapped, std::string_view ephemeral) const override {
        const ErrorQueueGuard guard;
        const auto der = read_pem("PUBLIC KEY", ephemeral);
        const PkeyPtr peer =
            der ? read_ec_spki(*curve_, der->read(SecretAccess::because("it is a public key")))
                : nullptr;
        if (!peer)
            return does_not_open();
        const SecretBytes x = derive(key_.get(), peer.get(), curve_->field);
        if (x.empty())
            return does_not_open();
        return open_share(tdf_key(x), wrapped);
    }

private:
    const CurveFacts* curve_;
    PkeyPtr key_;
};

Result<std::unique_ptr<PublicWrap>> read_ec(WrapScheme scheme, ByteView der) {
    const ErrorQueueGuard guard;
    const CurveFacts& curve = curve_of(scheme);
    PkeyPtr key = read_ec_spki(curve, der);
    if (!key)
        return not_a_wrap_key("not an uncompressed point on the curve");
    return std::make_unique<EcPublic>(curve, std::move(key));
}

Result<std::unique_ptr<PrivateWrap>> read_private_ec(WrapScheme scheme, const SecretBytes& der) {
    const ErrorQueueGuard guard;
    const CurveFacts& curve = curve_of(scheme);
    PkeyPtr key = read_pkcs8_key(der, "EC");
    std::array<char, 32> group{};
    std::size_t length = 0;
    if (!key || EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &length) != 1 ||
        std::string_view(group.data(), length) != curve.group)
        return not_a_wrap_key("not a private key on this curve");
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    Bytes point(curve.point());
    // Scalar in range, and the point that came with it is its own, uncompressed.
    if (!context || EVP_PKEY_check(context.get()) != 1 ||
        !read_octets(key.get(), OSSL_PKEY_PARAM_PUB_KEY, point))
        return not_a_wrap_key("the private key is not valid on its curve");
    return std::make_unique<EcPrivate>(curve, std::move(key));
}

std::unique_ptr<PrivateWrap> generate_ec(WrapScheme scheme) {
    const ErrorQueueGuard guard;
    const CurveFacts& curve = curve_of(scheme);
    PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.name));
    require(static_cast<bool>(key), "elliptic-curve key generation");
    return std::make_unique<EcPrivate>(curve, std::move(key));
}

constexpr std::array kFamilies{
    WrapFamily{WrapScheme::ec_p256, "ec:secp256r1", "ec-wrapped", read_ec, read_private_ec,
               generate_ec},
    WrapFamily{WrapScheme::ec_p384, "ec:secp384r1", "ec-wrapped", read_ec, read_private_ec,
               generate_ec},
    WrapFamily{WrapScheme::ec_p521, "ec:secp521r1", "ec-wrapped", read_ec, read_private_ec,
               generate_ec},
};

} // namespace

std::span<const WrapFamily> ec_families() {
    return kFamilies;
}

} // namespace valise::crypto
