// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <memory>

namespace valise::crypto {

// Composite key encapsulation as OpenTDF's `hybrid-wrapped` has it
// (draft-ietf-lamps-pq-composite-kem): ML-KEM and ECDH together, so that a share stays closed while
// either holds.
enum class WrapScheme { p384_mlkem1024, p256_mlkem768 };

std::string_view to_string(WrapScheme scheme); // "hpqt:secp384r1-mlkem1024", …
// Errors: crypto.wrap_scheme.
Result<WrapScheme> parse_wrap_scheme(std::string_view text);

inline constexpr std::size_t kShareSize = 32;

// A key that shares are wrapped to. Cheap to copy; several threads may use it at once.
class WrapPublicKey {
public:
    // SubjectPublicKeyInfo, exactly as der() writes it. Errors: crypto.wrap_key.
    static Result<WrapPublicKey> parse_der(ByteView der);
    // The same in PEM ("PUBLIC KEY"), nothing but white space around it. Errors: crypto.wrap_key.
    static Result<WrapPublicKey> parse_pem(std::string_view pem);

    const Bytes& der() const;
    std::string pem() const;
    WrapScheme scheme() const;
    // "k-" and 16 characters of base32: the first 10 bytes of the SHA-256 of der().
    std::string kid() const;

    // The DER envelope {kem ciphertext, nonce || AES-256-GCM of the 32-byte share}; different each
    // time. Errors: crypto.wrap.
    Result<Bytes> wrap(const SecretBytes& share) const;

    bool operator==(const WrapPublicKey& other) const { return der() == other.der(); }

private:
    friend class WrapPrivateKey;
    struct State;
    explicit WrapPublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

// Several threads may use it at once.
class WrapPrivateKey {
public:
    static WrapPrivateKey generate(WrapScheme scheme);
    // PKCS#8 DER: export_der() of this class, or a key of OpenTDF's tools. Errors: crypto.wrap_key.
    static Result<WrapPrivateKey> import_der(const SecretBytes& der);
    // The same in PEM ("PRIVATE KEY"). Errors: crypto.wrap_key.
    static Result<WrapPrivateKey> import_pem(const SecretBytes& pem);

    WrapPrivateKey(WrapPrivateKey&&) noexcept;
    WrapPrivateKey& operator=(WrapPrivateKey&&) noexcept;
    ~WrapPrivateKey();

    SecretBytes export_der(SecretAccess access) const;
    const WrapPublicKey& public_key() const;
    // The 32-byte share. Errors: crypto.unwrap (integrity), whatever is wrong with it: a teller of
    // reasons would be an oracle.
    Result<SecretBytes> unwrap(ByteView wrapped) const;

private:
    struct State;
    explicit WrapPrivateKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace valise::crypto
