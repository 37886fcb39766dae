// SPDX-License-Identifier: Apache-2.0
#include "base/codec/crc32.h"

#include <libdeflate.h>

namespace valise {
namespace {

constexpr std::uint32_t kPolynomial = 0xedb88320; // reflected

// Product of two polynomials over GF(2) modulo the CRC's, both reflected: bit 31 is x^0.
std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
    std::uint32_t product = 0;
    for (std::uint32_t bit = 0x80000000; bit != 0; bit >>= 1) {
        if (a & bit)
            product ^= b;
        b = b & 1 ? b >> 1 ^ kPolynomial : b >> 1;
    }
    return product;
}

} // namespace

std::uint32_t crc32(ByteView bytes, std::uint32_t before) {
    // Without data libdeflate answers as for the start, whatever came before.
    return bytes.data() == nullptr ? before : libdeflate_crc32(before, bytes.data(), bytes.size());
}

std::uint32_t crc32_join(std::uint32_t a, std::uint32_t b, std::uint64_t b_bytes) {
    std::uint32_t shift = 0x80000000;  // x^0
    std::uint32_t square = 0x00800000; // x^8: one byte
    for (; b_bytes != 0; b_bytes >>= 1) {
        if (b_bytes & 1)
            shift = multiply(shift, square);
        square = multiply(square, square);
    }
    return multiply(shift, a) ^ b;
}

} // namespace valise
