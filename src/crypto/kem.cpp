// SPDX-License-Identifier: Apache-2.0
#include "crypto/kem.h"

#include "crypto/aead.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/internal/composite.h"
#include "crypto/internal/kem_der.h"
#include "crypto/random.h"

namespace valise::crypto {

namespace {

SecretAccess access() {
    return SecretAccess::because("wrap or unwrap a share");
}

std::unexpected<Error> does_not_open() {
    return fail(Code::integrity, "crypto.unwrap", "the wrapped share does not open");
}

} // namespace

std::string_view to_string(WrapScheme scheme) {
    return composite_facts(scheme).text;
}

Result<WrapScheme> parse_wrap_scheme(std::string_view text) {
    for (const WrapScheme scheme : {WrapScheme::p384_mlkem1024, WrapScheme::p256_mlkem768})
        if (text == to_string(scheme))
            return scheme;
    return fail(Code::invalid, "crypto.wrap_scheme", "not a wrap scheme that is known here");
}

struct WrapPublicKey::State {
    CompositePublic key;
    Bytes der;
};

Result<WrapPublicKey> WrapPublicKey::parse_der(ByteView der) {
    TRY_ASSIGN(const Spki spki, read_spki(der));
    TRY_ASSIGN(CompositePublic key, CompositePublic::parse(spki.scheme, spki.raw));
    return WrapPublicKey(std::make_shared<const State>(State{std::move(key), to_bytes(der)}));
}

Result<WrapPublicKey> WrapPublicKey::parse_pem(std::string_view pem) {
    TRY_ASSIGN(const SecretBytes der, read_pem("PUBLIC KEY", pem));
    return parse_der(der.read(SecretAccess::because("a public key is no secret")));
}

const Bytes& WrapPublicKey::der() const {
    return state_->der;
}
std::string WrapPublicKey::pem() const {
    return pem_of("PUBLIC KEY", state_->der);
}
WrapScheme WrapPublicKey::scheme() const {
    return state_->key.scheme();
}
std::string WrapPublicKey::kid() const {
    const Hash32 hash = sha256(state_->der);
    return "k-" + to_base32(ByteView(hash).first(10));
}

Result<Bytes> WrapPublicKey::wrap(const SecretBytes& share) const {
    if (share.size() != kShareSize)
        return fail(Code::invalid, "crypto.wrap", "a share is 32 bytes");
    TRY_ASSIGN(const Encapsulated encapsulated, state_->key.encapsulate());
    TRY_ASSIGN(Aes256Gcm cipher, Aes256Gcm::create(encapsulated.key));
    const auto nonce = random_array<kGcmNonceSize>();
    TRY_ASSIGN(const Bytes sealed, cipher.seal(nonce, {}, share.read(access())));
    Bytes sealed_share = to_bytes(nonce);
    append(sealed_share, sealed);
    return envelope_der(encapsulated.ciphertext, sealed_share);
}

struct WrapPrivateKey::State {
    CompositePrivate key;
    WrapPublicKey public_key;
};

WrapPrivateKey::WrapPrivateKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
WrapPrivateKey::WrapPrivateKey(WrapPrivateKey&&) noexcept = default;
WrapPrivateKey& WrapPrivateKey::operator=(WrapPrivateKey&&) noexcept = default;
WrapPrivateKey::~WrapPrivateKey() = default;

WrapPrivateKey WrapPrivateKey::generate(WrapScheme scheme) {
    CompositePrivate key = CompositePrivate::generate(scheme);
    auto public_key = WrapPublicKey::parse_der(spki_der(scheme, key.public_raw()));
    require(public_key.has_value(), "wrap key generation");
    return WrapPrivateKey(std::make_unique<State>(State{std::move(key), std::move(*public_key)}));
}

Result<WrapPrivateKey> WrapPrivateKey::import_der(const SecretBytes& der) {
    TRY_ASSIGN(const Pkcs8 parts, read_pkcs8(der.read(access())));
    TRY_ASSIGN(CompositePrivate key,
               CompositePrivate::make(parts.scheme, parts.seed, parts.scalar));
    const ByteView raw = key.public_raw();
    if (!parts.point.empty() && !constant_time_equal(raw.last(parts.point.size()), parts.point))
        return fail(Code::invalid, "crypto.wrap_key",
                    "the public point in the private key is not its own");
    TRY_ASSIGN(WrapPublicKey public_key, WrapPublicKey::parse_der(spki_der(parts.scheme, raw)));
    return WrapPrivateKey(std::make_unique<State>(State{std::move(key), std::move(public_key)}));
}

Result<WrapPrivateKey> WrapPrivateKey::import_pem(const SecretBytes& pem) {
    TRY_ASSIGN(const SecretBytes der, read_pem("PRIVATE KEY", text_view(pem.read(access()))));
    return import_der(der);
}

SecretBytes WrapPrivateKey::export_der(SecretAccess token) const {
    return pkcs8_der(state_->key.scheme(), state_->key.seed().read(token),
                     state_->key.scalar().read(token));
}

const WrapPublicKey& WrapPrivateKey::public_key() const {
    return state_->public_key;
}

Result<SecretBytes> WrapPrivateKey::unwrap(ByteView wrapped) const {
    TRY_ASSIGN(const Envelope envelope, read_envelope(state_->key.scheme(), wrapped));
    TRY_ASSIGN(const SecretBytes key, state_->key.decapsulate(envelope.ciphertext));
    TRY_ASSIGN(Aes256Gcm cipher, Aes256Gcm::create(key));
    auto share = cipher.open(envelope.sealed_share.first<kGcmNonceSize>(), {},
                             envelope.sealed_share.subspan(kGcmNonceSize));
    if (!share)
        return does_not_open();
    return share;
}

} // namespace valise::crypto
