// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "envelope/seal.h"

namespace valise::envelope {

std::string random_uuid(); // RFC 9562 version 4

// Splits the key, one share per sid, and wraps each to its recipients. Errors: crypto.wrap.
Result<std::vector<KeyAccess>> wrap_key(const SecretBytes& key,
                                        const std::vector<Recipient>& recipients,
                                        std::string_view policy, TdfVersion version,
                                        std::string_view metadata);

} // namespace valise::envelope
