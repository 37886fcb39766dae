// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/wrap_key.h"

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/internal/kem_der.h"
#include "crypto/kdf.h"
#include "crypto/random.h"

namespace valise::crypto {

namespace {

SecretAccess access() {
    return SecretAccess::because("wrap or unwrap a share");
}

} // namespace

std::unexpected<Error> not_a_wrap_key(const char* why) {
    return fail(Code::invalid, "crypto.wrap_key", why);
}

std::unexpected<Error> wrap_failed() {
    return fail(Code::internal, "crypto.wrap", "the library failed");
}

std::unexpected<Error> does_not_open() {
    return fail(Code::integrity, "crypto.unwrap", "the wrapped share does not open");
}

Result<Bytes> seal_share(const SecretBytes& key, const SecretBytes& share) {
    TRY_ASSIGN(Aes256Gcm cipher, Aes256Gcm::create(key));
    const auto nonce = random_array<kGcmNonceSize>();
    TRY_ASSIGN(const Bytes sealed, cipher.seal(nonce, {}, share.read(access())));
    Bytes out = to_bytes(nonce);
    append(out, sealed);
    return out;
}

Result<SecretBytes> open_share(const SecretBytes& key, ByteView sealed) {
    if (sealed.size() != kGcmNonceSize + kShareSize + kGcmTagSize)
        return does_not_open();
    TRY_ASSIGN(Aes256Gcm cipher, Aes256Gcm::create(key));
    auto share = cipher.open(sealed.first<kGcmNonceSize>(), {}, sealed.subspan(kGcmNonceSize));
    if (!share)
        return does_not_open();
    return share;
}

SecretBytes tdf_key(const SecretBytes& shared) {
    return hkdf_sha256(shared.read(access()), sha256(view("TDF")), {}, kGcmKeySize);
}

Result<WrappedShare> KemPublic::wrap(const SecretBytes& share) const {
    TRY_ASSIGN(const Encapsulated encapsulated, encapsulate());
    TRY_ASSIGN(const Bytes sealed, seal_share(encapsulated.key, share));
    return WrappedShare{envelope_der(encapsulated.ciphertext, sealed), {}};
}

Result<SecretBytes> KemPrivate::unwrap(ByteView wrapped, std::string_view ephemeral) const {
    if (!ephemeral.empty())
        return does_not_open();
    TRY_ASSIGN(const Envelope envelope, read_envelope(ciphertext_size(), wrapped));
    TRY_ASSIGN(const SecretBytes key, decapsulate(envelope.ciphertext));
    return open_share(key, envelope.sealed_share);
}

} // namespace valise::crypto
