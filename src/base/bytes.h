// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace valise {

using Byte = std::uint8_t;
using Bytes = std::vector<Byte>;
using ByteView = std::span<const Byte>;
using Hash32 = std::array<Byte, 32>; // SHA-256
using Hash48 = std::array<Byte, 48>; // SHA-384

inline ByteView view(std::string_view text) {
    return {reinterpret_cast<const Byte*>(text.data()), text.size()};
}
inline std::string_view text_view(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::string to_text(ByteView bytes) {
    return std::string(text_view(bytes));
}
inline Bytes to_bytes(ByteView bytes) {
    return Bytes(bytes.begin(), bytes.end());
}
inline Bytes to_bytes(std::string_view text) {
    return to_bytes(view(text));
}

inline void append(Bytes& out, ByteView more) {
    out.insert(out.end(), more.begin(), more.end());
}
inline void append(Bytes& out, std::string_view more) {
    append(out, view(more));
}
// Without this overload a string literal would be ambiguous between the two above.
inline void append(Bytes& out, const char* more) {
    append(out, std::string_view(more));
}

// Big-endian integers.
void append_u16(Bytes& out, std::uint16_t value);
void append_u32(Bytes& out, std::uint32_t value);
void append_u64(Bytes& out, std::uint64_t value);
std::uint16_t read_u16(std::span<const Byte, 2> in);
std::uint32_t read_u32(std::span<const Byte, 4> in);
std::uint64_t read_u64(std::span<const Byte, 8> in);

// Lower case on writing; either case on reading. Errors: base.hex.
std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

// RFC 4648 section 4, padded, canonical: no white space, unused bits zero. Errors: base.base64.
std::string to_base64(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);

// RFC 4648 section 5 without padding, as RFC 7515 has it. Errors: base.base64.
std::string to_base64url(ByteView bytes);
Result<Bytes> from_base64url(std::string_view text);

// RFC 4648 section 6 in lower case without padding, for ids. Errors: base.base32.
std::string to_base32(ByteView bytes);
Result<Bytes> from_base32(std::string_view text);

// Exactly N bytes, or an error with the given reason.
template<std::size_t N> Result<std::array<Byte, N>> fixed(ByteView bytes, const char* reason) {
    if (bytes.size() != N)
        return fail(Code::invalid, reason,
                    "expected " + std::to_string(N) + " bytes, got " +
                        std::to_string(bytes.size()));
    std::array<Byte, N> out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

} // namespace valise
