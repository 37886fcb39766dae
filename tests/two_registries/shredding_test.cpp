// SPDX-License-Identifier: Apache-2.0
#include "two_registries/exchanging.h"
#include "two_registries/retold.h"
#include "verifying/evidence.h"

#include <random>

// Openings that are shredded by a signed act, and evidence of which some are kept back.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::Stage;

class Shredding : public TwoRegistries {
protected:
    static std::string numbers(const Side& side, ActKind kind, std::size_t most = 32) {
        std::string out;
        std::size_t count = 0;
        const auto skeletons = *side.registry->skeletons(0, 10'000);
        for (const auto& event : skeletons)
            if (event.kind() == kind && event.stage() == Stage::permitted && count++ < most)
                out += (out.empty() ? "" : ",") + std::to_string(event.seq());
        return out;
    }
    static Json content(const std::string& of, const std::string& events) {
        return {
            {"of", of}, {"events", events}, {"basis", "retention-ended"}, {"reference", "rule 12"}};
    }
    static std::uint64_t first_of(const std::string& events) {
        return std::stoull(events.substr(0, events.find(',')));
    }
    void age(int days) {
        for (Side* side : {&tokyo, &kyiv})
            side->clock.at = side->clock.at.plus_days(days);
    }
    verifying::Report proven(const Side& side, const registry::Withholding& withheld = {}) {
        EXPECT_TRUE(side.registry->tick());
        const auto evidence = side.registry->export_evidence(withheld);
        EXPECT_TRUE(evidence) << evidence.error().text();
        auto report = verifying::check_evidence(*evidence);
        EXPECT_TRUE(report.verified()) << report.found->place << ": " << report.found->text;
        return report;
    }
    // Permitted or refused.
    registry::ActAnswer asked(const Someone& who, Json about) {
        auto answer = tokyo.try_act(who, ActKind::shred, std::move(about));
        EXPECT_TRUE(answer) << answer.error().text();
        return answer ? *answer : registry::ActAnswer();
    }
    static constexpr int kFiveYears = 5 * 366 + 2;
};

//= O-26
TEST_F(Shredding, WaitsForItsDayAndLeavesEveryProof) {
    exchange(Bytes(100));
    const std::string clears = numbers(tokyo, ActKind::clear);
    const auto early = asked(tokyo.control_officer, content("clear", clears));
    ASSERT_FALSE(early.decision.permitted());
    EXPECT_EQ(early.decision.reason(), "agreement.shredding_early");
    age(kFiveYears);
    const auto by_releaser = asked(releaser, content("clear", clears));
    EXPECT_EQ(by_releaser.decision.reason(), "agreement.shredding_officer");
    const auto before = tokyo.registry->state();
    const auto answer = tokyo.act(tokyo.control_officer, ActKind::shred, content("clear", clears));
    ASSERT_TRUE(answer.decision.permitted()) << answer.decision.reason();
    ASSERT_TRUE(answer.outcome);
    const std::uint64_t first = first_of(clears);
    EXPECT_TRUE(tokyo.journal.row(first).sealed_opening.empty());
    const auto after = tokyo.registry->state();
    EXPECT_EQ(after.persons(), before.persons());
    EXPECT_TRUE(after.shredded().at(first).done);
    const auto report = proven(tokyo);
    ASSERT_TRUE(report.withheld_openings.contains(first));
    EXPECT_EQ(report.withheld_openings.at(first).ground, "retention-ended");
    EXPECT_EQ(report.withheld_openings.at(first).shredded_by, answer.seq);
    const std::string text = verifying::report_text(report);
    EXPECT_NE(text.find("withheld under retention-ended: shredded by event"), std::string::npos);
    EXPECT_EQ(text.find("missing"), std::string::npos);
    // Both programs from their disks alone: the key process reads the log again, without them.
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    EXPECT_EQ(tokyo.registry->state(), after);
    proven(tokyo);
}

// The clauses go by what the act says of the events; an act that says something else is none.
TEST_F(Shredding, OfOtherEventsThanItNamesIsNotRecorded) {
    age(kFiveYears);
    const auto size = tokyo.registry->state().next_seq();
    const auto wrong = tokyo.try_act(tokyo.control_officer, ActKind::shred,
                                     content("absence", numbers(tokyo, ActKind::clear)));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().reason(), "registry.shred_events");
    EXPECT_EQ(tokyo.registry->state().next_seq(), size);
}

// A registry that recorded one all the same is convicted by its own log.
TEST_F(Shredding, OfOtherEventsThanItNamesConvicts) {
    age(kFiveYears);
    const std::string clears = numbers(tokyo, ActKind::clear);
    const auto answer = tokyo.act(tokyo.control_officer, ActKind::shred, content("clear", clears));
    ASSERT_TRUE(answer.decision.permitted());
    auto file = *verifying::read_evidence(*tokyo.registry->export_evidence());
    auto& event = file.events.at(answer.seq);
    event = retold(event, [&](Told& told) {
        const auto was = *logbook::SignedAct::parse(*told.opening.find("act"));
        const auto act =
            *logbook::Act::make(ActKind::shred, "JPN", was.act().terms(), was.act().at(),
                                was.act().signer(), content("absence", clears), was.act().nonce());
        const auto lie = *logbook::SignedAct::make(act, tokyo.control_officer.key);
        logbook::Opening opening;
        for (const auto& field : told.opening.fields())
            ASSERT_TRUE(
                opening.add(field.name, ByteView(field.name == "act" ? lie.bytes() : field.value)));
        told.opening = opening;
        told.leaf.signed_act = lie.digest();
        told.skeleton.facts["of"] = "absence";
    });
    verifying::Report report;
    const auto checked = verifying::check_book(file, {}, report);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().reason, "verify.shredding") << checked.error().place;
}

TEST_F(Shredding, OfAnItemThatIsHeldIsRefused) {
    const ItemId item = exchange(Bytes(100));
    age(kFiveYears);
    Json enter = content("enter", numbers(tokyo, ActKind::enter));
    enter["item"] = item.text();
    const auto held = asked(tokyo.control_officer, enter);
    EXPECT_EQ(held.decision.reason(), "agreement.shredding_held");
    Json pair = content("pair", numbers(tokyo, ActKind::pair));
    EXPECT_EQ(asked(tokyo.control_officer, pair).decision.reason(), "agreement.shredding_never");
}

TEST_F(Shredding, ThatACrashBrokeOffIsFinished) {
    age(kFiveYears);
    const std::string clears = numbers(tokyo, ActKind::clear);
    tokyo.journal.crash_before_shred = [] { return true; };
    EXPECT_THROW(
        (void)tokyo.try_act(tokyo.control_officer, ActKind::shred, content("clear", clears)),
        Crash);
    tokyo.journal.crash_before_shred = [] { return false; };
    tokyo.crash();
    tokyo.start();
    const std::uint64_t first = first_of(clears);
    EXPECT_FALSE(tokyo.registry->state().shredded().at(first).done);
    EXPECT_FALSE(tokyo.journal.row(first).sealed_opening.empty());
    ASSERT_TRUE(tokyo.registry->tick());
    EXPECT_TRUE(tokyo.registry->state().shredded().at(first).done);
    EXPECT_TRUE(tokyo.journal.row(first).sealed_opening.empty());
    proven(tokyo);
}

// An opening that comes back with an old copy of the database is erased again, and said.
TEST_F(Shredding, WhatComesBackIsErasedAndSaid) {
    age(kFiveYears);
    const std::string clears = numbers(tokyo, ActKind::clear);
    const std::uint64_t first = first_of(clears);
    const Bytes kept = tokyo.journal.row(first).sealed_opening;
    tokyo.act(tokyo.control_officer, ActKind::shred, content("clear", clears));
    ASSERT_TRUE(tokyo.journal.row(first).sealed_opening.empty());
    tokyo.journal.row(first).sealed_opening = kept;
    // Nobody reads it even before the next start.
    EXPECT_TRUE(proven(tokyo).withheld_openings.contains(first));
    tokyo.crash();
    tokyo.start();
    EXPECT_TRUE(tokyo.journal.row(first).sealed_opening.empty());
    const Json health = tokyo.registry->health();
    for (const Json& check : health["checks"])
        if (check["name"] == "shredded") {
            EXPECT_EQ(check["ok"], false);
        }
}

TEST_F(Shredding, KeptBackOpeningsAreNamedWithTheirGround) {
    exchange(Bytes(100));
    const auto withheld =
        registry::Withholding::parse("privacy", "", "clear,grant", "", releaser.id().text());
    ASSERT_TRUE(withheld) << withheld.error().text();
    const auto report = proven(tokyo, *withheld);
    ASSERT_FALSE(report.withheld_openings.empty());
    for (const auto& [event, why] : report.withheld_openings) {
        EXPECT_EQ(why.ground, "privacy");
        EXPECT_FALSE(why.shredded_by);
    }
    EXPECT_NE(verifying::report_text(report).find("withheld under privacy by who gave this file"),
              std::string::npos);
    // Nothing after these could be checked.
    EXPECT_FALSE(tokyo.registry->export_evidence(
        *registry::Withholding::parse("privacy", "", "pair", "", "")));
    for (const char* ground : {"", "Privacy", "a b"})
        EXPECT_FALSE(registry::Withholding::parse(ground, "3", "", "", ""));
    EXPECT_FALSE(registry::Withholding::parse("privacy", "", "", "", ""));
}

// Whatever is kept back, what is left holds.
TEST_F(Shredding, AnyOpeningsCanBeKeptBack) {
    exchange(Bytes(100));
    kyiv.grant(reader, arrived_item(), purpose, later);
    std::mt19937 random(20261130);
    for (Side* side : {&tokyo, &kyiv})
        for (int round = 0; round < 5; ++round) {
            registry::Withholding withheld;
            withheld.ground = "any";
            const auto skeletons = *side->registry->skeletons(0, 10'000);
            for (const auto& event : skeletons)
                if (event.kind() != ActKind::found && event.kind() != ActKind::pair &&
                    random() % 2 == 0)
                    withheld.events.insert(event.seq());
            EXPECT_EQ(proven(*side, withheld).withheld_openings.size(), withheld.events.size());
        }
}

} // namespace
} // namespace valise::testing
