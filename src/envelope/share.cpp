// SPDX-License-Identifier: Apache-2.0
#include "envelope/share.h"

#include "crypto/equal.h"
#include "crypto/kem.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/macs.h"

#include <algorithm>

namespace valise::envelope {
namespace {

std::unexpected<Error> not_it() {
    return fail(Code::integrity, "envelope.asked_share", "not the share of this file");
}

// Clients hand on the binding as the file has it; some writers leave out the detour over
// hexadecimal. //= facts/tdf.md 1.4
bool is_binding(const SecretBytes& share, const AskedShare& asked) {
    bool equal = false;
    for (const TdfVersion version : {TdfVersion::v4_3_0, TdfVersion::v4_4_0})
        equal |= crypto::constant_time_equal(view(policy_binding(share, asked.policy, version)),
                                             view(asked.binding));
    return equal;
}

// The share is the key: what the key's holder bound holds under it.
bool is_of_document(const Manifest& manifest, const SecretBytes& key) {
    const ByteView joined = joined_view(manifest.segment_hashes);
    const bool holds =
        crypto::constant_time_equal(root_signature(key, joined), manifest.root_signature);
    return holds & check_bindings(key, manifest).has_value();
}

} // namespace

bool same_binding(std::string_view one, std::string_view other) {
    const auto mac_of = [](std::string_view binding) -> Bytes {
        const auto bytes = from_base64(binding);
        if (!bytes)
            return {};
        const auto plain = bytes->size() == 64 ? from_hex(text_view(*bytes)) : bytes;
        return plain && plain->size() == 32 ? *plain : Bytes();
    };
    const Bytes mac = mac_of(one);
    return !mac.empty() && mac == mac_of(other);
}

Result<void> expect_key_of(const Manifest& manifest, const SecretBytes& key) {
    if (key.size() != crypto::kShareSize || !is_of_document(manifest, key))
        return not_it();
    return {};
}

Result<SecretBytes> whole_key(const Manifest& manifest, const SecretBytes& ours,
                              const SecretBytes& theirs) {
    const auto access = SecretAccess::because("both shares of a controlled document are joined");
    if (ours.size() != crypto::kShareSize || theirs.size() != crypto::kShareSize)
        return not_it();
    SecretBytes key = ours.clone(access);
    for (std::size_t i = 0; i < key.size(); ++i)
        key.write(access)[i] ^= theirs.read(access)[i];
    TRY(expect_key_of(manifest, key));
    return key;
}

Result<SecretBytes> answer_share(const Manifest& manifest, std::string_view kid,
                                 const AskedShare& asked, const ShareProvider& unwrap) {
    const auto& all = manifest.key_access;
    const auto access = std::ranges::find_if(all, [&](const KeyAccess& one) {
        return one.kid == kid && one.wrapped_key == asked.wrapped_key &&
               one.ephemeral_key == asked.ephemeral_key;
    });
    if (access == all.end() || asked.policy != manifest.policy)
        return not_it();
    auto share = unwrap(*access);
    if (!share || share->size() != crypto::kShareSize || !is_binding(*share, asked))
        return not_it();
    const bool alone =
        std::ranges::all_of(all, [&](const KeyAccess& one) { return one.sid == access->sid; });
    if (alone && !is_of_document(manifest, *share))
        return not_it();
    return share;
}

} // namespace valise::envelope
