// SPDX-License-Identifier: Apache-2.0
// Other terms, and the end of the agreement.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), with);
}

std::string next_version() {
    return replaced(terms_file("examplia-borduria.toml"), "\nversion = 3", "\nversion = 4");
}

void adopt(Case& c, const std::string& text, const std::string& as = "amendment") {
    const auto parsed = Terms::parse(view(text));
    ASSERT_TRUE(parsed) << parsed.error().text();
    const Terms& next = *parsed;
    c.content = {{"adopted", to_base64(next.digest())},
                 {"as", as},
                 {"from", "2026-12-31T00:00:00Z"},
                 {"text", to_base64(view(text))}};
}

TEST(DecideAdoptTerms, Rows) {
    const auto with = [](const char* what, const char* other, const char* as = "amendment") {
        return [=](Case& c) { adopt(c, replaced(next_version(), what, other), as); };
    };
    run(ActKind::adopt_terms,
        {
            {"a later version", [](Case&) {}, "", ""},
            {"looser, by both parties", with("notice_days = 90", "notice_days = 30"), "", ""},
            {"an arrangement that tightens",
             with("issue_days = 30", "issue_days = 10", "arrangement"), "", ""},
            {"an arrangement that loosens",
             with("issue_days = 30", "issue_days = 31", "arrangement"), "arrangement-tightens",
             "agreement.arrangement_loosens"},
            {"an arrangement that amends",
             with("notice_days = 90", "notice_days = 91", "arrangement"), "arrangement-tightens",
             "agreement.arrangement_loosens"},
            {"by a control officer", [](Case& c) { c.signer = officer; }, "clearance-officer",
             "agreement.clearance_officer"},
            {"the same version", [](Case& c) { adopt(c, terms_file("examplia-borduria.toml")); },
             "adopted-terms", "agreement.adopted_version"},
            {"of another agreement",
             with("id = \"examplia-borduria\"", "id = \"examplia-elsewhere\""), "adopted-terms",
             "agreement.adopted_other"},
            {"no terms at all",
             [](Case& c) { c.content["text"] = to_base64(view(std::string_view("nothing"))); },
             "adopted-terms", "agreement.adopted_unreadable"},
            {"another text than was named", [](Case& c) { c.content["adopted"] = b64(hash(9)); },
             "adopted-terms", "agreement.adopted_digest"},
            {"from a day that is over", [](Case& c) { c.content["from"] = "2026-11-24T09:30:00Z"; },
             "adoption-date", "agreement.adoption_date"},
            {"after the end",
             [](Case& c) {
                 c.world.happen(ActKind::terminate, person(clearer).text(), {},
                                {{"ends", "2026-11-24T09:30:00Z"}});
             },
             "terms-in-force", "agreement.terms_ended"},
        },
        [](Case& c) {
            c.signer = clearer;
            adopt(c, next_version());
        });
}

TEST(DecideAdoptTerms, ALevelThatSomethingMayHaveStays) {
    Case c(*Terms::parse(view(terms_file("examplia-borduria.toml"))), ActKind::adopt_terms);
    c.signer = clearer;
    std::string text = next_version();
    const std::string code = c.terms.parties()[0].scheme.levels.front().code;
    for (std::size_t at = text.find('"' + code + '"'); at != std::string::npos;
         at = text.find('"' + code + '"', at))
        text.replace(at, code.size() + 2, "\"other-level\"");
    adopt(c, text);
    EXPECT_EQ(c.decide().reason(), "agreement.levels_kept");
}

// What both countersigned, as the book has it.
void countersign(Case& c, const std::string& from = "2026-11-24T09:30:00Z") {
    const logbook::TextMap facts = {{"adopted", b64(hash(1))}, {"as", "amendment"}, {"from", from}};
    c.world.happen(ActKind::adopt_terms, person(clearer).text(), {}, facts);
    c.world.happen(
        ActKind::take_notice, "registry", {{"notice", NoticeId::of(hash(2)).text()}},
        {{"type", "amendment"}, {"peer", "XBO"}, {"adopted", b64(hash(1))}, {"from", from}},
        logbook::Stage::done);
}

TEST(DecidePutInForce, Rows) {
    run(ActKind::put_in_force,
        {
            {"on the day", [](Case&) {}, "", ""},
            {"a second before it", [](Case& c) { c.now = day("2026-11-24T09:29:59Z"); },
             "countersigned", "agreement.adoption_early"},
            {"other terms than were countersigned",
             [](Case& c) { c.content["adopted"] = b64(hash(3)); }, "countersigned",
             "agreement.not_adopted"},
            {"adopted anew here, and not there",
             [](Case& c) {
                 c.world.happen(ActKind::adopt_terms, person(clearer).text(), {},
                                {{"adopted", b64(hash(1))},
                                 {"as", "arrangement"},
                                 {"from", "2026-11-24T09:30:00Z"}});
             },
             "countersigned", "agreement.not_countersigned"},
            {"by a person", [](Case& c) { c.signer = clearer; }, "actor",
             "agreement.actor_registry_only"},
        },
        [](Case& c) {
            c.signer.reset();
            countersign(c);
            c.content = {{"adopted", b64(hash(1))}};
        });
}

TEST(DecideTerminate, Rows) {
    run(ActKind::terminate,
        {
            {"in ninety days", [](Case&) {}, "", ""},
            {"a second too early", [](Case& c) { c.content["ends"] = "2027-02-22T09:29:59Z"; },
             "termination-notice", "agreement.termination_early"},
            {"by a control officer", [](Case& c) { c.signer = officer; }, "clearance-officer",
             "agreement.clearance_officer"},
            {"a second time",
             [](Case& c) {
                 c.world.happen(ActKind::terminate, person(clearer).text(), {},
                                {{"ends", "2027-03-01T00:00:00Z"}});
             },
             "termination-notice", "agreement.terminated_already"},
        },
        [](Case& c) {
            c.signer = clearer;
            c.content = {{"ends", "2027-02-22T09:30:00Z"}, {"reference", "note verbale"}};
        });
}

// I12: nothing new after the end; what protects goes on.
TEST(DecideAfterTheEnd, NothingNewAndEverythingProtected) {
    for (const auto& [kind, ended] : {std::pair(ActKind::dispatch, true),
                                      {ActKind::approve_release, true},
                                      {ActKind::ask_release, true},
                                      {ActKind::assure, true},
                                      {ActKind::open, false},
                                      {ActKind::destroy, false},
                                      {ActKind::report_incident, false},
                                      {ActKind::remark, false},
                                      {ActKind::acknowledge, false},
                                      {ActKind::revoke, false},
                                      {ActKind::contents_receipt, false},
                                      {ActKind::begin_muster, false}}) {
        bool asks = false;
        for (const auto& [clause, row] : clauses_for(kind))
            asks = asks || clause == "terms-in-force";
        EXPECT_EQ(asks, ended) << logbook::to_string(kind);
    }
}

} // namespace
} // namespace valise::agreement::test
