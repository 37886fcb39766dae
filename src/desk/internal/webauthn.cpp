// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/webauthn.h"

#include "base/codec/cbor.h"
#include "base/codec/json.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/jws.h"
#include "crypto/sign.h"

#include <algorithm>

namespace valise::desk {

namespace {

constexpr std::size_t kHeader = 37; // SHA-256 of the host, flags, count
constexpr Byte kPresent = 0x01;
constexpr Byte kVerified = 0x04;
constexpr Byte kMayLeave = 0x08;
constexpr Byte kLeft = 0x10;
constexpr Byte kHasKey = 0x40;
constexpr Byte kHasMore = 0x80;
constexpr std::size_t kModel = 16; // AAGUID
constexpr std::size_t kMaxId = 1023;
// A COSE_Key in its one deterministic form has one length.
constexpr std::size_t kEs256Key = 77;
constexpr std::size_t kEd25519Key = 42;

std::unexpected<Error> refused(const char* why) {
    return fail(Code::refused, "desk.passkey", why);
}

//= WebAuthn 5.8.1
Result<void> check_client(ByteView client_data, const char* type, const PasskeyAsked& asked) {
    const auto said = parse_json(client_data, {.bytes = kMaxClientData, .depth = 4, .values = 50});
    if (!said || !said->is_object())
        return refused("what the browser collected is no JSON object");
    const auto is = [&](const char* name, const std::string& wanted) {
        const auto found = said->find(name);
        return found != said->end() && *found == Json(wanted);
    };
    if (!is("type", type))
        return refused("it was asked for something else");
    if (!is("challenge", to_base64url(asked.challenge)))
        return refused("it answers another question");
    if (!is("origin", asked.origin))
        return refused("it was asked by another page");
    // A page of ours inside of somebody else's.
    const Json crossed = said->value("crossOrigin", Json(false));
    if (crossed != Json(false) || said->contains("topOrigin"))
        return refused("it was asked inside of another page");
    return {};
}

struct Header {
    Byte flags = 0;
    std::uint32_t count = 0;
    ByteView rest;
};

//= WebAuthn 6.1
Result<Header> read_header(ByteView data, const PasskeyAsked& asked) {
    if (data.size() < kHeader || data.size() > kMaxAuthenticatorData)
        return refused("what the authenticator says is cut short");
    if (!std::ranges::equal(data.first(32), crypto::sha256(view(asked.host))))
        return refused("it belongs to another host");
    Header out{data[32], 0, data.subspan(kHeader)};
    for (std::size_t i = 33; i < kHeader; ++i)
        out.count = (out.count << 8) | data[i];
    if ((out.flags & kPresent) == 0 || (out.flags & kVerified) == 0)
        return refused("the authenticator did not make sure who holds it");
    if ((out.flags & kLeft) != 0 && (out.flags & kMayLeave) == 0)
        return refused("it left an authenticator that it may not leave");
    return out;
}

//= RFC 9053 7.1
Result<crypto::JwsKey> read_es256(ByteView cose) {
    CborReader reader(cose);
    TRY_ASSIGN(const std::size_t pairs, reader.map(5));
    if (pairs != 5)
        return refused("no key of a known kind");
    TRY(reader.expect(1)); // kty EC2
    TRY(reader.expect(2));
    TRY(reader.expect(3)); // alg ES256
    TRY(reader.expect(-7));
    TRY(reader.expect(-1)); // crv P-256
    TRY(reader.expect(1));
    TRY(reader.expect(-2));
    TRY_ASSIGN(const Bytes x, reader.bytes(32));
    TRY(reader.expect(-3));
    TRY_ASSIGN(const Bytes y, reader.bytes(32));
    TRY(reader.done());
    return crypto::JwsKey::from_jwk(
        Json{{"kty", "EC"}, {"crv", "P-256"}, {"x", to_base64url(x)}, {"y", to_base64url(y)}});
}

//= RFC 9053 7.2
Result<crypto::VerifyKey> read_ed25519(ByteView cose) {
    CborReader reader(cose);
    TRY_ASSIGN(const std::size_t pairs, reader.map(4));
    if (pairs != 4)
        return refused("no key of a known kind");
    TRY(reader.expect(1)); // kty OKP
    TRY(reader.expect(1));
    TRY(reader.expect(3)); // alg EdDSA
    TRY(reader.expect(-8));
    TRY(reader.expect(-1)); // crv Ed25519
    TRY(reader.expect(6));
    TRY(reader.expect(-2));
    TRY_ASSIGN(const Bytes x, reader.bytes(32));
    TRY(reader.done());
    return crypto::VerifyKey::parse(crypto::SignatureAlgorithm::ed25519, x);
}

// One INTEGER of a DER sequence as 32 bytes: positive, shortest, not longer.
Result<Bytes> read_number(ByteView& der) {
    constexpr std::size_t kWidth = 32;
    if (der.size() < 3 || der[0] != 0x02 || der[1] == 0 || der[1] > kWidth + 1 ||
        der.size() < 2U + der[1])
        return refused("no signature");
    ByteView number = der.subspan(2, der[1]);
    der = der.subspan(2U + number.size());
    if ((number[0] & 0x80) != 0)
        return refused("no signature");
    if (number[0] == 0 && number.size() > 1) {
        if ((number[1] & 0x80) == 0)
            return refused("no signature");
        number = number.subspan(1);
    }
    if (number.size() > kWidth)
        return refused("no signature");
    Bytes out(kWidth - number.size(), 0);
    append(out, number);
    return out;
}

//= RFC 3279 2.2.3
// As authenticators write it, to r and s side by side.
Result<Bytes> plain_es256(ByteView der) {
    if (der.size() < 2 || der[0] != 0x30 || der[1] >= 0x80 || der.size() != 2U + der[1])
        return refused("no signature");
    der = der.subspan(2);
    TRY_ASSIGN(Bytes out, read_number(der));
    TRY_ASSIGN(const Bytes s, read_number(der));
    if (!der.empty())
        return refused("no signature");
    append(out, s);
    return out;
}

} // namespace

Result<Passkey> read_new_passkey(ByteView client_data, ByteView authenticator_data,
                                 const PasskeyAsked& asked) {
    TRY(check_client(client_data, "webauthn.create", asked));
    TRY_ASSIGN(const Header header, read_header(authenticator_data, asked));
    if ((header.flags & kHasKey) == 0 || header.rest.size() < kModel + 2)
        return refused("it says no key");
    ByteView rest = header.rest.subspan(kModel);
    const std::size_t size = (std::size_t{rest[0]} << 8) | rest[1];
    if (size == 0 || size > kMaxId || rest.size() < 2 + size + kEd25519Key)
        return refused("it says no key");
    Passkey out;
    out.id = to_bytes(rest.subspan(2, size));
    rest = rest.subspan(2 + size);
    const bool es256 = rest.size() >= kEs256Key && read_es256(rest.first(kEs256Key)).has_value();
    if (!es256 && !read_ed25519(rest.first(kEd25519Key)))
        return refused("a key of a kind that is not taken here");
    const std::size_t key = es256 ? kEs256Key : kEd25519Key;
    out.key = to_bytes(rest.first(key));
    if (((header.flags & kHasMore) != 0) != (rest.size() > key))
        return refused("something follows that was not announced");
    out.count = header.count;
    out.may_leave = (header.flags & kMayLeave) != 0;
    out.left = (header.flags & kLeft) != 0;
    return out;
}

Result<PasskeySigned> read_passkey_signature(const Passkey& passkey, ByteView client_data,
                                             ByteView authenticator_data, ByteView signature,
                                             const PasskeyAsked& asked) {
    TRY(check_client(client_data, "webauthn.get", asked));
    TRY_ASSIGN(const Header header, read_header(authenticator_data, asked));
    if ((header.flags & kHasKey) != 0 || ((header.flags & kHasMore) != 0) != !header.rest.empty())
        return refused("something follows that was not announced");
    if (((header.flags & kMayLeave) != 0) != passkey.may_leave)
        return refused("it is not kept as it was");
    Bytes what = to_bytes(authenticator_data);
    append(what, crypto::sha256(client_data));
    const auto checked = [&]() -> Result<void> {
        if (passkey.key.size() == kEs256Key) {
            TRY_ASSIGN(const auto key, read_es256(passkey.key));
            TRY_ASSIGN(const Bytes plain, plain_es256(signature));
            return key.verify("ES256", what, plain);
        }
        TRY_ASSIGN(const auto key, read_ed25519(passkey.key));
        return key.verify(what, signature);
    }();
    if (!checked)
        return refused("the signature is not that of the passkey");
    return PasskeySigned{header.count, (header.flags & kLeft) != 0};
}

} // namespace valise::desk
