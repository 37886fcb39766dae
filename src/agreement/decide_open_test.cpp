// SPDX-License-Identifier: Apache-2.0
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
constexpr const char* kLater = "2027-06-30T00:00:00Z";

TEST(DecideOpen, Rows) {
    run(ActKind::open,
        {
            {"cleared, with need-to-know and purpose", [](Case&) {}, "", ""},
            {"what the other party provided, once marked",
             [](Case& c) {
                 c.content["item"] = item(2).text();
                 c.content["copy"] = copy(2).text();
             },
             "", ""},
            {"before it is marked",
             [](Case& c) {
                 c.content["item"] = item(3).text();
                 c.content["copy"] = copy(3).text();
             },
             "marked-first", "agreement.unmarked"},
            {"no clearance",
             [](Case& c) {
                 c.signer = author;
                 c.world.grant(author, 1, "exercise", kLater);
             },
             "clearance", "agreement.clearance_missing"},
            {"cleared for less", [](Case& c) { c.world.clear(reader, "guarded", kLater); },
             "clearance", "agreement.clearance_level"},
            {"cleared for more", [](Case& c) { c.world.clear(reader, "crown", kLater); }, "", ""},
            {"the clearance has run out",
             [](Case& c) { c.world.clear(reader, "sealed", "2026-11-24T09:29:59Z"); },
             "clearance-in-date", "agreement.clearance_expired"},
            {"the clearance runs out this second",
             [](Case& c) { c.world.clear(reader, "sealed", "2026-11-24T09:30:00Z"); }, "", ""},
            {"the clearance was withdrawn",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(clearer).text(),
                                {{"person", person(reader).text()}}, {{"what", "clearance"}});
             },
             "clearance", "agreement.clearance_missing"},
            {"no need-to-know",
             [](Case& c) {
                 c.signer = author;
                 c.world.clear(author, "crown", kLater);
             },
             "need-to-know", "agreement.need_to_know"},
            {"need-to-know for another item",
             [](Case& c) {
                 c.world.enter(5, "guarded");
                 c.content["item"] = item(5).text();
                 c.content["copy"] = copy(5).text();
             },
             "need-to-know", "agreement.need_to_know"},
            {"the grant has run out",
             [](Case& c) { c.world.grant(reader, 1, "exercise", "2026-11-24T09:29:59Z"); },
             "need-to-know", "agreement.need_to_know"},
            {"the grant was withdrawn",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(reader).text()}, {"item", item(1).text()}},
                                {{"what", "grant"}});
             },
             "need-to-know", "agreement.need_to_know"},
            {"another purpose", [](Case& c) { c.content["purpose"] = "umbrella-defence"; },
             "purpose", "agreement.purpose"},
            {"a grant for another purpose",
             [](Case& c) {
                 c.signer = author;
                 c.world.clear(author, "crown", kLater);
                 c.world.grant(author, 1, "umbrella-defence", kLater);
             },
             "purpose", "agreement.purpose_of_grant"},
            {"the administrator, by being one", [](Case& c) { c.signer = admin; },
             "no-access-by-role, clearance, need-to-know", "agreement.no_access_by_role"},
            {"the administrator with a clearance but no grant",
             [](Case& c) {
                 c.signer = admin;
                 c.world.clear(admin, "crown", kLater);
             },
             "no-access-by-role, need-to-know", "agreement.no_access_by_role"},
            {"the control officer, by rank", [](Case& c) { c.signer = officer; },
             "clearance, need-to-know", "agreement.clearance_missing"},
            {"the originator of the item, by having written it", [](Case& c) { c.signer = author; },
             "clearance, need-to-know", "agreement.clearance_missing"},
            {"a copy of another item", [](Case& c) { c.content["copy"] = copy(2).text(); },
             "copy-known", "agreement.copy_unknown"},
            {"an unknown item", [](Case& c) { c.content["item"] = item(50).text(); }, "item-known",
             "agreement.item_unknown"},
            {"the registry by itself", [](Case& c) { c.signer.reset(); }, "actor",
             "agreement.actor_person_needed"},
            {"a key nobody knows", [](Case& c) { c.signer = stranger; }, "actor",
             "agreement.actor_unknown"},
            {"after the terms ended protection goes on, and so does reading",
             [](Case& c) {
                 c.now = day("2040-06-01");
                 c.world.clear(reader, "sealed", "2045-01-01T00:00:00Z");
                 c.world.grant(reader, 1, "exercise", "2045-01-01T00:00:00Z");
             },
             "", ""},
        },
        [](Case& c) {
            c.signer = reader;
            c.content = {{"item", item(1).text()},
                         {"copy", copy(1).text()},
                         {"purpose", "exercise"},
                         {"session_key", "AAAA"}};
        });
}

TEST(DecideOpen, TheFirstOpeningOfAReceivedItemIsInspected) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::open);
    c.signer = reader;
    c.content = {{"item", item(2).text()},
                 {"copy", copy(2).text()},
                 {"purpose", "exercise"},
                 {"session_key", "AAAA"}};
    const Decision first = c.decide();
    ASSERT_EQ(first.duties.size(), 1U);
    EXPECT_EQ(first.duties[0].what, "inspect");
    const logbook::TextMap ids = {{"item", item(2).text()}, {"copy", copy(2).text()}};
    c.world.happen(ActKind::open, person(reader).text(), ids, {});
    c.world.happen(ActKind::open, person(reader).text(), ids, {}, logbook::Stage::done);
    EXPECT_TRUE(c.decide().permitted());
    EXPECT_TRUE(c.decide().duties.empty());
}

// O-49, I12: after the end nothing new is exchanged, and what protects does not ask whether it
// ended.
TEST(DecideOpen, AfterTheEndOnlyTheExchangeStops) {
    const auto asks = [](ActKind kind) {
        return std::ranges::any_of(
            clauses_for(kind), [](const auto& clause) { return clause.first == "terms-in-force"; });
    };
    for (const ActKind kind :
         {ActKind::pair, ActKind::approve_release, ActKind::dispatch, ActKind::arrive})
        EXPECT_TRUE(asks(kind)) << logbook::to_string(kind);
    for (const ActKind kind : {ActKind::enrol, ActKind::appoint, ActKind::clear, ActKind::grant,
                               ActKind::custody_receipt, ActKind::remark, ActKind::open,
                               ActKind::contents_receipt, ActKind::close, ActKind::revoke})
        EXPECT_FALSE(asks(kind)) << logbook::to_string(kind);
}

// I5: take each of the conditions away, alone and with others, and the reading is refused.
TEST(DecideOpen, EveryConditionIsNeeded) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    for (unsigned given = 0; given < 64; ++given) {
        Case c(terms, ActKind::open);
        c.signer = author;
        const auto happen = [&](ActKind kind) {
            c.world.happen(kind, person(officer).text(), {{"person", person(author).text()}}, {});
        };
        if ((given & 16U) == 0)
            happen(ActKind::debrief);
        if ((given & 1U) != 0)
            c.world.clear(author, (given & 2U) != 0 ? "sealed" : "guarded", kLater);
        if ((given & 32U) == 0)
            happen(ActKind::transfer);
        if ((given & 4U) != 0)
            c.world.grant(author, 1, "exercise", kLater);
        c.content = {{"item", item(1).text()},
                     {"copy", copy(1).text()},
                     {"purpose", (given & 8U) != 0 ? "exercise" : "umbrella-defence"},
                     {"session_key", "AAAA"}};
        EXPECT_EQ(c.decide().permitted(), given == 63) << given;
    }
}

} // namespace
} // namespace valise::agreement::test
