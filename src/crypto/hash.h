// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise::crypto {

// SHA-256 (FIPS 180-4), incremental. A copy continues from the same state. finish() may be called
// once; the object is then spent. Not for secrets: the state is not wiped.
class Sha256 {
public:
    Sha256();
    Sha256& update(ByteView bytes);
    Hash32 finish();

private:
    alignas(8) std::array<std::byte, 112> state_; // OpenSSL's own, whose headers stay out of here
};

// SHA-384 (FIPS 180-4), under the same rules.
class Sha384 {
public:
    Sha384();
    Sha384& update(ByteView bytes);
    Hash48 finish();

private:
    alignas(8) std::array<std::byte, 216> state_;
};

Hash32 sha256(ByteView bytes);
Hash48 sha384(ByteView bytes);
Hash32 sha3_256(ByteView bytes);

} // namespace valise::crypto
