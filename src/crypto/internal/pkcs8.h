// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "crypto/internal/openssl.h"

namespace valise::crypto {

// RSA and elliptic-curve private keys, whose PKCS#8 has more than one form in the field: OpenSSL
// reads them. Null when the bytes are not exactly one key of that type.
PkeyPtr read_pkcs8_key(const SecretBytes& der, const char* type);
SecretBytes pkcs8_of(const EVP_PKEY* key);

} // namespace valise::crypto
