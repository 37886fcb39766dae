// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/ed25519_points.h"

#include <algorithm>

namespace valise::crypto {

namespace {

using Y = std::array<Byte, 32>;

// Little-endian, sign bit clear. The two y of order 8; y = 0 has order 4, y = 1 and -1 orders 1, 2.
constexpr Y kOrder8 = {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
                       0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
                       0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05};
constexpr Y kOtherOrder8 = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
                            0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
                            0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};

constexpr Y small(Byte value) {
    Y out{};
    out[0] = value;
    return out;
}

// p = 2^255 - 19
constexpr Y kPrime = [] {
    Y out;
    out.fill(0xff);
    out[0] = 0xed;
    out[31] = 0x7f;
    return out;
}();

constexpr Y kMinusOne = [] {
    Y out = kPrime;
    out[0] = 0xec;
    return out;
}();

} // namespace

bool is_sound_ed25519_point(std::span<const Byte, 32> encoded) {
    Y y;
    std::copy(encoded.begin(), encoded.end(), y.begin());
    y[31] &= 0x7f;
    if (!std::lexicographical_compare(y.rbegin(), y.rend(), kPrime.rbegin(), kPrime.rend()))
        return false;
    return y != small(0) && y != small(1) && y != kMinusOne && y != kOrder8 && y != kOtherOrder8;
}

} // namespace valise::crypto
