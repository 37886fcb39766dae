// SPDX-License-Identifier: Apache-2.0
// Acts that a passkey signed, and what the fold knows of passkeys.
#include "crypto/passkey_test_support.h"
#include "logbook/internal/sample.h"

#include <gtest/gtest.h>

namespace valise::logbook {
namespace {

using crypto::testing::TestPasskey;

Act act_by(const TestPasskey& passkey, Byte nonce = 1) {
    ActNonce fresh{};
    fresh.fill(nonce);
    return sample::must(Act::make(ActKind::trace, "JPN", {}, sample::at(), passkey.signer().bytes(),
                                  sample::content(ActKind::trace), fresh));
}

SignedAct signed_by(const TestPasskey& passkey, const Act& act) {
    const auto said = passkey.sign(SignedAct::challenge(act));
    return sample::must(
        SignedAct::make(act, {said.authenticator_data, said.client_data, said.signature}));
}

TEST(ActByPasskey, ComesBackFromItsBytesAndIsOfTheSecondVersion) {
    for (const bool es256 : {true, false}) {
        const TestPasskey passkey(es256);
        const Act act = act_by(passkey);
        EXPECT_TRUE(act.by_passkey());
        EXPECT_NE(text_view(act.bytes()).find(R"("v":2})"), std::string_view::npos);
        const SignedAct whole = signed_by(passkey, act);
        const auto again = SignedAct::parse(whole.bytes());
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_TRUE(again->verify());
        EXPECT_EQ(*again, whole);
        EXPECT_EQ(again->act(), act);
    }
}

// The version says what the signer is, and neither is mistaken for the other.
TEST(ActByPasskey, EachVersionHasItsSigner) {
    const auto with_version = [](const Act& act, const char* from, const char* to) {
        std::string text = to_text(act.bytes());
        text.replace(text.rfind(from), 5, to);
        return Act::parse(view(text));
    };
    EXPECT_FALSE(with_version(act_by(TestPasskey()), R"("v":2)", R"("v":1)"));
    EXPECT_FALSE(with_version(sample::act(ActKind::trace), R"("v":1)", R"("v":2)"));
    EXPECT_FALSE(with_version(sample::act(ActKind::trace), R"("v":1)", R"("v":3)"));
    for (const std::size_t size : {1, 31, 33, 64, 200, 300})
        EXPECT_FALSE(Act::make(ActKind::trace, "JPN", {}, sample::at(), Bytes(size, 7),
                               sample::content(ActKind::trace), {}))
            << size;
}

TEST(ActByPasskey, EveryFlippedBitIsCaught) {
    const TestPasskey passkey;
    const SignedAct whole = signed_by(passkey, act_by(passkey));
    for (std::size_t at = 0; at < whole.bytes().size() * 8; ++at) {
        Bytes wrong = whole.bytes();
        wrong[at / 8] ^= static_cast<Byte>(1U << (at % 8));
        const auto read = SignedAct::parse(wrong);
        EXPECT_FALSE(read && read->verify()) << at;
    }
}

TEST(ActByPasskey, NothingIsCutShortOrAppended) {
    const TestPasskey passkey;
    Bytes whole = signed_by(passkey, act_by(passkey)).bytes();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(SignedAct::parse(ByteView(whole).first(size))) << size;
    whole.push_back(0);
    EXPECT_FALSE(SignedAct::parse(whole));
}

TEST(ActByPasskey, IsOfThatActAndPasskeyAlone) {
    const TestPasskey passkey;
    const Act act = act_by(passkey);
    const Act other = act_by(passkey, 2);
    const auto said = passkey.sign(SignedAct::challenge(act));
    const auto made = [](const Act& of, const TestPasskey::Answer& answer) {
        return SignedAct::make(of,
                               {answer.authenticator_data, answer.client_data, answer.signature})
            .has_value();
    };
    EXPECT_TRUE(made(act, said));
    EXPECT_FALSE(made(other, said));
    EXPECT_FALSE(made(act_by(TestPasskey()), said));
    EXPECT_FALSE(made(sample::act(ActKind::trace), said)); // a key file's
    TestPasskey unverified = TestPasskey();
    unverified.flags = 0x01;
    EXPECT_FALSE(
        made(act_by(unverified), unverified.sign(SignedAct::challenge(act_by(unverified)))));
    // A sign-in asks something of another length: it never is an act.
    EXPECT_FALSE(made(act, passkey.sign(Bytes(56, 1))));
}

struct Passkeys : ::testing::Test {
    Passkeys() { EXPECT_TRUE(sample::up_to_entry(s, c)); }
    Result<void> passkey(const std::string& of, const std::string& by, Byte key = 0x58) {
        return s.add(ActKind::passkey, Stage::permitted, {{"person", of}},
                     {{"passkey", to_base64(sample::passkey_signer(key))}}, by);
    }
    const Person* signs(Byte key = 0x58) const {
        return s.state.person_by_key(sample::passkey_signer(key));
    }
    sample::Story s;
    sample::Cast c;
};

TEST_F(Passkeys, SignWhenAnotherPersonConfirmed) {
    EXPECT_FALSE(passkey(c.first, c.officer)) << "nobody asks for somebody else";
    ASSERT_TRUE(passkey(c.first, c.first));
    EXPECT_EQ(signs(), nullptr);
    EXPECT_FALSE(passkey(c.first, c.first)) << "one person is not two";
    ASSERT_TRUE(passkey(c.first, c.officer));
    ASSERT_NE(signs(), nullptr);
    EXPECT_EQ(signs()->id.text(), c.first);
    EXPECT_FALSE(passkey(c.first, c.officer));
    EXPECT_FALSE(passkey(c.second, c.second)) << "it is the first one's";
}

TEST_F(Passkeys, EndForGood) {
    ASSERT_TRUE(passkey(c.first, c.first));
    ASSERT_TRUE(passkey(c.first, c.officer));
    ASSERT_TRUE(s.add(ActKind::revoke, Stage::permitted, {{"person", c.first}},
                      {{"what", "passkey"}}, c.officer));
    EXPECT_EQ(signs(), nullptr);
    EXPECT_FALSE(passkey(c.first, c.first));
    EXPECT_FALSE(passkey(c.second, c.second));
    EXPECT_FALSE(s.add(ActKind::revoke, Stage::permitted, {{"person", c.first}},
                       {{"what", "passkey"}}, c.officer));
}

TEST_F(Passkeys, EndWithTheirPerson) {
    ASSERT_TRUE(passkey(c.first, c.first));
    ASSERT_TRUE(passkey(c.first, c.officer));
    ASSERT_TRUE(s.add(ActKind::revoke, Stage::permitted, {{"person", c.first}},
                      {{"what", "person"}}, c.officer));
    EXPECT_EQ(signs(), nullptr);
}

//= O-05
TEST_F(Passkeys, AreNoSecondPersonOfARelease) {
    ASSERT_TRUE(sample::approve(s, c, c.first));
    const auto by_passkey = [&](const std::string& person) {
        return s.add(ActKind::approve_release, Stage::permitted,
                     {{"item", c.item}, {"release", c.release}},
                     {{"release_digest", to_base64(c.digest)},
                      {"recipient", "UKR"},
                      {"signed_by", "passkey"}},
                     person);
    };
    EXPECT_FALSE(by_passkey(c.first));
    ASSERT_TRUE(by_passkey(c.second));
    const Release& release = *s.state.release(release_id(c.digest));
    EXPECT_EQ(release.approvals.size(), 2U);
    EXPECT_EQ(release.by_passkey.size(), 1U);
    // What it signed and nobody used yet ends with it.
    ASSERT_TRUE(passkey(c.second, c.second));
    ASSERT_TRUE(s.add(ActKind::revoke, Stage::permitted, {{"person", c.second}},
                      {{"what", "passkey"}}, c.officer));
    EXPECT_EQ(s.state.release(release_id(c.digest))->approvals.size(), 1U);
    EXPECT_TRUE(s.state.release(release_id(c.digest))->by_passkey.empty());
    EXPECT_FALSE(s.add(ActKind::trace, Stage::refused, {}, {{"signed_by", "pencil"}}, c.first));
}

} // namespace
} // namespace valise::logbook
