// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/codec/json.h"
#include "base/secret.h"

#include <memory>
#include <string>

namespace valise::crypto {

// A public key by which somebody else signs JSON Web Signatures: RSA of 2048 to 8192 bits with an
// ordinary exponent, or P-256, P-384 or P-521. Nothing symmetric, and never "none": a verifier that
// lets the message choose is talked into the public key as a MAC key. Cheap to copy.
class JwsKey {
public:
    // RFC 7517; members that are not the key's own are ignored, a private one is refused. Errors:
    // invalid crypto.jwk.
    static Result<JwsKey> from_jwk(const Json& jwk);

    // RFC 7515 3: `algorithm` of the header, one that fits the key. Errors: integrity
    // crypto.signature, whatever is wrong.
    Result<void> verify(std::string_view algorithm, ByteView signed_bytes,
                        ByteView signature) const;
    // RFC 7638, SHA-256 in base64url.
    const std::string& thumbprint() const { return thumbprint_; }

private:
    struct State;
    explicit JwsKey(std::shared_ptr<const State> state, std::string thumbprint)
        : state_(std::move(state)), thumbprint_(std::move(thumbprint)) {}
    std::shared_ptr<const State> state_;
    std::string thumbprint_;
};

// Signs with ES256. Several threads may use it at once.
class Es256Key {
public:
    static Es256Key generate();
    Es256Key(Es256Key&&) noexcept;
    Es256Key& operator=(Es256Key&&) noexcept;
    ~Es256Key();

    Json public_jwk() const; // kty, crv, x, y
    // r and s, 32 bytes each. Errors: crypto.sign.
    Result<Bytes> sign(ByteView bytes) const;

private:
    struct State;
    explicit Es256Key(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace valise::crypto
