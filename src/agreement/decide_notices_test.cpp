// SPDX-License-Identifier: Apache-2.0
// Notices, tracers, changes of class, incidents, and what they leave to be done.
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
using logbook::NoticeType;
using logbook::OwedNotice;
using logbook::Stage;
using logbook::TextMap;

const NoticeId kTheirs = NoticeId::of(Bytes(10, 0x71));
const IncidentId kIncident = IncidentId::of(Bytes(10, 0x72));

TextMap ids_of(const OwedNotice& owed) {
    TextMap out = {{"dispatch", owed.dispatch.text()}, {"item", owed.item.text()}};
    if (!owed.about.empty())
        out["about"] = owed.about.text();
    if (!owed.incident.empty())
        out["incident"] = owed.incident.text();
    return out;
}

TextMap facts_of(const OwedNotice& owed) {
    TextMap out = {{"type", std::string(to_string(owed.type))}, {"peer", owed.peer}};
    if (!owed.level.empty())
        out["level"] = owed.level;
    if (owed.what)
        out["what"] = std::string(to_string(*owed.what));
    if (owed.enclosed)
        out["enclosed"] = to_base64(*owed.enclosed);
    return out;
}

Json content_of(const OwedNotice& owed) {
    Json out = Json::object();
    for (const auto& map : {ids_of(owed), facts_of(owed)})
        for (const auto& [name, value] : map)
            out[name] = value;
    return out;
}

// Gives what is owed first, and the other registry takes it or not. The notice's id.
NoticeId give(World& world, bool taken = true) {
    const OwedNotice owed = logbook::owed_notices(world.state).at(0);
    const NoticeId id = logbook::notice_id("XEX", world.state.next_seq());
    TextMap ids = ids_of(owed);
    ids["notice"] = id.text();
    world.happen(ActKind::give_notice, logbook::kRegistryActor, ids, facts_of(owed));
    if (taken)
        world.happen(ActKind::give_notice, logbook::kRegistryActor, ids, {}, Stage::done);
    return id;
}

void take(World& world, NoticeType type, int dispatch, TextMap ids = {}, TextMap facts = {}) {
    ids["notice"] = kTheirs.text();
    ids["dispatch"] = dispatch_id(dispatch).text();
    facts["type"] = std::string(to_string(type));
    facts["peer"] = "XBO";
    world.happen(ActKind::take_notice, logbook::kRegistryActor, std::move(ids), std::move(facts),
                 Stage::done);
}

void trace(World& world) {
    world.happen(ActKind::trace, person(officer).text(), {{"dispatch", dispatch_id(1).text()}}, {});
}
void change_class(World& world, const char* level) {
    world.happen(ActKind::change_class, person(releaser).text(), {{"item", item(1).text()}},
                 {{"level", level}});
}
void report_incident(World& world, int n) {
    world.happen(ActKind::report_incident, person(reader).text(),
                 {{"incident", kIncident.text()}, {"item", item(n).text()}}, {{"what", "loss"}});
}
void on_incident(World& world, ActKind kind, TextMap facts = {}) {
    world.happen(kind, person(officer).text(), {{"incident", kIncident.text()}}, std::move(facts));
}

TEST(DecideGiveNotice, Rows) {
    run(ActKind::give_notice,
        {
            {"what the book owes", [](Case&) {}, "", ""},
            {"twice", [](Case& c) { give(c.world); }, "notice-ground", "agreement.notice_ground"},
            {"of another dispatch", [](Case& c) { c.content["dispatch"] = dispatch_id(2).text(); },
             "notice-ground", "agreement.notice_ground"},
            {"of an unknown dispatch",
             [](Case& c) { c.content["dispatch"] = dispatch_id(50).text(); }, "dispatch-known",
             "agreement.dispatch_unknown"},
            {"something else than the book owes",
             [](Case& c) {
                 c.content["type"] = "class-change";
                 c.content["level"] = "crown";
             },
             "notice-ground", "agreement.notice_ground"},
            {"to a third country", [](Case& c) { c.content["peer"] = "UKR"; },
             "notice-channel, notice-ground", "agreement.channel_party"},
            {"by a person", [](Case& c) { c.signer = officer; }, "actor",
             "agreement.actor_registry_only"},
        },
        [](Case& c) {
            c.world.send();
            trace(c.world);
            c.signer.reset();
            c.content = content_of(logbook::owed_notices(c.world.state).at(0));
        });
}

TEST(DecideTakeNotice, Rows) {
    const auto notice = [](const char* type, int dispatch) {
        return Json{{"notice", kTheirs.text()},
                    {"type", type},
                    {"peer", "XBO"},
                    {"dispatch", dispatch_id(dispatch).text()}};
    };
    run(ActKind::take_notice,
        {
            {"a class that the originator changes", [](Case&) {}, "", ""},
            {"of an item of ours",
             [](Case& c) {
                 c.world.send();
                 c.content["dispatch"] = dispatch_id(1).text();
             },
             "notice-originator", "agreement.notice_originator"},
            {"to a level of our scheme", [](Case& c) { c.content["level"] = "sealed"; },
             "notice-level", "agreement.classification"},
            {"of a dispatch that never came",
             [](Case& c) { c.content["dispatch"] = dispatch_id(50).text(); }, "dispatch-known",
             "agreement.dispatch_unknown"},
            {"from a third country", [](Case& c) { c.content["peer"] = "UKR"; },
             "notice-channel, notice-originator", "agreement.channel_party"},
            {"a tracer of what they sent", [&](Case& c) { c.content = notice("tracer", 2); }, "",
             ""},
            {"a tracer of what we sent",
             [&](Case& c) {
                 c.world.send();
                 c.content = notice("tracer", 1);
             },
             "notice-originator", "agreement.notice_originator"},
            {"an incident with what we sent",
             [&](Case& c) {
                 c.world.send();
                 c.content = notice("incident", 1);
                 c.content["incident"] = kIncident.text();
                 c.content["what"] = "loss";
             },
             "", ""},
            {"an incident with what they sent",
             [&](Case& c) {
                 c.content = notice("incident", 2);
                 c.content["incident"] = kIncident.text();
                 c.content["what"] = "loss";
             },
             "notice-originator", "agreement.notice_originator"},
            {"claimed by a person", [](Case& c) { c.signer = officer; }, "actor",
             "agreement.actor_registry_only"},
        },
        [&](Case& c) {
            c.signer.reset();
            c.content = notice("class-change", 2);
            c.content["level"] = "zekret";
        });
}

// What follows from what was taken, and until when.
TEST(DecideTakeNotice, Duties) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    const auto duty_of = [&](Json content) {
        Case c(terms, ActKind::take_notice);
        c.world.send();
        c.signer.reset();
        c.content = {{"notice", kTheirs.text()}, {"peer", "XBO"}};
        c.content.update(content);
        const Decision decision = c.decide();
        EXPECT_TRUE(decision.permitted()) << decision.reason();
        return decision.duties.empty()
                   ? std::string()
                   : decision.duties[0].what + " " + decision.duties[0].due.text();
    };
    const std::string sent = dispatch_id(1).text();
    const std::string came = dispatch_id(2).text();
    EXPECT_EQ(duty_of({{"type", "tracer"}, {"dispatch", came}}),
              "answer-tracer 2026-11-24T09:30:00Z");
    EXPECT_EQ(duty_of({{"type", "class-change"}, {"dispatch", came}, {"level", "zekret"}}),
              "remark 2026-11-27T09:30:00Z");
    EXPECT_EQ(duty_of({{"type", "incident"},
                       {"dispatch", sent},
                       {"incident", kIncident.text()},
                       {"what", "loss"}}),
              "acknowledge 2026-11-24T09:30:00Z");
    EXPECT_EQ(duty_of({{"type", "acknowledge"}, {"dispatch", sent}, {"about", kTheirs.text()}}),
              "");
}

TEST(DecideReportIncident, TheOriginatorIsToldAtOnce) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::report_incident);
    c.signer = reader;
    c.content = {{"item", item(2).text()}, {"what", "suspected"}};
    const Decision decision = c.decide();
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].what, "incident-notice");
    EXPECT_EQ(decision.duties[0].due, c.now);
    c.content = {{"item", item(1).text()}, {"what", "suspected"}}; // our own
    EXPECT_TRUE(c.decide().duties.empty());
}

TEST(DecideTrace, Rows) {
    run(ActKind::trace,
        {
            {"on its day", [](Case&) {}, "", ""},
            {"a day before", [](Case& c) { c.now = day("2026-12-10"); }, "tracer-due",
             "agreement.tracer_early"},
            {"by a reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"when the receipt is back", [](Case& c) { c.world.receipts(); }, "tracer-due",
             "agreement.tracer_nothing"},
            {"what came here", [](Case& c) { c.content["dispatch"] = dispatch_id(2).text(); },
             "tracer-due", "agreement.tracer_nothing"},
            {"what nobody knows", [](Case& c) { c.content["dispatch"] = dispatch_id(50).text(); },
             "dispatch-known", "agreement.dispatch_unknown"},
        },
        [](Case& c) {
            c.world.send(); // on Friday, 2026-11-20
            c.now = day("2026-12-11");
            c.content = {{"dispatch", dispatch_id(1).text()}};
        });
}

TEST(DecideTrace, ADiscrepancyIsTracedAtOnce) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::trace);
    c.world.send();
    c.content = {{"dispatch", dispatch_id(1).text()}};
    EXPECT_EQ(c.decide().reason(), "agreement.tracer_early");
    c.world.happen(ActKind::contents_receipt, logbook::kRegistryActor,
                   {{"dispatch", dispatch_id(1).text()}}, {{"finding", "discrepancy"}},
                   Stage::done);
    EXPECT_TRUE(c.decide().permitted());
}

TEST(DecideChangeClass, Rows) {
    run(ActKind::change_class,
        {
            {"by the office of the terms", [](Case&) {}, "", ""},
            {"by a control officer", [](Case& c) { c.signer = officer; }, "class-change-office",
             "agreement.class_change_office"},
            {"of what was received", [](Case& c) { c.content["item"] = item(2).text(); },
             "originator-only", "agreement.class_retained"},
            {"to the class that it has", [](Case& c) { c.content["level"] = "sealed"; },
             "class-changes", "agreement.class_same"},
            {"to a level of the other party", [](Case& c) { c.content["level"] = "zekret"; },
             "classification", "agreement.classification"},
            {"of an unknown item", [](Case& c) { c.content["item"] = item(50).text(); },
             "item-known", "agreement.item_unknown"},
        },
        [](Case& c) {
            c.signer = releaser;
            c.content = {{"item", item(1).text()}, {"level", "guarded"}, {"reason", "published"}};
        });
}

// Whoever holds it is told; the label that was signed says the former class and goes nowhere.
TEST(DecideChangeClass, IsOwedToWhoHoldsItAndStopsFurtherRelease) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::change_class);
    c.signer = releaser;
    c.content = {{"item", item(1).text()}, {"level", "guarded"}, {"reason", "published"}};
    EXPECT_TRUE(c.decide().duties.empty());
    c.world.send();
    const Decision decision = c.decide();
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].what, "await-acknowledgement");

    Case dispatch(terms, ActKind::dispatch);
    dispatch.content = {{"item", item(1).text()}, {"recipient", "XBO"}};
    EXPECT_TRUE(dispatch.decide().permitted());
    change_class(dispatch.world, "crown");
    const auto refusals = dispatch.decide().refusals();
    EXPECT_TRUE(std::ranges::any_of(refusals, [](const Consulted& refusal) {
        return refusal.reason == "agreement.label_outdated";
    }));
}

TEST(DecideAcknowledge, Rows) {
    run(ActKind::acknowledge,
        {
            {"a change that was marked",
             [](Case& c) {
                 c.world.happen(ActKind::remark, person(officer).text(), {{"item", item(2).text()}},
                                {{"level", "guarded"}}, Stage::done);
             },
             "", ""},
            {"a change that was not marked", [](Case&) {}, "remarked-first",
             "agreement.remark_pending"},
            {"a notice that nobody sent",
             [](Case& c) { c.content["notice"] = NoticeId::of(Bytes(10, 1)).text(); },
             "notice-known", "agreement.notice_unknown"},
            {"our own",
             [](Case& c) {
                 c.world.send();
                 trace(c.world);
                 c.content["notice"] = give(c.world).text();
             },
             "notice-known", "agreement.notice_unknown"},
            {"by a reader", [](Case& c) { c.signer = reader; }, "control-officer, remarked-first",
             "agreement.control_officer"},
        },
        [](Case& c) {
            take(c.world, NoticeType::class_change, 2, {}, {{"level", "zekret"}});
            c.content = {{"notice", kTheirs.text()}};
        });
}

TEST(DecideAcknowledge, OnceAndNeverAnAcknowledgement) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::acknowledge);
    take(c.world, NoticeType::tracer, 2);
    c.content = {{"notice", kTheirs.text()}};
    EXPECT_TRUE(c.decide().permitted());
    c.world.happen(ActKind::acknowledge, person(officer).text(), {{"notice", kTheirs.text()}}, {});
    EXPECT_EQ(c.decide().reason(), "agreement.notice_answered");
    Case ack(terms, ActKind::acknowledge);
    ack.world.send();
    trace(ack.world);
    const NoticeId tracer = give(ack.world);
    take(ack.world, NoticeType::acknowledge, 1, {{"about", tracer.text()}});
    ack.content = {{"notice", kTheirs.text()}};
    EXPECT_EQ(ack.decide().reason(), "agreement.notice_needs_none");
}

//= O-14
TEST(DecideRemark, AfterTheOriginatorsNoticeAndOnlyThen) {
    run(ActKind::remark,
        {
            {"lowered on our own", [](Case&) {}, "equivalence, class-retained",
             "agreement.equivalence_level"},
            {"after the notice",
             [](Case& c) { take(c.world, NoticeType::class_change, 2, {}, {{"level", "zekret"}}); },
             "", ""},
            {"after the notice, to something else",
             [](Case& c) {
                 take(c.world, NoticeType::class_change, 2, {}, {{"level", "zekret"}});
                 c.content["level"] = "crown";
             },
             "equivalence", "agreement.equivalence_level"},
        },
        [](Case& c) { c.content = {{"item", item(2).text()}, {"level", "guarded"}}; });
}

Json reading(int n) {
    return {{"item", item(n).text()},
            {"copy", copy(n).text()},
            {"purpose", "exercise"},
            {"session_key", to_base64(Bytes(32, 1))}};
}

TEST(DecideOpen, NotWhileAChangeWaitsOrAnIncidentFreezes) {
    run(ActKind::open,
        {
            {"ordinarily", [](Case&) {}, "", ""},
            {"a change of class that is not marked",
             [](Case& c) { take(c.world, NoticeType::class_change, 2, {}, {{"level", "zekret"}}); },
             "marked-first", "agreement.remark_pending"},
            {"an incident", [](Case& c) { report_incident(c.world, 2); }, "frozen",
             "agreement.frozen"},
            {"an incident with another item", [](Case& c) { report_incident(c.world, 1); }, "", ""},
        },
        [](Case& c) {
            c.signer = reader;
            c.content = reading(2);
        });
}

TEST(DecideDispatch, NothingLeavesWhileAnIncidentFreezes) {
    run(ActKind::dispatch,
        {
            {"ordinarily", [](Case&) {}, "", ""},
            {"an incident", [](Case& c) { report_incident(c.world, 1); }, "frozen",
             "agreement.frozen"},
            {"an incident that is closed",
             [](Case& c) {
                 report_incident(c.world, 1);
                 on_incident(c.world, ActKind::investigate);
                 on_incident(c.world, ActKind::close_incident);
             },
             "", ""},
        },
        [](Case& c) { c.content = {{"item", item(1).text()}, {"recipient", "XBO"}}; });
}

TEST(DecideReportIncident, Rows) {
    run(ActKind::report_incident,
        {
            {"by anybody enrolled, without facts", [](Case&) {}, "", ""},
            {"of one copy", [](Case& c) { c.content["copy"] = copy(2).text(); }, "", ""},
            {"of a copy of another item", [](Case& c) { c.content["copy"] = copy(1).text(); },
             "copy-known", "agreement.copy_unknown"},
            {"of an unknown item", [](Case& c) { c.content["item"] = item(50).text(); },
             "item-known", "agreement.item_unknown"},
            {"by a stranger", [](Case& c) { c.signer = stranger; }, "actor",
             "agreement.actor_unknown"},
        },
        [](Case& c) {
            c.signer = reader;
            c.content = {{"item", item(2).text()}, {"what", "suspected"}};
        });
}

TEST(DecideInvestigate, Rows) {
    run(ActKind::investigate,
        {
            {"when the notice is on its way", [](Case& c) { give(c.world, false); }, "", ""},
            {"before the originator is told", [](Case&) {}, "notice-before",
             "agreement.notice_first"},
            {"an unknown incident",
             [](Case& c) { c.content["incident"] = IncidentId::of(Bytes(10, 1)).text(); },
             "incident-known", "agreement.incident_unknown"},
            {"by a reader",
             [](Case& c) {
                 give(c.world);
                 c.signer = reader;
             },
             "control-officer", "agreement.control_officer"},
        },
        [](Case& c) {
            report_incident(c.world, 2);
            c.content = {{"incident", kIncident.text()}, {"note", "on a train"}};
        });
}

TEST(DecideReport, Rows) {
    run(ActKind::report,
        {
            {"when the notice was taken and findings are there",
             [](Case& c) {
                 give(c.world);
                 on_incident(c.world, ActKind::investigate);
             },
             "", ""},
            {"before the notice was taken",
             [](Case& c) {
                 give(c.world, false);
                 on_incident(c.world, ActKind::investigate);
             },
             "notice-before", "agreement.notice_not_taken"},
            {"without findings", [](Case& c) { give(c.world); }, "findings-first",
             "agreement.findings_missing"},
            {"a second time",
             [](Case& c) {
                 give(c.world);
                 on_incident(c.world, ActKind::investigate);
                 on_incident(c.world, ActKind::report, {{"enclosed", b64(hash(1))}});
             },
             "findings-first", "agreement.report_given"},
        },
        [](Case& c) {
            report_incident(c.world, 2);
            c.content = {{"incident", kIncident.text()}, {"note", "no more trains"}};
        });
    run(ActKind::report,
        {{"of what originated here", [](Case&) {}, "report-to-originator",
          "agreement.report_to_nobody"}},
        [](Case& c) {
            report_incident(c.world, 1);
            on_incident(c.world, ActKind::investigate);
            c.content = {{"incident", kIncident.text()}, {"note", "no more trains"}};
        });
}

TEST(DecideCloseIncident, Rows) {
    const auto up_to_report = [](World& world) {
        give(world);
        on_incident(world, ActKind::investigate);
        on_incident(world, ActKind::report, {{"enclosed", b64(hash(1))}});
    };
    run(ActKind::close_incident,
        {
            {"when the report is acknowledged",
             [&](Case& c) {
                 up_to_report(c.world);
                 const NoticeId report = give(c.world);
                 take(c.world, NoticeType::acknowledge, 2, {{"about", report.text()}});
             },
             "", ""},
            {"when the report was taken",
             [&](Case& c) {
                 up_to_report(c.world);
                 give(c.world);
             },
             "report-acknowledged", "agreement.report_unacknowledged"},
            {"without findings", [](Case&) {}, "findings-first", "agreement.findings_missing"},
            {"without a report",
             [](Case& c) {
                 give(c.world);
                 on_incident(c.world, ActKind::investigate);
             },
             "report-acknowledged", "agreement.report_unacknowledged"},
        },
        [](Case& c) {
            report_incident(c.world, 2);
            c.content = {{"incident", kIncident.text()}};
        });
    run(ActKind::close_incident,
        {{"of what originated here", [](Case&) {}, "", ""},
         {"with the copy found", [](Case& c) { c.content["finding"] = "found"; }, "", ""},
         {"over the loss of every copy", [](Case& c) { c.content["finding"] = "lost"; },
          "loss-copy", "agreement.loss_copy"},
         {"a second time", [](Case& c) { on_incident(c.world, ActKind::close_incident); },
          "report-acknowledged", "agreement.incident_closed"}},
        [](Case& c) {
            report_incident(c.world, 1);
            on_incident(c.world, ActKind::investigate);
            c.content = {{"incident", kIncident.text()}};
        });
}

class DutiesTest : public testing::Test {
protected:
    std::string at(const char* when) const {
        std::string out;
        for (const StandingDuty& duty : duties_at(terms, world.state, day(when)))
            if (duty.what != "spot-check" && duty.subject != dispatch_id(2).text() &&
                duty.subject != dispatch_id(3).text())
                out += (out.empty() ? "" : " ") + duty.what + (duty.overdue ? "!" : "") +
                       (duty.ours ? "" : "?");
        return out;
    }
    Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    World world{terms};
};

//= O-36
//= I7
TEST_F(DutiesTest, AReceiptIsAwaitedRemindedOfAndTraced) {
    world.send(); // on Friday, 2026-11-20
    EXPECT_EQ(at("2026-11-24"), "");
    EXPECT_EQ(at("2026-11-27"), "await-receipt?");
    EXPECT_EQ(at("2026-12-05"), "await-receipt!?");
    EXPECT_EQ(at("2026-12-12"), "await-receipt!? trace!");
    trace(world);
    EXPECT_EQ(at("2026-12-12"), "await-receipt!?");
    world.receipts();
    EXPECT_EQ(at("2026-12-12"), "");
}

TEST_F(DutiesTest, WhatCameAsksForItsReceipt) {
    const auto all = duties_at(terms, world.state, day("2026-12-05"));
    ASSERT_EQ(all.size(), 2U); // dispatches 2 and 3
    EXPECT_EQ(all[0].what, "contents-receipt");
    EXPECT_TRUE(all[0].overdue);
    EXPECT_EQ(all[0].due, day("2026-12-04"));
    EXPECT_EQ(all[0].clause, "receipt-due");
    take(world, NoticeType::tracer, 2);
    EXPECT_EQ(at("2026-11-20"), "answer-tracer");
}

TEST_F(DutiesTest, AChangeOfClassIsMarkedAndAcknowledged) {
    take(world, NoticeType::class_change, 2, {}, {{"level", "zekret"}});
    EXPECT_EQ(at("2026-11-20"), "remark acknowledge");
    EXPECT_EQ(at("2026-11-26"), "remark! acknowledge!");
    world.happen(ActKind::remark, person(officer).text(), {{"item", item(2).text()}},
                 {{"level", "guarded"}}, Stage::done);
    EXPECT_EQ(at("2026-11-20"), "acknowledge");
    world.happen(ActKind::acknowledge, person(officer).text(), {{"notice", kTheirs.text()}}, {});
    EXPECT_EQ(at("2026-11-20"), "");
    world.send();
    change_class(world, "crown");
    give(world); // the acknowledgement
    give(world);
    EXPECT_EQ(at("2026-11-20"), "await-acknowledgement?");
}

TEST_F(DutiesTest, AnIncidentGoesItsWay) {
    report_incident(world, 2);
    EXPECT_EQ(at("2026-11-21"), "investigate!");
    give(world);
    on_incident(world, ActKind::investigate);
    EXPECT_EQ(at("2026-11-21"), "report");
    EXPECT_EQ(at("2026-12-21"), "report!");
    on_incident(world, ActKind::report, {{"enclosed", b64(hash(1))}});
    const NoticeId report = give(world);
    EXPECT_EQ(at("2026-11-21"), "await-acknowledgement?");
    take(world, NoticeType::acknowledge, 2, {{"about", report.text()}});
    EXPECT_EQ(at("2026-11-20"), "close-incident");
    on_incident(world, ActKind::close_incident);
    EXPECT_EQ(at("2026-11-20"), "");
}

} // namespace
} // namespace valise::agreement::test
