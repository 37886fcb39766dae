// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/expect.h"
#include "logbook/internal/sample.h"
#include "logbook/state.h"

#include <gtest/gtest.h>

#include <algorithm>

// Notices and incidents in the fold.
namespace valise::logbook {
namespace {

using sample::b64;
using sample::Cast;
using sample::Story;

class NoticesTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(sample::up_to_entry(s, c));
        ASSERT_OK(sample::approve(s, c, c.first));
        ASSERT_OK(sample::approve(s, c, c.second));
        ASSERT_OK(s.carry_out(ActKind::dispatch, sample::out_ids(c),
                              {{"recipient", "UKR"}, {"level", "gokuhi"}}, {{"doc", b64(9)}},
                              c.officer));
        ASSERT_OK(s.add(ActKind::custody_receipt, Stage::done, {{"dispatch", c.out}}, {}));
        ASSERT_OK(sample::whole_receiving(s, c));
    }

    // Gives the only notice that is owed; its permit.
    std::uint64_t give() {
        const auto owed = owed_notices(s.state);
        EXPECT_EQ(owed.size(), 1U);
        if (owed.empty())
            return 0;
        const std::uint64_t seq = s.state.next_seq();
        const auto given =
            s.add(ActKind::give_notice, Stage::permitted, ids(owed[0]), facts(owed[0]));
        EXPECT_TRUE(given) << given.error().text();
        return seq;
    }
    TextMap ids(const OwedNotice& owed) const {
        TextMap out = {{"notice", notice_id("JPN", s.state.next_seq()).text()},
                       {"dispatch", owed.dispatch.text()},
                       {"item", owed.item.text()}};
        if (!owed.about.empty())
            out["about"] = owed.about.text();
        if (!owed.incident.empty())
            out["incident"] = owed.incident.text();
        return out;
    }
    static TextMap facts(const OwedNotice& owed) {
        TextMap out = {{"type", std::string(to_string(owed.type))}, {"peer", owed.peer}};
        if (!owed.level.empty())
            out["level"] = owed.level;
        if (owed.what)
            out["what"] = std::string(to_string(*owed.what));
        if (owed.enclosed)
            out["enclosed"] = to_base64(*owed.enclosed);
        return out;
    }
    Result<void> end(std::uint64_t permit, Stage stage = Stage::done) {
        return s.add(ActKind::give_notice, stage, s.state.open_permits().at(permit).ids, {},
                     kRegistryActor, permit);
    }
    NoticeId id_of(std::uint64_t permit) const { return notice_id("JPN", permit); }
    Result<void> take(const NoticeId& id, TextMap more_ids, TextMap more_facts) {
        more_ids["notice"] = id.text();
        more_facts["peer"] = "UKR";
        return s.add(ActKind::take_notice, Stage::done, std::move(more_ids), std::move(more_facts));
    }
    Result<void> incident(ActKind kind, TextMap facts = {}) {
        return s.add(kind, Stage::permitted, {{"incident", inc.text()}}, std::move(facts),
                     c.officer);
    }
    Result<void> freeze(TextMap ids) {
        ids["incident"] = inc.text();
        return s.add(ActKind::report_incident, Stage::permitted, std::move(ids), {{"what", "loss"}},
                     c.first);
    }

    Story s;
    Cast c;
    NoticeId theirs = NoticeId::of(sample::ten(0x71));
    IncidentId inc = IncidentId::of(sample::ten(0x72));
    ItemId got = ItemId::parse(c.got).value();
};

TEST_F(NoticesTest, ATracerIsOwedOnceForEachAct) {
    EXPECT_TRUE(owed_notices(s.state).empty());
    ASSERT_OK(s.add(ActKind::trace, Stage::permitted, {{"dispatch", c.out}}, {}, c.officer));
    ASSERT_EQ(owed_notices(s.state).size(), 1U);
    EXPECT_EQ(owed_notices(s.state)[0].type, NoticeType::tracer);
    const auto permit = give();
    EXPECT_TRUE(owed_notices(s.state).empty());
    ASSERT_OK(s.add(ActKind::trace, Stage::permitted, {{"dispatch", c.out}}, {}, c.officer));
    EXPECT_TRUE(owed_notices(s.state).empty()); // the first is on its way
    ASSERT_OK(end(permit));
    EXPECT_EQ(s.state.notice(id_of(permit))->state, NoticeState::taken);
    EXPECT_EQ(owed_notices(s.state).size(), 1U);
    EXPECT_REFUSED(s, "logbook.no_transition",
                   s.add(ActKind::trace, Stage::permitted, {{"dispatch", c.in}}, {}, c.officer));
}

TEST_F(NoticesTest, ANoticeIsThatOfItsEvent) {
    ASSERT_OK(s.add(ActKind::trace, Stage::permitted, {{"dispatch", c.out}}, {}, c.officer));
    const auto owed = owed_notices(s.state).at(0);
    TextMap wrong = ids(owed);
    wrong["notice"] = theirs.text();
    EXPECT_REFUSED(s, "logbook.unknown",
                   s.add(ActKind::give_notice, Stage::permitted, wrong, facts(owed)));
    const auto permit = give();
    const auto notice = notice_of(s.state, s.state.open_permits().at(permit));
    ASSERT_TRUE(notice) << notice.error().text();
    EXPECT_EQ(notice->fields().notice, id_of(permit));
    EXPECT_EQ(notice->fields().statement, sample::hash(9));
    EXPECT_EQ(notice->fields().party, "JPN");
    OpenPermit other = s.state.open_permits().at(permit);
    other.kind = ActKind::open;
    EXPECT_FALSE(notice_of(s.state, other));
}

TEST_F(NoticesTest, AChangeOfClassIsOwedToWhoHoldsTheItemUntilTold) {
    const auto change = [&](const char* level) {
        return s.add(ActKind::change_class, Stage::permitted, {{"item", c.item}},
                     {{"level", level}}, c.officer);
    };
    ASSERT_OK(change("hi"));
    const Item& item = *s.state.item(ItemId::parse(c.item).value());
    EXPECT_EQ(item.level, "hi");
    EXPECT_EQ(item.label_level, "gokuhi");
    const auto first = give();
    ASSERT_OK(change("gokuhi"));
    EXPECT_TRUE(owed_notices(s.state).empty());
    ASSERT_OK(end(first));
    ASSERT_EQ(owed_notices(s.state).size(), 1U);
    EXPECT_EQ(owed_notices(s.state)[0].level, "gokuhi");
    const auto second = give();
    ASSERT_OK(end(second, Stage::failed));
    EXPECT_EQ(s.state.notice(id_of(second))->state, NoticeState::refused);
    EXPECT_TRUE(owed_notices(s.state).empty());
    EXPECT_REFUSED(s, "logbook.unknown",
                   s.add(ActKind::change_class, Stage::permitted, {{"item", c.got}},
                         {{"level", "hi"}}, c.officer));
}

TEST_F(NoticesTest, AReceivedItemTakesTheNewLevelAndWaitsToBeMarked) {
    ASSERT_OK(take(theirs, {{"dispatch", c.in}}, {{"type", "class-change"}, {"level", "ov"}}));
    const auto item = [&]() -> const Item& { return *s.state.item(got); };
    EXPECT_EQ(item().level, "ov");
    EXPECT_EQ(item().label_level, "ct");
    EXPECT_EQ(item().own_level, "gokuhi");
    EXPECT_EQ(item().change, theirs);
    const auto dossier = s.state.dispatch(item().dispatch)->state;
    ASSERT_OK(
        s.carry_out(ActKind::remark, {{"item", c.got}}, {{"level", "kimitsu"}}, {}, c.officer));
    EXPECT_EQ(item().own_level, "kimitsu");
    EXPECT_TRUE(item().change.empty());
    EXPECT_EQ(s.state.dispatch(item().dispatch)->state, dossier);
    EXPECT_REFUSED(s, "logbook.no_transition",
                   s.add(ActKind::remark, Stage::permitted, {{"item", c.got}}, {{"level", "hi"}}));
    ASSERT_OK(
        s.add(ActKind::acknowledge, Stage::permitted, {{"notice", theirs.text()}}, {}, c.officer));
    EXPECT_EQ(s.state.notice(theirs)->state, NoticeState::answered);
    const auto permit = give();
    EXPECT_EQ(s.state.notice(id_of(permit))->type, NoticeType::acknowledge);
    EXPECT_EQ(s.state.notice(id_of(permit))->about, theirs);
    EXPECT_TRUE(owed_notices(s.state).empty());
    ASSERT_OK(end(permit));
    EXPECT_TRUE(owed_notices(s.state).empty());
    EXPECT_REFUSED(s, "logbook.known",
                   take(theirs, {{"dispatch", c.in}}, {{"type", "class-change"}, {"level", "ct"}}));
}

TEST_F(NoticesTest, AnIncidentFreezesAndEndsWithTheAcknowledgedReport) {
    const CopyId copy = CopyId::parse(c.got_copy).value();
    ASSERT_OK(freeze({{"item", c.got}, {"copy", c.got_copy}}));
    const auto state = [&] { return s.state.incident(inc)->state; };
    EXPECT_NE(s.state.freezing(got, copy), nullptr);
    EXPECT_NE(s.state.freezing(got, {}), nullptr);
    EXPECT_EQ(s.state.freezing(got, CopyId::of(sample::ten(1))), nullptr);
    EXPECT_REFUSED(s, "logbook.known", freeze({{"item", c.got}}));
    EXPECT_REFUSED(s, "logbook.no_transition", incident(ActKind::close_incident));
    const auto told = give();
    EXPECT_EQ(s.state.notice(id_of(told))->type, NoticeType::incident);
    ASSERT_OK(incident(ActKind::investigate));
    ASSERT_OK(incident(ActKind::report, {{"enclosed", b64(5)}}));
    EXPECT_TRUE(owed_notices(s.state).empty()); // the first notice is not taken yet
    ASSERT_OK(end(told));
    const auto reported = give();
    EXPECT_EQ(s.state.notice(id_of(reported))->type, NoticeType::incident_report);
    EXPECT_REFUSED(s, "logbook.no_transition", incident(ActKind::close_incident));
    // The acknowledgement overtakes the answer "taken".
    ASSERT_OK(take(theirs, {{"dispatch", c.in}, {"about", id_of(reported).text()}},
                   {{"type", "acknowledge"}}));
    EXPECT_EQ(state(), IncidentState::report_acknowledged);
    EXPECT_EQ(s.state.notice(id_of(reported))->state, NoticeState::acknowledged);
    ASSERT_OK(end(reported));
    EXPECT_EQ(s.state.notice(id_of(reported))->state, NoticeState::acknowledged);
    EXPECT_NE(s.state.freezing(got, copy), nullptr);
    ASSERT_OK(incident(ActKind::close_incident));
    EXPECT_EQ(s.state.freezing(got, copy), nullptr);
    EXPECT_TRUE(owed_notices(s.state).empty());
}

TEST_F(NoticesTest, OfOurOwnThereIsNobodyToTell) {
    ASSERT_OK(freeze({{"item", c.item}}));
    EXPECT_TRUE(owed_notices(s.state).empty());
    ASSERT_OK(incident(ActKind::investigate));
    ASSERT_OK(incident(ActKind::close_incident));
}

TEST_F(NoticesTest, AnIncidentThereIsToldReportedAndAnswered) {
    ASSERT_OK(take(theirs, {{"dispatch", c.out}, {"incident", inc.text()}},
                   {{"type", "incident"}, {"what", "loss"}}));
    EXPECT_EQ(s.state.incident(inc)->state, IncidentState::told);
    EXPECT_EQ(s.state.freezing(ItemId::parse(c.item).value(), {}), nullptr);
    const NoticeId report = NoticeId::of(sample::ten(0x73));
    ASSERT_OK(take(report, {{"dispatch", c.out}, {"incident", inc.text()}},
                   {{"type", "incident-report"}, {"enclosed", b64(5)}}));
    EXPECT_EQ(s.state.incident(inc)->enclosed, sample::hash(5));
    ASSERT_OK(
        s.add(ActKind::acknowledge, Stage::permitted, {{"notice", report.text()}}, {}, c.officer));
    EXPECT_EQ(s.state.incident(inc)->state, IncidentState::report_answered);
    EXPECT_EQ(owed_notices(s.state).size(), 1U);
}

TEST_F(NoticesTest, WhatIsNotThereIsRefused) {
    EXPECT_REFUSED(
        s, "logbook.unknown",
        take(theirs, {{"dispatch", DispatchId::of(sample::ten(1)).text()}}, {{"type", "tracer"}}));
    EXPECT_REFUSED(s, "logbook.unknown",
                   take(theirs, {{"dispatch", c.out}}, {{"type", "class-change"}, {"level", "x"}}));
    EXPECT_REFUSED(
        s, "logbook.unknown",
        take(theirs, {{"dispatch", c.out}, {"about", theirs.text()}}, {{"type", "acknowledge"}}));
    EXPECT_REFUSED(s, "logbook.unknown", incident(ActKind::investigate));
    EXPECT_REFUSED(
        s, "logbook.unknown",
        s.add(ActKind::acknowledge, Stage::permitted, {{"notice", theirs.text()}}, {}, c.officer));
    EXPECT_REFUSED(s, "logbook.unknown", freeze({{"item", c.got}, {"copy", c.copy}}));
}

} // namespace
} // namespace valise::logbook
