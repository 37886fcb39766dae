// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/jwt.h"
#include "desk/internal/known_passwords.h"
#include "desk/issuer.h"

#include <gtest/gtest.h>

namespace valise::desk {
namespace {

class Stopped : public Clock {
public:
    Time now() const override { return at; }
    Time at{1'800'000'000};
};

class AnIssuer : public ::testing::Test {
protected:
    static constexpr const char* kName = "https://id.example/realms/mofa";

    std::unique_ptr<Issuer> opened() {
        return std::make_unique<Issuer>(
            kName,
            [this](const WebCall& call) -> Result<HttpResponse> {
                ++calls;
                asked.push_back(call.url);
                if (meanwhile)
                    std::exchange(meanwhile, {})();
                if (away)
                    return fail(Code::unavailable, "adapters.http_connect");
                HttpResponse out;
                out.status = status;
                out.body = to_bytes(call.url.ends_with("/keys") ? keys.dump() : found.dump());
                return out;
            },
            clock);
    }
    static Json jwk(const crypto::Es256Key& key, const std::string& kid) {
        Json out = key.public_jwk();
        out["kid"] = kid;
        return out;
    }
    static Jwt token(const crypto::Es256Key& key, const Json& header) {
        const std::string text = to_base64url(view(canonical_json(header))) + "." +
                                 to_base64url(view(canonical_json({{"iss", kName}})));
        return *Jwt::parse(text + "." + to_base64url(*key.sign(view(text))), 8192);
    }
    static std::string said(const Result<void>& result) {
        return result ? "good" : result.error().reason();
    }

    crypto::Es256Key first = crypto::Es256Key::generate();
    crypto::Es256Key second = crypto::Es256Key::generate();
    Stopped clock;
    int calls = 0;
    bool away = false;
    std::function<void()> meanwhile; // once, while the next call is under way
    unsigned status = 200;
    std::vector<std::string> asked;
    Json keys = {{"keys", Json::array({jwk(first, "one")})}};
    Json found = {{"issuer", kName},
                  {"authorization_endpoint", "https://id.example/auth"},
                  {"token_endpoint", "https://id.example/token"},
                  {"jwks_uri", "https://id.example/keys"}};
};

TEST_F(AnIssuer, SaysWhereAndIsAskedOnceAnHour) {
    const auto issuer = opened();
    const auto places = issuer->places();
    ASSERT_TRUE(places) << places.error().text();
    EXPECT_EQ(*places,
              (Issuer::Places{"https://id.example/auth", "https://id.example/token", false}));
    EXPECT_EQ(asked.front(), std::string(kName) + "/.well-known/openid-configuration");
    EXPECT_TRUE(issuer->places());
    EXPECT_EQ(calls, 2);
    clock.at = clock.at.plus_seconds(3601);
    EXPECT_TRUE(issuer->places());
    EXPECT_EQ(calls, 4);
    // Away, it is believed for a day and no longer.
    away = true;
    clock.at = clock.at.plus_seconds(23 * 3600);
    EXPECT_TRUE(issuer->places());
    clock.at = clock.at.plus_seconds(2 * 3600);
    EXPECT_EQ(issuer->places().error().reason(), "desk.issuer");
}

TEST_F(AnIssuer, WhatIsNoWordOfItsOwnIsRefused) {
    const auto refused = [&](const char* what) {
        const auto places = opened()->places();
        EXPECT_FALSE(places) << what;
        EXPECT_EQ(places ? "" : places.error().reason(), "desk.issuer") << what;
    };
    const Json good = found;
    for (const auto& [name, value] :
         {std::pair<const char*, Json>{"issuer", "https://id.example/realms/other"},
          {"issuer", nullptr},
          {"authorization_endpoint", "http://id.example/auth"},
          {"authorization_endpoint", "https://id.example/a\"b"},
          {"token_endpoint", "http://127.0.0.1:8080/token"},
          {"token_endpoint", "file:///etc/passwd"},
          {"jwks_uri", ""},
          {"jwks_uri", 7},
          {"code_challenge_methods_supported", Json::array({"plain"})}}) {
        found = good;
        found[name] = value;
        refused(name);
    }
    found = good;
    keys = Json::array();
    refused("no key set");
    keys = {{"keys", Json::array()}};
    for (int i = 0; i < 33; ++i)
        keys["keys"].push_back(jwk(first, std::to_string(i)));
    refused("too many keys");
    status = 302;
    refused("led elsewhere");
}

TEST_F(AnIssuer, OneOfItsKeysSigned) {
    const auto issuer = opened();
    EXPECT_EQ(said(issuer->verify(token(first, {{"alg", "ES256"}, {"kid", "one"}}))), "good");
    EXPECT_EQ(said(issuer->verify(token(first, {{"alg", "ES256"}}))), "good");
    EXPECT_EQ(said(issuer->verify(token(second, {{"alg", "ES256"}, {"kid", "one"}}))),
              "desk.token");
    EXPECT_EQ(said(issuer->verify(token(first, {{"alg", "HS256"}, {"kid", "one"}}))), "desk.token");
    EXPECT_EQ(said(issuer->verify(token(first, {{"alg", "none"}, {"kid", "one"}}))), "desk.token");
    Jwt changed = token(first, {{"alg", "ES256"}, {"kid", "one"}});
    changed.signed_part.back() ^= 1;
    EXPECT_EQ(said(issuer->verify(changed)), "desk.token");
    // A key that is for something else, and one for another algorithm.
    keys["keys"].push_back(jwk(second, "two"));
    keys["keys"].back()["use"] = "enc";
    keys["keys"].push_back(jwk(second, "three"));
    keys["keys"].back()["alg"] = "RS256";
    clock.at = clock.at.plus_seconds(3601);
    for (const char* kid : {"two", "three"})
        EXPECT_EQ(said(issuer->verify(token(second, {{"alg", "ES256"}, {"kid", kid}}))),
                  "desk.token");
}

TEST_F(AnIssuer, AKeyNobodyKnowsIsAskedForSeldom) {
    const auto issuer = opened();
    const Json fresh = {{"alg", "ES256"}, {"kid", "two"}};
    EXPECT_EQ(said(issuer->verify(token(first, {{"alg", "ES256"}, {"kid", "one"}}))), "good");
    keys["keys"].push_back(jwk(second, "two"));
    // Within half a minute of the last look nobody makes it look again.
    EXPECT_EQ(said(issuer->verify(token(second, fresh))), "desk.token");
    EXPECT_EQ(calls, 2);
    clock.at = clock.at.plus_seconds(31);
    EXPECT_EQ(said(issuer->verify(token(second, fresh))), "good");
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(said(issuer->verify(token(second, {{"alg", "ES256"}, {"kid", "x"}}))),
                  "desk.token");
    EXPECT_EQ(calls, 4);
    // A key that was taken off counts no more once it was looked for again.
    keys["keys"].erase(0);
    clock.at = clock.at.plus_seconds(3601);
    EXPECT_EQ(said(issuer->verify(token(first, {{"alg", "ES256"}, {"kid", "one"}}))), "desk.token");
}

// Whoever comes while another fetches is answered at once, by what is known; the fetching here goes
// on in the very thread that asks again, so that a lock that is held while calling shows.
TEST_F(AnIssuer, NobodyWaitsForWhatAnotherFetches) {
    const auto issuer = opened();
    std::string first_said;
    std::string places_said;
    meanwhile = [&] {
        const auto places = issuer->places();
        places_said = places ? "good" : places.error().reason();
    };
    EXPECT_TRUE(issuer->places());
    EXPECT_EQ(places_said, "desk.issuer") << "nothing is known yet";
    clock.at = clock.at.plus_seconds(3601);
    meanwhile = [&] {
        first_said = said(issuer->verify(token(first, {{"alg", "ES256"}, {"kid", "one"}})));
    };
    EXPECT_TRUE(issuer->places());
    EXPECT_EQ(first_said, "good");
    EXPECT_EQ(calls, 4);
    // An attempt that took long is not followed by the next at once.
    meanwhile = [&] { clock.at = clock.at.plus_seconds(60); };
    clock.at = clock.at.plus_seconds(100);
    const Json unknown = {{"alg", "ES256"}, {"kid", "x"}};
    EXPECT_EQ(said(issuer->verify(token(second, unknown))), "desk.token");
    EXPECT_EQ(calls, 6);
    EXPECT_EQ(said(issuer->verify(token(second, unknown))), "desk.token");
    EXPECT_EQ(calls, 6);
}

// Not every worker is out there at once, and a key that is known needs none of them.
TEST_F(AnIssuer, AsManyCallsAtOnceAsItIsGiven) {
    const auto issuer = opened();
    ASSERT_TRUE(issuer->places());
    WebCall call;
    call.url = "https://id.example/token";
    std::string third;
    std::string known;
    meanwhile = [&] {
        meanwhile = [&] {
            const auto answer = issuer->call(call);
            third = answer ? "good" : answer.error().reason();
            known = said(issuer->verify(token(first, {{"alg", "ES256"}, {"kid", "one"}})));
        };
        EXPECT_TRUE(issuer->call(call));
    };
    EXPECT_TRUE(issuer->call(call));
    EXPECT_EQ(third, "desk.issuer");
    EXPECT_EQ(known, "good");
    EXPECT_TRUE(issuer->call(call));
}

TEST(KnownPasswords, WhatEverybodyUsesInNewClothes) {
    for (const char* known : {"passwordpassword", "Password2026!!", "P@ssw0rd1234", "qwertyuiop12",
                              "1qaz2wsx3edc", "Welcome12345!", "letmeinletmein", "Summer2026!!!",
                              "abcdefghijkl", "123456789012", "correcthorsebatterystaple",
                              "Tokyo2026!Kyiv", "Слава Україна 1", "йцукенгшщзх", "valise-admin-1"})
        EXPECT_TRUE(known_password(known)) << known;
    for (const char* good :
         {"a phrase of letters", "a phrase of twenty letters", "k3fw-9qtm-x2ab-77pd",
          "колесо під старим мостом", "静かな池に飛び込む蛙の音か"})
        EXPECT_FALSE(known_password(good)) << good;
}

} // namespace
} // namespace valise::desk
