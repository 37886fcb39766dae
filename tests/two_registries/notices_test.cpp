// SPDX-License-Identifier: Apache-2.0
#include "exchange/messages.h"
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

#include <algorithm>

// Notices between two whole registries: tracers, changes of class, incidents.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::DispatchState;
using logbook::IncidentState;
using logbook::NoticeState;
using logbook::NoticeType;

class Notices : public TwoRegistries {
protected:
    void SetUp() override {
        mine = exchange(to_bytes("text"));
        theirs = arrived_item();
        ASSERT_FALSE(theirs.empty());
        kyiv.grant(reader, theirs, purpose, later);
    }

    // Both work until nothing moves, and an outsider comes to the same of each.
    void settle() {
        for (int round = 0; round < 4; ++round)
            for (Side* side : {&tokyo, &kyiv}) {
                const auto worked = side->work();
                ASSERT_TRUE(worked || round < 3) << worked.error().text();
            }
        for (Side* side : {&tokyo, &kyiv}) {
            const auto evidence = side->registry->export_evidence();
            ASSERT_TRUE(evidence);
            const auto report = verifying::check_evidence(*evidence);
            EXPECT_TRUE(report.verified())
                << side->party << ": "
                << (report.found ? report.found->place + ": " + report.found->text : "");
        }
    }
    void days(int count) {
        for (Side* side : {&tokyo, &kyiv})
            side->clock.at = side->clock.at.plus_days(count);
    }

    static std::vector<logbook::NoticeEntry> notices(const Side& side, NoticeType type) {
        std::vector<logbook::NoticeEntry> out;
        const auto state = side.registry->state();
        for (const auto& [id, notice] : state.notices())
            if (notice.type == type)
                out.push_back(notice);
        return out;
    }
    static std::string duties(const Side& side) {
        std::string out;
        for (const auto& duty : side.registry->duties())
            if (duty.what != "spot-check") // of its own: decide_muster_test.cpp
                out += (out.empty() ? "" : " ") + duty.what + (duty.overdue ? "!" : "");
        return out;
    }
    DispatchId the_dispatch() const { return tokyo.registry->state().dispatches().begin()->first; }
    registry::ActAnswer trace() {
        return tokyo.act(tokyo.control_officer, ActKind::trace,
                         {{"dispatch", the_dispatch().text()}});
    }
    void change_class(const char* level) {
        tokyo.act(releaser, ActKind::change_class,
                  {{"item", mine.text()}, {"level", level}, {"reason", "published in part"}});
    }
    static Result<registry::ActAnswer> on_incident(Side& side, ActKind kind,
                                                   const std::string& incident) {
        return side.try_act(side.control_officer, kind,
                            {{"incident", incident}, {"note", "what was seen"}});
    }

    ItemId mine, theirs;
};

//= O-36
//= I7
TEST_F(Notices, AnOverdueReceiptIsTracedAndComes) {
    EXPECT_FALSE(
        tokyo.try_act(tokyo.control_officer, ActKind::trace, {{"dispatch", the_dispatch().text()}})
            ->decision.permitted());
    EXPECT_EQ(duties(tokyo), "");
    days(22);
    EXPECT_EQ(duties(tokyo), "await-receipt! trace!");
    trace();
    EXPECT_EQ(duties(tokyo), "await-receipt!");
    settle();
    ASSERT_EQ(notices(kyiv, NoticeType::tracer).size(), 1U);
    EXPECT_EQ(notices(tokyo, NoticeType::tracer)[0].state, NoticeState::taken);
    EXPECT_NE(duties(kyiv).find("answer-tracer"), std::string::npos);
    ASSERT_TRUE(kyiv.read(reader, theirs, purpose));
    kyiv.act(
        reader, ActKind::contents_receipt,
        {{"dispatch", the_dispatch().text()}, {"item", theirs.text()}, {"finding", "in-order"}});
    settle();
    EXPECT_EQ(tokyo.registry->state().dispatches().begin()->second.state, DispatchState::closed);
    EXPECT_EQ(duties(tokyo), "");
    EXPECT_EQ(duties(kyiv), "");
}

//= O-13
//= O-14
//= I2
//= I15
TEST_F(Notices, AChangeOfClassReachesTheCopiesAndComesBackAcknowledged) {
    // Kyiv never lowers on its own.
    EXPECT_EQ(kyiv.try_act(kyiv.control_officer, ActKind::remark,
                           {{"item", theirs.text()}, {"level", "taiemno"}})
                  ->decision.reason(),
              "agreement.equivalence_level");
    EXPECT_FALSE(kyiv.try_act(kyiv.control_officer, ActKind::change_class,
                              {{"item", theirs.text()}, {"level", "taiemno"}, {"reason", "x"}})
                     ->decision.permitted());
    ASSERT_TRUE(kyiv.read(reader, theirs, purpose));
    change_class("hi");
    EXPECT_NE(duties(tokyo).find("await-acknowledgement"), std::string::npos);
    settle();
    const auto item = [&] { return *kyiv.registry->state().item(theirs); };
    EXPECT_EQ(item().level, "hi");
    EXPECT_EQ(item().label_level, "gokuhi");
    EXPECT_EQ(item().own_level, "tsilkom-taiemno");
    EXPECT_EQ(kyiv.read(reader, theirs, purpose).error().reason(), "agreement.remark_pending");
    const auto notice = notices(kyiv, NoticeType::class_change).at(0);
    const auto acknowledge = [&] {
        return kyiv.try_act(kyiv.control_officer, ActKind::acknowledge,
                            {{"notice", notice.id.text()}});
    };
    EXPECT_EQ(acknowledge()->decision.reason(), "agreement.remark_pending");
    kyiv.act(kyiv.control_officer, ActKind::remark,
             {{"item", theirs.text()}, {"level", "taiemno"}});
    EXPECT_TRUE(kyiv.read(reader, theirs, purpose));
    ASSERT_TRUE(acknowledge()->decision.permitted());
    settle();
    EXPECT_EQ(tokyo.registry->state().notice(notice.id)->state, NoticeState::acknowledged);
    EXPECT_EQ(duties(tokyo), "");
    // Once more, and back: each is told in its order.
    change_class("gokuhi");
    change_class("hi");
    change_class("gokuhi");
    settle();
    EXPECT_EQ(item().level, "gokuhi");
}

//= O-42
//= O-43
//= O-44
//= I11
TEST_F(Notices, AnIncidentIsToldFrozenReportedAcknowledgedAndClosed) {
    tokyo.carrier->fate = [] { return DirectCarrier::Fate::lose_request; };
    kyiv.carrier->fate = tokyo.carrier->fate;
    const auto answer =
        kyiv.act(reader, ActKind::report_incident, {{"item", theirs.text()}, {"what", "loss"}});
    const auto incident = answer.result.at("incident").get<std::string>();
    const auto id = IncidentId::parse(incident).value();
    EXPECT_EQ(kyiv.read(reader, theirs, purpose).error().reason(), "agreement.frozen");
    ASSERT_TRUE(on_incident(kyiv, ActKind::investigate, incident)->decision.permitted());
    EXPECT_FALSE(kyiv.work());
    EXPECT_EQ(on_incident(kyiv, ActKind::report, incident)->decision.reason(),
              "agreement.notice_not_taken");
    tokyo.carrier->fate = [] { return DirectCarrier::Fate::deliver; };
    kyiv.carrier->fate = tokyo.carrier->fate;
    settle();
    EXPECT_EQ(tokyo.registry->state().incident(id)->state, IncidentState::told);
    EXPECT_EQ(tokyo.registry->state().incident(id)->item, mine);
    ASSERT_TRUE(on_incident(kyiv, ActKind::report, incident)->decision.permitted());
    EXPECT_EQ(on_incident(kyiv, ActKind::close_incident, incident)->decision.reason(),
              "agreement.report_unacknowledged");
    settle();
    const auto report = notices(tokyo, NoticeType::incident_report).at(0);
    EXPECT_EQ(tokyo.registry->enclosed(report.id).value(), "what was seen");
    tokyo.act(tokyo.control_officer, ActKind::acknowledge, {{"notice", report.id.text()}});
    settle();
    EXPECT_EQ(kyiv.read(reader, theirs, purpose).error().reason(), "agreement.frozen");
    ASSERT_TRUE(on_incident(kyiv, ActKind::close_incident, incident)->decision.permitted());
    EXPECT_TRUE(kyiv.read(reader, theirs, purpose));
    EXPECT_EQ(tokyo.registry->state().incident(id)->state, IncidentState::report_answered);
}

TEST_F(Notices, ALostDoubledOrLateNoticeIsOneEvent) {
    days(22);
    trace();
    using enum DirectCarrier::Fate;
    for (const auto fate : {lose_request, lose_answer, deliver_twice}) {
        tokyo.carrier->fate = [fate] { return fate; };
        (void)tokyo.work();
    }
    tokyo.carrier->fate = [] { return deliver; };
    settle();
    EXPECT_EQ(notices(kyiv, NoticeType::tracer).size(), 1U);
    EXPECT_EQ(notices(tokyo, NoticeType::tracer).size(), 1U);
    EXPECT_TRUE(tokyo.journal.outbox()->empty());
}

TEST_F(Notices, ACrashAnywhereOnTheWayIsMadeGood) {
    days(22);
    const auto crash_after = [](Side& side, ActKind kind, logbook::Stage stage) {
        side.journal.crash_after = [&side, kind, stage] {
            const auto events = side.journal.events(0, 1000);
            const auto newest = logbook::Skeleton::parse(events->back().skeleton);
            return newest->kind() == kind && newest->stage() == stage;
        };
    };
    const auto start = [](Side& side) {
        side.journal.crash_after = [] { return false; };
        side.crash();
        side.restart_keys();
        side.start();
    };
    crash_after(tokyo, ActKind::trace, logbook::Stage::permitted);
    EXPECT_THROW(trace(), Crash);
    start(tokyo);
    crash_after(tokyo, ActKind::give_notice, logbook::Stage::permitted);
    EXPECT_THROW((void)tokyo.work(), Crash);
    start(tokyo);
    crash_after(kyiv, ActKind::take_notice, logbook::Stage::done);
    EXPECT_THROW((void)tokyo.work(), Crash);
    start(kyiv);
    crash_after(tokyo, ActKind::give_notice, logbook::Stage::done);
    EXPECT_THROW((void)tokyo.work(), Crash);
    start(tokyo);
    settle();
    EXPECT_EQ(notices(kyiv, NoticeType::tracer).size(), 1U);
    EXPECT_EQ(notices(tokyo, NoticeType::tracer)[0].state, NoticeState::taken);
}

// What the peer's key did not sign, or what it signed of something else, leaves no event.
TEST_F(Notices, AForgedNoticeIsNotTaken) {
    days(22);
    trace();
    const auto before = kyiv.registry->state();
    tokyo.carrier = std::make_unique<DirectCarrier>([&](ByteView request) {
        const auto frame = exchange::parse_frame(request);
        if (frame && frame->type == "notice") {
            auto notice = exchange::Notice::parse(*frame).value();
            notice.signature[0] = static_cast<Byte>(notice.signature[0] ^ 1U);
            return kyiv.registry->answer_peer(
                exchange::encode(notice.frame(frame->from, frame->to)),
                tokyo.registry->key_list().tls);
        }
        return kyiv.registry->answer_peer(request, tokyo.registry->key_list().tls);
    });
    EXPECT_FALSE(tokyo.work());
    EXPECT_TRUE(kyiv.registry->state().notices().empty());
    EXPECT_EQ(kyiv.registry->state().next_seq(), before.next_seq());
}

} // namespace
} // namespace valise::testing
