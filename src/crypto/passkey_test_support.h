// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/cbor.h"
#include "crypto/hash.h"
#include "crypto/jws.h"
#include "crypto/sign.h"
#include "crypto/webauthn.h"

// An authenticator that says whatever it is told to say, for tests only.
namespace valise::crypto::testing {

inline Bytes cose_key(const SigningKey& ed25519) {
    return CborWriter()
        .map(4)
        .integer(1)
        .integer(1)
        .integer(3)
        .integer(-8)
        .integer(-1)
        .integer(6)
        .integer(-2)
        .bytes(ed25519.public_bytes())
        .take();
}

inline Bytes cose_key(const Es256Key& key) {
    const Json jwk = key.public_jwk();
    return CborWriter()
        .map(5)
        .integer(1)
        .integer(2)
        .integer(3)
        .integer(-7)
        .integer(-1)
        .integer(1)
        .integer(-2)
        .bytes(*from_base64url(jwk.at("x").get<std::string>()))
        .integer(-3)
        .bytes(*from_base64url(jwk.at("y").get<std::string>()))
        .take();
}

inline Bytes der_number(ByteView raw) {
    while (raw.size() > 1 && raw[0] == 0)
        raw = raw.subspan(1);
    Bytes out;
    if ((raw[0] & 0x80) != 0)
        out.push_back(0);
    append(out, raw);
    Bytes whole{2, static_cast<Byte>(out.size())};
    append(whole, out);
    return whole;
}

// A signature of 64 bytes as an authenticator writes it.
inline Bytes der(ByteView raw) {
    Bytes inside = der_number(raw.first(32));
    append(inside, der_number(raw.subspan(32)));
    Bytes out{0x30, static_cast<Byte>(inside.size())};
    append(out, inside);
    return out;
}

class TestPasskey {
public:
    explicit TestPasskey(bool es256 = true, std::string at = "https://desk.example:8443")
        : origin(std::move(at)), es256_(es256) {}

    Bytes cose() const { return es256_ ? cose_key(p256_) : cose_key(ed25519_); }
    PasskeySigner signer() const { return *PasskeySigner::make(cose(), origin); }

    struct Answer {
        Bytes authenticator_data;
        Bytes client_data;
        Bytes signature; // 64 bytes
    };
    Answer sign(ByteView challenge) const {
        Answer out;
        out.authenticator_data = to_bytes(sha256(view(host)));
        append(out.authenticator_data, Bytes{flags, 0, 0, 0, count});
        out.client_data = to_bytes(Json{
            {"type", type},
            {"challenge", to_base64url(challenge)},
            {"origin", origin},
            {"crossOrigin", false}}.dump());
        resign(out);
        return out;
    }
    void resign(Answer& answer) const {
        Bytes what = answer.authenticator_data;
        append(what, sha256(answer.client_data));
        answer.signature =
            es256_ ? *plain_signature(cose(), der(*p256_.sign(what))) : *ed25519_.sign(what);
    }
    std::string origin;
    std::string host = "desk.example";
    std::string type = "webauthn.get";
    Byte flags = 0x05;
    Byte count = 1;

private:
    bool es256_;
    Es256Key p256_ = Es256Key::generate();
    SigningKey ed25519_ = SigningKey::generate(SignatureAlgorithm::ed25519);
};

} // namespace valise::crypto::testing
