// SPDX-License-Identifier: Apache-2.0
// Is what should be there there?
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

const MusterId kMuster = MusterId::of(Bytes(10, 0x73));

void begin(World& world) {
    world.happen(ActKind::begin_muster, person(officer).text(), {{"muster", kMuster.text()}}, {});
}

void count(World& world, Who who, std::initializer_list<int> copies, const char* finding) {
    std::set<std::string> ids;
    for (const int n : copies)
        ids.insert(copy(n).text());
    std::string list;
    for (const std::string& id : ids)
        list += (list.empty() ? "" : ",") + id;
    world.happen(ActKind::count, person(who).text(), {{"muster", kMuster.text()}},
                 {{"copies", list}, {"finding", finding}});
}

void lose(World& world, int n) {
    world.happen(ActKind::report_incident, person(reader).text(),
                 {{"incident", IncidentId::of(Bytes(10, 0x72)).text()}, {"item", item(n).text()}},
                 {{"what", "loss"}});
}

TEST(DecideMuster, Beginning) {
    run(ActKind::begin_muster,
        {
            {"all of it", [](Case&) {}, "", ""},
            {"a spot check", [](Case& c) { c.content["percent"] = 5; }, "", ""},
            {"a spot check of everything", [](Case& c) { c.content["percent"] = 100; },
             "muster-scope", "agreement.muster_scope"},
            {"a container that nobody registered",
             [](Case& c) { c.content["container"] = container(1).text(); }, "muster-scope",
             "agreement.container_unknown"},
            {"by its reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
        },
        [](Case&) {});
}

TEST(DecideMuster, Counting) {
    run(ActKind::count,
        {
            {"what is there", [](Case&) {}, "", ""},
            {"a copy that it does not look for",
             [](Case& c) { c.content["copies"] = copy(9).text(); }, "muster-copy",
             "agreement.muster_copy"},
            {"a copy that came since",
             [](Case& c) {
                 c.world.reproduce(1, 20, 2);
                 c.content["copies"] = copy(20).text();
             },
             "muster-copy", "agreement.muster_copy"},
            {"another muster",
             [](Case& c) { c.content["muster"] = MusterId::of(Bytes(10, 0x74)).text(); },
             "muster-known", "agreement.muster_unknown"},
            {"a muster that is closed",
             [](Case& c) {
                 count(c.world, reader, {1, 2, 3}, "present");
                 c.world.happen(ActKind::close_muster, person(officer).text(),
                                {{"muster", kMuster.text()}}, {});
             },
             "muster-known", "agreement.muster_unknown"},
            {"by somebody who is not cleared for it", [](Case& c) { c.signer = author; },
             "muster-access", "agreement.muster_access"},
            {"by somebody whose clearance ran out",
             [](Case& c) { c.world.clear(reader, "sealed", "2026-11-24T09:29:59Z"); },
             "muster-access", "agreement.muster_access"},
        },
        [](Case& c) {
            begin(c.world);
            c.signer = reader;
            c.content = {
                {"muster", kMuster.text()}, {"copies", copy(1).text()}, {"finding", "present"}};
        });
}

//= O-42
TEST(DecideMuster, WhatIsMissingIsToBeReported) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::count);
    begin(c.world);
    c.signer = reader;
    c.content = {{"muster", kMuster.text()}, {"copies", copy(1).text()}, {"finding", "missing"}};
    const auto decision = c.decide();
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].what, "report-incident");
}

TEST(DecideMuster, Closing) {
    run(ActKind::close_muster,
        {
            {"all there", [](Case&) {}, "", ""},
            {"not all counted", [](Case& c) { c.world.reproduce(1, 20, 2); }, "", ""},
            {"one missing that nobody reported",
             [](Case& c) { count(c.world, reader, {2}, "missing"); }, "losses-reported",
             "agreement.loss_unreported"},
            {"one missing and reported",
             [](Case& c) {
                 count(c.world, reader, {2}, "missing");
                 lose(c.world, 2);
             },
             "", ""},
            {"one missing and found",
             [](Case& c) {
                 count(c.world, reader, {2}, "missing");
                 count(c.world, officer, {2}, "present");
             },
             "", ""},
            {"by its reader", [](Case& c) { c.signer = reader; },
             "control-officer, muster-second-person", "agreement.control_officer"},
        },
        [](Case& c) {
            begin(c.world);
            count(c.world, reader, {1, 2, 3}, "present");
            c.content = {{"muster", kMuster.text()}};
        });
    run(ActKind::close_muster,
        {
            {"nobody looked for one", [](Case&) {}, "muster-complete",
             "agreement.muster_incomplete"},
            {"counted by who closes it",
             [](Case& c) { count(c.world, officer, {1, 2, 3}, "present"); }, "muster-second-person",
             "agreement.muster_second_person"},
        },
        [](Case& c) {
            begin(c.world);
            count(c.world, reader, {1, 2}, "present");
            c.content = {{"muster", kMuster.text()}};
        });
}

TEST(DecideMuster, IsDueByLevel) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    World world(terms);
    const auto due = [&](const char* at) {
        std::string out;
        for (const StandingDuty& duty : duties_at(terms, world.state, day(at)))
            if (duty.clause == "muster-complete")
                out += duty.what + " " + duty.subject + (duty.overdue ? "! " : " ");
        return out;
    };
    // Entered on 20 November 2026; a spot check every 30 days, a muster of this level every 12
    // months.
    EXPECT_EQ(due("2026-11-24"), "");
    EXPECT_EQ(due("2026-12-10"), "spot-check  ");
    EXPECT_EQ(due("2026-12-21"), "spot-check ! ");
    EXPECT_EQ(due("2027-11-21"), "spot-check ! muster sealed! ");
    begin(world);
    EXPECT_EQ(due("2026-11-24"), "close-muster " + kMuster.text() + "! ");
    count(world, reader, {1}, "missing");
    EXPECT_EQ(due("2026-11-24"), "find-missing " + kMuster.text() + "! ");
}

} // namespace
} // namespace valise::agreement::test
