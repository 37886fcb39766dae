// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <memory>

namespace valise::crypto {

// HMAC-SHA256 (RFC 2104), incremental. finish() may be called once. Compare the result with
// constant_time_equal().
class HmacSha256 {
public:
    explicit HmacSha256(ByteView key);
    HmacSha256(HmacSha256&&) noexcept;
    HmacSha256& operator=(HmacSha256&&) noexcept;
    ~HmacSha256();

    HmacSha256& update(ByteView bytes);
    Hash32 finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

Hash32 hmac_sha256(ByteView key, ByteView message);

// For one-time codes alone (RFC 6238), whose generators know nothing newer in common. HMAC does not
// rest on the collisions that broke SHA-1.
std::array<Byte, 20> hmac_sha1(ByteView key, ByteView message);

} // namespace valise::crypto
