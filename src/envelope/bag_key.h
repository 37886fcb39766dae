// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

namespace valise::envelope {

// What the key process and the courier's carrier agree on (docs/formats/bag.md).
//
// The key of a volume of a courier bag, from the share that is wrapped in it: derived, so that who
// unwraps shares of bags for a registry cannot be made to unwrap that of a document.
SecretBytes bag_key(const SecretBytes& share, const Hash32& header_digest);
// Over what a volume's signature is: its domain and the SHA-256 of all bytes before the signature.
Bytes bag_signed_bytes(const Hash32& digest);

} // namespace valise::envelope
