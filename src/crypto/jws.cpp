// SPDX-License-Identifier: Apache-2.0
#include "crypto/jws.h"

#include "crypto/hash.h"
#include "crypto/internal/pkey.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

namespace valise::crypto {
namespace {

using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using BuildPtr = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using EcdsaPtr = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

struct JwsCurve {
    const char* jwk;
    const char* name;
    const char* algorithm;
    std::size_t field;
};
constexpr JwsCurve kJwsCurves[] = {{"P-256", "P-256", "ES256", 32},
                                   {"P-384", "P-384", "ES384", 48},
                                   {"P-521", "P-521", "ES512", 66}};

constexpr std::size_t kMaxModulus = 1024; // 8192 bits

std::unexpected<Error> not_a_jwk(const char* why) {
    return fail(Code::invalid, "crypto.jwk", why);
}
std::unexpected<Error> bad_signature() {
    return fail(Code::integrity, "crypto.signature", "does not verify");
}

Result<Bytes> jwk_member(const Json& jwk, const char* name) {
    const auto found = jwk.find(name);
    if (found == jwk.end() || !found->is_string())
        return not_a_jwk("a member of the key is missing");
    auto bytes = from_base64url(found->get_ref<const std::string&>());
    if (!bytes || bytes->empty() || bytes->size() > kMaxModulus)
        return not_a_jwk("a member of the key is no number");
    return std::move(*bytes);
}

PkeyPtr rsa_key(ByteView n, ByteView e) {
    const BignumPtr modulus(BN_bin2bn(n.data(), static_cast<int>(n.size()), nullptr));
    const BignumPtr exponent(BN_bin2bn(e.data(), static_cast<int>(e.size()), nullptr));
    const BuildPtr build(OSSL_PARAM_BLD_new());
    if (!modulus || !exponent || !build ||
        OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
        return nullptr;
    // Short exponents and short keys are forged or factored. //= facts/tdf.md 7.3
    const int bits = BN_num_bits(modulus.get());
    if (bits < 2048 || BN_is_odd(exponent.get()) != 1 || BN_num_bits(exponent.get()) <= 16 ||
        BN_num_bits(exponent.get()) > 64)
        return nullptr;
    const ParamsPtr params(OSSL_PARAM_BLD_to_param(build.get()));
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        return nullptr;
    return PkeyPtr(key);
}

// r || s in the width of the field, as RFC 7518 3.4 has it, to what OpenSSL takes.
Bytes ecdsa_der(ByteView joined) {
    const std::size_t half = joined.size() / 2;
    const EcdsaPtr pair(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(joined.data(), static_cast<int>(half), nullptr);
    BIGNUM* s = BN_bin2bn(joined.data() + half, static_cast<int>(half), nullptr);
    if (!pair || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1)
        die("an ECDSA signature");
    Bytes out(static_cast<std::size_t>(std::max(i2d_ECDSA_SIG(pair.get(), nullptr), 0)));
    Byte* at = out.data();
    require(!out.empty() && i2d_ECDSA_SIG(pair.get(), &at) == static_cast<int>(out.size()),
            "an ECDSA signature");
    return out;
}

const char* digest_of(std::string_view algorithm) {
    const std::string_view size = algorithm.substr(2);
    return size == "256" ? "SHA256" : size == "384" ? "SHA384" : size == "512" ? "SHA512" : nullptr;
}

} // namespace

struct JwsKey::State {
    PkeyPtr key;
    const JwsCurve* curve = nullptr; // null: RSA
};

Result<JwsKey> JwsKey::from_jwk(const Json& jwk) {
    const ErrorQueueGuard guard;
    if (!jwk.is_object() || !jwk.contains("kty") || !jwk.at("kty").is_string())
        return not_a_jwk("not a JSON Web Key");
    for (const char* secret : {"d", "p", "q", "k"})
        if (jwk.contains(secret))
            return not_a_jwk("it holds a private key");
    const std::string type = jwk.at("kty").get<std::string>();
    auto state = std::make_shared<State>();
    Json required;
    if (type == "RSA") {
        TRY_ASSIGN(const Bytes n, jwk_member(jwk, "n"));
        TRY_ASSIGN(const Bytes e, jwk_member(jwk, "e"));
        state->key = rsa_key(n, e);
        // Without leading zeros, so that one key has one thumbprint.
        if (n.front() == 0 || e.front() == 0)
            return not_a_jwk("a number with leading zeros");
        required = {{"e", to_base64url(e)}, {"kty", "RSA"}, {"n", to_base64url(n)}};
    } else if (type == "EC") {
        const auto name = jwk.value("crv", Json());
        for (const JwsCurve& curve : kJwsCurves)
            if (name.is_string() && name.get_ref<const std::string&>() == curve.jwk)
                state->curve = &curve;
        if (state->curve == nullptr)
            return not_a_jwk("a curve that is not known");
        TRY_ASSIGN(const Bytes x, jwk_member(jwk, "x"));
        TRY_ASSIGN(const Bytes y, jwk_member(jwk, "y"));
        if (x.size() != state->curve->field || y.size() != state->curve->field)
            return not_a_jwk("a coordinate of another width");
        Bytes point{4};
        append(point, x);
        append(point, y);
        state->key = ec_point_key(state->curve->name, point.size(), point);
        required = {{"crv", state->curve->jwk},
                    {"kty", "EC"},
                    {"x", to_base64url(x)},
                    {"y", to_base64url(y)}};
    } else {
        return not_a_jwk("neither RSA nor an elliptic curve");
    }
    if (!state->key)
        return not_a_jwk("not a key, or too weak");
    std::string thumbprint = to_base64url(sha256(view(canonical_json(required))));
    return JwsKey(std::move(state), std::move(thumbprint));
}

Result<void> JwsKey::verify(std::string_view algorithm, ByteView signed_bytes,
                            ByteView signature) const {
    const ErrorQueueGuard guard;
    const JwsCurve* curve = state_->curve;
    const bool pss = algorithm.starts_with("PS");
    if (algorithm.size() != 5 || (curve != nullptr && algorithm != curve->algorithm) ||
        (curve == nullptr && !pss && !algorithm.starts_with("RS")))
        return bad_signature();
    const char* digest = digest_of(algorithm);
    if (digest == nullptr || (curve != nullptr && signature.size() != 2 * curve->field))
        return bad_signature();
    const Bytes raw = curve != nullptr ? ecdsa_der(signature) : to_bytes(signature);
    const MdCtxPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* key_context = nullptr;
    if (!context || EVP_DigestVerifyInit_ex(context.get(), &key_context, digest, nullptr, nullptr,
                                            state_->key.get(), nullptr) != 1)
        return bad_signature();
    if (pss && (EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) <= 0 ||
                EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) <= 0))
        return bad_signature();
    if (EVP_DigestVerify(context.get(), raw.data(), raw.size(), signed_bytes.data(),
                         signed_bytes.size()) != 1)
        return bad_signature();
    return {};
}

struct Es256Key::State {
    PkeyPtr key;
};

Es256Key::Es256Key(std::unique_ptr<State> state) : state_(std::move(state)) {}
Es256Key::Es256Key(Es256Key&&) noexcept = default;
Es256Key& Es256Key::operator=(Es256Key&&) noexcept = default;
Es256Key::~Es256Key() = default;

Es256Key Es256Key::generate() {
    const ErrorQueueGuard guard;
    auto state = std::make_unique<State>();
    state->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    require(static_cast<bool>(state->key), "elliptic-curve key generation");
    return Es256Key(std::move(state));
}

Json Es256Key::public_jwk() const {
    Bytes point(65);
    require(read_octets(state_->key.get(), OSSL_PKEY_PARAM_PUB_KEY, point), "a public key");
    return {{"crv", "P-256"},
            {"kty", "EC"},
            {"x", to_base64url(ByteView(point).subspan(1, 32))},
            {"y", to_base64url(ByteView(point).subspan(33, 32))}};
}

Result<Bytes> Es256Key::sign(ByteView bytes) const {
    const ErrorQueueGuard guard;
    const auto failed = [] { return fail(Code::internal, "crypto.sign", "ES256"); };
    const MdCtxPtr context(EVP_MD_CTX_new());
    Bytes der(80);
    std::size_t size = der.size();
    if (!context ||
        EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, state_->key.get(),
                              nullptr) != 1 ||
        EVP_DigestSign(context.get(), der.data(), &size, bytes.data(), bytes.size()) != 1)
        return failed();
    const Byte* at = der.data();
    const EcdsaPtr pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    Bytes out(64);
    if (!pair || BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), 32) != 32 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + 32, 32) != 32)
        return failed();
    return out;
}

} // namespace valise::crypto
