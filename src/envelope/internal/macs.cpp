// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/macs.h"

#include "crypto/hash.h"
#include "crypto/mac.h"

#include <algorithm>

namespace valise::envelope {
namespace {

const SecretAccess kMac = SecretAccess::because("MACs of the sealed file are made under its key");

Hash32 assertion_hash(const Assertion& assertion) {
    return crypto::sha256(view(canonical_json(assertion.json_without_binding())));
}

std::string compact_jws(const SecretBytes& key, const Hash32& hash, ByteView covered) {
    const std::string claims =
        canonical_json(Json{{"assertionHash", to_hex(hash)}, {"assertionSig", to_base64(covered)}});
    const std::string text =
        to_base64url(view(R"({"alg":"HS256"})")) + "." + to_base64url(view(claims));
    return text + "." + to_base64url(crypto::hmac_sha256(key.read(kMac), view(text)));
}

} // namespace

Bytes joined_hashes(const std::vector<SegmentTag>& hashes) {
    Bytes out;
    out.reserve(hashes.size() * sizeof(SegmentTag));
    for (const SegmentTag& hash : hashes)
        append(out, hash);
    return out;
}

Bytes root_signature(const SecretBytes& key, ByteView joined) {
    return to_bytes(crypto::hmac_sha256(key.read(kMac), joined));
}

std::string policy_binding(const SecretBytes& share, std::string_view policy, TdfVersion version) {
    const Hash32 mac = crypto::hmac_sha256(share.read(kMac), view(policy));
    return version == TdfVersion::v4_4_0 ? to_base64(mac) : to_base64(view(to_hex(mac)));
}

std::string assertion_binding(const SecretBytes& key, const Assertion& assertion, ByteView joined) {
    const Hash32 hash = assertion_hash(assertion);
    Bytes covered = to_bytes(joined);
    append(covered, hash);
    return compact_jws(key, hash, covered);
}

std::string assertion_binding_hex(const SecretBytes& key, const Assertion& assertion,
                                  ByteView joined) {
    const Hash32 hash = assertion_hash(assertion);
    Bytes covered = to_bytes(joined);
    append(covered, to_hex(hash));
    return compact_jws(key, hash, covered);
}

} // namespace valise::envelope
