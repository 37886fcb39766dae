// SPDX-License-Identifier: Apache-2.0
// What is made out of an item stays under what the item is under (I3).
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"
#include "base/text.h"
#include "label/label_xml.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

constexpr const char* kLater = "2027-06-30T00:00:00Z";

std::string label_for(const Terms& terms, const std::vector<std::string>& parties) {
    const label::Scheme& scheme = *terms.scheme("XEX");
    label::Label out;
    out.policy_id = scheme.policy_id;
    out.policy_uri = scheme.policy_uri;
    out.classification = scheme.by_code("sealed")->native;
    if (!parties.empty())
        out.categories = {{label::CategoryType::permissive, label::kReleasableTo, parties, ""}};
    out.created = day(kNow);
    out.review = day(kLater);
    return to_base64(view(label::write_4774(out).value()));
}

std::string list(std::initializer_list<int> items) {
    std::set<std::string> ids;
    for (const int n : items)
        ids.insert(item(n).text());
    std::string out;
    for (const std::string& id : ids)
        out += (out.empty() ? "" : ",") + id;
    return out;
}

void released_to(Case& c, const std::vector<std::string>& parties) {
    c.content["label"] = label_for(c.terms, parties);
}

TEST(DecideDerivation, Making) {
    run(ActKind::enter,
        {
            {"out of two, as high as the higher", [](Case&) {}, "", ""},
            {"out of nothing",
             [](Case& c) {
                 c.content.erase("sources");
                 c.content.erase("made_as");
                 c.content["label"] = "AAAA"; // nobody reads it
             },
             "", ""},
            {"lower than a source", [](Case& c) { c.content["level"] = "guarded"; },
             "derived-class", "agreement.derived_class"},
            {"out of what nobody entered", [](Case& c) { c.content["sources"] = list({1, 8}); },
             "derived-sources", "agreement.derived_source"},
            {"out of what nobody marked", [](Case& c) { c.content["sources"] = list({1, 3}); },
             "derived-sources", "agreement.derived_source"},
            {"out of what was cancelled", [](Case& c) { c.world.cancel(1); }, "derived-sources",
             "agreement.derived_source"},
            {"out of what its maker may not read",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(author).text()}, {"item", item(2).text()}},
                                {{"what", "grant"}});
             },
             "derived-access", "agreement.derived_access"},
            {"by somebody who is cleared for less",
             [](Case& c) { c.world.clear(author, "guarded", kLater); }, "derived-access",
             "agreement.derived_access"},
            {"by somebody whose clearance ran out",
             [](Case& c) { c.world.clear(author, "sealed", "2026-11-24T09:29:59Z"); },
             "derived-access", "agreement.derived_access"},
            {"by somebody who was not told their duties",
             [](Case& c) {
                 c.world.happen(ActKind::debrief, person(officer).text(),
                                {{"person", person(author).text()}}, {});
             },
             "derived-access", "agreement.derived_access"},
            {"out of what an incident froze",
             [](Case& c) {
                 c.world.happen(ActKind::report_incident, person(reader).text(),
                                {{"incident", IncidentId::of(Bytes(10, 0x72)).text()},
                                 {"item", item(1).text()}},
                                {{"what", "loss"}});
             },
             "derived-sources", "agreement.derived_frozen"},
            //= O-16
            {"for another purpose than that of the received source",
             [](Case& c) { c.content["purpose"] = "umbrella-defence"; }, "derived-purpose",
             "agreement.derived_purpose"},
            {"out of our own alone, for another purpose",
             [](Case& c) {
                 c.content["purpose"] = "umbrella-defence";
                 c.content["sources"] = list({1});
             },
             "", ""},
            {"for this party alone", [](Case& c) { released_to(c, {"XEX"}); }, "", ""},
            {"for a party that no source may go to",
             [](Case& c) { released_to(c, {"XBO", "XEX", "ZZZ"}); }, "derived-release",
             "agreement.derived_release"},
            {"for a party that one source may not go to",
             [](Case& c) {
                 c.world.enter(5, "sealed", "");
                 c.content["sources"] = list({1, 5});
             },
             "derived-release", "agreement.derived_release"},
            {"out of what stays here, for this party alone",
             [](Case& c) {
                 c.world.enter(5, "sealed", "");
                 c.content["sources"] = list({1, 5});
                 released_to(c, {"XEX"});
             },
             "", ""},
            //= I3: no category would be no limit.
            {"under a label that names nobody", [](Case& c) { released_to(c, {}); },
             "derived-release", "agreement.derived_release"},
            {"under a label that nobody can read", [](Case& c) { c.content["label"] = "AAAA"; },
             "derived-release", "agreement.derived_release"},
        },
        [](Case& c) {
            c.signer = author;
            c.world.clear(author, "sealed", kLater);
            c.world.brief(author);
            c.world.grant(author, 2, "exercise", kLater);
            c.content = {{"item", item(7).text()},    {"level", "sealed"},
                         {"purpose", "exercise"},     {"title", "T"},
                         {"form", "paper"},           {"pages", 2},
                         {"authority", "xex-office"}, {"sources", list({1, 2})},
                         {"made_as", "derivative"}};
            released_to(c, {"XBO", "XEX"});
        });
}

//= O-33
TEST(DecideDerivation, Translating) {
    run(ActKind::enter,
        {
            {"one, into a language", [](Case&) {}, "", ""},
            {"into no language", [](Case& c) { c.content.erase("language"); },
             "translation-language", "agreement.translation_language"},
            {"two at once",
             [](Case& c) {
                 c.world.grant(author, 2, "exercise", kLater);
                 c.content["sources"] = list({1, 2});
             },
             "translation-language", "agreement.translation_language"},
            {"by somebody who is not cleared",
             [](Case& c) { c.world.clear(author, "guarded", kLater); }, "derived-access",
             "agreement.derived_access"},
        },
        [](Case& c) {
            c.signer = author;
            c.world.clear(author, "sealed", kLater);
            c.world.brief(author);
            c.content = {{"item", item(7).text()},    {"level", "sealed"},
                         {"purpose", "exercise"},     {"title", "T"},
                         {"form", "paper"},           {"pages", 2},
                         {"authority", "xex-office"}, {"sources", list({1})},
                         {"made_as", "translation"},  {"language", "uk"}};
            released_to(c, {"XBO", "XEX"});
        });
}

//= I15
TEST(DecideDerivation, WhatASourceOutgrewDoesNotLeaveAndIsListed) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::dispatch);
    const logbook::TextMap ids = {{"item", item(7).text()}, {"copy", copy(7).text()}};
    const logbook::TextMap facts = {{"level", "sealed"},
                                    {"purpose", "exercise"},
                                    {"origin", "XEX"},
                                    {"number", c.world.state.next_number(2026)},
                                    {"payload_root", b64(hash(7))},
                                    {"label_sha256", b64(hash(57))},
                                    {"blob", blob(7).text()},
                                    {"release", "XBO,XEX"},
                                    {"sources", item(1).text()},
                                    {"made_as", "extract"}};
    c.world.happen(ActKind::enter, person(author).text(), ids, facts);
    c.world.happen(ActKind::enter, person(author).text(), ids, facts, logbook::Stage::done);
    c.world.approve(releaser, 7);
    c.world.approve(second_releaser, 7);
    c.content = {{"item", item(7).text()}, {"recipient", "XBO"}};
    const auto pending = [&] {
        for (const StandingDuty& duty : duties_at(terms, c.world.state, c.now))
            if (duty.what == "raise-class")
                return duty.item;
        return std::string();
    };
    EXPECT_TRUE(c.decide().permitted()) << c.decide().reason();
    EXPECT_EQ(pending(), "");
    c.world.happen(ActKind::change_class, person(officer).text(), {{"item", item(1).text()}},
                   {{"level", "crown"}});
    EXPECT_EQ(c.decide().reason(), "agreement.derived_class");
    EXPECT_EQ(pending(), item(7).text());
    c.world.happen(ActKind::change_class, person(officer).text(), {{"item", item(7).text()}},
                   {{"level", "crown"}});
    EXPECT_EQ(pending(), "");
    // Nor is it lowered below its source.
    Case lowering(terms, ActKind::change_class);
    lowering.world.state = c.world.state;
    lowering.signer = releaser;
    lowering.content = {{"item", item(7).text()}, {"level", "sealed"}, {"reason", "r"}};
    EXPECT_EQ(lowering.decide().reason(), "agreement.derived_class");
}

} // namespace
} // namespace valise::agreement::test
