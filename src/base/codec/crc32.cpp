// SPDX-License-Identifier: Apache-2.0
#include "base/codec/crc32.h"

#include <bit>
#include <cstring>

namespace valise {
namespace {

constexpr std::uint32_t kPolynomial = 0xedb88320; // reflected

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
    Tables tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = value & 1 ? value >> 1 ^ kPolynomial : value >> 1;
        tables[0][i] = value;
    }
    for (std::size_t t = 1; t < 8; ++t)
        for (std::size_t i = 0; i < 256; ++i)
            tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xff];
    return tables;
}

constexpr Tables kTables = make_tables();

std::uint32_t read_le32(const Byte* at) {
    return static_cast<std::uint32_t>(at[0]) | static_cast<std::uint32_t>(at[1]) << 8 |
           static_cast<std::uint32_t>(at[2]) << 16 | static_cast<std::uint32_t>(at[3]) << 24;
}

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
    std::uint32_t crc = ~before;
    const Byte* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; at += 8, left -= 8) {
        const std::uint32_t low = read_le32(at) ^ crc;
        const std::uint32_t high = read_le32(at + 4);
        crc = kTables[7][low & 0xff] ^ kTables[6][low >> 8 & 0xff] ^ kTables[5][low >> 16 & 0xff] ^
              kTables[4][low >> 24] ^ kTables[3][high & 0xff] ^ kTables[2][high >> 8 & 0xff] ^
              kTables[1][high >> 16 & 0xff] ^ kTables[0][high >> 24];
    }
    for (; left > 0; ++at, --left)
        crc = crc >> 8 ^ kTables[0][(crc ^ *at) & 0xff];
    return ~crc;
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
