// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/macs.h"

#include "base/codec/json_text.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/texts.h"

#include <algorithm>

namespace valise::envelope {
namespace {

const SecretAccess kMac = SecretAccess::because("MACs of the sealed file are made under its key");

std::string compact_jws(const SecretBytes& key, const Hash32& hash, ByteView covered) {
    std::string claims = R"({"assertionHash":")" + to_hex(hash) + R"(","assertionSig":")";
    append_base64(claims, covered);
    claims += "\"}";
    std::string text = "eyJhbGciOiJIUzI1NiJ9." + to_base64url(view(claims)); // {"alg":"HS256"}
    const Hash32 mac = crypto::hmac_sha256(key.read(kMac), view(text));
    return std::move(text) + "." + to_base64url(mac);
}

} // namespace

Bytes root_signature(const SecretBytes& key, ByteView joined) {
    return to_bytes(crypto::hmac_sha256(key.read(kMac), joined));
}

std::string policy_binding(const SecretBytes& share, std::string_view policy, TdfVersion version) {
    const Hash32 mac = crypto::hmac_sha256(share.read(kMac), view(policy));
    return version == TdfVersion::v4_4_0 ? to_base64(mac) : to_base64(view(to_hex(mac)));
}

Hash32 assertion_hash(const Assertion& assertion) {
    if (assertion.text != nullptr)
        return crypto::sha256(view(*assertion.text));
    std::string text;
    append_unbound(text, assertion);
    return crypto::sha256(view(text));
}

std::string assertion_binding(const SecretBytes& key, const Hash32& hash, ByteView joined) {
    Bytes covered = to_bytes(joined);
    append(covered, hash);
    return compact_jws(key, hash, covered);
}

std::string assertion_binding(const SecretBytes& key, const Assertion& assertion, ByteView joined) {
    return assertion_binding(key, assertion_hash(assertion), joined);
}

Hash32 assertion_mac(const SecretBytes& key, const Hash32& hash, ByteView joined) {
    crypto::HmacSha256 mac(key.read(kMac));
    write_claims(hash, joined, [&](std::string_view text) { mac.update(view(text)); });
    return mac.finish();
}

Result<void> check_bindings(const SecretBytes& key, const Manifest& manifest) {
    const ByteView joined = joined_view(manifest.segment_hashes);
    const Assertion* wrong = nullptr; // all are looked at, whichever it is
    for (const Assertion& one : manifest.assertions) {
        const Hash32 hash = is_long(manifest, one) ? long_hash(manifest, one) : assertion_hash(one);
        const bool holds =
            one.mac ? crypto::constant_time_equal(assertion_mac(key, hash, joined), *one.mac)
                    : crypto::constant_time_equal(view(assertion_binding(key, hash, joined)),
                                                  view(one.binding));
        if (!holds && wrong == nullptr)
            wrong = &one;
    }
    if (wrong != nullptr)
        return fail(Code::integrity, "envelope.assertion_binding", wrong->id);
    return {};
}

std::string assertion_binding_hex(const SecretBytes& key, const Assertion& assertion,
                                  ByteView joined) {
    const Hash32 hash = assertion_hash(assertion);
    Bytes covered = to_bytes(joined);
    append(covered, to_hex(hash));
    return compact_jws(key, hash, covered);
}

} // namespace valise::envelope
