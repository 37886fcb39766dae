// SPDX-License-Identifier: Apache-2.0
#include "crypto/webauthn.h"

#include "base/codec/cbor.h"
#include "base/codec/json.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/jws.h"
#include "crypto/sign.h"

#include <algorithm>
#include <array>

namespace valise::crypto {

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
constexpr std::size_t kMaxOrigin = 128;
constexpr std::size_t kNumber = 32; // bytes of r and of s

std::unexpected<Error> refused(const char* why) {
    return fail(Code::refused, "crypto.passkey", why);
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
    if (!std::ranges::equal(data.first(32), sha256(view(asked.host))))
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
Result<JwsKey> read_es256(ByteView cose) {
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
    return JwsKey::from_jwk(
        Json{{"kty", "EC"}, {"crv", "P-256"}, {"x", to_base64url(x)}, {"y", to_base64url(y)}});
}

//= RFC 9053 7.2
Result<VerifyKey> read_ed25519(ByteView cose) {
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
    return VerifyKey::parse(SignatureAlgorithm::ed25519, x);
}

// One INTEGER of a DER sequence as 32 bytes: positive, shortest, not longer.
Result<Bytes> read_number(ByteView& der) {
    if (der.size() < 3 || der[0] != 0x02 || der[1] == 0 || der[1] > kNumber + 1 ||
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
    if (number.size() > kNumber)
        return refused("no signature");
    Bytes out(kNumber - number.size(), 0);
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

//= SEC 1 4.1.4
// With s, the order of P-256 less s is a signature of the same by the same key.
constexpr std::array<Byte, kNumber> kOrder = {
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
constexpr std::array<Byte, kNumber> kHalf = {
    0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0x00, 0x00, 0x00, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xDE, 0x73, 0x7D, 0x56, 0xD3, 0x8B, 0xCF, 0x42, 0x79, 0xDC, 0xE5, 0x61, 0x7E, 0x31, 0x92, 0xA8};

bool is_low(ByteView s) {
    return !std::ranges::lexicographical_compare(kHalf, s);
}

void lower(std::span<Byte> s) {
    int borrow = 0;
    for (std::size_t i = kNumber; i-- > 0;) {
        const int digit = int{kOrder[i]} - int{s[i]} - borrow;
        borrow = digit < 0 ? 1 : 0;
        s[i] = static_cast<Byte>(digit + borrow * 256);
    }
}

// As a browser writes it: https, or this machine itself; no way of its own to say a port or a name
// that the other way would say too.
bool is_origin(std::string_view text) {
    std::string_view rest = text;
    const bool open = rest.starts_with("http://");
    rest.remove_prefix(open ? 7 : std::min<std::size_t>(8, rest.size()));
    if (text.size() > kMaxOrigin || (!open && !text.starts_with("https://")))
        return false;
    const std::string_view host = rest.substr(0, rest.find(':'));
    const auto in_host = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    if (host.empty() || !std::ranges::all_of(host, in_host) || (open && host != "localhost"))
        return false;
    if (host.size() == rest.size())
        return true;
    const std::string_view port = rest.substr(host.size() + 1);
    return !port.empty() && port.size() <= 5 && port.front() != '0' &&
           std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

std::size_t key_size(ByteView bytes) {
    return !bytes.empty() && bytes[0] == 0xA5 ? kEs256Key : kEd25519Key;
}

} // namespace

Result<NewPasskey> read_passkey_made(ByteView client_data, ByteView authenticator_data,
                                     const PasskeyAsked& asked) {
    TRY(check_client(client_data, "webauthn.create", asked));
    TRY_ASSIGN(const Header header, read_header(authenticator_data, asked));
    if ((header.flags & kHasKey) == 0 || header.rest.size() < kModel + 2)
        return refused("it says no key");
    ByteView rest = header.rest.subspan(kModel);
    const std::size_t size = (std::size_t{rest[0]} << 8) | rest[1];
    if (size == 0 || size > kMaxId || rest.size() < 2 + size + kEd25519Key)
        return refused("it says no key");
    NewPasskey out;
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

Result<Bytes> plain_signature(ByteView key, ByteView as_written) {
    if (key.size() != kEs256Key) {
        if (as_written.size() != 2 * kNumber)
            return refused("no signature");
        return to_bytes(as_written);
    }
    TRY_ASSIGN(Bytes out, plain_es256(as_written));
    const std::span<Byte> s = std::span(out).subspan(kNumber);
    // What is beyond the order is nobody's signature, and verification says so.
    if (!is_low(s) && std::ranges::lexicographical_compare(s, kOrder))
        lower(s);
    return out;
}

Result<PasskeySaid> check_passkey(ByteView cose, ByteView client_data, ByteView authenticator_data,
                                  ByteView signature, const PasskeyAsked& asked) {
    TRY(check_client(client_data, "webauthn.get", asked));
    TRY_ASSIGN(const Header header, read_header(authenticator_data, asked));
    if ((header.flags & kHasKey) != 0 || ((header.flags & kHasMore) != 0) != !header.rest.empty())
        return refused("something follows that was not announced");
    Bytes what = to_bytes(authenticator_data);
    append(what, sha256(client_data));
    const auto checked = [&]() -> Result<void> {
        if (cose.size() == kEs256Key) {
            TRY_ASSIGN(const auto key, read_es256(cose));
            return key.verify("ES256", what, signature);
        }
        TRY_ASSIGN(const auto key, read_ed25519(cose));
        return key.verify(what, signature);
    }();
    if (!checked)
        return refused("the signature is not that of the passkey");
    return PasskeySaid{header.count, (header.flags & kMayLeave) != 0, (header.flags & kLeft) != 0};
}

Result<PasskeySigner> PasskeySigner::make(ByteView key, std::string_view origin) {
    Bytes bytes = to_bytes(key);
    append(bytes, origin);
    return parse(bytes);
}

Result<PasskeySigner> PasskeySigner::parse(ByteView bytes) {
    const std::size_t size = key_size(bytes);
    if (bytes.size() <= size || bytes.size() > kMaxBytes)
        return refused("no passkey with its page");
    const ByteView key = bytes.first(size);
    if (size == kEs256Key ? !read_es256(key).has_value() : !read_ed25519(key).has_value())
        return refused("a key of a kind that is not taken here");
    if (!is_origin(text_view(bytes.subspan(size))))
        return refused("no page that could ask a passkey");
    PasskeySigner out;
    out.bytes_ = to_bytes(bytes);
    out.key_size_ = size;
    return out;
}

std::string PasskeySigner::origin() const {
    return std::string(text_view(ByteView(bytes_).subspan(key_size_)));
}

std::string PasskeySigner::host() const {
    const std::string all = origin();
    const std::string rest = all.substr(all.find("//") + 2);
    return rest.substr(0, rest.find(':'));
}

bool PasskeySigner::same_key(ByteView one, ByteView other) {
    const std::size_t size = key_size(one);
    return one.size() >= size && other.size() >= size &&
           std::ranges::equal(one.first(size), other.first(size));
}

Result<PasskeySaid> PasskeySigner::verify(ByteView challenge, ByteView client_data,
                                          ByteView authenticator_data, ByteView signature) const {
    if (signature.size() != 2 * kNumber ||
        (key_size_ == kEs256Key && !is_low(signature.subspan(kNumber))))
        return refused("no signature in its one form");
    TRY_ASSIGN(const PasskeySaid said,
               check_passkey(key(), client_data, authenticator_data, signature,
                             {to_bytes(challenge), origin(), host()}));
    // Where it may be copied to, somebody else may hold it: whoever reads a person's cloud signs.
    if (said.may_leave)
        return refused("it may leave its authenticator");
    return said;
}

} // namespace valise::crypto
