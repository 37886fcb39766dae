// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include "base/codec/json_text.h"

#include <algorithm>

namespace valise {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::array<std::int8_t, 256> reverse_table(std::string_view alphabet) {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<Byte>(alphabet[i])] = static_cast<std::int8_t>(i);
    return table;
}

template<class T> void append_be(Bytes& out, T value) {
    for (std::size_t i = sizeof(T); i-- > 0;)
        out.push_back(static_cast<Byte>(value >> (8 * i)));
}

template<class T> T read_be(ByteView in) {
    T value = 0;
    for (Byte b : in)
        value = static_cast<T>(value << 8 | b);
    return value;
}

// `kBits` per symbol, most significant first; the encoders of base64 and base32. Every id and hash
// that stands in a text comes through here.
template<unsigned kBits> std::string encode(ByteView bytes, std::string_view alphabet) {
    constexpr std::uint32_t kMask = (1U << kBits) - 1;
    std::string out((bytes.size() * 8 + kBits - 1) / kBits, '\0');
    char* to = out.data();
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (const Byte b : bytes) {
        buffer = buffer << 8 | b;
        held += 8;
        while (held >= kBits) {
            held -= kBits;
            *to++ = alphabet[buffer >> held & kMask];
        }
    }
    if (held > 0)
        *to = alphabet[buffer << (kBits - held) & kMask];
    return out;
}

template<unsigned kBits>
bool decode(std::string_view text, const std::array<std::int8_t, 256>& table, Bytes& out) {
    out.resize(text.size() * kBits / 8);
    Byte* to = out.data();
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::int8_t digit = table[static_cast<Byte>(c)];
        if (digit < 0)
            return false;
        buffer = buffer << kBits | static_cast<Byte>(digit);
        held += kBits;
        if (held >= 8) {
            held -= 8;
            *to++ = static_cast<Byte>(buffer >> held);
        }
        buffer &= (1U << held) - 1;
    }
    // Leftover bits must be zero and fewer than a symbol, else two texts would mean the same bytes.
    return held < kBits && buffer == 0;
}

} // namespace

void append_u16(Bytes& out, std::uint16_t value) {
    append_be(out, value);
}
void append_u32(Bytes& out, std::uint32_t value) {
    append_be(out, value);
}
void append_u64(Bytes& out, std::uint64_t value) {
    append_be(out, value);
}
std::uint16_t read_u16(std::span<const Byte, 2> in) {
    return read_be<std::uint16_t>(in);
}
std::uint32_t read_u32(std::span<const Byte, 4> in) {
    return read_be<std::uint32_t>(in);
}
std::uint64_t read_u64(std::span<const Byte, 8> in) {
    return read_be<std::uint64_t>(in);
}

std::string to_hex(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (Byte b : bytes) {
        out.push_back(kHex[b >> 4]);
        out.push_back(kHex[b & 15]);
    }
    return out;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0)
        return fail(Code::invalid, "base.hex", "odd number of digits");
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return fail(Code::invalid, "base.hex", "not a hexadecimal digit");
        out.push_back(static_cast<Byte>(high * 16 + low));
    }
    return out;
}

void append_base64(std::string& out, ByteView bytes) {
    // Three bytes are two pairs of symbols: a table of pairs takes half the steps.
    static const auto pairs = [] {
        std::array<std::array<char, 2>, 4096> table{};
        for (std::size_t i = 0; i < table.size(); ++i)
            table[i] = {kBase64[i >> 6], kBase64[i & 63]};
        return table;
    }();
    const std::size_t before = out.size();
    out.resize(before + (bytes.size() + 2) / 3 * 4, '=');
    char* to = out.data() + before;
    for (; bytes.size() >= 3; bytes = bytes.subspan(3)) {
        const auto three = static_cast<std::uint32_t>(bytes[0] << 16 | bytes[1] << 8 | bytes[2]);
        to = std::copy_n(pairs[three >> 12].begin(), 2, to);
        to = std::copy_n(pairs[three & 4095].begin(), 2, to);
    }
    const std::string rest = encode<6>(bytes, kBase64);
    std::copy(rest.begin(), rest.end(), to);
}

std::string to_base64(ByteView bytes) {
    std::string out;
    append_base64(out, bytes);
    return out;
}

Result<Bytes> from_base64(std::string_view text) {
    static const auto table = reverse_table(kBase64);
    if (text.size() % 4 != 0)
        return fail(Code::invalid, "base.base64", "length is not a multiple of 4");
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    Bytes out;
    if (!decode<6>(text.substr(0, text.size() - padding), table, out))
        return fail(Code::invalid, "base.base64", "not canonical base64");
    return out;
}

std::string to_base64url(ByteView bytes) {
    std::string out = to_base64(bytes);
    out.erase(out.find_last_not_of('=') + 1);
    std::replace(out.begin(), out.end(), '+', '-');
    std::replace(out.begin(), out.end(), '/', '_');
    return out;
}

Result<Bytes> from_base64url(std::string_view text) {
    std::string plain(text);
    if (plain.find_first_of("+/=") != std::string::npos)
        return fail(Code::invalid, "base.base64", "not base64url");
    std::replace(plain.begin(), plain.end(), '-', '+');
    std::replace(plain.begin(), plain.end(), '_', '/');
    while (plain.size() % 4 != 0)
        plain.push_back('=');
    return from_base64(plain);
}

std::string to_base32(ByteView bytes) {
    return encode<5>(bytes, kBase32);
}

Result<Bytes> from_base32(std::string_view text) {
    static const auto table = reverse_table(kBase32);
    Bytes out;
    if (!decode<5>(text, table, out))
        return fail(Code::invalid, "base.base32", "not canonical base32");
    return out;
}

} // namespace valise
