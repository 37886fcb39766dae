// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "envelope/open.h"
#include "envelope/seal.h"

#include <functional>
#include <span>

namespace valise::envelope {

std::string random_uuid(); // RFC 9562 version 4

// Splits the key, one share per sid, and wraps each to its recipients. Errors: crypto.wrap.
Result<std::vector<KeyAccess>> wrap_key(const SecretBytes& key,
                                        const std::vector<Recipient>& recipients,
                                        std::string_view policy, TdfVersion version,
                                        std::string_view metadata);

// Whether the key access binds this share to the policy of its file.
using BoundToPolicy = std::function<bool(const KeyAccess&, const SecretBytes& share)>;

// The key, joined from one share of each sid, each bound to the policy; the metadata that lies
// beside one of them. Errors: those of the provider, not_found envelope.share (no share of a sid),
// integrity envelope.share (not 32 bytes), envelope.policy_binding, envelope.metadata.
Result<SecretBytes> join_shares(std::span<const KeyAccess> all, const ShareProvider& shares,
                                const BoundToPolicy& bound, std::string& metadata);

} // namespace valise::envelope
