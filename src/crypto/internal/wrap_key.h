// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kem.h"

#include <memory>
#include <span>

// What stands behind WrapPublicKey and WrapPrivateKey: one family of algorithms each.
namespace valise::crypto {

class PublicWrap {
public:
    PublicWrap() = default;
    virtual ~PublicWrap() = default;
    PublicWrap(const PublicWrap&) = delete;
    PublicWrap& operator=(const PublicWrap&) = delete;

    // Of a share of 32 bytes. Errors: crypto.wrap.
    virtual Result<WrappedShare> wrap(const SecretBytes& share) const = 0;
};

class PrivateWrap {
public:
    PrivateWrap() = default;
    virtual ~PrivateWrap() = default;
    PrivateWrap(const PrivateWrap&) = delete;
    PrivateWrap& operator=(const PrivateWrap&) = delete;

    virtual Bytes public_der() const = 0;
    virtual SecretBytes private_der() const = 0; // PKCS#8
    // Errors: crypto.unwrap, whatever is wrong.
    virtual Result<SecretBytes> unwrap(ByteView wrapped, std::string_view ephemeral) const = 0;
};

struct Encapsulated {
    Bytes ciphertext;
    SecretBytes key; // of AES-256-GCM
};

// Shares travel in one DER envelope with the ciphertext. //= facts/tdf.md 1.5
class KemPublic : public PublicWrap {
public:
    Result<WrappedShare> wrap(const SecretBytes& share) const final;
    virtual Result<Encapsulated> encapsulate() const = 0;
};

class KemPrivate : public PrivateWrap {
public:
    Result<SecretBytes> unwrap(ByteView wrapped, std::string_view ephemeral) const final;
    virtual std::size_t ciphertext_size() const = 0;
    virtual Result<SecretBytes> decapsulate(ByteView ciphertext) const = 0;
};

// Errors of both readers: crypto.wrap_key, also when the bytes are a key of another scheme.
struct WrapFamily {
    WrapScheme scheme;
    std::string_view name; // as the OpenTDF platform calls its keys
    std::string_view type; // of the key access object
    Result<std::unique_ptr<PublicWrap>> (*read_public)(WrapScheme, ByteView der);
    Result<std::unique_ptr<PrivateWrap>> (*read_private)(WrapScheme, const SecretBytes& der);
    std::unique_ptr<PrivateWrap> (*generate)(WrapScheme);
};

// The tables stand beside their code.
std::span<const WrapFamily> kem_families();
std::span<const WrapFamily> ec_families();
std::span<const WrapFamily> rsa_families();

// nonce 12 || AES-256-GCM ciphertext || tag 16, no associated data: 60 bytes.
Result<Bytes> seal_share(const SecretBytes& key, const SecretBytes& share);
Result<SecretBytes> open_share(const SecretBytes& key, ByteView sealed);

// HKDF-SHA256 with the salt SHA-256("TDF") and no info: from a shared secret to an AES key.
SecretBytes tdf_key(const SecretBytes& shared);

std::unexpected<Error> not_a_wrap_key(const char* why); // crypto.wrap_key
std::unexpected<Error> wrap_failed();                   // crypto.wrap
std::unexpected<Error> does_not_open();                 // crypto.unwrap

} // namespace valise::crypto
