// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"

#include <string>
#include <string_view>

namespace valise::envelope {

// `encryptedMetadata` of a key access object: base64 of {"ciphertext": b64(nonce || ct || tag),
// "iv": b64(nonce)}, AES-256-GCM under the share. The nonce is 0: segments count from 1, and of one
// share there is one text, so that no nonce serves twice (facts/tdf.md 1.2, 1.5).
Result<std::string> seal_metadata(const SecretBytes& share, std::string_view text);

// In the exact form that seal_metadata() gives.
bool metadata_form(std::string_view sealed);
// In any form that clients write. Errors: integrity envelope.metadata.
Result<std::string> open_metadata(const SecretBytes& share, std::string_view sealed);

} // namespace valise::envelope
