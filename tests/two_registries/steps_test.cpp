// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"
#include "desk/internal/testing.h"
#include "desk/shell_word.h"
#include "two_registries/at_the_desks.h"

namespace valise::testing {
namespace {

// What somebody who never did an exchange needs: the act handed in by the command that signs it,
// and at each page the next step, who takes it, and its form filled in.
class Steps : public AtTheDesks {
protected:
    static bool has(const std::string& page, const std::string& text) {
        return page.find(text) != std::string::npos;
    }
    static std::string code_of(const std::string& at) { return at.substr(at.rfind('/') + 1); }
    static std::string prepared(Browser& browser, const std::string& kind,
                                std::vector<std::pair<std::string, std::string>> fields) {
        fields.emplace_back("token", browser.token("/acts/" + kind));
        const auto answer = browser.post("/acts/" + kind, fields);
        EXPECT_EQ(answer.status, 303U) << to_text(answer.body);
        return answer.status == 303 ? answer.headers.at("location") : "/";
    }
    static HttpResponse handed_in(const desk::Api& api, const std::string& code, ByteView act) {
        HttpRequest request;
        request.method = "POST";
        request.target = "/api/v1/desk/acts/" + code;
        request.body = Bytes(act.begin(), act.end());
        return api.answer(request);
    }
    // Prepared at the desk, signed and handed in by the command; the page that shows the decision.
    static std::string done(const desk::Api& api, const desk::Pages& pages, Browser& browser,
                            const Someone& who, const std::string& kind,
                            std::vector<std::pair<std::string, std::string>> fields) {
        const std::string at = prepared(browser, kind, std::move(fields));
        const auto act = pages.prepared(code_of(at));
        if (!act)
            return {};
        const auto signed_act = logbook::SignedAct::make(*act, who.key);
        EXPECT_EQ(handed_in(api, code_of(at), signed_act->bytes()).status, 200U);
        return browser.get(at);
    }
    desk::Api api_of(Side& side, const desk::Pages& pages) {
        return desk::Api(*side.registry, [] { return ""; }, "", &pages);
    }
};

TEST_F(Steps, TheCommandHandsInWhatThePageShowsAndNothingElse) {
    const auto pages = open(tokyo);
    const auto api = api_of(tokyo, *pages);
    Browser browser = signed_in(*pages, tokyo, tokyo.control_officer, "officer");
    const std::string at = prepared(browser, "begin-muster", {});
    const std::string code = code_of(at);
    EXPECT_TRUE(has(browser.get(at), "valise --as officer.key sign " + code));
    const auto act = pages->prepared(code).value();
    const auto events = tokyo.registry->state().next_seq();
    const auto other = logbook::Act::make(act.kind(), act.party(), act.terms(), act.at(),
                                          act.signer(), act.content(), logbook::ActNonce{})
                           .value();
    const auto mine = logbook::SignedAct::make(act, tokyo.control_officer.key).value();
    Bytes forged(mine.bytes().begin(), mine.bytes().end());
    forged.back() ^= 1;
    EXPECT_EQ(
        handed_in(api, code, logbook::SignedAct::make(other, tokyo.control_officer.key)->bytes())
            .status,
        403U);
    EXPECT_NE(handed_in(api, code, forged).status, 200U);
    EXPECT_EQ(handed_in(api, "aaaa-aaaa", mine.bytes()).status, 404U);
    EXPECT_EQ(tokyo.registry->state().next_seq(), events);
    EXPECT_TRUE(has(browser.get(at), "sign-command"));
    const HttpResponse first = handed_in(api, code, mine.bytes());
    EXPECT_EQ(desk::testing::schema_faults(desk::Api::openapi().at("components").at("schemas"),
                                           "act-answer", *parse_json(first.body)),
              std::vector<std::string>());
    const auto after = tokyo.registry->state().next_seq();
    EXPECT_GT(after, events);
    // A line that broke before the answer came: asked again, it is the same answer.
    const HttpResponse again = handed_in(api, code, mine.bytes());
    EXPECT_EQ(again.status, 200U);
    EXPECT_EQ(again.body, first.body);
    EXPECT_NE(handed_in(api, code, forged).status, 200U);
    EXPECT_EQ(tokyo.registry->state().next_seq(), after);
    const std::string page = browser.get(at);
    EXPECT_TRUE(has(page, "Permitted and recorded"));
    EXPECT_FALSE(has(page, "sign-command") || has(page, "to-sign"));
}

TEST_F(Steps, WhatASessionPreparedIsNotHandedInAfterIt) {
    const auto pages = open(tokyo);
    const auto api = api_of(tokyo, *pages);
    Browser browser = signed_in(*pages, tokyo, tokyo.control_officer, "officer");
    const std::string code = code_of(prepared(browser, "begin-muster", {}));
    const auto mine =
        logbook::SignedAct::make(pages->prepared(code).value(), tokyo.control_officer.key).value();
    tokyo.clock.at = tokyo.clock.at.plus_seconds(16 * 60);
    EXPECT_FALSE(pages->prepared(code));
    EXPECT_EQ(handed_in(api, code, mine.bytes()).status, 404U);
}

TEST_F(Steps, EachPageNamesTheNextStepAndItsRole) {
    const auto pages = open(tokyo);
    const auto api = api_of(tokyo, *pages);
    Browser tanaka = signed_in(*pages, tokyo, originator, "tanaka");
    Browser suzuki = signed_in(*pages, tokyo, releaser, "suzuki");
    const std::vector<std::pair<std::string, std::string>> release = {{"item", paper.text()},
                                                                      {"recipient", "UKR"}};
    const std::string link = "item=" + paper.text() + "&amp;recipient=UKR";
    EXPECT_TRUE(has(tanaka.get("/release"), "Ask release first"));
    EXPECT_FALSE(has(suzuki.get("/"), "Waiting for you"));
    std::string page = done(api, *pages, tanaka, originator, "ask-release", release);
    EXPECT_TRUE(has(page, "Next step"));
    EXPECT_TRUE(has(page, "/acts/approve-release?" + link)) << page;
    EXPECT_TRUE(has(page, "releasing authority: suzuki")) << page;
    EXPECT_TRUE(has(page, "0 of 2 needed"));
    Browser officer = signed_in(*pages, tokyo, tokyo.control_officer, "officer");
    EXPECT_FALSE(has(officer.get("/"), "/acts/approve-release?" + link)) << "not theirs to do";
    page = suzuki.get("/");
    EXPECT_TRUE(has(page, "Waiting for you"));
    EXPECT_TRUE(has(page, "/acts/approve-release?" + link));
    page = done(api, *pages, suzuki, releaser, "approve-release", release);
    EXPECT_TRUE(has(page, "1 of 2 needed"));
    EXPECT_FALSE(has(suzuki.get("/"), "/acts/approve-release?" + link)) << "her part is done";
    // What is signed stands there letter for letter, and the title nowhere.
    const std::string at = prepared(tanaka, "ask-release", release);
    page = tanaka.get(at);
    const auto act = pages->prepared(code_of(at)).value();
    const std::string digest = act.content().at("release_digest");
    EXPECT_TRUE(has(page, "<dd class=\"id\"><span>" + digest)) << digest;
    EXPECT_TRUE(has(page, "kept apart"));
}

TEST_F(Steps, WhatArrivedIsLedToItsReader) {
    const auto pages = open(kyiv);
    const auto api = api_of(kyiv, *pages);
    const Someone reader{"Bondarenko"};
    kyiv.enrol(reader);
    kyiv.clear(reader, "tsilkom-taiemno", kyiv.clock.now().plus_days(100));
    kyiv.brief(reader);
    Browser officer = signed_in(*pages, kyiv, kyiv.control_officer, "officer");
    Browser bondarenko = signed_in(*pages, kyiv, reader, "bondarenko");
    const ItemId arrived = kyiv.registry->state().items().begin()->first;
    EXPECT_TRUE(has(officer.get("/"), "nobody may read it yet"));
    EXPECT_FALSE(has(bondarenko.get("/"), "Waiting for you"));
    EXPECT_TRUE(has(bondarenko.get("/reading"), "Who gives one: control officer: officer"));
    // The other side's name for the level, from the table and by its clause.
    std::string page = bondarenko.get("/register/" + arrived.text());
    EXPECT_TRUE(has(page, "JPN 極秘 ↔ UKR "));
    EXPECT_TRUE(has(page, "(O-12)"));
    // Open is filled in, refused, and says who gives what is missing, by which act.
    EXPECT_TRUE(has(page, "/acts/open?copy="));
    EXPECT_TRUE(has(page, "→ grant (control officer)"));
    const std::string copy = kyiv.registry->state().copies_of(arrived).front().id.text();
    page = bondarenko.get(prepared(
        bondarenko, "open", {{"item", arrived.text()}, {"copy", copy}, {"purpose", purpose}}));
    EXPECT_TRUE(has(page, "What is missing, and who gives it"));
    EXPECT_TRUE(has(page, "/acts/grant?item=" + arrived.text() +
                              "&amp;person=" + reader.id().text() + "&amp;purpose=" + purpose));
    page = done(api, *pages, officer, kyiv.control_officer, "grant",
                {{"person", reader.id().text()},
                 {"item", arrived.text()},
                 {"purpose", purpose},
                 {"until", kyiv.clock.now().plus_days(30).text().substr(0, 16)}});
    EXPECT_TRUE(has(page, "reader: bondarenko")) << page;
    EXPECT_FALSE(has(officer.get("/"), "nobody may read it yet"));
    EXPECT_TRUE(has(bondarenko.get("/"), "have not read it"));
    page = bondarenko.get("/reading");
    EXPECT_TRUE(has(page, "/acts/open?copy=" + copy));
    EXPECT_FALSE(has(page, "Who gives one"));
}

TEST_F(Steps, TheCommandThatEntersADocument) {
    const auto pages = open(tokyo);
    Browser tanaka = signed_in(*pages, tokyo, originator, "tanaka");
    Browser suzuki = signed_in(*pages, tokyo, releaser, "suzuki");
    EXPECT_TRUE(has(tanaka.get("/"), "/enter-document"));
    EXPECT_FALSE(has(suzuki.get("/"), "/enter-document")) << "no clause lets a releaser enter";
    const auto events = tokyo.registry->state().next_seq();
    std::vector<std::pair<std::string, std::string>> fields = {
        {"level", "hi"}, {"purpose", purpose}, {"title", "it's <b>"}, {"file", "a b.pdf"}};
    fields.emplace_back("token", tanaka.token("/enter-document"));
    const auto answer = tanaka.post("/enter-document", fields);
    ASSERT_EQ(answer.status, 200U);
    const std::string page = to_text(answer.body);
    EXPECT_TRUE(has(page, "valise --as tanaka.key item enter &apos;a b.pdf&apos; --level hi "
                          "--purpose " +
                              purpose))
        << page;
    EXPECT_FALSE(has(page, "<b>"));
    EXPECT_TRUE(has(page, "banner level-jpn-hi")) << "the page bears the level that was chosen";
    EXPECT_EQ(tokyo.registry->state().next_seq(), events);
    for (const char* lacking : {"level", "purpose", "title", "file"}) {
        auto fewer = fields;
        std::erase_if(fewer, [&](const auto& one) { return one.first == lacking; });
        EXPECT_EQ(tanaka.post("/enter-document", fewer).status, 400U) << lacking;
    }
}

TEST(ShellWord, IsOneWordWhateverStandsInIt) {
    EXPECT_EQ(desk::shell_word("a/b-c_d.pdf"), "a/b-c_d.pdf");
    EXPECT_EQ(desk::shell_word(""), "''");
    EXPECT_EQ(desk::shell_word("a b"), "'a b'");
    EXPECT_EQ(desk::shell_word("it's"), R"('it'\''s')");
    EXPECT_EQ(desk::shell_word("$(x)`y`;z"), "'$(x)`y`;z'");
    EXPECT_EQ(desk::shell_word("~"), "'~'");
    EXPECT_EQ(desk::shell_word("a\nrm\x1b[A\x7f"), "'arm[A'");
    EXPECT_EQ(desk::shell_word("極秘"), "'極秘'");
}

} // namespace
} // namespace valise::testing
