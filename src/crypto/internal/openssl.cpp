// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/openssl.h"

#include <cstdio>
#include <cstdlib>

namespace valise::crypto {

void die(const char* what) {
    std::fprintf(stderr, "valise: cryptographic library failed: %s\n", what);
    std::abort();
}

} // namespace valise::crypto
