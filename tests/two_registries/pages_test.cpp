// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"
#include "desk/internal/one_time_code.h"
#include "desk/internal/testing.h"
#include "desk/pages.h"
#include "two_registries/at_the_desks.h"

namespace valise::testing {
namespace {

TEST_F(AtTheDesks, EveryDeskOnBothSidesInEveryLanguage) {
    for (Side* side : {&tokyo, &kyiv}) {
        store.bytes.reset();
        const auto pages = open(*side);
        Browser browser = signed_in(*pages, *side, side->control_officer, "officer");
        const std::string any = side->registry->state().items().begin()->first.text();
        for (const char* language : {"en", "ja", "uk"}) {
            browser.get(std::string("/?lang=") + language, 303);
            for (const std::string& path : {std::string("/"),
                                            std::string("/register"),
                                            "/register/" + any,
                                            std::string("/register?direction=out&level=gokuhi"),
                                            std::string("/in"),
                                            std::string("/out"),
                                            std::string("/release"),
                                            std::string("/duties"),
                                            std::string("/acts"),
                                            std::string("/forms"),
                                            std::string("/incidents"),
                                            std::string("/musters"),
                                            std::string("/inspector"),
                                            std::string("/inspector/register"),
                                            std::string("/inspector/holdings"),
                                            std::string("/inspector/overdue"),
                                            std::string("/inspector/muster"),
                                            std::string("/inspector/access"),
                                            std::string("/inspector/inspection"),
                                            std::string("/agreement"),
                                            std::string("/log"),
                                            std::string("/peers"),
                                            std::string("/people"),
                                            std::string("/health"),
                                            std::string("/account")}) {
                const std::string page = browser.get(path);
                EXPECT_NE(page.find("<html lang=\"" + std::string(language)), std::string::npos);
                EXPECT_LT(page.size(), 150U << 10) << path;
            }
            for (const logbook::ActKind kind : logbook::all_act_kinds()) {
                const HttpResponse response =
                    browser.send("GET", "/acts/" + std::string(to_string(kind)));
                EXPECT_TRUE(response.status == 200 || response.status == 404) << to_string(kind);
            }
        }
    }
}

// Prepared in the browser, signed elsewhere, decided as any other act; and only so.
TEST_F(AtTheDesks, AnActIsPreparedSignedAndHandedIn) {
    const auto pages = open(tokyo);
    Browser browser = signed_in(*pages, tokyo, releaser, "suzuki");
    const auto prepare = [&](const std::string& recipient) {
        auto answer = browser.post("/acts/approve-release",
                                   {{"token", browser.token("/acts/approve-release")},
                                    {"item", "JPN-2026-0002"},
                                    {"recipient", recipient},
                                    {"reason", "<b>urgent</b>"}});
        EXPECT_EQ(answer.status, 303U) << to_text(answer.body);
        return answer.headers["location"];
    };
    const std::string at = prepare("UKR");
    const auto events = tokyo.registry->state().next_seq();
    const std::string page = browser.get(at);
    EXPECT_NE(page.find("The agreement would permit it"), std::string::npos);
    EXPECT_NE(page.find("&lt;b&gt;urgent"), std::string::npos);
    EXPECT_EQ(tokyo.registry->state().next_seq(), events) << "looking records nothing";
    const auto act = pages->prepared(at.substr(at.rfind('/') + 1)).value();
    const auto hand_in = [&](ByteView bytes) {
        return browser.post(at, {{"token", browser.token(at)}, {"signed", to_base64(bytes)}})
            .status;
    };
    // Another person's key is not the one that the act names.
    EXPECT_FALSE(logbook::SignedAct::make(act, second.key));
    const auto other = logbook::Act::make(act.kind(), act.party(), act.terms(), act.at(),
                                          act.signer(), act.content(), logbook::ActNonce{})
                           .value();
    EXPECT_EQ(hand_in(logbook::SignedAct::make(other, releaser.key)->bytes()), 400U);
    EXPECT_EQ(tokyo.registry->state().next_seq(), events);
    EXPECT_EQ(hand_in(logbook::SignedAct::make(act, releaser.key)->bytes()), 303U);
    EXPECT_NE(browser.get(at).find("Permitted and recorded"), std::string::npos);
    EXPECT_EQ(tokyo.registry->state().next_seq(), events + 1);
    // Whatever the browser: one person does not approve twice.
    Browser again = signed_in(*pages, tokyo, releaser, "suzuki");
    auto answer =
        again.post("/acts/approve-release", {{"token", again.token("/acts/approve-release")},
                                             {"item", paper.text()},
                                             {"recipient", "UKR"}});
    const std::string twice = answer.headers["location"];
    EXPECT_NE(again.get(twice).find("The agreement would refuse it"), std::string::npos);
    const auto repeated = pages->prepared(twice.substr(twice.rfind('/') + 1)).value();
    answer = again.post(
        twice, {{"token", again.token(twice)},
                {"signed", to_base64(logbook::SignedAct::make(repeated, releaser.key)->bytes())}});
    EXPECT_EQ(answer.status, 303U);
    EXPECT_NE(again.get(twice).find("release-distinct-persons"), std::string::npos);
}

// Each form that a person can fill in leads to an act that the logbook takes.
TEST_F(AtTheDesks, FormsMakeActs) {
    const auto pages = open(tokyo);
    Browser browser = signed_in(*pages, tokyo, tokyo.control_officer, "officer");
    const std::string copy = tokyo.registry->state().copies_of(paper).front().id.text();
    const std::string person = originator.id().text();
    const std::vector<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>>
        forms = {
            {"enter",
             {{"form", "paper"},
              {"level", "hi"},
              {"purpose", purpose},
              {"title", "t"},
              {"pages", "2"},
              {"label_rights", "Patent, other"},
              {"label_rights_note", "ask first"}}},
            {"enter",
             {{"form", "oral"},
              {"level", "hi"},
              {"purpose", purpose},
              {"title", "t"},
              {"disclosed_by", "a"},
              {"disclosed_to", "b"},
              {"disclosed_at", "2026-11-24T00:00"}}},
            {"grant",
             {{"person", "officer"},
              {"item", "JPN-2026-0002"},
              {"purpose", purpose},
              {"until", "2026-12-24T00:00"}}},
            {"issue",
             {{"item", "JPN-2026-0002"},
              {"copy", "JPN-2026-0002/1"},
              {"person", person},
              {"purpose", purpose},
              {"due", "2026-12-01T00:00"}}},
            {"container",
             {{"level", "gokuhi"},
              {"access", "officer, " + person},
              {"controls", "safe, locked"},
              {"name", "n"}}},
            {"law",
             {{"law", "jp-108-2013"},
              {"edition", "2026-1"},
              {"from", "2026-12-01T00:00"},
              {"text", to_base64(Bytes(32, 7))},
              {"affects", "yes"},
              {"title", "t"}}},
            {"ask-laws", {{"peer", "UKR"}}},
            {"copy", {{"item", paper.text()}, {"form", "paper"}, {"reason", "r"}}},
            {"begin-muster", {}},
            {"absence",
             {{"person", person}, {"from", "2026-11-24T00:00"}, {"until", "2026-11-25T00:00"}}},
            {"brief", {{"briefing", "you were told"}}},
            {"report-incident", {{"item", "JPN-2026-0002"}, {"what", "loss"}, {"copy", copy}}},
            {"enrol", {{"key", to_base64(Bytes(32, 9))}, {"name", "n"}}},
            {"clear", {{"person", person}, {"level", "hi"}, {"until", "2026-12-24T00:00"}}},
            {"revoke", {{"what", "role"}, {"person", person}, {"role", "reader"}}},
            {"adopt-terms", {{"as", "amendment"}, {"from", "2026-12-24T00:00"}, {"text", "x"}}},
        };
    for (const auto& [kind, fields] : forms) {
        auto all = fields;
        all.emplace_back("token", browser.token("/acts/" + kind));
        const HttpResponse answer = browser.post("/acts/" + kind, all);
        EXPECT_EQ(answer.status, 303U) << kind << to_text(answer.body);
        if (answer.status == 303)
            browser.get(answer.headers.at("location"));
    }
    const auto wrong = browser.post(
        "/acts/issue", {{"token", browser.token("/acts/issue")}, {"item", "JPN-2026-0777"}});
    EXPECT_EQ(wrong.status, 400U);
    EXPECT_NE(to_text(wrong.body).find("desk.no_item"), std::string::npos);
}

TEST_F(AtTheDesks, UnderTlsTheCookieIsBoundToTheHost) {
    const auto pages = open(tokyo, true);
    const Json made = pages->make_account(releaser.id(), "suzuki").value();
    Browser browser{*pages};
    const auto secret = from_base32(lower(made.at("secret"))).value();
    HttpRequest request;
    request.method = "POST";
    request.target = "/sign-in";
    const std::string token = browser.token("/sign-in");
    request.headers = {{"host", "desk.example"},
                       {"origin", "https://desk.example"},
                       {"content-type", "application/x-www-form-urlencoded"},
                       {"cookie", "valise-visitor=" + browser.cookies["valise-visitor"]}};
    request.body = to_bytes(
        "token=" + token + "&name=suzuki&password=" + made.at("password").get<std::string>() +
        "&code=" + desk::one_time_code(secret, desk::code_period(tokyo.clock.now())));
    const HttpResponse response = pages->answer(request);
    ASSERT_EQ(response.status, 303U) << to_text(response.body);
    const std::string cookie = response.headers.at("set-cookie");
    EXPECT_TRUE(cookie.starts_with("__Host-valise=")) << cookie;
    EXPECT_NE(cookie.find("; Secure"), std::string::npos);
    EXPECT_TRUE(response.headers.contains("strict-transport-security"));
}

// Over the registry's own socket: accounts, and the act that a page shows.
TEST_F(AtTheDesks, TheApiAnswersAsDescribed) {
    const auto pages = open(tokyo);
    const desk::Api api(*tokyo.registry, [] { return ""; }, "", pages.get());
    const auto ask = [&](const char* method, const std::string& target, const std::string& body) {
        HttpRequest request;
        request.method = method;
        request.target = target;
        request.body = to_bytes(body);
        return api.answer(request);
    };
    const auto faults = [&](const char* schema, const HttpResponse& response) {
        const Json document = desk::Api::openapi();
        EXPECT_EQ(response.status, 200U) << to_text(response.body);
        return desk::testing::schema_faults(document.at("components").at("schemas"), schema,
                                            *parse_json(response.body));
    };
    const std::string person = releaser.id().text();
    EXPECT_EQ(faults("account-made", ask("POST", "/api/v1/desk/accounts",
                                         R"({"person":")" + person + R"(","name":"suzuki"})")),
              std::vector<std::string>());
    EXPECT_EQ(faults("accounts", ask("GET", "/api/v1/desk/accounts", "")),
              std::vector<std::string>());
    EXPECT_EQ(faults("account-ended", ask("POST", "/api/v1/desk/accounts/" + person + "/end", "")),
              std::vector<std::string>());
    Browser browser = signed_in(*pages, tokyo, tokyo.control_officer, "officer");
    const auto answer =
        browser.post("/acts/begin-muster", {{"token", browser.token("/acts/begin-muster")}});
    const std::string at = answer.headers.at("location");
    EXPECT_EQ(
        faults("prepared-act", ask("GET", "/api/v1/desk/acts/" + at.substr(at.rfind('/') + 1), "")),
        std::vector<std::string>());
    EXPECT_EQ(ask("GET", "/api/v1/desk/acts/aaaa-aaaa", "").status, 404U);
    const Someone stranger{"Stranger"};
    EXPECT_EQ(ask("POST", "/api/v1/desk/accounts",
                  R"({"person":")" + stranger.id().text() + R"(","name":"x"})")
                  .status,
              404U);
    const desk::Api without(*tokyo.registry, [] { return ""; });
    HttpRequest request;
    request.method = "GET";
    request.target = "/api/v1/desk/accounts";
    EXPECT_EQ(without.answer(request).status, 409U);
}

} // namespace
} // namespace valise::testing
