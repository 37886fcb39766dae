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

PkeyPtr from_octets(const char* type, const char* curve, const char* name, ByteView bytes,
                    int selection) {
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    std::vector<OSSL_PARAM> parameters;
    parameters.push_back(
        OSSL_PARAM_construct_octet_string(name, const_cast<Byte*>(bytes.data()), bytes.size()));
    if (curve != nullptr)
        parameters.push_back(OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                              const_cast<char*>(curve), 0));
    parameters.push_back(OSSL_PARAM_construct_end());
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, parameters.data()) <= 0)
        return nullptr;
    return PkeyPtr(key);
}

// RFC 5915 without the public point: reading it makes OpenSSL compute the point.
PkeyPtr ec_from_scalar(WrapScheme scheme, ByteView scalar) {
    const SecretBytes der = ec_private_der(scheme, scalar);
    const ByteView bytes = der.read(access());
    const Byte* at = bytes.data();
    PkeyPtr key(d2i_PrivateKey_ex(EVP_PKEY_EC, nullptr, &at, static_cast<long>(bytes.size()),
                                  nullptr, nullptr));
    if (!key)
        return nullptr;
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    // 1 <= scalar < order
    return context && EVP_PKEY_private_check(context.get()) == 1 ? std::move(key) : nullptr;
}

bool read_octets(const EVP_PKEY* key, const char* name, std::span<Byte> out) {
    std::size_t written = 0;
    return EVP_PKEY_get_octet_string_param(key, name, out.data(), out.size(), &written) == 1 &&
           written == out.size();
}

// The x coordinate, in the full width of the field. Empty on failure.
SecretBytes ecdh(EVP_PKEY* own, EVP_PKEY* peer, std::size_t size) {
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr));
    SecretBytes out(size);
    std::size_t written = size;
    if (!context || EVP_PKEY_derive_init(context.get()) <= 0 ||
        EVP_PKEY_derive_set_peer(context.get(), peer) <= 0 ||
        EVP_PKEY_derive(context.get(), out.write(access()).data(), &written) <= 0 ||
        written != size)
        return {};
    return out;
}

PkeyPtr ec_public(const CompositeFacts& facts, ByteView point) {
    // Only the uncompressed form: any other would give one key several encodings.
    if (point.size() != facts.point || point[0] != 0x04)
        return nullptr;
    return from_octets("EC", facts.curve, OSSL_PKEY_PARAM_PUB_KEY, point, EVP_PKEY_PUBLIC_KEY);
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
    const ByteView parts[] = {mlkem_secret, ecdh_x, ephemeral_point, static_point,
                              view(composite_facts(scheme).label)};
    std::size_t size = 0;
    for (const ByteView part : parts)
        size += part.size();
    SecretBytes input(size);
    auto to = input.write(access()).begin();
    for (const ByteView part : parts)
        to = std::ranges::copy(part, to).out;
    Hash32 hash = sha3_256(input.read(access()));
    SecretBytes out = SecretBytes::copy(hash);
    wipe(hash);
    return out;
}

Result<CompositePublic> CompositePublic::parse(WrapScheme scheme, ByteView raw) {
    const ErrorQueueGuard guard;
    const CompositeFacts& facts = composite_facts(scheme);
    if (raw.size() != facts.public_size())
        return bad_key("the public key has the wrong size");
    const ByteView mlkem_raw = raw.first(facts.mlkem_public);
    PkeyPtr mlkem(EVP_PKEY_new_raw_public_key_ex(nullptr, facts.mlkem, nullptr, mlkem_raw.data(),
                                                 mlkem_raw.size()));
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

    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, mlkem_.get(), nullptr));
    SecretBytes secret(kMlkemSharedSize);
    std::size_t ciphertext_size = mlkem_part.size();
    std::size_t secret_size = secret.size();
    if (!context || EVP_PKEY_encapsulate_init(context.get(), nullptr) <= 0 ||
        EVP_PKEY_encapsulate(context.get(), mlkem_part.data(), &ciphertext_size,
                             secret.write(access()).data(), &secret_size) <= 0 ||
        ciphertext_size != mlkem_part.size() || secret_size != kMlkemSharedSize)
        return failed();

    const PkeyPtr ephemeral(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", facts.curve));
    if (!ephemeral || !read_octets(ephemeral.get(), OSSL_PKEY_PARAM_PUB_KEY, point))
        return failed();
    const SecretBytes x = ecdh(ephemeral.get(), ec_.get(), facts.scalar);
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
    out.mlkem_ =
        from_octets(facts.mlkem, nullptr, OSSL_PKEY_PARAM_ML_KEM_SEED, seed, EVP_PKEY_KEYPAIR);
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
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, mlkem_.get(), nullptr));
    SecretBytes secret(kMlkemSharedSize);
    std::size_t size = secret.size();
    if (!ephemeral || !context || EVP_PKEY_decapsulate_init(context.get(), nullptr) <= 0 ||
        EVP_PKEY_decapsulate(context.get(), secret.write(access()).data(), &size, mlkem_part.data(),
                             mlkem_part.size()) <= 0 ||
        size != kMlkemSharedSize)
        return bad_ciphertext();
    const SecretBytes x = ecdh(ec_.get(), ephemeral.get(), facts.scalar);
    if (x.empty())
        return bad_ciphertext();
    return combine(scheme_, secret.read(access()), x.read(access()), point,
                   ByteView(public_raw_).subspan(facts.mlkem_public));
}

} // namespace valise::crypto
