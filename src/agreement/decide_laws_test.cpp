// SPDX-License-Identifier: Apache-2.0
// The laws under which each party protects: entered, told, acknowledged, asked for.
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
using logbook::NoticeState;
using logbook::NoticeType;
using logbook::OwedNotice;
using logbook::Stage;
using logbook::TextMap;

const NoticeId kTheirs = NoticeId::of(Bytes(10, 0x71));

void enact(World& world, const char* law, const char* edition, const char* affects = "yes",
           const char* from = "2026-12-01T00:00:00Z") {
    world.happen(ActKind::law, person(officer).text(), {},
                 {{"law", law},
                  {"edition", edition},
                  {"from", from},
                  {"text", b64(hash(1))},
                  {"affects", affects},
                  {"enclosed", b64(hash(2))}});
}

void ask(World& world) {
    world.happen(ActKind::ask_laws, person(officer).text(), {}, {{"peer", "XBO"}}, Stage::permitted,
                 kNow);
}

void take(World& world, NoticeType type, TextMap ids = {}, TextMap facts = {},
          const NoticeId& id = kTheirs) {
    ids["notice"] = id.text();
    facts["type"] = std::string(to_string(type));
    facts["peer"] = "XBO";
    world.happen(ActKind::take_notice, logbook::kRegistryActor, std::move(ids), std::move(facts),
                 Stage::done, kNow);
}

void take_law(World& world, const char* edition = "1") {
    take(world, NoticeType::law, {},
         {{"law", "xbo-secrets"},
          {"edition", edition},
          {"from", "2026-12-01T00:00:00Z"},
          {"text", b64(hash(3))},
          {"affects", "yes"},
          {"enclosed", b64(hash(4))}});
}

TextMap facts_of(const OwedNotice& owed) {
    TextMap out = {{"type", std::string(to_string(owed.type))}, {"peer", owed.peer}};
    if (owed.type != NoticeType::law)
        return out;
    out["law"] = owed.law;
    out["edition"] = owed.edition;
    out["from"] = owed.from->text();
    out["text"] = to_base64(*owed.text);
    out["affects"] = *owed.affects ? "yes" : "no";
    out["enclosed"] = to_base64(*owed.enclosed);
    return out;
}

// Gives the only notice that is owed.
NoticeId give(World& world) {
    const auto owed = logbook::owed_notices(world.state);
    EXPECT_EQ(owed.size(), 1U);
    const NoticeId id = logbook::notice_id("XEX", world.state.next_seq());
    TextMap ids = {{"notice", id.text()}};
    if (!owed.at(0).about.empty())
        ids["about"] = owed.at(0).about.text();
    world.happen(ActKind::give_notice, logbook::kRegistryActor, ids, facts_of(owed.at(0)));
    world.happen(ActKind::give_notice, logbook::kRegistryActor, ids, {}, Stage::done);
    return id;
}

std::vector<std::string> owed(const World& world) {
    std::vector<std::string> out;
    for (const OwedNotice& one : logbook::owed_notices(world.state))
        out.push_back(std::string(to_string(one.type)) + (one.law.empty() ? "" : " " + one.law));
    return out;
}

using Texts = std::vector<std::string>;

std::vector<StandingDuty> duties(const World& world, const char* clause, const char* at = kNow) {
    std::vector<StandingDuty> out;
    for (const StandingDuty& duty : duties_at(world.terms, world.state, day(at)))
        if (duty.clause == clause)
            out.push_back(duty);
    return out;
}

//= O-07
TEST(DecideLaws, AnEditionIsEnteredOnceAndTheNewestLast) {
    run(ActKind::law,
        {
            {"the first of a law", [](Case&) {}, "", ""},
            {"the next", [](Case& c) { enact(c.world, "xex-secrets", "2019"); }, "", ""},
            {"the same again", [](Case& c) { enact(c.world, "xex-secrets", "2020"); },
             "law-edition", "agreement.law_known"},
            {"one that is older than what stands there",
             [](Case& c) { enact(c.world, "xex-secrets", "2019", "yes", "2026-12-01T00:00:01Z"); },
             "law-edition", "agreement.law_order"},
            {"the same edition of another law",
             [](Case& c) { enact(c.world, "xex-archives", "2020"); }, "", ""},
            {"by a reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
        },
        [](Case& c) {
            c.content = {{"law", "xex-secrets"},   {"edition", "2020"},
                         {"title", "Secrets Act"}, {"from", "2026-12-01T00:00:00Z"},
                         {"text", b64(hash(1))},   {"affects", "yes"}};
        });
}

//= O-07
TEST(DecideLaws, LeaveTheAcknowledgementToBeAwaited) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::law);
    c.content = {{"law", "xex-secrets"},           {"edition", "2020"},    {"title", "Secrets Act"},
                 {"from", "2026-12-01T00:00:00Z"}, {"text", b64(hash(1))}, {"affects", "yes"}};
    ASSERT_EQ(c.decide().duties.size(), 1U);
    EXPECT_EQ(c.decide().duties[0].what, "await-acknowledgement");
    EXPECT_EQ(c.decide().duties[0].due, day("2026-12-08T09:30:00Z"));
    c.content["affects"] = "no";
    EXPECT_TRUE(c.decide().duties.empty());
    Case request(terms, ActKind::ask_laws);
    request.content = {{"peer", "XBO"}};
    ASSERT_EQ(request.decide().duties.size(), 1U);
    EXPECT_EQ(request.decide().duties[0].what, "await-laws");
}

//= O-07
TEST(DecideLaws, AreAskedForAgainWhenTheAnswerIsOverdue) {
    run(ActKind::ask_laws,
        {
            {"for the first time", [](Case&) {}, "", ""},
            {"again at once", [](Case& c) { ask(c.world); }, "law-request", "agreement.laws_asked"},
            {"again when the day has passed",
             [](Case& c) {
                 ask(c.world);
                 c.now = day("2026-12-08T09:30:01Z");
             },
             "", ""},
            {"again after the answer",
             [](Case& c) {
                 ask(c.world);
                 take_law(c.world);
             },
             "", ""},
            {"of a third country", [](Case& c) { c.content["peer"] = "UKR"; }, "notice-channel",
             "agreement.channel_party"},
        },
        [](Case& c) { c.content = {{"peer", "XBO"}}; });
}

class Laws : public testing::Test {
protected:
    World world{Terms::parse(view(terms_file("examplia-borduria.toml"))).value()};
};

//= O-07
TEST_F(Laws, ThatTouchProtectionAreToldOfThemselvesAndOnce) {
    enact(world, "xex-archives", "2020", "no");
    EXPECT_EQ(owed(world), Texts());
    enact(world, "xex-secrets", "2020");
    EXPECT_EQ(owed(world), Texts({"law xex-secrets"}));
    give(world);
    EXPECT_EQ(owed(world), Texts());
    enact(world, "xex-secrets", "2021");
    EXPECT_EQ(owed(world), Texts({"law xex-secrets"}));
    give(world);
    enact(world, "xex-secrets", "2022", "no");
    EXPECT_EQ(owed(world), Texts());
}

//= O-07
TEST_F(Laws, AreAllToldOnRequest) {
    enact(world, "xex-archives", "2020", "no");
    enact(world, "xex-secrets", "2020");
    give(world);
    take(world, NoticeType::ask_laws);
    // One after the other.
    EXPECT_EQ(owed(world), Texts({"law xex-archives"}));
    give(world);
    EXPECT_EQ(owed(world), Texts({"law xex-secrets"}));
    give(world);
    EXPECT_EQ(owed(world), Texts());
    EXPECT_TRUE(duties(world, "law-request").empty());
}

//= O-07
TEST_F(Laws, AnEmptyRegisterLeavesTheRequestStanding) {
    take(world, NoticeType::ask_laws);
    ASSERT_EQ(duties(world, "law-request").size(), 1U);
    EXPECT_EQ(duties(world, "law-request")[0].what, "supply-laws");
    EXPECT_FALSE(duties(world, "law-request", "2026-12-08T09:30:00Z")[0].overdue);
    EXPECT_TRUE(duties(world, "law-request", "2026-12-08T09:30:01Z")[0].overdue);
    enact(world, "xex-secrets", "2020", "no");
    EXPECT_TRUE(duties(world, "law-request").empty());
    EXPECT_EQ(owed(world), Texts({"law xex-secrets"}));
}

//= O-07
TEST_F(Laws, WaitForTheAcknowledgement) {
    enact(world, "xex-secrets", "2020");
    const NoticeId told = give(world);
    ASSERT_EQ(duties(world, "law-told").size(), 1U);
    EXPECT_EQ(duties(world, "law-told")[0].what, "await-acknowledgement");
    EXPECT_FALSE(duties(world, "law-told")[0].ours);
    take(world, NoticeType::acknowledge_law, {{"about", told.text()}});
    EXPECT_EQ(world.state.notice(told)->state, NoticeState::acknowledged);
    EXPECT_TRUE(duties(world, "law-told").empty());
}

//= O-07
TEST_F(Laws, OfTheOtherPartyAreAcknowledgedByAPerson) {
    take_law(world);
    ASSERT_EQ(duties(world, "law-told").size(), 1U);
    EXPECT_EQ(duties(world, "law-told")[0].what, "acknowledge");
    EXPECT_EQ(duties(world, "law-told")[0].due, day("2026-12-08T09:30:00Z"));
    EXPECT_TRUE(duties(world, "law-told", "2026-12-08T09:30:01Z")[0].overdue);
    EXPECT_EQ(world.state.peer_laws().at({"XBO", "xbo-secrets"}).edition, "1");
    world.happen(ActKind::acknowledge, person(officer).text(), {{"notice", kTheirs.text()}}, {},
                 Stage::permitted, kNow);
    EXPECT_TRUE(duties(world, "law-told").empty());
    EXPECT_EQ(owed(world), Texts({"acknowledge-law"}));
}

//= O-07
TEST_F(Laws, ARequestIsToldOnceAndAwaited) {
    ask(world);
    EXPECT_EQ(owed(world), Texts({"ask-laws"}));
    give(world);
    EXPECT_EQ(owed(world), Texts());
    ASSERT_EQ(duties(world, "law-request").size(), 1U);
    EXPECT_EQ(duties(world, "law-request")[0].what, "await-laws");
    take_law(world);
    EXPECT_TRUE(duties(world, "law-request").empty());
}

//= O-07
TEST(DecideTakeLaw, IsToBeAcknowledgedByADay) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::take_notice);
    c.signer.reset();
    c.content = {{"notice", kTheirs.text()}, {"type", "law"},    {"peer", "XBO"},
                 {"law", "xbo-secrets"},     {"edition", "1"},   {"from", "2026-12-01T00:00:00Z"},
                 {"text", b64(hash(3))},     {"affects", "yes"}, {"enclosed", b64(hash(4))}};
    const Decision decision = c.decide();
    EXPECT_TRUE(decision.permitted());
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].what, "acknowledge");
    EXPECT_EQ(decision.duties[0].due, day("2026-12-08T09:30:00Z"));
}

//= O-07
TEST(DecideGiveLaw, SaysWhatTheBookSays) {
    run(ActKind::give_notice,
        {
            {"as it was entered", [](Case&) {}, "", ""},
            {"another edition", [](Case& c) { c.content["edition"] = "2019"; }, "notice-ground",
             "agreement.notice_ground"},
            {"another text", [](Case& c) { c.content["text"] = b64(hash(5)); }, "notice-ground",
             "agreement.notice_ground"},
            {"that it touches nothing", [](Case& c) { c.content["affects"] = "no"; },
             "notice-ground", "agreement.notice_ground"},
            {"of another law", [](Case& c) { c.content["law"] = "xex-archives"; }, "notice-ground",
             "agreement.notice_ground"},
        },
        [](Case& c) {
            enact(c.world, "xex-secrets", "2020");
            c.signer.reset();
            c.content = Json::object();
            for (const auto& [name, value] : facts_of(logbook::owed_notices(c.world.state).at(0)))
                c.content[name] = value;
        });
}

} // namespace
} // namespace valise::agreement::test
