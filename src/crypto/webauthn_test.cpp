// SPDX-License-Identifier: Apache-2.0
// A passkey that signs for the book: its name, and what it signed.
#include "crypto/passkey_test_support.h"

#include <gtest/gtest.h>

namespace valise::crypto {
namespace {

using testing::TestPasskey;

const Hash32 kAsked = sha256(view(std::string_view("an act")));

class ASigningPasskey : public ::testing::TestWithParam<bool> {
protected:
    bool good(const TestPasskey::Answer& said, ByteView challenge = kAsked) const {
        return passkey.signer()
            .verify(challenge, said.client_data, said.authenticator_data, said.signature)
            .has_value();
    }
    TestPasskey passkey{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Keys, ASigningPasskey, ::testing::Bool());

TEST_P(ASigningPasskey, SignsWhatItWasAsked) {
    const auto said = passkey.sign(kAsked);
    EXPECT_TRUE(good(said));
    EXPECT_FALSE(good(said, sha256(view(std::string_view("another act")))));
    const auto again = PasskeySigner::parse(passkey.signer().bytes());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->origin(), "https://desk.example:8443");
    EXPECT_EQ(again->host(), "desk.example");
}

TEST_P(ASigningPasskey, EveryFlippedBitIsCaught) {
    const auto said = passkey.sign(kAsked);
    for (Bytes TestPasskey::Answer::* part :
         {&TestPasskey::Answer::authenticator_data, &TestPasskey::Answer::client_data,
          &TestPasskey::Answer::signature})
        for (std::size_t at = 0; at < (said.*part).size() * 8; ++at) {
            auto wrong = said;
            (wrong.*part)[at / 8] ^= static_cast<Byte>(1U << (at % 8));
            EXPECT_FALSE(good(wrong)) << at;
        }
}

// Each of them signed anew by the passkey itself: not the signature, but what it says is refused.
TEST_P(ASigningPasskey, OnlyAtItsPageAndByItsVerifiedHolder) {
    const auto changed = [&](auto change) {
        const TestPasskey before = TestPasskey(GetParam());
        const auto origin = passkey.origin;
        const auto host = passkey.host;
        const auto signer = passkey.signer();
        change(passkey);
        const auto said = passkey.sign(kAsked);
        passkey.origin = origin;
        passkey.host = host;
        passkey.type = before.type;
        passkey.flags = before.flags;
        return signer.verify(kAsked, said.client_data, said.authenticator_data, said.signature)
            .has_value();
    };
    EXPECT_TRUE(changed([](TestPasskey&) {}));
    EXPECT_FALSE(changed([](TestPasskey& p) { p.origin = "https://desk.example"; }));
    EXPECT_FALSE(changed([](TestPasskey& p) { p.origin = "https://evil.example:8443"; }));
    EXPECT_FALSE(changed([](TestPasskey& p) { p.host = "example"; }));
    EXPECT_FALSE(changed([](TestPasskey& p) { p.type = "webauthn.create"; }));
    for (const Byte flags : {Byte{0x00}, Byte{0x01}, Byte{0x04}, Byte{0x0D}, Byte{0x1D}, Byte{0x15},
                             Byte{0x45}, Byte{0x85}})
        EXPECT_FALSE(changed([&](TestPasskey& p) { p.flags = flags; })) << int{flags};
}

//= SEC 1 4.1.4
// Whoever saw a signature must not be able to write it a second way: an act is performed once.
TEST(SigningPasskey, ASignatureHasOneForm) {
    constexpr std::array<Byte, 32> kOrder = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00,
                                             0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                             0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
                                             0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
    const TestPasskey passkey;
    for (int n = 0; n < 16; ++n) {
        const auto said = passkey.sign(kAsked);
        Bytes other = said.signature;
        int borrow = 0;
        for (std::size_t i = 32; i-- > 0;) {
            const int digit = int{kOrder[i]} - int{other[32 + i]} - borrow;
            borrow = digit < 0 ? 1 : 0;
            other[32 + i] = static_cast<Byte>(digit + borrow * 256);
        }
        const PasskeyAsked asked{to_bytes(kAsked), passkey.origin, passkey.host};
        // It is a signature of the same, as the curve goes.
        EXPECT_TRUE(
            check_passkey(passkey.cose(), said.client_data, said.authenticator_data, other, asked));
        EXPECT_FALSE(
            passkey.signer().verify(kAsked, said.client_data, said.authenticator_data, other));
        EXPECT_EQ(*plain_signature(passkey.cose(), testing::der(other)), said.signature);
    }
}

TEST(SigningPasskey, ANameHasOneForm) {
    const Bytes key = TestPasskey().cose();
    for (const char* good : {"https://desk.example", "https://desk.example:8443",
                             "https://localhost:1", "http://localhost:8080", "http://localhost"})
        EXPECT_TRUE(PasskeySigner::make(key, good)) << good;
    for (const char* wrong :
         {"", "desk.example", "http://desk.example", "https://", "https://Desk.example",
          "https://desk.example/", "https://desk.example:", "https://desk.example:0443",
          "https://desk.example:844300", "https://desk.example:84a", "https://a b",
          "https://user@desk.example", "ftp://desk.example", "http://localhost.evil.example"})
        EXPECT_FALSE(PasskeySigner::make(key, wrong)) << wrong;
    EXPECT_FALSE(PasskeySigner::make(key, "https://" + std::string(130, 'a')));
    EXPECT_FALSE(PasskeySigner::make(Bytes(77, 0), "https://desk.example"));
    EXPECT_FALSE(PasskeySigner::parse({}));
    const TestPasskey one;
    const TestPasskey other;
    EXPECT_TRUE(PasskeySigner::same_key(
        one.signer().bytes(), PasskeySigner::make(one.cose(), "https://b.example")->bytes()));
    EXPECT_FALSE(PasskeySigner::same_key(one.signer().bytes(), other.signer().bytes()));
}

} // namespace
} // namespace valise::crypto
