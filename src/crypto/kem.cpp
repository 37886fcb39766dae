// SPDX-License-Identifier: Apache-2.0
#include "crypto/kem.h"

#include "crypto/hash.h"
#include "crypto/internal/kem_der.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/wrap_key.h"

namespace valise::crypto {

namespace {

SecretAccess access() {
    return SecretAccess::because("wrap or unwrap a share");
}

const std::vector<WrapFamily>& families() {
    static const std::vector<WrapFamily> all = [] {
        std::vector<WrapFamily> out;
        for (const auto list : {kem_families(), ec_families(), rsa_families()})
            out.insert(out.end(), list.begin(), list.end());
        return out;
    }();
    return all;
}

const WrapFamily& family_of(WrapScheme scheme) {
    for (const WrapFamily& one : families())
        if (one.scheme == scheme)
            return one;
    die("a wrap scheme without its code");
}

bool admitted(WrapScheme scheme, WrapKeys which) {
    return which == WrapKeys::any || scheme == WrapScheme::p384_mlkem1024 ||
           scheme == WrapScheme::p256_mlkem768;
}

} // namespace

const std::vector<WrapScheme>& wrap_schemes() {
    static const std::vector<WrapScheme> all = [] {
        std::vector<WrapScheme> out;
        for (const WrapFamily& one : families())
            out.push_back(one.scheme);
        return out;
    }();
    return all;
}

std::string_view to_string(WrapScheme scheme) {
    return family_of(scheme).name;
}

std::string_view wrap_type(WrapScheme scheme) {
    return family_of(scheme).type;
}

Result<WrapScheme> parse_wrap_scheme(std::string_view text) {
    for (const WrapFamily& one : families())
        if (text == one.name)
            return one.scheme;
    return fail(Code::invalid, "crypto.wrap_scheme", "not a wrap scheme that is known here");
}

struct WrapPublicKey::State {
    WrapScheme scheme;
    std::unique_ptr<PublicWrap> key;
    Bytes der;
};

Result<WrapPublicKey> WrapPublicKey::parse_der(ByteView der, WrapKeys which) {
    for (const WrapFamily& one : families()) {
        if (!admitted(one.scheme, which))
            continue;
        if (auto key = one.read_public(one.scheme, der))
            return WrapPublicKey(
                std::make_shared<const State>(State{one.scheme, std::move(*key), to_bytes(der)}));
    }
    return not_a_wrap_key("not a public key of a wrap scheme that is admitted here");
}

Result<WrapPublicKey> WrapPublicKey::parse_pem(std::string_view pem, WrapKeys which) {
    TRY_ASSIGN(const SecretBytes der, read_pem("PUBLIC KEY", pem));
    return parse_der(der.read(SecretAccess::because("a public key is no secret")), which);
}

const Bytes& WrapPublicKey::der() const {
    return state_->der;
}
std::string WrapPublicKey::pem() const {
    return pem_of("PUBLIC KEY", state_->der);
}
WrapScheme WrapPublicKey::scheme() const {
    return state_->scheme;
}
std::string WrapPublicKey::kid() const {
    const Hash32 hash = sha256(state_->der);
    return "k-" + to_base32(ByteView(hash).first(10));
}

Result<WrappedShare> WrapPublicKey::wrap_share(const SecretBytes& share) const {
    if (share.size() != kShareSize)
        return fail(Code::invalid, "crypto.wrap", "a share is 32 bytes");
    return state_->key->wrap(share);
}

Result<Bytes> WrapPublicKey::wrap(const SecretBytes& share) const {
    TRY_ASSIGN(WrappedShare out, wrap_share(share));
    if (!out.ephemeral_key.empty())
        return fail(Code::invalid, "crypto.wrap", "this key's wraps have two parts");
    return std::move(out.bytes);
}

struct WrapPrivateKey::State {
    std::unique_ptr<PrivateWrap> key;
    WrapPublicKey public_key;
};

WrapPrivateKey::WrapPrivateKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
WrapPrivateKey::WrapPrivateKey(WrapPrivateKey&&) noexcept = default;
WrapPrivateKey& WrapPrivateKey::operator=(WrapPrivateKey&&) noexcept = default;
WrapPrivateKey::~WrapPrivateKey() = default;

WrapPrivateKey WrapPrivateKey::generate(WrapScheme scheme) {
    auto key = family_of(scheme).generate(scheme);
    auto public_key = WrapPublicKey::parse_der(key->public_der(), WrapKeys::any);
    require(public_key.has_value(), "wrap key generation");
    return WrapPrivateKey(std::make_unique<State>(State{std::move(key), std::move(*public_key)}));
}

Result<WrapPrivateKey> WrapPrivateKey::import_der(const SecretBytes& der, WrapKeys which) {
    for (const WrapFamily& one : families()) {
        if (!admitted(one.scheme, which))
            continue;
        auto key = one.read_private(one.scheme, der);
        if (!key)
            continue;
        TRY_ASSIGN(WrapPublicKey public_key, WrapPublicKey::parse_der((*key)->public_der(), which));
        return WrapPrivateKey(
            std::make_unique<State>(State{std::move(*key), std::move(public_key)}));
    }
    return not_a_wrap_key("not a private key of a wrap scheme that is admitted here");
}

Result<WrapPrivateKey> WrapPrivateKey::import_pem(const SecretBytes& pem, WrapKeys which) {
    TRY_ASSIGN(const SecretBytes der, read_pem("PRIVATE KEY", text_view(pem.read(access()))));
    return import_der(der, which);
}

SecretBytes WrapPrivateKey::export_der(SecretAccess) const {
    return state_->key->private_der();
}

const WrapPublicKey& WrapPrivateKey::public_key() const {
    return state_->public_key;
}

Result<SecretBytes> WrapPrivateKey::unwrap(ByteView wrapped, std::string_view ephemeral_key) const {
    return state_->key->unwrap(wrapped, ephemeral_key);
}

} // namespace valise::crypto
