// SPDX-License-Identifier: Apache-2.0
#include "crypto/equal.h"

#include <openssl/crypto.h>

namespace valise::crypto {

bool constant_time_equal(ByteView a, ByteView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace valise::crypto
