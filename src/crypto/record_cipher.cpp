// SPDX-License-Identifier: Apache-2.0
#include "crypto/record_cipher.h"

#include "crypto/aead.h"
#include "crypto/internal/openssl.h"
#include "crypto/kdf.h"
#include "crypto/random.h"

namespace valise::crypto {

namespace {

constexpr std::size_t kSaltSize = RecordCipher::kOverhead - kGcmTagSize;

std::unexpected<Error> refusal() {
    return fail(Code::integrity, "crypto.record", "the record does not open under this key");
}

struct Derived {
    Aes256Gcm cipher;
    GcmNonce nonce;
};

Result<Derived> derive(const SecretBytes& key, ByteView salt) {
    const auto access = SecretAccess::because("derive the key of one record");
    const SecretBytes both =
        hkdf_sha256(key.read(access), salt, view("valise/record/v1"), kGcmKeySize + kGcmNonceSize);
    const ByteView bytes = both.read(access);
    TRY_ASSIGN(Aes256Gcm cipher, Aes256Gcm::create(bytes.first(kGcmKeySize)));
    GcmNonce nonce;
    std::ranges::copy(bytes.subspan(kGcmKeySize), nonce.begin());
    return Derived{std::move(cipher), nonce};
}

} // namespace

Result<RecordCipher> RecordCipher::create(SecretBytes key) {
    if (key.size() != kGcmKeySize)
        return fail(Code::invalid, "crypto.record_key", "a record key is 32 bytes");
    return RecordCipher(std::move(key));
}

Bytes RecordCipher::seal(ByteView aad, ByteView plain) const {
    Bytes out(plain.size() + kOverhead);
    const std::span<Byte> salt = std::span(out).first(kSaltSize);
    random_bytes(salt);
    auto derived = derive(key_, salt);
    require(derived.has_value() &&
                derived->cipher.seal(derived->nonce, aad, plain, std::span(out).subspan(kSaltSize))
                    .has_value(),
            "sealing a record");
    return out;
}

Result<Bytes> RecordCipher::open(ByteView aad, ByteView sealed) const {
    if (sealed.size() < kOverhead)
        return refusal();
    TRY_ASSIGN(Derived derived, derive(key_, sealed.first(kSaltSize)));
    Bytes out(sealed.size() - kOverhead);
    if (!derived.cipher.open(derived.nonce, aad, sealed.subspan(kSaltSize), out))
        return refusal();
    return out;
}

} // namespace valise::crypto
