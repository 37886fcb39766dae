// SPDX-License-Identifier: Apache-2.0
#include "crypto/jws.h"

#include <gtest/gtest.h>

namespace valise::crypto {
namespace {

// RFC 7515 A.3
constexpr const char* kX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr const char* kY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr std::string_view kSigned =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view kSignature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

// RFC 7638 3.1
constexpr const char* kThumbprintKey = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAt"
                                       "VT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWK"
                                       "RXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_"
                                       "RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMic"
                                       "AtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLy"
                                       "rdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3"
                                       "XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

// Made by the Python package cryptography 50.0.2.
constexpr std::string_view kMessage = "signed by another maker";
constexpr const char* kN =
    "uwiHWMvoeDwo6GtWECuW_KdvNRfekm6JyMgjIoz5e4eU-U2ZbfzpgpHst_QGdivuPekDHrJ8klu0ecVI-oSfEzqsZ-"
    "CSnxfove7j230vTZodMQ3uyzTWarXTK2L0_dTx6zPDvK3u5SE6eZvKN8c9_iZelblAWhxXmtc6rr5Q_fXUGXkyhbUD"
    "wfa_rMtP5g1OnxBKzigGgCMfMnzl7WkmhCTdj3jpi9rXIxzGH44KICor26BZArt4fTi4EG8IB9lR2ZHGuVdB4NdqSi"
    "qmKzIjE3N8xtZzHOeGDscajdknpgPOTYlKWGGpUgu5r6jJiU6fPhtcQVPfsoQEba7GXh5r-Q";
constexpr std::string_view kRs256 =
    "eW4ZCPU97K1Z0snJiooiSB7Il6l2z94HzRBcjlkv75sdF02d3a6DOp01EDnPDNrETRbOrR0S16VDkiffoSMvjuOcul"
    "XHwAMWlsscCQG7QkhMLlzJUZLg913_EokclHX1IqqaMMjqEYZvvs0118lDmA7Hi3G2_HTT5gvBlFvbbarbmcZTSiTS"
    "mFFsPzPRs0MJL7M2Qsuf62nawste62yfpSAQP264ceV5ASyD5RNvuEoYogNh0E8nyL1UCS9RAbgR3BGeeaGzjT0YNF"
    "Aotmwwx4NN_efib4PjZnmENRVL4rFEUCNUsj1S7Rnj3r2hKQRd5xg4DjMVHY9lteZOOdKqZQ";
constexpr std::string_view kPs384 =
    "A_X5zpuQXC46woC7iDFvE5Al5e749UUq79rzp2jNSrgHtfJZy65oEqBnTdldYuEfssoQlEUQfFYpY8DA11dPEHwIID"
    "71jlADBbgpjrBaKk1yQX4NsQZ2LZIbB6GRpCjB_SkcGTagi1sc1D1USfFo8b1o0Ty9nQhZpA1BbZhYIfQpogAolu4P"
    "dK73E-NPNfKLZnY8D3BzWhG-Y-BElV35d0p9QmetSRe9IpfiSxteq9fOt-3Rktf0tG5NCchveyyIb6on3Vc14s4EIR"
    "vVmHQc-5X0eW4pwe953aJdRAGeSFS3k6zPEnshUhnnuc-1_BRBNjxYB9E56g-ObZgTl7I_Ew";
constexpr const char* kWeak =
    "zcA2SxvO7g-6Ow110lYaZTkkZsANpTdPmOaebEIkLzubnl-fhZB0LoDErDN0kyKzSAESjN4NUzcZ-xkrBqpCsWGPsF"
    "4YKJ2tMb59LaZi6g3US97jDWW4zXgLkpIHObzGKJnoH6Q5SyVVthoXMjGZUCuvj4po9N_2IOB1Nxt4zNk";

Json ec_key() {
    return {{"kty", "EC"}, {"crv", "P-256"}, {"x", kX}, {"y", kY}};
}
Json rsa_key() {
    return {{"kty", "RSA"}, {"n", kN}, {"e", "AQAB"}, {"kid", "ignored"}};
}

TEST(Jws, OthersSignaturesHold) {
    const auto ec = JwsKey::from_jwk(ec_key());
    ASSERT_TRUE(ec);
    EXPECT_TRUE(ec->verify("ES256", view(kSigned), *from_base64url(kSignature)));
    const auto rsa = JwsKey::from_jwk(rsa_key());
    ASSERT_TRUE(rsa);
    EXPECT_TRUE(rsa->verify("RS256", view(kMessage), *from_base64url(kRs256)));
    EXPECT_TRUE(rsa->verify("PS384", view(kMessage), *from_base64url(kPs384)));
}

TEST(Jws, ThumbprintsAreThoseOfTheStandard) {
    const auto key =
        JwsKey::from_jwk({{"kty", "RSA"}, {"n", kThumbprintKey}, {"e", "AQAB"}, {"alg", "RS256"}});
    ASSERT_TRUE(key);
    EXPECT_EQ(key->thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

// A header that chooses the algorithm does not choose what the key is.
TEST(Jws, AnotherAlgorithmOrAnyOtherBitIsRefused) {
    const auto ec = JwsKey::from_jwk(ec_key());
    const auto rsa = JwsKey::from_jwk(rsa_key());
    const Bytes good = *from_base64url(kSignature);
    for (const char* algorithm :
         {"", "none", "HS256", "RS256", "PS256", "ES384", "ES512", "es256", "ES2567", "EdDSA"})
        EXPECT_FALSE(ec->verify(algorithm, view(kSigned), good)) << algorithm;
    for (const char* algorithm : {"", "none", "HS256", "ES256", "RS384", "RS999", "PS256"})
        EXPECT_FALSE(rsa->verify(algorithm, view(kMessage), *from_base64url(kRs256))) << algorithm;
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes changed = good;
        changed[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
        ASSERT_FALSE(ec->verify("ES256", view(kSigned), changed)) << bit;
    }
    for (std::size_t size = 0; size < good.size(); ++size)
        ASSERT_FALSE(ec->verify("ES256", view(kSigned), ByteView(good).first(size))) << size;
    EXPECT_FALSE(ec->verify("ES256", view("another text"), good));
    EXPECT_FALSE(ec->verify("ES256", view(kSigned), Bytes(64)));
}

TEST(Jws, WhatIsNoKeyIsRefused) {
    const auto refused = [](Json jwk, const char* name, const Json& value) {
        if (value.is_null())
            jwk.erase(name);
        else
            jwk[name] = value;
        const auto key = JwsKey::from_jwk(jwk);
        return !key && key.error().reason() == "crypto.jwk";
    };
    for (const char* name : {"kty", "crv", "x", "y"})
        EXPECT_TRUE(refused(ec_key(), name, nullptr)) << name;
    for (const char* name : {"kty", "n", "e"})
        EXPECT_TRUE(refused(rsa_key(), name, nullptr)) << name;
    EXPECT_TRUE(refused(ec_key(), "crv", "secp256k1"));
    EXPECT_TRUE(refused(ec_key(), "crv", 7));
    EXPECT_TRUE(refused(ec_key(), "y", kX)); // no point of the curve
    EXPECT_TRUE(refused(ec_key(), "x", "AAAA"));
    EXPECT_TRUE(refused(ec_key(), "d", kX));
    EXPECT_TRUE(refused(ec_key(), "kty", "oct"));
    EXPECT_TRUE(refused(rsa_key(), "n", kWeak));
    EXPECT_TRUE(refused(rsa_key(), "n", "AAAA"));
    EXPECT_TRUE(refused(rsa_key(), "e", "Aw"));   // 3
    EXPECT_TRUE(refused(rsa_key(), "e", "AQAA")); // even
    EXPECT_TRUE(refused(rsa_key(), "e", "AAEAAQ"));
    EXPECT_TRUE(refused(rsa_key(), "n", "not base64url!"));
    EXPECT_FALSE(JwsKey::from_jwk(Json::array()));
}

TEST(Jws, OursVerifiesByItsOwnPublicKey) {
    const Es256Key key = Es256Key::generate();
    const auto verifier = JwsKey::from_jwk(key.public_jwk());
    ASSERT_TRUE(verifier);
    for (int i = 0; i < 20; ++i) { // r or s begins with a zero byte now and then
        const auto signature = key.sign(view("text"));
        ASSERT_TRUE(signature);
        EXPECT_EQ(signature->size(), 64U);
        EXPECT_TRUE(verifier->verify("ES256", view("text"), *signature));
    }
    EXPECT_NE(JwsKey::from_jwk(Es256Key::generate().public_jwk())->thumbprint(),
              verifier->thumbprint());
}

} // namespace
} // namespace valise::crypto
