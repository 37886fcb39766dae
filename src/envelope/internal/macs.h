// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "envelope/manifest.h"

namespace valise::envelope {

// HMAC-SHA256 under the document key over the joined hashes: order, count and truncation.
Bytes root_signature(const SecretBytes& key, ByteView joined);

// base64 of the hexadecimal text of HMAC-SHA256 under the share over the policy string; the
// hexadecimal detour is in every reader in the field (facts/tdf.md 1.4). In 4.4.0 without it.
std::string policy_binding(const SecretBytes& share, std::string_view policy, TdfVersion version);

// Of everything but the binding; without any key, so that equal labels are hashed once.
Hash32 assertion_hash(const Assertion& assertion);

// Compact JWS, HS256 under the document key; binds the assertion to the joined hashes.
std::string assertion_binding(const SecretBytes& key, const Assertion& assertion, ByteView joined);
std::string assertion_binding(const SecretBytes& key, const Hash32& assertion_hash,
                              ByteView joined);

// The MAC at the end of it, of a text that is not made whole.
Hash32 assertion_mac(const SecretBytes& key, const Hash32& assertion_hash, ByteView joined);

// Whether every assertion's binding is that of the key.
Result<void> check_bindings(const SecretBytes& key, const Manifest& manifest);

// The same as before 4.3.0: hashes as hexadecimal text, `joined` being such already.
std::string assertion_binding_hex(const SecretBytes& key, const Assertion& assertion,
                                  ByteView joined);

} // namespace valise::envelope
