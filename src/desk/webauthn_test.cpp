// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/jws.h"
#include "crypto/passkey_test_support.h"
#include "crypto/sign.h"
#include "desk/internal/webauthn.h"

#include <gtest/gtest.h>

namespace valise::desk {
namespace {

constexpr Byte kGood = 0x01 | 0x04;

// An authenticator that says whatever it is told to say.
class APasskey : public ::testing::TestWithParam<bool> {
protected:
    bool es256() const { return GetParam(); }

    Bytes cose() const {
        return es256() ? crypto::testing::cose_key(p256) : crypto::testing::cose_key(ed25519);
    }
    Bytes header(Byte flags, std::uint32_t count) const {
        Bytes out = to_bytes(crypto::sha256(view(std::string_view("desk.example"))));
        out.push_back(flags);
        for (int shift = 24; shift >= 0; shift -= 8)
            out.push_back(static_cast<Byte>(count >> shift));
        return out;
    }
    Bytes made(Byte flags = kGood | 0x40) const {
        Bytes out = header(flags, 0);
        append(out, Bytes(16, 0));
        append(out, Bytes{0, 20});
        append(out, Bytes(20, 9));
        append(out, cose());
        return out;
    }
    Bytes client(const char* type, const Json& more = Json::object()) const {
        Json out = {{"type", type},
                    {"challenge", to_base64url(asked.challenge)},
                    {"origin", "https://desk.example:8443"},
                    {"crossOrigin", false}};
        out.update(more);
        return to_bytes(out.dump());
    }
    Bytes signed_over(ByteView data, ByteView client_data) const {
        Bytes what = to_bytes(data);
        append(what, crypto::sha256(client_data));
        if (!es256())
            return *ed25519.sign(what);
        return crypto::testing::der(*p256.sign(what));
    }
    std::string added(ByteView client_data, ByteView data) const {
        const auto out = read_new_passkey(client_data, data, asked);
        return out ? "good" : out.error().context();
    }
    std::string checked(ByteView client_data, ByteView data, ByteView signature) const {
        const auto out = read_passkey_signature(known, client_data, data, signature, asked);
        return out ? "good" : out.error().context();
    }

    crypto::Es256Key p256 = crypto::Es256Key::generate();
    crypto::SigningKey ed25519 = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    PasskeyAsked asked{Bytes(56, 5), "https://desk.example:8443", "desk.example"};
    Passkey known = [this] {
        Passkey out;
        out.id = Bytes(20, 9);
        out.key = cose();
        return out;
    }();
};

INSTANTIATE_TEST_SUITE_P(Keys, APasskey, ::testing::Bool());

TEST_P(APasskey, IsMadeAndSigns) {
    const auto fresh = read_new_passkey(client("webauthn.create"), made(), asked);
    ASSERT_TRUE(fresh) << fresh.error().text();
    EXPECT_EQ(fresh->id, Bytes(20, 9));
    EXPECT_EQ(fresh->key, cose());
    EXPECT_FALSE(fresh->may_leave);
    const Bytes data = header(kGood, 7);
    const auto said = read_passkey_signature(known, client("webauthn.get"), data,
                                             signed_over(data, client("webauthn.get")), asked);
    ASSERT_TRUE(said) << said.error().text();
    EXPECT_EQ(said->count, 7U);
    const auto synced = read_new_passkey(client("webauthn.create"), made(kGood | 0x58), asked);
    ASSERT_TRUE(synced);
    EXPECT_TRUE(synced->may_leave && synced->left);
}

TEST_P(APasskey, WhatTheBrowserCollectedMustBeOurs) {
    for (const Json& wrong :
         {Json{{"type", "webauthn.get"}}, Json{{"challenge", to_base64url(Bytes(56, 6))}},
          Json{{"challenge", nullptr}}, Json{{"origin", "https://desk.example"}},
          Json{{"origin", "http://desk.example:8443"}},
          Json{{"origin", "https://evil.example:8443"}}, Json{{"crossOrigin", true}},
          Json{{"crossOrigin", "false"}}, Json{{"topOrigin", "https://evil.example"}}})
        EXPECT_NE(added(client("webauthn.create", wrong), made()), "good") << wrong.dump();
    EXPECT_EQ(added(client("webauthn.create", {{"later_members", 1}}), made()), "good");
    EXPECT_NE(added(view(std::string_view("{\"type\":\"webauthn.create\"")), made()), "good");
    EXPECT_NE(added(view(std::string_view("[]")), made()), "good");
    // Named twice, the first could be for us and the second for them.
    std::string twice = to_text(client("webauthn.create"));
    twice.insert(1, "\"origin\":\"https://evil.example\",");
    EXPECT_NE(added(view(twice), made()), "good");
}

TEST_P(APasskey, TheHolderIsThereAndVerified) {
    const Bytes collected = client("webauthn.get");
    for (const int flags : {0x00, 0x01, 0x04, 0x05 | 0x10, 0x05 | 0x08, 0x05 | 0x40, 0x05 | 0x80}) {
        const Bytes data = header(static_cast<Byte>(flags), 1);
        EXPECT_NE(checked(collected, data, signed_over(data, collected)), "good") << flags;
    }
    for (const int flags : {0x40, 0x41, 0x44, 0x05, 0x45 | 0x10, 0x45 | 0x80})
        EXPECT_NE(added(client("webauthn.create"), made(static_cast<Byte>(flags))), "good")
            << flags;
    asked.host = "other.example";
    EXPECT_NE(added(client("webauthn.create"), made()), "good");
}

TEST_P(APasskey, NothingIsCutShortOrAppended) {
    const Bytes whole = made();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_NE(added(client("webauthn.create"), ByteView(whole).first(size)), "good") << size;
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_NE(added(client("webauthn.create"), longer), "good");
    Bytes more = made(kGood | 0xC0);
    append(more, Bytes{0xA1, 0x61, 0x61, 0x01});
    EXPECT_EQ(added(client("webauthn.create"), more), "good");
}

TEST_P(APasskey, EveryFlippedBitOfASignatureIsCaught) {
    const Bytes collected = client("webauthn.get");
    const Bytes data = header(kGood, 1);
    const Bytes signature = signed_over(data, collected);
    EXPECT_EQ(checked(collected, data, signature), "good");
    for (std::size_t at = 0; at < signature.size() * 8; ++at) {
        Bytes wrong = signature;
        wrong[at / 8] ^= static_cast<Byte>(1U << (at % 8));
        EXPECT_NE(checked(collected, data, wrong), "good") << at;
    }
    for (std::size_t at = 0; at < data.size() * 8; ++at) {
        Bytes wrong = data;
        wrong[at / 8] ^= static_cast<Byte>(1U << (at % 8));
        EXPECT_NE(checked(collected, wrong, signature), "good") << at;
    }
    EXPECT_NE(checked(collected, data, {}), "good");
    Bytes longer = signature;
    longer.push_back(0);
    EXPECT_NE(checked(collected, data, longer), "good");
    known.key = Bytes(known.key.size(), 0);
    EXPECT_NE(checked(collected, data, signature), "good");
}

} // namespace
} // namespace valise::desk
