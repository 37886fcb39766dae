// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/composite.h"

#include "crypto/hash.h"
#include "crypto/internal/kem_der.h"
#include "crypto/random.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/params.h>

namespace valise::crypto {

namespace {

using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;

SecretAccess access() {
    return SecretAccess::because("composite key encapsulation");
}

std::unexpected<Error> bad_key(const char* why) {
    return fail(Code::invalid, "crypto.wrap_key", why);
}

std::unexpected<Error> bad_ciphertext() {
    return fail(Code::integrity, "crypto.unwrap", "the wrapped share does not open");
}

PkeyPtr ec_from_scalar(WrapScheme scheme, ByteView scalar) {
    return ec_scalar_key(ec_private_der(scheme, scalar));
}

PkeyPtr ec_public(const CompositeFacts& facts, ByteView point) {
    return ec_point_key(facts.curve, facts.point, point);
}

} // namespace

const CompositeFacts& composite_facts(WrapScheme scheme) {
    using namespace std::string_view_literals;
    static constexpr CompositeFacts kP384{"hpqt:secp384r1-mlkem1024",
                                          "MLKEM1024-P384",
                                          "ML-KEM-1024",
                                          "P-384",
                                          {0x2b, 6, 1, 5, 5, 7, 6, 63}, // 1.3.6.1.5.5.7.6.63
                                          "\x2b\x81\x04\x00\x22"sv,     // 1.3.132.0.34
                                          1568,
                                          1568,
                                          48,
                                          97};
    static constexpr CompositeFacts kP256{
        "hpqt:secp256r1-mlkem768",
        "MLKEM768-P256",
        "ML-KEM-768",
        "P-256",
        {0x2b, 6, 1, 5, 5, 7, 6, 59},
        "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv, // 1.2.840.10045.3.1.7
        1184,
        1088,
        32,
        65};
    return scheme == WrapScheme::p384_mlkem1024 ? kP384 : kP256;
}

SecretBytes combine(WrapScheme scheme, ByteView mlkem_secret, ByteView ecdh_x,
                    ByteView ephemeral_point, ByteView static_point) {
    return sha3_256_secret(join_secret({mlkem_secret, ecdh_x, ephemeral_point, static_point,
                                        view(composite_facts(scheme).label)}));
}

Result<CompositePublic> CompositePublic::parse(WrapScheme scheme, ByteView raw) {
    const ErrorQueueGuard guard;
    const CompositeFacts& facts = composite_facts(scheme);
    if (raw.size() != facts.public_size())
        return bad_key("the public key has the wrong size");
    const ByteView mlkem_raw = raw.first(facts.mlkem_public);
    PkeyPtr mlkem = raw_public_key(facts.mlkem, mlkem_raw);
    if (!mlkem)
        return bad_key("the ML-KEM part is not a public key");
    PkeyPtr ec = ec_public(facts, raw.subspan(facts.mlkem_public));
    if (!ec)
        return bad_key("the elliptic-curve part is not an uncompressed point on the curve");
    return CompositePublic(scheme, std::move(mlkem), std::move(ec), to_bytes(raw));
}

Result<Encapsulated> CompositePublic::encapsulate() const {
    const ErrorQueueGuard guard;
    const CompositeFacts& facts = composite_facts(scheme_);
    const auto failed = [] { return fail(Code::internal, "crypto.wrap", "the library failed"); };
    Encapsulated out{Bytes(facts.ciphertext_size()), {}};
    const std::span<Byte> mlkem_part = std::span(out.ciphertext).first(facts.mlkem_ciphertext);
    const std::span<Byte> point = std::span(out.ciphertext).subspan(facts.mlkem_ciphertext);

    const SecretBytes secret = mlkem_encapsulate(mlkem_.get(), mlkem_part);
    if (secret.empty())
        return failed();

    const PkeyPtr ephemeral(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", facts.curve));
    if (!ephemeral || !read_octets(ephemeral.get(), OSSL_PKEY_PARAM_PUB_KEY, point))
        return failed();
    const SecretBytes x = derive(ephemeral.get(), ec_.get(), facts.scalar, Peer::checked);
    if (x.empty())
        return failed();
    out.key = combine(scheme_, secret.read(access()), x.read(access()), point,
                      ByteView(raw_).subspan(facts.mlkem_public));
    return out;
}

CompositePrivate CompositePrivate::generate(WrapScheme scheme) {
    const ErrorQueueGuard guard;
    const CompositeFacts& facts = composite_facts(scheme);
    const PkeyPtr ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", facts.curve));
    BIGNUM* number = nullptr;
    require(ec && EVP_PKEY_get_bn_param(ec.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1,
            "elliptic-curve key generation");
    const BignumPtr owned(number);
    SecretBytes scalar(facts.scalar);
    require(BN_bn2binpad(number, scalar.write(access()).data(), static_cast<int>(facts.scalar)) ==
                static_cast<int>(facts.scalar),
            "elliptic-curve key generation");
    const SecretBytes seed = random_secret(kMlkemSeedSize);
    auto made = make(scheme, seed.read(access()), scalar.read(access()));
    require(made.has_value(), "wrap key generation");
    return std::move(*made);
}

Result<CompositePrivate> CompositePrivate::make(WrapScheme scheme, ByteView seed, ByteView scalar) {
    const ErrorQueueGuard guard;
    const CompositeFacts& facts = composite_facts(scheme);
    if (seed.size() != kMlkemSeedSize || scalar.size() != facts.scalar)
        return bad_key("the private key has the wrong size");
    CompositePrivate out(scheme);
    out.mlkem_ = mlkem_from_seed(facts.mlkem, seed);
    out.ec_ = ec_from_scalar(scheme, scalar);
    if (!out.mlkem_ || !out.ec_)
        return bad_key("not a private key");
    out.public_raw_.resize(facts.public_size());
    const std::span<Byte> raw(out.public_raw_);
    if (!read_octets(out.mlkem_.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.first(facts.mlkem_public)) ||
        !read_octets(out.ec_.get(), OSSL_PKEY_PARAM_PUB_KEY, raw.subspan(facts.mlkem_public)))
        return bad_key("the private key yields no public key");
    out.seed_ = SecretBytes::copy(seed);
    out.scalar_ = SecretBytes::copy(scalar);
    return out;
}

Result<SecretBytes> CompositePrivate::decapsulate(ByteView ciphertext) const {
    const ErrorQueueGuard guard;
    const CompositeFacts& facts = composite_facts(scheme_);
    if (ciphertext.size() != facts.ciphertext_size())
        return bad_ciphertext();
    const ByteView mlkem_part = ciphertext.first(facts.mlkem_ciphertext);
    const ByteView point = ciphertext.subspan(facts.mlkem_ciphertext);
    const PkeyPtr ephemeral = ec_public(facts, point);
    const SecretBytes secret = mlkem_decapsulate(mlkem_.get(), mlkem_part);
    if (!ephemeral || secret.empty())
        return bad_ciphertext();
    const SecretBytes x = derive(ec_.get(), ephemeral.get(), facts.scalar);
    if (x.empty())
        return bad_ciphertext();
    return combine(scheme_, secret.read(access()), x.read(access()), point,
                   ByteView(public_raw_).subspan(facts.mlkem_public));
}

} // namespace valise::crypto
