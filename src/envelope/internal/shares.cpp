// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/shares.h"

#include "crypto/random.h"
#include "envelope/internal/form.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/metadata.h"

#include <map>
#include <set>

namespace valise::envelope {
namespace {

const SecretAccess kShares =
    SecretAccess::because("the document key is split into its shares, and joined");

// One share per sid; their XOR is the key, so that all but one say nothing about it.
std::map<std::string, SecretBytes> split(const SecretBytes& key,
                                         const std::vector<Recipient>& recipients) {
    std::map<std::string, SecretBytes> out;
    SecretBytes rest = key.clone(kShares);
    for (const Recipient& one : recipients) {
        if (out.contains(one.sid))
            continue;
        SecretBytes share = crypto::random_secret(crypto::kShareSize);
        const auto left = rest.write(kShares);
        for (std::size_t i = 0; i < left.size(); ++i)
            left[i] ^= share.read(kShares)[i];
        out.emplace(one.sid, std::move(share));
    }
    const auto last = out.begin()->second.write(kShares);
    for (std::size_t i = 0; i < last.size(); ++i)
        last[i] ^= rest.read(kShares)[i];
    return out;
}

// Any share of that sid that the provider holds.
Result<SecretBytes> share_of(std::span<const KeyAccess> all, const std::string& sid,
                             const ShareProvider& shares, const BoundToPolicy& bound,
                             std::string& metadata) {
    for (const KeyAccess& access : all) {
        if (access.sid != sid)
            continue;
        auto share = shares(access);
        if (!share && share.error().code() == Code::not_found)
            continue;
        if (!share)
            return fail(std::move(share).error());
        if (share->size() != crypto::kShareSize)
            return fail(Code::integrity, "envelope.share", "not 32 bytes");
        //= O-24: a share stays with the policy that it was made for.
        if (!bound(access, *share))
            return fail(Code::integrity, "envelope.policy_binding",
                        "the share is not bound to this policy");
        if (!access.metadata.empty()) {
            TRY_ASSIGN(metadata, open_metadata(*share, access.metadata));
        }
        return std::move(*share);
    }
    return fail(Code::not_found, "envelope.share", "no key for this file");
}

} // namespace

std::string random_uuid() {
    Bytes bytes = crypto::random_bytes(16);
    bytes[6] = static_cast<Byte>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<Byte>((bytes[8] & 0x3f) | 0x80);
    std::string out = to_hex(bytes);
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        out.insert(at, "-");
    return out;
}

Result<std::vector<KeyAccess>> wrap_key(const SecretBytes& key,
                                        const std::vector<Recipient>& recipients,
                                        std::string_view policy, TdfVersion version,
                                        std::string_view metadata) {
    const auto shares = split(key, recipients);
    std::vector<KeyAccess> out;
    for (const Recipient& one : recipients) {
        const SecretBytes& share = shares.at(one.sid);
        KeyAccess& access = out.emplace_back();
        access.type = crypto::wrap_type(one.key.scheme());
        if (version == TdfVersion::v4_4_0)
            access.alg = alg_of(one.key.scheme());
        access.url = one.url;
        access.kid = one.kid.empty() ? one.key.kid() : one.kid;
        access.sid = one.sid;
        TRY_ASSIGN(crypto::WrappedShare wrapped, one.key.wrap_share(share));
        access.wrapped_key = std::move(wrapped.bytes);
        access.ephemeral_key = std::move(wrapped.ephemeral_key);
        access.policy_binding = policy_binding(share, policy, version);
        if (!metadata.empty()) {
            TRY_ASSIGN(access.metadata, seal_metadata(share, metadata));
        }
    }
    return out;
}

Result<SecretBytes> join_shares(std::span<const KeyAccess> all, const ShareProvider& shares,
                                const BoundToPolicy& bound, std::string& metadata) {
    SecretBytes key(crypto::kShareSize);
    std::set<std::string> done;
    for (const KeyAccess& access : all) {
        if (!done.insert(access.sid).second)
            continue;
        TRY_ASSIGN(const SecretBytes share, share_of(all, access.sid, shares, bound, metadata));
        const auto joined = key.write(kShares);
        for (std::size_t i = 0; i < joined.size(); ++i)
            joined[i] ^= share.read(kShares)[i];
    }
    return key;
}

} // namespace valise::envelope
