// SPDX-License-Identifier: Apache-2.0
#include "envelope/import.h"

#include "base/codec/json.h"
#include "crypto/aead.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/plain_labels.h"
#include "envelope/internal/plain_tdf.h"
#include "envelope/internal/shares.h"

#include <algorithm>
#include <set>

namespace valise::envelope {
namespace {

// Of an assertion's signature, as long as the manifest of a client in the field may be.
constexpr std::size_t kClaimsLimit = std::size_t{10} << 20;

const SecretAccess kMac = SecretAccess::because("MACs of a plain TDF are checked under its key");

std::unexpected<Error> unbound(std::string what) {
    return fail(Code::integrity, "envelope.assertion_binding", std::move(what));
}

Hash32 mac(const SecretBytes& key, ByteView bytes) {
    return crypto::hmac_sha256(key.read(kMac), bytes);
}

// In hex mode a hash stands in the file as its hexadecimal text.
Bytes in_mode(const PlainTdf& tdf, ByteView hash) {
    return tdf.hex_mode ? to_bytes(to_hex(hash)) : to_bytes(hash);
}

Result<void> check_root(const PlainTdf& tdf, const SecretBytes& key, ByteView joined) {
    if (!crypto::constant_time_equal(in_mode(tdf, mac(key, joined)), tdf.root_signature))
        return fail(Code::integrity, "envelope.root_signature",
                    "the root signature does not hold under this key");
    return {};
}

// base64 of the hexadecimal text, or since some writers' later versions of the bytes.
bool is_bound(const KeyAccess& access, const SecretBytes& share, const std::string& policy) {
    for (const TdfVersion version : {TdfVersion::v4_3_0, TdfVersion::v4_4_0})
        if (crypto::constant_time_equal(view(policy_binding(share, policy, version)),
                                        view(access.policy_binding)))
            return true;
    return false;
}

// The binding is made under the share, which is the key itself when there is only one.
Result<void> check_policy(const PlainTdf& tdf, const SecretBytes& key, Imported& out) {
    std::set<std::string> ids;
    for (const KeyAccess& one : tdf.key_access)
        ids.insert(one.sid);
    if (ids.size() > 1) {
        out.findings.emplace_back("several shares: policy binding not checked");
        return {};
    }
    for (const KeyAccess& one : tdf.key_access)
        if (!is_bound(one, key, tdf.policy))
            return fail(Code::integrity, "envelope.policy_binding",
                        "the policy is not the one that the key is bound to");
    return {};
}

// What the assertion's hash may cover. Go and Java turn an object value into its text first, the
// JavaScript client hashes the object (facts/tdf.md 1.7).
std::vector<Hash32> possible_hashes(Json assertion, Imported& out) {
    assertion.erase("binding");
    std::vector<Hash32> hashes{crypto::sha256(view(canonical_json(assertion)))};
    Json& value = assertion["statement"]["value"];
    if (value.is_object()) {
        out.findings.emplace_back("an assertion whose value is an object");
        value = canonical_json(Json(value));
        hashes.push_back(crypto::sha256(view(canonical_json(assertion))));
    }
    return hashes;
}

struct Jws {
    std::string signed_text;
    Bytes signature;
    Json claims;
};

Result<Jws> read_jws(const std::string& text) {
    const std::size_t first = text.find('.');
    const std::size_t second = text.find('.', first + 1);
    if (first == std::string::npos || second == std::string::npos)
        return unbound("not a compact JWS");
    Jws out;
    out.signed_text = text.substr(0, second);
    TRY_ASSIGN(const Bytes header_text, from_base64url(text.substr(0, first)));
    TRY_ASSIGN(const Json header, parse_json(header_text));
    // Whatever key the header brings along is not looked at: it would be the forger's.
    if (!header.is_object() || !header.contains("alg") || header["alg"] != "HS256")
        return unbound("not HS256 under the payload key");
    TRY_ASSIGN(const Bytes claims, from_base64url(text.substr(first + 1, second - first - 1)));
    TRY_ASSIGN(out.claims, parse_json(claims, {.bytes = kClaimsLimit}));
    TRY_ASSIGN(out.signature, from_base64url(text.substr(second + 1)));
    return out;
}

Result<void> check_assertion(const PlainTdf& tdf, const Json& assertion, const SecretBytes& key,
                             ByteView joined, Imported& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(assertion, "assertion"));
    TRY_ASSIGN(const Json* statement, in.member("statement"));
    if (!statement->is_object() || !statement->contains("value"))
        return unbound("no statement");
    TRY_ASSIGN(const Json* member, in.member("binding"));
    TRY_ASSIGN(ObjectReader binding, ObjectReader::over(*member, "binding"));
    TRY_ASSIGN(std::string method, binding.text("method", 16));
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (method != "jws")
        return unbound("method");
    TRY_ASSIGN(const std::string text, binding.text("signature", kClaimsLimit));
    TRY_ASSIGN(const Jws jws, read_jws(text));
    if (!crypto::constant_time_equal(mac(key, view(jws.signed_text)), jws.signature))
        return unbound("the signature does not hold under this key");
    TRY_ASSIGN(ObjectReader claims, ObjectReader::over(jws.claims, "claims"));
    TRY_ASSIGN(const std::string hash, claims.text("assertionHash", 64));
    TRY_ASSIGN(const Bytes covered, claims.base64("assertionSig", kClaimsLimit));
    for (const Hash32& possible : possible_hashes(assertion, out)) {
        Bytes expected = to_bytes(joined);
        append(expected, in_mode(tdf, possible));
        if (hash == to_hex(possible) && covered == expected) {
            ++out.assertions_checked;
            return {};
        }
    }
    return unbound("it is bound to another assertion or payload");
}

Result<void> check_assertions(const PlainTdf& tdf, const SecretBytes& key, ByteView joined,
                              Imported& out) {
    for (const Json& assertion : tdf.assertions) {
        const auto result = check_assertion(tdf, assertion, key, joined, out);
        if (!result)
            return unbound(result.error().context());
    }
    return {};
}

Result<void> write_segments(const RandomSource& source, const PlainTdf& tdf, const SecretBytes& key,
                            ByteSink& plain) {
    TRY_ASSIGN(crypto::Aes256Gcm cipher, crypto::Aes256Gcm::create(key));
    std::uint64_t at = tdf.payload_offset;
    for (const PlainTdf::Segment& segment : tdf.segments) {
        SecretBytes buffer(segment.cipher);
        const auto bytes = buffer.write(kMac);
        TRY(source.read_at(at, bytes));
        at += segment.cipher;
        const Bytes hash =
            tdf.gmac ? to_bytes(ByteView(bytes).last(16)) : to_bytes(mac(key, bytes));
        if (!crypto::constant_time_equal(in_mode(tdf, hash), segment.hash))
            return fail(Code::integrity, "envelope.segment_hash", "a segment's hash");
        crypto::GcmNonce nonce{};
        std::copy_n(bytes.begin(), nonce.size(), nonce.begin());
        const auto out = bytes.subspan(12, segment.plain);
        if (!cipher.open(nonce, {}, bytes.subspan(12), out))
            return fail(Code::integrity, "envelope.segment_hash", "a segment does not open");
        if (!out.empty())
            TRY(plain.write(out));
    }
    return {};
}

Result<Imported> import_under(const RandomSource& source, const PlainTdf& tdf,
                              const SecretBytes& payload_key, ByteSink& plain, Imported out,
                              bool bound) {
    out.hex_mode = tdf.hex_mode;
    out.schema_version = tdf.schema_version;
    out.mime_type = tdf.mime_type;
    out.plain_bytes = tdf.plain_bytes();
    out.findings.emplace_back("no sender has signed this file");
    const auto policy = from_base64(tdf.policy);
    if (!policy)
        return fail(Code::invalid, "envelope.import", "policy");
    out.policy = to_text(*policy);
    out.attributes = attributes_of(out.policy);
    const Bytes joined = tdf.joined_hashes();
    TRY(check_root(tdf, payload_key, joined));
    if (!bound)
        TRY(check_policy(tdf, payload_key, out));
    TRY(check_assertions(tdf, payload_key, joined, out));
    read_labels(tdf, out);
    TRY(write_segments(source, tdf, payload_key, plain));
    return out;
}

} // namespace

Result<Imported> import_tdf(const RandomSource& source, const SecretBytes& payload_key,
                            ByteSink& plain) {
    TRY_ASSIGN(const PlainTdf tdf, PlainTdf::read(source));
    return import_under(source, tdf, payload_key, plain, {}, false);
}

Result<Imported> import_tdf(const RandomSource& source, const ShareProvider& shares,
                            ByteSink& plain) {
    TRY_ASSIGN(const PlainTdf tdf, PlainTdf::read(source));
    Imported out;
    const auto bound = [&](const KeyAccess& access, const SecretBytes& share) {
        return is_bound(access, share, tdf.policy);
    };
    TRY_ASSIGN(const SecretBytes key, join_shares(tdf.key_access, shares, bound, out.metadata));
    return import_under(source, tdf, key, plain, std::move(out), true);
}

} // namespace valise::envelope
