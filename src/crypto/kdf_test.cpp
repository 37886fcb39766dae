// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/argon2.h"
#include "crypto/internal/testing.h"
#include "crypto/kdf.h"

#include <numeric>

namespace valise::crypto {
namespace {

Bytes counting(Byte from, std::size_t count) {
    Bytes out(count);
    std::iota(out.begin(), out.end(), from);
    return out;
}

TEST(Hkdf, Rfc5869) {
    EXPECT_EQ(
        hex_of(hkdf_sha256(repeated(0x0b, 22), counting(0, 13), counting(0xf0, 10), 42)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    EXPECT_EQ(hex_of(hkdf_sha256(counting(0, 80), counting(0x60, 80), counting(0xb0, 80), 82)),
              "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
              "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
              "cc30c58179ec3e87c14c01d5c1f3434f1d87");
    EXPECT_EQ(
        hex_of(hkdf_sha256(repeated(0x0b, 22), {}, {}, 42)),
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, EveryInputMatters) {
    const std::string base = hex_of(hkdf_sha256(view("i"), view("s"), view("n"), 32));
    EXPECT_NE(base, hex_of(hkdf_sha256(view("j"), view("s"), view("n"), 32)));
    EXPECT_NE(base, hex_of(hkdf_sha256(view("i"), view("t"), view("n"), 32)));
    EXPECT_NE(base, hex_of(hkdf_sha256(view("i"), view("s"), view("o"), 32)));
    EXPECT_NE(base, hex_of(hkdf_sha256({}, view("s"), view("n"), 32)));
    EXPECT_EQ(hkdf_sha256(view("i"), {}, {}, 8160).size(), 8160U);
}

TEST(Argon2, Rfc9106) {
    const Bytes passphrase = repeated(1, 32);
    const Bytes salt = repeated(2, 16);
    const Bytes pepper = repeated(3, 8);
    const Bytes associated = repeated(4, 12);
    const auto tag = argon2id_raw({.passphrase = passphrase,
                                   .salt = salt,
                                   .secret = pepper,
                                   .associated = associated,
                                   .memory_kib = 32,
                                   .iterations = 3,
                                   .lanes = 4},
                                  32);
    ASSERT_TRUE(tag.has_value()) << tag.error().text();
    EXPECT_EQ(hex_of(*tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

TEST(Argon2, CostsOutOfBoundsAreRefused) {
    const Bytes salt = repeated(2, 16);
    const auto derive = [&](Argon2Cost cost) { return argon2id(view("p"), salt, cost, 32); };
    EXPECT_TRUE(derive({8, 1}).has_value());
    for (const Argon2Cost cost :
         {Argon2Cost{7, 1}, Argon2Cost{8, 0}, Argon2Cost{kArgon2MaxMemoryKib + 1, 1},
          Argon2Cost{8, kArgon2MaxIterations + 1}, Argon2Cost{~0U, ~0U}})
        expect_error(derive(cost), Code::limit, "crypto.argon2_cost");
    expect_error(argon2id(view("p"), repeated(2, 7), {8, 1}, 32), Code::invalid, "crypto.argon2");
    expect_error(argon2id(view("p"), salt, {8, 1}, 3), Code::invalid, "crypto.argon2");
    expect_error(argon2id(view("p"), salt, {8, 1}, 1025), Code::invalid, "crypto.argon2");
}

TEST(Argon2, EveryInputMatters) {
    const Bytes salt = repeated(2, 16);
    const auto base = hex_of(*argon2id(view("p"), salt, {8, 1}, 32));
    EXPECT_EQ(base, hex_of(*argon2id(view("p"), salt, {8, 1}, 32)));
    EXPECT_NE(base, hex_of(*argon2id(view("q"), salt, {8, 1}, 32)));
    EXPECT_NE(base, hex_of(*argon2id(view(""), salt, {8, 1}, 32)));
    EXPECT_NE(base, hex_of(*argon2id(view("p"), repeated(3, 16), {8, 1}, 32)));
    EXPECT_NE(base, hex_of(*argon2id(view("p"), salt, {9, 1}, 32)));
    EXPECT_NE(base, hex_of(*argon2id(view("p"), salt, {8, 2}, 32)));
}

} // namespace
} // namespace valise::crypto
