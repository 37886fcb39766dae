// SPDX-License-Identifier: Apache-2.0
// Ways into the desks beside the password: an OpenID Connect issuer, a certificate, a passkey; and
// that whoever came in by two of them is one person all the same.
#include "crypto/hash.h"
#include "crypto/jws.h"
#include "crypto/passkey_test_support.h"
#include "desk/pages.h"
#include "logbook/act.h"
#include "two_registries/browser.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

constexpr const char* kIssuer = "https://id.example";
constexpr const char* kSubject = "8a7f";

std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    return at == std::string::npos
               ? ""
               : text.substr(at + from.size(), text.find(to, at + from.size()) - at - from.size());
}

class SigningIn : public ::testing::Test, protected TokyoStaff {
protected:
    SigningIn() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, tokyo.clock.now().plus_days(200));
        kyiv.accredit("tsilkom-taiemno");
        accounts = std::move(*desk::Accounts::open(store, SecretBytes::copy(Bytes(32, 7)), {8, 1}));
        openid = std::make_shared<desk::OpenIdSetting>();
        openid->issuer = std::make_shared<desk::Issuer>(
            kIssuer, [this](const WebCall& call) { return issuer(call); }, tokyo.clock);
        openid->client = "desks";
        openid->secret = SecretBytes::copy(view(std::string_view("a secret/+")));
        openid->shown = "Ministry";
        desk::Pages::Setting setting{false,
                                     {"desk.example"},
                                     [] { return ""; },
                                     [](const forms::Sheet&) { return to_bytes("%PDF"); }};
        setting.noted = [this](const desk::SecurityEvent& event) {
            noted.push_back(std::string(event.what) + " " + event.who + " " + event.reason);
        };
        setting.openid = openid;
        setting.certificates = true;
        pages = std::make_unique<desk::Pages>(*tokyo.registry, *accounts, tokyo.clock, setting);
    }

    // --- the issuer
    // -------------------------------------------------------------------------------
    Result<HttpResponse> issuer(const WebCall& call) {
        HttpResponse out;
        Json body;
        if (call.url.ends_with("/.well-known/openid-configuration"))
            body = {{"issuer", kIssuer},
                    {"authorization_endpoint", "https://id.example/auth"},
                    {"token_endpoint", "https://id.example/token"},
                    {"jwks_uri", "https://id.example/keys"},
                    {"authorization_response_iss_parameter_supported", names_itself}};
        else if (call.url.ends_with("/keys"))
            body = {{"keys", Json::array({key.public_jwk()})}};
        else {
            asked = call;
            body = {{"id_token", id_token()}, {"token_type", "Bearer"}};
        }
        out.body = to_bytes(body.dump());
        return out;
    }
    std::string id_token() const {
        Json said = claims;
        said.update(changed);
        for (const auto& [name, value] : changed.items())
            if (value.is_null())
                said.erase(name);
        const std::string text = to_base64url(view(canonical_json({{"alg", "ES256"}}))) + "." +
                                 to_base64url(view(canonical_json(said)));
        return text + "." + to_base64url(*(forged ? other_key : key).sign(view(text)));
    }
    // Goes there; what the issuer would say of whoever signs in.
    std::string begun(Browser& browser) {
        const HttpResponse answer = browser.send("GET", "/sign-in/openid");
        EXPECT_EQ(answer.status, 303U);
        where = answer.headers.at("location");
        EXPECT_TRUE(where.starts_with("https://id.example/auth?response_type=code&")) << where;
        const std::int64_t now = tokyo.clock.now().seconds;
        claims = {{"iss", kIssuer},
                  {"aud", "desks"},
                  {"sub", kSubject},
                  {"exp", now + 60},
                  {"iat", now},
                  {"auth_time", now - 5},
                  {"nonce", between(where, "&nonce=", "&")}};
        return "/sign-in/openid/back?code=c1&iss=https%3A%2F%2Fid.example&state=" +
               between(where, "&state=", "&");
    }
    void link(const Someone& who, const std::string& name, const std::string& subject = kSubject) {
        const auto made = pages->make_account(who.id(), desk::GivenAccount{.name = name,
                                                                           .way = desk::Way::openid,
                                                                           .issuer = kIssuer,
                                                                           .subject = subject});
        ASSERT_TRUE(made) << made.error().text();
        EXPECT_FALSE(made->contains("password"));
    }
    Browser by_openid() {
        Browser browser{*pages};
        const HttpResponse answer = browser.send("GET", begun(browser));
        EXPECT_EQ(answer.status, 200U) << to_text(answer.body);
        return browser;
    }
    Browser by_certificate(const Someone& who, const std::string& name, const Hash32& pin) {
        EXPECT_TRUE(pages->make_account(
            who.id(), desk::GivenAccount{.name = name, .way = desk::Way::certificate, .pin = pin}));
        Browser browser{*pages};
        browser.certificate = pin;
        const auto answer =
            browser.post("/sign-in/certificate", {{"token", browser.token("/sign-in")}});
        EXPECT_EQ(answer.status, 303U) << to_text(answer.body);
        return browser;
    }
    unsigned at_register(Browser& browser) { return browser.send("GET", "/register").status; }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    MemoryStateStore store;
    std::unique_ptr<desk::Accounts> accounts;
    std::unique_ptr<desk::Pages> pages;
    std::vector<std::string> noted;
    crypto::Es256Key key = crypto::Es256Key::generate();
    crypto::Es256Key other_key = crypto::Es256Key::generate();
    std::shared_ptr<desk::OpenIdSetting> openid;
    bool names_itself = true;
    bool forged = false;
    Json claims;
    Json changed = Json::object();
    WebCall asked;
    std::string where;
};

TEST_F(SigningIn, AtTheIssuerByCodeAndVerifier) {
    link(originator, "tanaka");
    Browser browser{*pages};
    EXPECT_NE(browser.get("/sign-in").find("Ministry"), std::string::npos);
    const std::string back = begun(browser);
    EXPECT_NE(where.find("&code_challenge_method=S256"), std::string::npos);
    EXPECT_NE(where.find("&prompt=login&max_age=0"), std::string::npos);
    EXPECT_NE(where.find("&redirect_uri=http%3A%2F%2Fdesk.example%2Fsign-in%2Fopenid%2Fback"),
              std::string::npos);
    const HttpResponse answer = browser.send("GET", back);
    ASSERT_EQ(answer.status, 200U) << to_text(answer.body);
    EXPECT_EQ(answer.headers.at("refresh"), "0; url=/");
    EXPECT_NE(answer.headers.at("set-cookie").find("SameSite=Strict"), std::string::npos);
    EXPECT_EQ(at_register(browser), 200U);
    const std::string body = to_text(asked.body);
    EXPECT_EQ(between(where, "&code_challenge=", "&"),
              to_base64url(crypto::sha256(view(between(body + "&", "&code_verifier=", "&")))));
    EXPECT_EQ(asked.headers.at("authorization"),
              "Basic " + to_base64(view(std::string_view("desks:a%20secret%2F%2B"))));
    EXPECT_EQ(noted.back(), "sign-in-openid tanaka ");
    // Once, and for the browser that began it.
    Browser other{*pages};
    EXPECT_EQ(other.send("GET", back).status, 403U);
    browser.cookies.erase("valise");
    EXPECT_EQ(browser.send("GET", back).status, 403U);
}

TEST_F(SigningIn, EveryClaimIsLookedAt) {
    link(originator, "tanaka");
    const std::int64_t now = tokyo.clock.now().seconds;
    for (const Json& wrong : {Json{{"iss", "https://id.example/"}},
                              Json{{"iss", nullptr}},
                              Json{{"aud", "another"}},
                              Json{{"aud", nullptr}},
                              Json{{"aud", Json::array({"desks", "another"})}},
                              Json{{"azp", "another"}},
                              Json{{"exp", now - 100}},
                              Json{{"exp", nullptr}},
                              Json{{"iat", now + 100}},
                              Json{{"iat", nullptr}},
                              Json{{"nbf", now + 100}},
                              Json{{"nbf", "soon"}},
                              Json{{"nonce", "another"}},
                              Json{{"nonce", nullptr}},
                              Json{{"auth_time", now - 3600}},
                              Json{{"auth_time", now - 61}}, // before this attempt
                              Json{{"auth_time", now + 61}},
                              Json{{"auth_time", nullptr}},
                              Json{{"sub", "8a7e"}},
                              Json{{"sub", ""}},
                              Json{{"sub", nullptr}}}) {
        changed = wrong;
        Browser browser{*pages};
        EXPECT_EQ(browser.send("GET", begun(browser)).status, 403U) << wrong.dump();
        EXPECT_EQ(at_register(browser), 303U) << wrong.dump();
    }
    changed = {{"aud", Json::array({"desks", "another"})}, {"azp", "desks"}};
    Browser good = by_openid();
    EXPECT_EQ(at_register(good), 200U);
    changed = Json::object();
    forged = true;
    Browser browser{*pages};
    EXPECT_EQ(browser.send("GET", begun(browser)).status, 403U);
}

TEST_F(SigningIn, AnswersOfOthersAndOldOnesLetNobodyIn) {
    link(originator, "tanaka");
    for (const auto& [from, to] :
         {std::pair<std::string, std::string>{"iss=https%3A%2F%2Fid.example", "x=y"},
          {"id.example&", "evil.example&"},
          {"code=c1", "code="},
          {"code=c1", "error=access_denied"},
          {"&state=", "&state=A"}}) {
        Browser browser{*pages};
        std::string back = begun(browser);
        back.replace(back.find(from), from.size(), to);
        EXPECT_EQ(browser.send("GET", back).status, 403U) << to;
    }
    Browser late{*pages};
    const std::string back = begun(late);
    tokyo.clock.at = tokyo.clock.now().plus_seconds(601);
    EXPECT_EQ(late.send("GET", back).status, 403U);
    EXPECT_EQ(late.send("GET", "/sign-in/openid/back").status, 403U);
}

TEST_F(SigningIn, WhoWasRevokedIsOut) {
    link(originator, "tanaka");
    Browser browser = by_openid();
    EXPECT_EQ(at_register(browser), 200U);
    tokyo.act(tokyo.control_officer, logbook::ActKind::revoke,
              {{"what", "person"}, {"person", originator.id().text()}});
    EXPECT_EQ(at_register(browser), 303U);
    Browser again{*pages};
    EXPECT_EQ(again.send("GET", begun(again)).status, 403U);
    EXPECT_EQ(noted.back(), "sign-in-refused tanaka desk.revoked");
}

TEST_F(SigningIn, AStrangerThereLeavesALine) {
    link(originator, "tanaka", "another");
    Browser browser{*pages};
    EXPECT_EQ(browser.send("GET", begun(browser)).status, 403U);
    EXPECT_EQ(noted.back(), "sign-in-refused  desk.openid, subject 8a7f");
}

// An image in a page of another site, as often as it likes.
TEST_F(SigningIn, WhatNobodyBeganHoldsNobodyUp) {
    link(originator, "tanaka");
    const auto lines = noted.size();
    Browser lured{*pages};
    for (int i = 0; i < 200; ++i)
        EXPECT_EQ(lured.send("GET", "/sign-in/openid/back?code=x&state=y").status, 403U);
    EXPECT_EQ(noted.size(), lines);
    Browser browser = by_openid();
    EXPECT_EQ(at_register(browser), 200U);
    // What was begun here and fails is counted.
    unsigned last = 0;
    for (int i = 0; i < 60 && last != 429; ++i) {
        Browser guess{*pages};
        std::string back = begun(guess);
        back.replace(back.find("code=c1"), 7, "code=");
        last = guess.send("GET", back).status;
    }
    EXPECT_EQ(last, 429U);
}

// Where the issuer knows a second factor, that is all that stands between it and one factor.
TEST_F(SigningIn, TheIssuerSaysHowThePersonSignedIn) {
    link(originator, "tanaka");
    openid->context = "urn:two factors";
    for (const Json& wrong : {Json::object(), Json{{"acr", nullptr}}, Json{{"acr", "0"}},
                              Json{{"acr", Json::array({"urn:two factors"})}}}) {
        changed = wrong;
        Browser browser{*pages};
        const std::string back = begun(browser);
        EXPECT_NE(where.find("&acr_values=urn%3Atwo%20factors"), std::string::npos) << where;
        EXPECT_EQ(browser.send("GET", back).status, 403U) << wrong.dump();
        EXPECT_EQ(at_register(browser), 303U) << wrong.dump();
    }
    changed = {{"acr", "urn:two factors"}};
    Browser browser = by_openid();
    EXPECT_EQ(at_register(browser), 200U);
}

// An issuer of before RFC 9207 says no name; one that it says must be its own all the same.
TEST_F(SigningIn, AtAnIssuerThatDoesNotNameItself) {
    names_itself = false;
    link(originator, "tanaka");
    const std::string said = "iss=https%3A%2F%2Fid.example&";
    Browser other{*pages};
    std::string back = begun(other);
    back.replace(back.find(said), said.size(), "iss=https%3A%2F%2Fevil.example&");
    EXPECT_EQ(other.send("GET", back).status, 403U);
    Browser browser{*pages};
    back = begun(browser);
    back.erase(back.find(said), said.size());
    EXPECT_EQ(browser.send("GET", back).status, 200U);
    EXPECT_EQ(at_register(browser), 200U);
}

TEST_F(SigningIn, AClientWithoutASecretSaysWhoItIs) {
    openid->secret = {};
    link(originator, "tanaka");
    Browser browser = by_openid();
    EXPECT_EQ(at_register(browser), 200U);
    EXPECT_FALSE(asked.headers.contains("authorization"));
    EXPECT_NE(to_text(asked.body).find("&client_id=desks"), std::string::npos);
}

// An account that would let nobody in is not made, and the former one stays.
TEST_F(SigningIn, AnAccountIsForTheIssuerThatIsAsked) {
    link(originator, "tanaka");
    for (const auto& [issuer, subject] :
         {std::pair<std::string, std::string>{"https://id.example/", kSubject},
          {"", kSubject},
          {kIssuer, ""},
          {kIssuer, std::string(256, 'x')}})
        EXPECT_EQ(pages
                      ->make_account(originator.id(), desk::GivenAccount{.name = "tanaka",
                                                                         .way = desk::Way::openid,
                                                                         .issuer = issuer,
                                                                         .subject = subject})
                      .error()
                      .reason(),
                  "desk.account_issuer");
    Browser browser = by_openid();
    EXPECT_EQ(at_register(browser), 200U);
}

TEST_F(SigningIn, ByTheCertificateThatTheBrowserShows) {
    Hash32 pin{};
    pin[0] = 1;
    Browser browser = by_certificate(originator, "tanaka", pin);
    EXPECT_EQ(at_register(browser), 200U);
    // The session is worth nothing beside another key, or none.
    Browser thief = browser;
    thief.certificate = Hash32{};
    EXPECT_EQ(at_register(thief), 303U);
    thief.certificate.reset();
    EXPECT_EQ(at_register(thief), 303U);
    EXPECT_EQ(at_register(browser), 200U);
    // A key that nobody has, and none.
    Browser stranger{*pages};
    stranger.certificate = Hash32{};
    EXPECT_EQ(stranger.post("/sign-in/certificate", {{"token", stranger.token("/sign-in")}}).status,
              403U);
    stranger.certificate.reset();
    EXPECT_EQ(stranger.post("/sign-in/certificate", {{"token", stranger.token("/sign-in")}}).status,
              403U);
    // One key, one account.
    EXPECT_EQ(pages
                  ->make_account(releaser.id(), desk::GivenAccount{.name = "suzuki",
                                                                   .way = desk::Way::certificate,
                                                                   .pin = pin})
                  .error()
                  .reason(),
              "desk.account_taken");
}

// An account that was given shows on the overview until its person says that they know.
TEST_F(SigningIn, WhoWasGivenAnAccountIsTold) {
    link(originator, "tanaka");
    Browser browser = by_openid();
    EXPECT_NE(browser.get("/").find("An account was given to you"), std::string::npos);
    EXPECT_NE(browser.get("/").find("An account was given to you"), std::string::npos);
    EXPECT_EQ(noted.front(), "account-made tanaka openid");
    EXPECT_EQ(browser.post("/account/told", {{"token", browser.token("/")}}).status, 303U);
    EXPECT_EQ(browser.get("/").find("An account was given to you"), std::string::npos);
    // Whoever said so, it leaves a line, and the date stays.
    EXPECT_EQ(noted.back(), "account-told tanaka ");
    EXPECT_NE(browser.get("/account").find("Account given"), std::string::npos);
    link(originator, "tanaka");
    EXPECT_EQ(noted.back(), "account-made tanaka openid, anew");
    Browser again = by_openid();
    EXPECT_NE(again.get("/").find("An account was given to you"), std::string::npos);
}

// --- passkeys
// -------------------------------------------------------------------------------------
class APasskeyThere : public SigningIn {
protected:
    Bytes cose() const { return crypto::testing::cose_key(mine); }
    Bytes header(Byte flags) {
        Bytes out = to_bytes(crypto::sha256(view(std::string_view("desk.example"))));
        out.push_back(flags);
        append_u32(out, count);
        return out;
    }
    static std::string client(const char* type, const std::string& challenge) {
        return Json{{"type", type}, {"challenge", challenge}, {"origin", "http://desk.example"}}
            .dump();
    }
    static std::string challenge_in(const std::string& page) {
        return between(page, "name=\"challenge\" value=\"", "\"");
    }
    HttpResponse added(Browser& browser) {
        const std::string page = browser.get("/account");
        Bytes said = header(0x45);
        append(said, Bytes(16, 0));
        append(said, Bytes{0, 20});
        append(said, Bytes(20, 9));
        append(said, cose());
        return browser.post(
            "/account/passkeys",
            {{"token", browser.token("/account")},
             {"challenge", challenge_in(page)},
             {"name", "my key"},
             {"client_data", to_base64url(view(client("webauthn.create", challenge_in(page))))},
             {"authenticator_data", to_base64url(said)}});
    }
    HttpResponse in(Browser& browser, const std::string& challenge) {
        ++count;
        const Bytes said = header(0x05);
        const std::string collected = client("webauthn.get", challenge);
        Bytes what = said;
        append(what, crypto::sha256(view(collected)));
        const Bytes signature = crypto::testing::der(*mine.sign(what));
        return browser.post("/sign-in/passkey", {{"token", browser.token("/sign-in")},
                                                 {"challenge", challenge},
                                                 {"id", to_base64url(Bytes(20, 9))},
                                                 {"user", to_base64url(view(user))},
                                                 {"client_data", to_base64url(view(collected))},
                                                 {"authenticator_data", to_base64url(said)},
                                                 {"signature", to_base64url(signature)}});
    }

    crypto::Es256Key mine = crypto::Es256Key::generate();
    std::uint32_t count = 0;
    std::string user = originator.id().text();
};

TEST_F(APasskeyThere, SignsInWhoAddedIt) {
    link(originator, "tanaka");
    Browser browser = by_openid();
    const HttpResponse answer = added(browser);
    ASSERT_EQ(answer.status, 303U) << to_text(answer.body);
    EXPECT_NE(browser.get("/account").find("my key"), std::string::npos);
    EXPECT_NE(browser.get("/").find("A passkey was added to your account"), std::string::npos);
    Browser fresh{*pages};
    const std::string challenge = challenge_in(fresh.get("/sign-in"));
    ASSERT_EQ(in(fresh, challenge).status, 303U);
    EXPECT_EQ(at_register(fresh), 200U);
    EXPECT_EQ(noted.back(), "sign-in-passkey tanaka ");
    // A question is answered once, within its minutes, by the browser that was asked.
    Browser again{*pages};
    EXPECT_EQ(in(again, challenge).status, 403U);
    const std::string next = challenge_in(again.get("/sign-in"));
    Browser other{*pages};
    other.get("/sign-in");
    EXPECT_EQ(in(other, next).status, 403U);
    user = releaser.id().text();
    EXPECT_EQ(in(again, challenge_in(again.get("/sign-in"))).status, 403U) << "somebody else's";
    user.clear();
    Browser nameless{*pages};
    EXPECT_EQ(in(nameless, challenge_in(nameless.get("/sign-in"))).status, 403U) << "nobody's";
    user = originator.id().text();
    const std::string late = challenge_in(again.get("/sign-in"));
    tokyo.clock.at = tokyo.clock.now().plus_seconds(301);
    EXPECT_EQ(in(again, late).status, 403U);
    // It counted backwards: there are two of it.
    count = 0;
    EXPECT_EQ(in(again, challenge_in(again.get("/sign-in"))).status, 403U);
    EXPECT_EQ(noted.back(), "sign-in-refused tanaka desk.passkey_count");
    count = 100;
    EXPECT_EQ(in(again, challenge_in(again.get("/sign-in"))).status, 303U);
}

TEST_F(APasskeyThere, IsAddedInAFreshSessionAndGoesWithTheAccount) {
    link(originator, "tanaka");
    Browser browser = by_openid();
    for (int minute = 0; minute < 11; ++minute) {
        tokyo.clock.at = tokyo.clock.now().plus_seconds(60);
        browser.get("/");
    }
    EXPECT_EQ(added(browser).status, 403U);
    Browser anew = by_openid();
    EXPECT_EQ(added(anew).status, 303U);
    EXPECT_EQ(added(anew).status, 409U) << "the same again";
    EXPECT_EQ(noted.back(), "passkey-refused tanaka desk.passkey_known");
    const auto gone = anew.post("/account/passkeys/remove", {{"token", anew.token("/account")},
                                                             {"id", to_base64url(Bytes(20, 9))}});
    EXPECT_EQ(gone.status, 303U);
    EXPECT_EQ(at_register(anew), 303U);
    Browser fresh{*pages};
    EXPECT_EQ(in(fresh, challenge_in(fresh.get("/sign-in"))).status, 403U);
    Browser third = by_openid();
    EXPECT_EQ(added(third).status, 303U);
    link(originator, "tanaka"); // made anew: whoever held it holds nothing
    EXPECT_EQ(in(fresh, challenge_in(fresh.get("/sign-in"))).status, 403U);
}

//= O-05
// Whatever the browser and whatever the way in: one person approves once. Both sessions live, and
// both acts are prepared before either is handed in.
TEST_F(APasskeyThere, TwoWaysInAreOnePerson) {
    const std::string purpose = tokyo.terms.purposes().front().code;
    const ItemId item = tokyo.enter_described(originator, "hi", purpose, "paper", {{"pages", 3}});
    const auto prepared = [&](Browser& browser) {
        const auto answer = browser.post("/acts/approve-release",
                                         {{"token", browser.token("/acts/approve-release")},
                                          {"item", item.text()},
                                          {"recipient", "UKR"}});
        return answer.headers.at("location");
    };
    const auto handed_in = [&](Browser& browser, const std::string& at) {
        const auto act = pages->prepared(at.substr(at.rfind('/') + 1)).value();
        browser.post(at,
                     {{"token", browser.token(at)},
                      {"signed", to_base64(logbook::SignedAct::make(act, releaser.key)->bytes())}});
        return browser.get(at);
    };
    link(releaser, "suzuki");
    user = releaser.id().text();
    Browser first = by_openid();
    ASSERT_EQ(added(first).status, 303U);
    Browser another{*pages};
    another.agent = "another";
    ASSERT_EQ(in(another, challenge_in(another.get("/sign-in"))).status, 303U);
    const std::string one = prepared(first);
    const std::string other = prepared(another);
    EXPECT_NE(first.get(one).find("None of your passkeys signs acts here"), std::string::npos);
    EXPECT_NE(handed_in(first, one).find("Permitted and recorded"), std::string::npos);
    EXPECT_NE(handed_in(another, other).find("release-distinct-persons"), std::string::npos);
    EXPECT_EQ(at_register(first), 200U);
    EXPECT_EQ(at_register(another), 200U);
}

} // namespace
} // namespace valise::testing
