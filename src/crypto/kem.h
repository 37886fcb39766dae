// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <memory>
#include <vector>

namespace valise::crypto {

// How a share is wrapped to a key service's key (facts/tdf.md 1.5). The first two are what
// registries use: ML-KEM and ECDH together (draft-ietf-lamps-pq-composite-kem), so that a share
// stays closed while either holds. The others are what clients and key services in the field have.
enum class WrapScheme {
    p384_mlkem1024,
    p256_mlkem768,
    xwing,
    mlkem1024,
    mlkem768,
    ec_p256,
    ec_p384,
    ec_p521,
    rsa2048,
    rsa4096,
};

const std::vector<WrapScheme>& wrap_schemes();
std::string_view to_string(WrapScheme scheme); // "hpqt:secp384r1-mlkem1024", "rsa:2048", …
// The type of its key access object: "hybrid-wrapped", "mlkem-wrapped", "ec-wrapped", "wrapped".
std::string_view wrap_type(WrapScheme scheme);
// Errors: crypto.wrap_scheme.
Result<WrapScheme> parse_wrap_scheme(std::string_view text);

// Which keys a reader takes. A registry's keys are composites and nothing else: were others taken
// where a peer's key list or a person's session brings the key, quantum-safe wrapping could be
// talked down.
enum class WrapKeys { composite, any };

inline constexpr std::size_t kShareSize = 32;

struct WrappedShare {
    Bytes bytes;
    std::string ephemeral_key; // PEM, `ec-wrapped` only
};

// A key that shares are wrapped to. Cheap to copy; several threads may use it at once.
class WrapPublicKey {
public:
    // SubjectPublicKeyInfo, exactly as der() writes it. Errors: crypto.wrap_key.
    static Result<WrapPublicKey> parse_der(ByteView der, WrapKeys which = WrapKeys::composite);
    // The same in PEM ("PUBLIC KEY"), nothing but white space around it. Errors: crypto.wrap_key.
    static Result<WrapPublicKey> parse_pem(std::string_view pem,
                                           WrapKeys which = WrapKeys::composite);

    const Bytes& der() const;
    std::string pem() const;
    WrapScheme scheme() const;
    // "k-" and 16 characters of base32: the first 10 bytes of the SHA-256 of der().
    std::string kid() const;

    // Of a 32-byte share; different each time. Errors: crypto.wrap.
    Result<WrappedShare> wrap_share(const SecretBytes& share) const;
    // The same for schemes whose wrap is one text; `ec-wrapped` is none. Errors: crypto.wrap.
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
    static Result<WrapPrivateKey> import_der(const SecretBytes& der,
                                             WrapKeys which = WrapKeys::composite);
    // The same in PEM ("PRIVATE KEY"). Errors: crypto.wrap_key.
    static Result<WrapPrivateKey> import_pem(const SecretBytes& pem,
                                             WrapKeys which = WrapKeys::composite);

    WrapPrivateKey(WrapPrivateKey&&) noexcept;
    WrapPrivateKey& operator=(WrapPrivateKey&&) noexcept;
    ~WrapPrivateKey();

    SecretBytes export_der(SecretAccess access) const;
    const WrapPublicKey& public_key() const;
    // The 32-byte share; `ephemeral_key` (PEM) with `ec-wrapped`, else empty. Errors: crypto.unwrap
    // (integrity), whatever is wrong with it: a teller of reasons would be an oracle.
    Result<SecretBytes> unwrap(ByteView wrapped, std::string_view ephemeral_key = {}) const;

private:
    struct State;
    explicit WrapPrivateKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace valise::crypto
