// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/expect.h"
#include "logbook/internal/sample.h"
#include "logbook/state.h"

#include <gtest/gtest.h>

#include <random>

namespace valise::logbook {
namespace {

using sample::at;
using sample::b64;
using sample::Cast;
using sample::Story;

class StateTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_OK(sample::up_to_entry(s, c)); }

    const Person& person(const std::string& id) {
        return *s.state.person(PersonId::parse(id).value());
    }
    const Item& item(const std::string& id) { return *s.state.item(ItemId::parse(id).value()); }
    const Release& release() { return *s.state.release(release_id(c.digest)); }
    const Dispatch& dispatch(const std::string& id) {
        return *s.state.dispatch(DispatchId::parse(id).value());
    }
    Result<void> permit_dispatch(const std::string& id) {
        TextMap ids = sample::out_ids(c);
        ids["dispatch"] = id;
        return s.add(ActKind::dispatch, Stage::permitted, ids,
                     {{"recipient", "UKR"}, {"level", "gokuhi"}}, c.officer);
    }

    Story s;
    Cast c;
};

TEST_F(StateTest, PersonsHaveWhatWasRecorded) {
    const PersonId officer = PersonId::parse(c.officer).value();
    EXPECT_TRUE(s.state.has_role(officer, Role::control_officer));
    EXPECT_FALSE(s.state.has_role(officer, Role::releasing_authority));
    ASSERT_NE(s.state.person_by_key(Bytes(32, 0x40)), nullptr);
    EXPECT_EQ(s.state.person_by_key(Bytes(32, 0x40))->id, officer);
    EXPECT_EQ(s.state.person_by_key(Bytes(32, 0x99)), nullptr);
    EXPECT_EQ(s.state.clearance_at(officer, at(100000))->level, "gokuhi");
    EXPECT_FALSE(s.state.clearance_at(officer, at(100000).plus_seconds(1)));
    EXPECT_TRUE(s.state.accreditation_at("UKR", at(100000)));
    EXPECT_FALSE(s.state.accreditation_at("UKR", at(100001)));
    EXPECT_FALSE(s.state.accreditation_at("POL", at(0)));
    EXPECT_TRUE(s.state.peer("UKR")->paired);
    EXPECT_EQ(s.state.peer("UKR")->root, sample::hash(1));
}

TEST_F(StateTest, ACorrectionStandsBesideTheEntry) {
    const Item entered = item(c.item);
    const std::string entry = std::to_string(entered.event);
    ASSERT_OK(sample::approve(s, c, c.first));
    EXPECT_REFUSED(s, "logbook.unknown",
                   s.add(ActKind::correct, Stage::permitted, {{"item", c.item}},
                         {{"entry", "0"}, {"members", "title"}}, c.officer));
    ASSERT_OK(s.add(ActKind::correct, Stage::permitted, {{"item", c.item}},
                    {{"entry", entry}, {"members", "pages,title"}, {"pages", "14"}}, c.officer));
    const Item& after = item(c.item);
    EXPECT_EQ(after.pages, entered.pages);
    EXPECT_EQ(after.entry, EntryState::corrected);
    ASSERT_EQ(after.notes.size(), 1U);
    EXPECT_EQ(after.notes[0].members, "pages,title");
    EXPECT_EQ(after.notes[0].pages, 14U);
    EXPECT_EQ(after.notes[0].by->text(), c.officer);
    // The first approval was for the entry as it stood.
    EXPECT_EQ(release().state, ReleaseState::withdrawn);
    ASSERT_OK(sample::whole_sending(s, c));
    EXPECT_REFUSED(s, "logbook.no_transition",
                   s.add(ActKind::cancel, Stage::permitted, {{"item", c.item}}, {{"entry", entry}},
                         c.officer));
}

TEST_F(StateTest, ACancelledItemIsOfNoUse) {
    ASSERT_OK(s.add(ActKind::cancel, Stage::permitted, {{"item", c.item}},
                    {{"entry", std::to_string(item(c.item).event)}}, c.officer));
    EXPECT_EQ(item(c.item).entry, EntryState::cancelled);
    EXPECT_REFUSED(s, "logbook.no_transition", sample::approve(s, c, c.first));
    EXPECT_REFUSED(s, "logbook.no_transition",
                   s.add(ActKind::grant, Stage::permitted, {{"person", c.first}, {"item", c.item}},
                         {{"purpose", "liaison"}, {"until", at(1000).text()}}));
    EXPECT_REFUSED(
        s, "logbook.no_transition",
        s.add(ActKind::open, Stage::permitted, {{"item", c.item}, {"copy", c.copy}}, {}, c.first));
    EXPECT_REFUSED(s, "logbook.no_transition",
                   s.add(ActKind::correct, Stage::permitted, {{"item", c.item}},
                         {{"entry", std::to_string(item(c.item).event)}, {"members", "title"}}));
}

TEST_F(StateTest, BriefedInPersonAndDebriefed) {
    const PersonId first = PersonId::parse(c.first).value();
    const ItemId id = ItemId::parse(c.item).value();
    ASSERT_OK(s.add(ActKind::grant, Stage::permitted, {{"person", c.first}, {"item", c.item}},
                    {{"purpose", "liaison"}, {"until", at(1000).text()}}));
    const TextMap briefing = {{"briefing", b64(8)}};
    EXPECT_REFUSED(
        s, "logbook.unknown",
        s.add(ActKind::brief, Stage::permitted, {{"person", c.first}}, briefing, c.officer));
    EXPECT_FALSE(person(c.first).briefed);
    ASSERT_OK(s.add(ActKind::brief, Stage::permitted, {{"person", c.first}}, briefing, c.first));
    EXPECT_EQ(person(c.first).briefed, s.state.last_minute());
    ASSERT_OK(s.add(ActKind::debrief, Stage::permitted, {{"person", c.first}}, {}, c.officer));
    EXPECT_FALSE(person(c.first).briefed);
    EXPECT_TRUE(s.state.grants(first, id, at(0)).empty());
}

TEST_F(StateTest, AClearanceDoesNotMoveToAnotherEmployer) {
    const PersonId first = PersonId::parse(c.first).value();
    ASSERT_TRUE(s.state.clearance_at(first, at(0)));
    ASSERT_OK(s.add(ActKind::transfer, Stage::permitted, {{"person", c.first}}, {}, c.officer));
    EXPECT_FALSE(s.state.clearance_at(first, at(0)));
    EXPECT_TRUE(person(c.first).clearance) << "it stays readable";
    ASSERT_OK(s.add(ActKind::clear, Stage::permitted, {{"person", c.first}},
                    {{"level", "gokuhi"}, {"until", at(100000).text()}}));
    EXPECT_TRUE(s.state.clearance_at(first, at(0)));
}

TEST_F(StateTest, AReleaseIsAskedForAndRefused) {
    const TextMap ids = {{"item", c.item}, {"release", c.release}};
    const TextMap facts = {{"release_digest", to_base64(c.digest)}, {"recipient", "UKR"}};
    const auto ask = [&] {
        return s.add(ActKind::ask_release, Stage::permitted, ids, facts, c.officer);
    };
    const auto refuse = [&] {
        return s.add(ActKind::refuse_release, Stage::permitted, ids, facts, c.second);
    };
    EXPECT_REFUSED(s, "logbook.no_transition", refuse());
    ASSERT_OK(ask());
    EXPECT_EQ(release().state, ReleaseState::asked);
    EXPECT_EQ(release().asked_by->text(), c.officer);
    EXPECT_REFUSED(s, "logbook.no_transition", ask());
    ASSERT_OK(sample::approve(s, c, c.first));
    EXPECT_EQ(release().asked_by->text(), c.officer);
    ASSERT_OK(refuse());
    EXPECT_EQ(release().state, ReleaseState::refused);
    // An approval alone does not pass over a refusal: somebody asks anew, and all sign anew.
    EXPECT_REFUSED(s, "logbook.no_transition", sample::approve(s, c, c.first));
    ASSERT_OK(ask());
    EXPECT_TRUE(release().approvals.empty());
    ASSERT_OK(sample::whole_sending(s, c));
}

TEST_F(StateTest, ADeputyActsWhileTheOfficerIsAway) {
    const PersonId officer = PersonId::parse(c.officer).value();
    const PersonId first = PersonId::parse(c.first).value();
    const PersonId second = PersonId::parse(c.second).value();
    const auto facility = [&](const std::string& deputy) {
        return s.add(ActKind::facility, Stage::permitted, {},
                     {{"facility", "f-1"}, {"officer", c.officer}, {"deputy", deputy}}, c.officer);
    };
    EXPECT_REFUSED(s, "logbook.unknown", facility(PersonId::of(sample::ten(0x77)).text()));
    EXPECT_FALSE(s.state.deputises(first, officer, at(2000)));
    ASSERT_OK(facility(c.first));
    const auto absence = [&](const std::string& person, int from, int until) {
        return s.add(ActKind::absence, Stage::permitted, {{"person", person}},
                     {{"from", at(from).text()}, {"until", at(until).text()}}, c.officer);
    };
    ASSERT_OK(absence(c.officer, 1000, 3000));
    for (const auto& [minute, away] :
         {std::pair(999, false), {1000, true}, {3000, true}, {3001, false}}) {
        EXPECT_EQ(s.state.in_office(officer, at(minute)), !away) << minute;
        EXPECT_EQ(s.state.deputises(first, officer, at(minute)), away) << minute;
        EXPECT_FALSE(s.state.deputises(second, officer, at(minute)));
        EXPECT_FALSE(s.state.deputises(officer, first, at(minute)));
    }
    ASSERT_OK(absence(c.first, 1500, 1600));
    EXPECT_FALSE(s.state.deputises(first, officer, at(1550)));
    // A second record of the same facility replaces the first.
    ASSERT_OK(facility(c.second));
    EXPECT_FALSE(s.state.deputises(first, officer, at(2000)));
    EXPECT_TRUE(s.state.deputises(second, officer, at(2000)));
    ASSERT_OK(
        s.add(ActKind::revoke, Stage::permitted, {{"person", c.second}}, {{"what", "person"}}));
    EXPECT_FALSE(s.state.deputises(second, officer, at(2000)));
}

TEST_F(StateTest, RevokedPersonsHaveNothing) {
    ASSERT_OK(s.add(ActKind::grant, Stage::permitted, {{"person", c.first}, {"item", c.item}},
                    {{"purpose", "liaison"}, {"until", at(1000).text()}}));
    const PersonId first = PersonId::parse(c.first).value();
    const ItemId id = ItemId::parse(c.item).value();
    EXPECT_EQ(s.state.grants(first, id, at(1000)).size(), 1U);
    EXPECT_TRUE(s.state.grants(first, id, at(1001)).empty());
    const Bytes key = person(c.first).key;
    ASSERT_OK(
        s.add(ActKind::revoke, Stage::permitted, {{"person", c.first}}, {{"what", "person"}}));
    EXPECT_TRUE(s.state.grants(first, id, at(0)).empty());
    EXPECT_FALSE(s.state.has_role(first, Role::releasing_authority));
    EXPECT_FALSE(s.state.clearance_at(first, at(0)));
    EXPECT_EQ(s.state.person_by_key(key), nullptr);
    EXPECT_REFUSED(
        s, "logbook.unknown",
        s.add(ActKind::appoint, Stage::permitted, {{"person", c.first}}, {{"role", "reader"}}));
    EXPECT_REFUSED(s, "logbook.known",
                   s.add(ActKind::enrol, Stage::permitted,
                         {{"person", PersonId::of(sample::ten(0x77)).text()}},
                         {{"key", to_base64(key)}}));
    EXPECT_REFUSED(
        s, "logbook.known",
        s.add(ActKind::enrol, Stage::permitted, {{"person", c.first}}, {{"key", b64(0x78)}}));
}

TEST_F(StateTest, OtherRevocations) {
    const PersonId first = PersonId::parse(c.first).value();
    ASSERT_OK(s.add(ActKind::grant, Stage::permitted, {{"person", c.first}, {"item", c.item}},
                    {{"purpose", "liaison"}, {"until", at(1000).text()}}));
    const auto revoke = [&](TextMap ids, TextMap facts) {
        return s.add(ActKind::revoke, Stage::permitted, std::move(ids), std::move(facts));
    };
    EXPECT_REFUSED(s, "logbook.unknown",
                   revoke({{"person", c.first}, {"item", c.item}},
                          {{"what", "grant"}, {"purpose", "another"}}));
    ASSERT_OK(revoke({{"person", c.first}, {"item", c.item}}, {{"what", "grant"}}));
    EXPECT_TRUE(s.state.grants(first, ItemId::parse(c.item).value(), at(0)).empty());
    ASSERT_OK(revoke({{"person", c.first}}, {{"what", "role"}, {"role", "releasing-authority"}}));
    EXPECT_FALSE(s.state.has_role(first, Role::releasing_authority));
    ASSERT_OK(revoke({{"person", c.first}}, {{"what", "clearance"}}));
    EXPECT_FALSE(s.state.clearance_at(first, at(0)));
    EXPECT_REFUSED(s, "logbook.unknown", revoke({{"person", c.first}}, {{"what", "clearance"}}));
    ASSERT_OK(revoke({}, {{"what", "accreditation"}, {"peer", "UKR"}}));
    EXPECT_FALSE(s.state.accreditation_at("UKR", at(0)));
    EXPECT_REFUSED(s, "logbook.unknown", revoke({}, {{"what", "accreditation"}, {"peer", "UKR"}}));
}

TEST_F(StateTest, AnItemExistsOnceItsEntryIsDone) {
    const Item& entered = item(c.item);
    EXPECT_EQ(entered.number, "JPN-2026-0001");
    EXPECT_EQ(entered.release, (std::set<std::string>{"UKR"}));
    EXPECT_EQ(entered.entered_by->text(), c.officer);
    EXPECT_EQ(entered.direction, Direction::out);
    EXPECT_EQ(s.state.copies_of(entered.id).size(), 1U);
    EXPECT_EQ(s.state.next_number(2026), "JPN-2026-0002");
    EXPECT_EQ(s.state.next_number(2027), "JPN-2027-0001");

    const std::string other = ItemId::of(sample::ten(0x50)).text();
    const std::string copy = CopyId::of(sample::ten(0x51)).text();
    const TextMap ids = {{"item", other}, {"copy", copy}};
    // The destruction of the one would take the other's file with it.
    EXPECT_REFUSED(s, "logbook.known",
                   s.add(ActKind::enter, Stage::permitted, ids, c.entry("JPN-2026-0002")));
    const auto entry = [&](const std::string& number) {
        TextMap facts = c.entry(number);
        facts["blob"] = BlobId::of(sample::ten(0x52)).text();
        return facts;
    };
    ASSERT_OK(s.add(ActKind::enter, Stage::permitted, ids, entry("JPN-2026-0002"), c.officer));
    EXPECT_EQ(s.state.item(ItemId::parse(other).value()), nullptr);
    EXPECT_EQ(s.state.open_permits().size(), 1U);
    EXPECT_REFUSED(s, "logbook.known",
                   s.add(ActKind::enter, Stage::permitted, ids, entry("JPN-2026-0003")));
    const auto permit = s.state.next_seq() - 1;
    ASSERT_OK(s.add(ActKind::enter, Stage::failed, ids, {}, kRegistryActor, permit));
    EXPECT_EQ(s.state.item(ItemId::parse(other).value()), nullptr);
    EXPECT_TRUE(s.state.open_permits().empty());
    // The number of the failed entry stays spent.
    EXPECT_REFUSED(s, "logbook.number_spent",
                   s.add(ActKind::enter, Stage::permitted, ids, entry("JPN-2026-0002")));
    EXPECT_REFUSED(s, "logbook.number_spent",
                   s.add(ActKind::enter, Stage::permitted, ids, entry("UKR-2026-0003")));
    ASSERT_OK(s.carry_out(ActKind::enter, ids, entry("JPN-2026-0003")));
}

TEST_F(StateTest, TwoDifferentPersonsApprove) {
    ASSERT_OK(sample::approve(s, c, c.first));
    EXPECT_EQ(release().state, ReleaseState::approved_once);
    EXPECT_REFUSED(s, "logbook.approval_repeated", sample::approve(s, c, c.first));
    EXPECT_REFUSED(s, "logbook.no_transition", permit_dispatch(c.out));
    EXPECT_REFUSED(s, "logbook.unknown", sample::approve(s, c, kRegistryActor));
    EXPECT_REFUSED(s, "logbook.unknown",
                   sample::approve(s, c, PersonId::of(sample::ten(0x66)).text()));
    ASSERT_OK(sample::approve(s, c, c.second));
    EXPECT_EQ(release().state, ReleaseState::approved);
    EXPECT_EQ(release().approvals.size(), 2U);
    EXPECT_EQ(release().recipient, "UKR");
    EXPECT_REFUSED(s, "logbook.known",
                   s.add(ActKind::approve_release, Stage::permitted,
                         {{"item", c.item}, {"release", c.release}},
                         {{"release_digest", to_base64(c.digest)}, {"recipient", "POL"}},
                         c.officer));
    EXPECT_REFUSED(s, "logbook.unknown",
                   s.add(ActKind::approve_release, Stage::permitted,
                         {{"item", c.item}, {"release", c.release}},
                         {{"release_digest", b64(0x31)}, {"recipient", "UKR"}}, c.officer));
    ASSERT_OK(
        s.add(ActKind::revoke, Stage::permitted, {{"release", c.release}}, {{"what", "release"}}));
    EXPECT_EQ(release().state, ReleaseState::withdrawn);
    EXPECT_REFUSED(s, "logbook.no_transition", permit_dispatch(c.out));
}

TEST_F(StateTest, ADispatchThatFailedFreesItsRelease) {
    ASSERT_OK(sample::approve(s, c, c.first));
    ASSERT_OK(sample::approve(s, c, c.second));
    ASSERT_OK(permit_dispatch(c.out));
    const auto permit = s.state.next_seq() - 1;
    EXPECT_EQ(release().state, ReleaseState::reserved);
    EXPECT_EQ(dispatch(c.out).state, DispatchState::permitted);
    EXPECT_REFUSED(s, "logbook.no_transition",
                   permit_dispatch(DispatchId::of(sample::ten(0x60)).text()));
    ASSERT_OK(
        s.add(ActKind::dispatch, Stage::failed, sample::out_ids(c), {}, kRegistryActor, permit));
    EXPECT_EQ(release().state, ReleaseState::approved);
    EXPECT_EQ(dispatch(c.out).state, DispatchState::failed);
    EXPECT_REFUSED(s, "logbook.known", permit_dispatch(c.out));
    ASSERT_OK(permit_dispatch(DispatchId::of(sample::ten(0x60)).text()));
}

TEST_F(StateTest, ASendingEndsClosedAndItsReleaseUsed) {
    ASSERT_OK(sample::whole_sending(s, c));
    EXPECT_EQ(dispatch(c.out).state, DispatchState::closed);
    EXPECT_EQ(dispatch(c.out).document, sample::hash(9));
    EXPECT_EQ(dispatch(c.out).finding, ReceiptFinding::in_order);
    EXPECT_EQ(release().state, ReleaseState::used);
    EXPECT_REFUSED(s, "logbook.no_transition",
                   permit_dispatch(DispatchId::of(sample::ten(0x60)).text()));
    // A second sending of the same needs both persons anew.
    ASSERT_OK(sample::approve(s, c, c.first));
    EXPECT_EQ(release().state, ReleaseState::approved_once);
    ASSERT_OK(sample::approve(s, c, c.second));
    ASSERT_OK(permit_dispatch(DispatchId::of(sample::ten(0x60)).text()));
}

TEST_F(StateTest, AReceivedItemIsReadOnlyAfterItIsMarked) {
    const TextMap ids = {{"item", c.got}, {"copy", c.got_copy}, {"dispatch", c.in}};
    const TextMap open_ids = {{"item", c.got}, {"copy", c.got_copy}};
    TextMap facts = c.arrival("JPN-2026-0002");
    facts.insert({{"peer", "UKR"}, {"level", "ct"}});
    ASSERT_OK(s.add(ActKind::arrive, Stage::done, ids, facts));
    EXPECT_EQ(item(c.got).origin, "UKR");
    EXPECT_EQ(item(c.got).direction, Direction::in);
    EXPECT_EQ(item(c.got).dispatch.text(), c.in);
    EXPECT_REFUSED(s, "logbook.no_transition",
                   s.add(ActKind::open, Stage::permitted, open_ids, {}, c.first));
    EXPECT_REFUSED(
        s, "logbook.unknown",
        s.add(ActKind::custody_receipt, Stage::done, {{"dispatch", c.in}}, {{"doc", b64(0x55)}}));
    ASSERT_OK(
        s.add(ActKind::custody_receipt, Stage::done, {{"dispatch", c.in}}, {{"doc", b64(6)}}));
    ASSERT_OK(s.add(ActKind::remark, Stage::done, {{"item", c.got}}, {{"level", "gokuhi"}}));
    EXPECT_EQ(item(c.got).level, "ct");
    EXPECT_EQ(item(c.got).own_level, "gokuhi");
    ASSERT_OK(s.carry_out(ActKind::open, open_ids, {}, {}, c.first));
    const CopyHolding copy = s.state.copies_of(item(c.got).id).at(0);
    EXPECT_EQ(copy.state, CopyState::held);
    EXPECT_TRUE(copy.opened_by.contains(PersonId::parse(c.first).value()));
    EXPECT_REFUSED(s, "logbook.known", s.add(ActKind::arrive, Stage::done, ids, facts));
}

TEST_F(StateTest, AnArrivalThatFailedCanBeOfferedAgain) {
    const TextMap ids = {{"item", c.got}, {"copy", c.got_copy}, {"dispatch", c.in}};
    ASSERT_OK(s.carry_out(ActKind::arrive, ids, {{"peer", "UKR"}, {"level", "ct"}}, {},
                          kRegistryActor, Stage::failed));
    EXPECT_EQ(dispatch(c.in).state, DispatchState::arrival_failed);
    EXPECT_EQ(s.state.item(ItemId::parse(c.got).value()), nullptr);
    EXPECT_EQ(s.state.next_number(2026), "JPN-2026-0002");
    ASSERT_OK(sample::whole_receiving(s, c));
    EXPECT_EQ(dispatch(c.in).state, DispatchState::discrepancy_sent);
    EXPECT_EQ(dispatch(c.in).finding, ReceiptFinding::discrepancy);
}

TEST_F(StateTest, RefusedActsGiveNothing) {
    State before = s.state;
    const std::string stranger = PersonId::of(sample::ten(0x70)).text();
    ASSERT_OK(s.add(ActKind::enrol, Stage::refused, {{"person", stranger}}, {{"key", b64(0x70)}}));
    ASSERT_OK(s.add(ActKind::appoint, Stage::refused, {{"person", c.first}}, {{"role", "reader"}}));
    ASSERT_OK(s.add(ActKind::enter, Stage::refused, {}, {}, c.first));
    ASSERT_OK(
        s.add(ActKind::open, Stage::refused, {{"item", c.item}, {"copy", c.copy}}, {}, c.first));
    EXPECT_EQ(s.state.persons(), before.persons());
    EXPECT_EQ(s.state.items(), before.items());
    EXPECT_EQ(s.state.copies(), before.copies());
    EXPECT_EQ(s.state.open_permits(), before.open_permits());
    EXPECT_EQ(s.state.next_number(2026), before.next_number(2026));
    EXPECT_EQ(s.state.next_seq(), before.next_seq() + 4);
}

// Whatever the kind: `permitted` alone gives nobody a thing that only `done` gives, and a failed
// outcome leaves no open permit behind.
TEST_F(StateTest, PermittedIsNotDone) {
    ASSERT_OK(
        s.add(ActKind::open, Stage::permitted, {{"item", c.item}, {"copy", c.copy}}, {}, c.first));
    EXPECT_EQ(s.state.copies_of(item(c.item).id).at(0).state, CopyState::held);
    ASSERT_OK(s.add(ActKind::open, Stage::failed, {{"item", c.item}, {"copy", c.copy}}, {},
                    kRegistryActor, s.state.next_seq() - 1));
    EXPECT_EQ(s.state.copies_of(item(c.item).id).at(0).state, CopyState::held);
    EXPECT_TRUE(s.state.copies_of(item(c.item).id).at(0).opened_by.empty());
    EXPECT_TRUE(s.state.open_permits().empty());
}

TEST_F(StateTest, OutcomesNeedTheirOwnOpenPermit) {
    const TextMap ids = {{"item", c.item}, {"copy", c.copy}};
    ASSERT_OK(s.add(ActKind::open, Stage::permitted, ids, {{"purpose", "liaison"}}, c.first));
    const auto permit = s.state.next_seq() - 1;
    EXPECT_REFUSED(s, "logbook.permit",
                   s.add(ActKind::open, Stage::done, {{"item", c.got}, {"copy", c.copy}}, {},
                         kRegistryActor, permit));
    EXPECT_REFUSED(s, "logbook.permit",
                   s.add(ActKind::open, Stage::done, ids, {}, kRegistryActor, permit - 1));
    EXPECT_REFUSED(
        s, "logbook.fact_changed",
        s.add(ActKind::open, Stage::done, ids, {{"purpose", "other"}}, kRegistryActor, permit));
    ASSERT_OK(s.add(ActKind::open, Stage::done, ids, {}, kRegistryActor, permit));
    EXPECT_REFUSED(s, "logbook.permit",
                   s.add(ActKind::open, Stage::done, ids, {}, kRegistryActor, permit));
}

TEST_F(StateTest, LateFactsAreNeededOnDone) {
    ASSERT_OK(sample::approve(s, c, c.first));
    ASSERT_OK(sample::approve(s, c, c.second));
    ASSERT_OK(permit_dispatch(c.out));
    EXPECT_REFUSED(s, "logbook.skeleton",
                   s.add(ActKind::dispatch, Stage::done, sample::out_ids(c), {}, kRegistryActor,
                         s.state.next_seq() - 1));
}

TEST_F(StateTest, EventsComeInOrder) {
    const auto skeleton = [&](std::uint64_t seq, Time minute) {
        SkeletonFields fields;
        fields.seq = seq;
        fields.kind = ActKind::accredit;
        fields.minute = minute;
        fields.facts = {{"peer", "UKR"}, {"level", "hi"}, {"until", at(5).text()}};
        return sample::must(Skeleton::make(fields));
    };
    const std::uint64_t next = s.state.next_seq();
    const Time last = s.state.last_minute();
    EXPECT_REFUSED(s, "logbook.sequence", s.state.apply(skeleton(next + 1, last)));
    EXPECT_REFUSED(s, "logbook.sequence", s.state.apply(skeleton(next - 1, last)));
    EXPECT_REFUSED(s, "logbook.time_backwards",
                   s.state.apply(skeleton(next, last.plus_seconds(-60))));
    ASSERT_OK(s.state.apply(skeleton(next, last)));
}

TEST(State, TheFirstActFounds) {
    Story s;
    EXPECT_REFUSED(s, "logbook.not_founded",
                   s.add(ActKind::pair, Stage::permitted, {}, {{"peer", "UKR"}, {"root", b64(1)}}));
    EXPECT_EQ(s.state.next_number(2026), "");
    ASSERT_OK(s.add(ActKind::found, Stage::done, {}, {{"party", "JPN"}}));
    EXPECT_REFUSED(s, "logbook.known", s.add(ActKind::found, Stage::done, {}, {{"party", "UKR"}}));
    EXPECT_REFUSED(s, "logbook.known",
                   s.add(ActKind::pair, Stage::permitted, {}, {{"peer", "JPN"}, {"root", b64(1)}}));
}

TEST(State, FoldOfShreddedEventsIsTheSame) {
    Story s;
    const Cast c;
    ASSERT_OK(sample::up_to_entry(s, c));
    ASSERT_OK(sample::whole_sending(s, c));
    ASSERT_OK(sample::whole_receiving(s, c));
    const auto whole = fold(s.events);
    ASSERT_TRUE(whole);
    EXPECT_EQ(*whole, s.state);
    std::mt19937 random(20261124);
    for (int round = 0; round < 100; ++round) {
        std::vector<Event> shredded;
        for (const Event& event : s.events) {
            auto skeleton = Skeleton::parse(event.skeleton.bytes());
            ASSERT_OK(skeleton);
            shredded.push_back({*skeleton, random() % 2 == 0 ? Opening() : event.opening});
        }
        EXPECT_EQ(fold(shredded).value(), *whole);
    }
}

// A registry that lost or repeated an event must not start with a state that looks whole.
TEST(State, AMissingRepeatedOrSwappedEventStopsTheFold) {
    Story s;
    const Cast c;
    ASSERT_OK(sample::up_to_entry(s, c));
    ASSERT_OK(sample::whole_sending(s, c));
    for (std::size_t i = 0; i + 1 < s.events.size(); ++i) {
        std::vector<Event> events = s.events;
        events.erase(events.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(fold(events)) << i;
        events = s.events;
        events.insert(events.begin() + static_cast<std::ptrdiff_t>(i), events[i]);
        EXPECT_FALSE(fold(events)) << i;
        events = s.events;
        std::swap(events[i], events[i + 1]);
        EXPECT_FALSE(fold(events)) << i;
    }
}

TEST(RegisterNumber, HasOneForm) {
    const auto number = RegisterNumber::parse("JPN-2026-0001");
    ASSERT_TRUE(number);
    EXPECT_EQ(*number, (RegisterNumber{"JPN", 2026, 1}));
    EXPECT_EQ((RegisterNumber{"JPN", 2026, 12345}).text(), "JPN-2026-12345");
    EXPECT_TRUE(RegisterNumber::parse("JPN-2026-12345"));
    EXPECT_EQ(RegisterNumber::parse("NATO-2026-0001")->party, "NATO");
    EXPECT_TRUE(RegisterNumber::parse("A1B2C3D4E5F6-2026-99999999"));
    for (const char* wrong :
         {"", "JPN-2026-0000", "JPN-2026-00001", "JPN-2026-001", "jpn-2026-0001", "JPN-1969-0001",
          "JPN_2026_0001", "JPN-2026-000a", "JPN-2026-0001 ", "JPN-2026-+001", "JPN-2026-999999999",
          "JPN-20260-0001", "N-2026-0001", "1AB-2026-0001", "ABCDEFGHIJKLM-2026-0001",
          "NA-TO-2026-0001"})
        EXPECT_FALSE(RegisterNumber::parse(wrong)) << wrong;
    EXPECT_EQ(year_of(Time{0}), 1970);
    EXPECT_EQ(year_of(Time::parse("2026-12-31T23:59:59Z").value()), 2026);
    EXPECT_EQ(year_of(Time::parse("2027-01-01").value()), 2027);
}

TEST(Role, TextForms) {
    EXPECT_EQ(all_roles().size(), 6U);
    for (const Role role : all_roles())
        EXPECT_EQ(parse_role(to_string(role)).value(), role);
    EXPECT_NE(parse_role("control-oficer").error().context().find("control-officer"),
              std::string::npos);
}

} // namespace
} // namespace valise::logbook
