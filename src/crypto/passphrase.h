// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "crypto/kdf.h"

namespace valise::crypto {

// A secret under a passphrase, in self-describing bytes. `purpose` (at most 65535 bytes) says what
// the secret is for and must be given again: a file of one kind cannot be passed off as another.
// Errors: crypto.argon2_cost (limit), crypto.argon2, crypto.passphrase_format (purpose too long).
Result<Bytes> seal_with_passphrase(const SecretBytes& plain, const SecretBytes& passphrase,
                                   std::string_view purpose, Argon2Cost cost = {});

// Errors: crypto.passphrase_format (invalid: not such bytes), crypto.argon2_cost (limit),
// crypto.passphrase (integrity: wrong passphrase, other purpose or changed bytes).
Result<SecretBytes> open_with_passphrase(ByteView sealed, const SecretBytes& passphrase,
                                         std::string_view purpose);

} // namespace valise::crypto
