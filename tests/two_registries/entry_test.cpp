// SPDX-License-Identifier: Apache-2.0
// Items of every form, and entries that were wrong.
#include "two_registries/side.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

using logbook::ActKind;

class Entries : public ::testing::Test {
protected:
    Entries() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        for (Someone* who : {&originator, &releaser, &second})
            tokyo.enrol(*who);
        tokyo.appoint(originator, "originator");
        tokyo.appoint(releaser, "releasing-authority");
        tokyo.appoint(second, "releasing-authority");
        for (Side* side : {&tokyo, &kyiv})
            side->accredit(side == &tokyo ? "gokuhi" : "tsilkom-taiemno");
    }
    void release(const ItemId& item) {
        EXPECT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
        EXPECT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    }
    std::string dispatched(const ItemId& item) {
        return tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.reason();
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone originator{"Tanaka"}, releaser{"Suzuki"}, second{"Sato"};
};

// The vault reads every event too: what it does not follow, it does not sign.
TEST_F(Entries, EveryFormIsEnteredReleasedAndKeptOffTheWire) {
    const Json disclosure = {{"disclosed_by", "Sato"},
                             {"disclosed_to", "Koval"},
                             {"disclosed_at", tokyo.clock.now().text()}};
    const std::vector<std::pair<std::string, Json>> forms = {
        {"paper", {{"pages", 12}, {"sheets", 6}}},
        {"equipment", {{"serial", "S-17"}}},
        {"oral", disclosure},
        {"visual", disclosure}};
    for (const auto& [form, described] : forms) {
        SCOPED_TRACE(form);
        const ItemId item = tokyo.enter_described(originator, "gokuhi", purpose, form, described);
        const auto state = tokyo.registry->state();
        EXPECT_EQ(to_string(state.item(item)->form), form);
        EXPECT_TRUE(state.item(item)->blob.empty());
        EXPECT_EQ(state.item(item)->pages, form == "paper" ? 12U : 0U);
        tokyo.grant(originator, item, purpose, tokyo.clock.now().plus_days(10));
        release(item);
        EXPECT_EQ(dispatched(item), "agreement.form");
        EXPECT_FALSE(tokyo.read(originator, item, purpose));
    }
    const auto ticked = tokyo.registry->tick();
    ASSERT_TRUE(ticked) << ticked.error().text();
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    EXPECT_EQ(tokyo.registry->state().items().size(), 4U);
}

TEST_F(Entries, ALabelOfAnotherLevelIsNotEntered) {
    EXPECT_NO_THROW(tokyo.enter_described(originator, "gokuhi", purpose, "paper", {{"pages", 1}}));
    EXPECT_THROW(tokyo.enter_described(originator, "gokuhi", purpose, "paper",
                                       {{"pages", 1}, {"level", "hi"}}),
                 std::runtime_error);
}

TEST_F(Entries, ACorrectionStandsBesideTheEntryAndTakesTheApprovalsBack) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    release(item);
    tokyo.act(originator, ActKind::correct,
              {{"item", item.text()}, {"reason", "misspelt"}, {"title", "Another title"}});
    const auto state = tokyo.registry->state();
    ASSERT_EQ(state.item(item)->notes.size(), 1U);
    EXPECT_EQ(state.item(item)->notes[0].members, "title");
    EXPECT_EQ(dispatched(item), "agreement.release_withdrawn");
    release(item);
    EXPECT_EQ(dispatched(item), "");
    ASSERT_TRUE(tokyo.work());
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
    const auto cancelled = tokyo.try_act(tokyo.control_officer, ActKind::cancel,
                                         {{"item", item.text()}, {"reason", "too late"}});
    ASSERT_TRUE(cancelled);
    EXPECT_EQ(cancelled->decision.reason(), "agreement.dispatched");
    ASSERT_TRUE(tokyo.registry->tick());
}

TEST_F(Entries, ACancelledItemGoesNowhere) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    release(item);
    tokyo.act(tokyo.control_officer, ActKind::cancel,
              {{"item", item.text()}, {"reason", "entered twice"}});
    EXPECT_EQ(dispatched(item), "agreement.cancelled");
    EXPECT_EQ(tokyo.approve(releaser, item, "UKR").decision.reason(), "agreement.cancelled");
    EXPECT_EQ(tokyo.read(originator, item, purpose).error().reason(), "agreement.cancelled");
    ASSERT_TRUE(tokyo.registry->tick());
}

} // namespace
} // namespace valise::testing
