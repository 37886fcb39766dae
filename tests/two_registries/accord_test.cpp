// SPDX-License-Identifier: Apache-2.0
// The life of the agreement between two registries: assured, changed, ended.
#include "two_registries/side.h"
#include "verifying/evidence.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

using logbook::ActKind;

class Accord : public ::testing::Test {
protected:
    Accord() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        staff.take_office(tokyo, later);
        kyiv.accredit("tsilkom-taiemno");
    }
    // Whatever the terms were when: an outsider decides every event again.
    void TearDown() override {
        for (Side* side : {&tokyo, &kyiv}) {
            const auto evidence = side->registry->export_evidence();
            ASSERT_TRUE(evidence) << evidence.error().text();
            const auto report = verifying::check_evidence(*evidence);
            EXPECT_TRUE(report.verified())
                << side->party << ": " << report.found->place << ": " << report.found->text;
        }
    }
    void talk() {
        for (int i = 0; i < 6; ++i)
            for (Side* side : {&tokyo, &kyiv}) {
                const auto ticked = side->registry->tick();
                ASSERT_TRUE(ticked) << ticked.error().text();
                const auto worked = side->work();
                ASSERT_TRUE(worked) << worked.error().text();
            }
    }
    void pass(int days) {
        for (Side* side : {&tokyo, &kyiv})
            side->clock.at = side->clock.at.plus_days(days);
    }
    static std::string outcome(Side& side, const Someone& who, ActKind kind, const Json& content) {
        const auto answer = side.try_act(who, kind, content);
        return answer ? answer->decision.reason() : answer.error().reason();
    }
    // Version 2 of the terms, with one value changed.
    Bytes changed(const std::string& what, const std::string& with) const {
        std::string text = to_text(terms);
        for (const auto& [from, to] :
             {std::pair<std::string, std::string>("version = 1", "version = 2"), {what, with}}) {
            const auto at = text.find(from);
            EXPECT_NE(at, std::string::npos) << from;
            text.replace(at, from.size(), to);
        }
        return to_bytes(text);
    }
    std::string adopt(Side& side, const Bytes& text, const std::string& as) {
        const auto next = agreement::Terms::parse(text);
        return outcome(side, side.clearance_officer, ActKind::adopt_terms,
                       {{"adopted", to_base64(next->digest())},
                        {"as", as},
                        {"from", begins.text()},
                        {"text", to_base64(text)}});
    }
    ItemId released() {
        const ItemId item = tokyo.enter(staff.originator, to_bytes("text"), "gokuhi", purpose);
        EXPECT_TRUE(tokyo.approve(staff.releaser, item, "UKR").decision.permitted());
        EXPECT_TRUE(tokyo.approve(staff.second, item, "UKR").decision.permitted());
        return item;
    }
    static void pair(Side& side, Side& with) {
        const auto invitation = with.registry->invitation("peer:1");
        const auto found = side.registry->consider_invitation(invitation.value());
        EXPECT_EQ(outcome(side, side.control_officer, ActKind::pair, found.value().pair_content),
                  "");
    }
    bool under(const Side& side, int version) const {
        return side.registry->terms().version() == version;
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    Time later = tokyo.clock.now().plus_days(300);
    Time begins = tokyo.clock.now().plus_days(10);
    std::string purpose = tokyo.terms.purposes().front().code;
    TokyoStaff staff;
};

TEST_F(Accord, AnArrangementIsInForceOnceBothCountersignedAndItsDayHasCome) {
    const Bytes next = changed("tracer_days = 15", "tracer_days = 12");
    ASSERT_EQ(adopt(tokyo, next, "arrangement"), "");
    talk();
    pass(11);
    talk();
    EXPECT_TRUE(under(tokyo, 1)) << "one signature is half an arrangement";
    begins = tokyo.clock.now().plus_days(5);
    ASSERT_EQ(adopt(tokyo, next, "arrangement"), "");
    ASSERT_EQ(adopt(kyiv, next, "arrangement"), "");
    talk();
    EXPECT_TRUE(under(tokyo, 1) && under(kyiv, 1)) << "before its day";
    pass(6);
    talk();
    EXPECT_TRUE(under(tokyo, 2) && under(kyiv, 2));
    EXPECT_EQ(tokyo.registry->terms().receipt().tracer_days, 12);

    tokyo.terms = *agreement::Terms::parse(next);
    tokyo.terms.set_test_mode(true);
    kyiv.terms = tokyo.terms;
    const ItemId item = released();
    EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    talk();
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U) << "exchanged under the new terms";
    for (Side* side : {&tokyo, &kyiv}) {
        side->registry.reset();
        side->restart_keys();
        side->start();
        EXPECT_TRUE(under(*side, 2)) << "read back";
    }
}

// Both change on the same day, and never at the same moment.
TEST_F(Accord, WhatWasReleasedBeforeArrivesAfterAndNothingGoesToAPeerThatHasNotChanged) {
    const ItemId before = released();
    const Bytes next = changed("tracer_days = 15", "tracer_days = 12");
    ASSERT_EQ(adopt(tokyo, next, "arrangement"), "");
    ASSERT_EQ(adopt(kyiv, next, "arrangement"), "");
    talk();
    EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, before, "UKR").decision.permitted());
    pass(11);
    ASSERT_TRUE(tokyo.registry->tick());
    ASSERT_TRUE(under(tokyo, 2) && under(kyiv, 1));
    const auto held = tokyo.work();
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().reason(), "registry.other_terms");
    EXPECT_TRUE(kyiv.registry->state().items().empty());
    ASSERT_TRUE(kyiv.registry->tick());
    talk();
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
}

// A new fingerprint is read when the officers pair anew under the later terms; until both did, each
// knows the other's signature over the terms before.
TEST_F(Accord, PairingAnewUnderOtherTermsStopsNothing) {
    const Bytes next = changed("tracer_days = 15", "tracer_days = 12");
    ASSERT_EQ(adopt(tokyo, next, "arrangement"), "");
    ASSERT_EQ(adopt(kyiv, next, "arrangement"), "");
    talk();
    pass(11);
    talk();
    tokyo.terms = *agreement::Terms::parse(next);
    tokyo.terms.set_test_mode(true);
    kyiv.terms = tokyo.terms;
    pair(tokyo, kyiv);
    const ItemId first = released();
    EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, first, "UKR").decision.permitted());
    talk();
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U) << "one of the two paired anew";
    pair(kyiv, tokyo);
    talk();
    for (Side* side : {&tokyo, &kyiv}) {
        const auto report = verifying::check_evidence(*side->registry->export_evidence());
        ASSERT_TRUE(report.verified()) << report.found->place;
        EXPECT_EQ(report.identity->confirmed_by.size(), 2U) << side->party;
    }
}

TEST_F(Accord, WhatLoosensTakesAnAmendment) {
    const Bytes next = changed("tracer_days = 15", "tracer_days = 30");
    EXPECT_EQ(adopt(tokyo, next, "arrangement"), "agreement.arrangement_loosens");
    EXPECT_EQ(adopt(tokyo, next, "amendment"), "");
    EXPECT_EQ(adopt(kyiv, next, "amendment"), "");
    pass(11);
    talk();
    EXPECT_TRUE(under(tokyo, 2) && under(kyiv, 2));
}

TEST_F(Accord, WhatThePartiesCountersignDifferentlyIsNeverInForce) {
    EXPECT_EQ(adopt(tokyo, changed("tracer_days = 15", "tracer_days = 12"), "arrangement"), "");
    EXPECT_EQ(adopt(kyiv, changed("tracer_days = 15", "tracer_days = 13"), "arrangement"), "");
    pass(11);
    talk();
    EXPECT_TRUE(under(tokyo, 1) && under(kyiv, 1));
    bool listed = false;
    for (const auto& duty : tokyo.registry->duties())
        listed = listed || (duty.what == "countersign" && duty.overdue);
    EXPECT_TRUE(listed);
}

// I12
TEST_F(Accord, AfterTheEndNothingNewIsExchangedAndProtectionGoesOn) {
    const ItemId before = released();
    EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, before, "UKR").decision.permitted());
    talk();
    const ItemId after = released();
    const Time ends = kyiv.clock.now().plus_days(90);
    EXPECT_EQ(outcome(kyiv, kyiv.clearance_officer, ActKind::terminate,
                      {{"ends", ends.text()}, {"reference", "note verbale 7"}}),
              "");
    talk();
    const auto told = tokyo.registry->state().termination();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->ends, ends);
    pass(91);
    EXPECT_EQ(outcome(tokyo, tokyo.control_officer, ActKind::dispatch,
                      {{"item", after.text()}, {"recipient", "UKR"}}),
              "agreement.terms_ended");
    const auto state = kyiv.registry->state();
    const ItemId held = state.items().begin()->first;
    EXPECT_EQ(outcome(kyiv, kyiv.control_officer, ActKind::report_incident,
                      {{"item", held.text()}, {"what", "loss"}}),
              "")
        << "a loss is reported after the end as before";
    talk();
    EXPECT_EQ(tokyo.registry->state().incidents().size(), 1U);
    EXPECT_EQ(outcome(tokyo, staff.releaser, ActKind::change_class,
                      {{"item", before.text()}, {"level", "hi"}, {"reason", "review"}}),
              "");
    talk();
    EXPECT_EQ(kyiv.registry->state().item(held)->level, "hi");
}

TEST_F(Accord, AnAssuranceGoesByWire) {
    const Time until = kyiv.clock.now().plus_days(100);
    EXPECT_EQ(
        outcome(kyiv, kyiv.control_officer, ActKind::assure,
                {{"recipient", "JPN"}, {"level", "tsilkom-taiemno"}, {"until", until.text()}}),
        "");
    talk();
    const auto held = tokyo.registry->state().assurances();
    ASSERT_TRUE(held.contains("UKR"));
    EXPECT_EQ(held.at("UKR").level, "tsilkom-taiemno");
    EXPECT_EQ(held.at("UKR").until, until);
    const std::size_t told = kyiv.registry->state().notices().size();
    talk();
    EXPECT_EQ(kyiv.registry->state().notices().size(), told) << "told once";
}

} // namespace
} // namespace valise::testing
