// SPDX-License-Identifier: Apache-2.0
// The people round the register: briefed, moved, away; releases asked for and refused.
#include "two_registries/side.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

using logbook::ActKind;

class People : public ::testing::Test {
protected:
    People() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        for (Someone* who : {&originator, &releaser, &second, &reader})
            tokyo.enrol(*who);
        tokyo.appoint(originator, "originator");
        tokyo.appoint(releaser, "releasing-authority");
        tokyo.appoint(second, "releasing-authority");
        tokyo.accredit("gokuhi");
        kyiv.accredit("tsilkom-taiemno");
        item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
        tokyo.clear(reader, "gokuhi", later);
        tokyo.grant(reader, item, purpose, later);
    }
    // The vault follows every event, or signs no more.
    void TearDown() override {
        for (Side* side : {&tokyo, &kyiv}) {
            const auto ticked = side->registry->tick();
            EXPECT_TRUE(ticked) << ticked.error().text();
        }
    }
    std::string read() {
        const auto plain = tokyo.read(reader, item, purpose);
        return plain ? to_text(*plain) : plain.error().reason();
    }
    std::string outcome(const Someone& who, ActKind kind, const Json& content) {
        const auto answer = tokyo.try_act(who, kind, content);
        return answer ? answer->decision.reason() : answer.error().text();
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone originator{"Tanaka"}, releaser{"Suzuki"}, second{"Sato"}, reader{"Nakamura"};
    ItemId item;
};

TEST_F(People, NobodyReadsBeforeTheirBriefingOrAfterTheirDebriefing) {
    EXPECT_EQ(read(), "agreement.not_briefed");
    tokyo.brief(reader);
    EXPECT_EQ(read(), "text");
    tokyo.act(tokyo.control_officer, ActKind::debrief, {{"person", reader.id().text()}});
    EXPECT_EQ(read(), "agreement.not_briefed");
    tokyo.brief(reader);
    EXPECT_EQ(read(), "agreement.need_to_know") << "the grants ended with the debriefing";
}

TEST_F(People, WhoMovesIsClearedAnew) {
    tokyo.brief(reader);
    tokyo.act(tokyo.control_officer, ActKind::transfer,
              {{"person", reader.id().text()}, {"employer", "Ministry"}});
    EXPECT_EQ(read(), "agreement.clearance_transfer");
    tokyo.clear(reader, "gokuhi", later);
    EXPECT_EQ(read(), "text");
}

TEST_F(People, ADeputyDispatchesForTheOfficerWhoIsAway) {
    EXPECT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
    EXPECT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    const Json content = {
        {"item", item.text()}, {"recipient", "UKR"}, {"for", tokyo.control_officer.id().text()}};
    EXPECT_EQ(outcome(tokyo.deputy, ActKind::dispatch, content), "agreement.deputy");
    tokyo.act(tokyo.control_officer, ActKind::absence,
              {{"person", tokyo.control_officer.id().text()},
               {"from", tokyo.clock.now().text()},
               {"until", later.text()}});
    EXPECT_EQ(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.reason(),
              "agreement.officer_absent");
    EXPECT_EQ(outcome(tokyo.deputy, ActKind::dispatch, content), "");
    const auto worked = tokyo.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
    EXPECT_EQ(tokyo.journal.events(0, 1000)->size(), tokyo.registry->state().next_seq());
}

TEST_F(People, WhereNobodyIsInOfficeNothingIsReceived) {
    EXPECT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
    EXPECT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    for (const Someone* who : {&kyiv.deputy, &kyiv.control_officer})
        kyiv.act(*who, ActKind::absence,
                 {{"person", who->id().text()},
                  {"from", kyiv.clock.now().text()},
                  {"until", later.text()}});
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.work());
    const auto views = tokyo.registry->dispatches();
    ASSERT_TRUE(views);
    EXPECT_EQ(views->front().refusal, "peer.agreement.facility_office");
    EXPECT_TRUE(kyiv.registry->state().items().empty());
}

TEST_F(People, ARefusedReleaseIsAskedForAgain) {
    const auto state = tokyo.registry->state();
    const logbook::Item* held = state.item(item);
    Json content = {{"release_digest",
                     to_base64(logbook::release_digest(item, held->payload_root, held->label_sha256,
                                                       "UKR", tokyo.terms.digest()))},
                    {"item", item.text()},
                    {"recipient", "UKR"},
                    {"terms", to_base64(tokyo.terms.digest())},
                    {"reason", "for the exercise"}};
    Json ask = content;
    ask["level"] = "gokuhi";
    EXPECT_EQ(outcome(releaser, ActKind::refuse_release, content), "agreement.release_not_asked");
    EXPECT_EQ(outcome(originator, ActKind::ask_release, ask), "");
    EXPECT_EQ(tokyo.approve(releaser, item, "UKR").decision.reason(), "");
    EXPECT_EQ(outcome(second, ActKind::refuse_release, content), "");
    EXPECT_EQ(tokyo.approve(releaser, item, "UKR").decision.reason(), "agreement.release_refused");
    EXPECT_EQ(tokyo.approve(second, item, "UKR").decision.reason(), "agreement.release_refused");
    EXPECT_EQ(outcome(originator, ActKind::ask_release, ask), "");
    EXPECT_EQ(tokyo.approve(releaser, item, "UKR").decision.reason(), "");
    EXPECT_EQ(tokyo.approve(second, item, "UKR").decision.reason(), "");
    EXPECT_EQ(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.reason(), "");
    ASSERT_TRUE(tokyo.work());
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
}

} // namespace
} // namespace valise::testing
