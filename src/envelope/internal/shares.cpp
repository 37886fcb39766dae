// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/shares.h"

#include "crypto/random.h"
#include "envelope/internal/form.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/metadata.h"

#include <map>

namespace valise::envelope {
namespace {

const SecretAccess kShares = SecretAccess::because("the document key is split into its shares");

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

} // namespace valise::envelope
