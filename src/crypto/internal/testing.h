// SPDX-License-Identifier: Apache-2.0
#pragma once

// For crypto's own tests.
#include "base/codec/json.h"
#include "base/secret.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>

namespace valise::crypto {

inline Bytes hex(std::string_view text) {
    auto out = from_hex(text);
    if (!out)
        throw std::invalid_argument("a vector in a test is not hexadecimal");
    return *out;
}

inline Bytes repeated(Byte value, std::size_t count) {
    return Bytes(count, value);
}

inline SecretAccess for_test() {
    return SecretAccess::because("test");
}

inline SecretBytes secret(ByteView bytes) {
    return SecretBytes::copy(bytes);
}

inline SecretBytes secret(std::string_view text) {
    return SecretBytes::copy(view(text));
}

inline std::string hex_of(const SecretBytes& bytes) {
    return to_hex(bytes.read(for_test()));
}

template<class T> void expect_error(const Result<T>& result, Code code, std::string_view reason) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code(), code);
    EXPECT_EQ(result.error().reason(), reason);
}

// A file of the shared vectors, or nothing when that folder is missing here.
inline std::optional<Json> vectors(const std::string& path) {
    std::ifstream file(VALISE_VECTORS_DIR "/" + path, std::ios::binary);
    if (!file)
        return std::nullopt;
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return Json::parse(text);
}

} // namespace valise::crypto
