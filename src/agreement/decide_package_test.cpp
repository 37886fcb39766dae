// SPDX-License-Identifier: Apache-2.0
// What goes by hand, comes back, or goes on to a third party.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
using logbook::Stage;

const IncidentId kIncident = IncidentId::of(Bytes(10, 0x72));

// Item 5 is paper, released, and its copy 5 lies in dispatch 5, permitted.
void pack(Case& c) {
    c.world.enter_described(5, "paper");
    c.world.approve(releaser, 5);
    c.world.approve(author, 5);
    c.world.happen(ActKind::dispatch, person(officer).text(),
                   {{"item", item(5).text()},
                    {"copy", copy(5).text()},
                    {"dispatch", dispatch_id(5).text()},
                    {"release", c.world.release(5).text()}},
                   {{"recipient", "XBO"}, {"level", "guarded"}, {"seals", "S-1"}});
}

void leg(Case& c, const char* number, const char* at) {
    c.world.happen(ActKind::hand_over, person(officer).text(),
                   {{"dispatch", dispatch_id(5).text()}},
                   {{"leg", number}, {"at", at}, {"finding", "intact"}}, Stage::permitted,
                   "2026-11-24T08:00:00Z");
}

// Dispatch 6 is announced from XBO.
void announce(Case& c) {
    const logbook::TextMap facts = {
        {"peer", "XBO"}, {"level", "ultra-zekret"}, {"seals", "S-2"}, {"form", "paper"}};
    c.world.happen(
        ActKind::arrive, logbook::kRegistryActor,
        {{"item", item(6).text()}, {"copy", copy(6).text()}, {"dispatch", dispatch_id(6).text()}},
        facts);
}

//= O-35
TEST(DecideDispatch, Packages) {
    run(ActKind::dispatch,
        {
            {"one copy, sealed", [](Case&) {}, "", ""},
            {"paper by wire",
             [](Case& c) {
                 c.content.erase("copy");
                 c.content.erase("seals");
             },
             "form", "agreement.form"},
            {"the copy of another item", [](Case& c) { c.content["copy"] = copy(1).text(); },
             "package", "agreement.package_copy"},
            {"a copy that a reader has",
             [](Case& c) { c.world.issue(5, 5, reader, "2026-12-01T00:00:00Z"); }, "package",
             "agreement.copy_issued"},
            {"a copy that is under way",
             [](Case& c) {
                 c.world.happen(ActKind::dispatch, person(officer).text(),
                                {{"item", item(5).text()},
                                 {"copy", copy(5).text()},
                                 {"dispatch", dispatch_id(5).text()},
                                 {"release", c.world.release(5).text()}},
                                {{"recipient", "XBO"}, {"level", "guarded"}, {"seals", "S-1"}});
             },
             "package", "agreement.copy_gone"},
            {"a sealed file in an envelope",
             [](Case& c) {
                 c.content["item"] = item(1).text();
                 c.content["copy"] = copy(1).text();
             },
             "package", "agreement.package_copy"},
            {"what was said",
             [](Case& c) {
                 c.world.enter_described(7, "oral");
                 c.world.approve(releaser, 7);
                 c.world.approve(author, 7);
                 c.content["item"] = item(7).text();
                 c.content["copy"] = copy(7).text();
             },
             "form", "agreement.form"},
            {"a sealed file that would go back",
             [](Case& c) {
                 c.world.approve(releaser, 2);
                 c.world.approve(second_releaser, 2);
                 c.content = {{"item", item(2).text()}, {"recipient", "XBO"}};
             },
             "return-form", "agreement.return_electronic"},
        },
        [](Case& c) {
            c.world.enter_described(5, "paper");
            c.world.approve(releaser, 5);
            c.world.approve(author, 5);
            c.content = {{"item", item(5).text()},
                         {"recipient", "XBO"},
                         {"copy", copy(5).text()},
                         {"seals", "S-1"}};
        });
}

//= O-37
TEST(DecideHandOver, Rows) {
    run(ActKind::hand_over,
        {
            {"the first leg", [](Case&) {}, "", ""},
            {"the second", [](Case& c) { leg(c, "1", "2026-11-24T08:00:00Z"); }, "", ""},
            {"before the first ended", [](Case& c) { leg(c, "1", "2026-11-24T09:10:00Z"); },
             "custody-chain", "agreement.custody_gap"},
            {"in the future", [](Case& c) { c.content["at"] = "2026-11-24T09:31:00Z"; },
             "custody-chain", "agreement.custody_gap"},
            {"before it was permitted", [](Case& c) { c.content["at"] = "2026-11-19T23:00:00Z"; },
             "custody-chain", "agreement.custody_gap"},
            {"with broken seals", [](Case& c) { c.content["finding"] = "broken"; }, "", ""},
            {"by somebody else", [](Case& c) { c.signer = releaser; }, "control-officer",
             "agreement.control_officer"},
            {"of what went by wire",
             [](Case& c) {
                 c.world.send();
                 c.content["dispatch"] = dispatch_id(1).text();
             },
             "custody-chain", "agreement.no_package"},
            {"of nothing", [](Case& c) { c.content["dispatch"] = dispatch_id(9).text(); },
             "dispatch-known", "agreement.dispatch_unknown"},
            {"after the agreement ended",
             [](Case& c) {
                 c.world.happen(ActKind::terminate, person(clearer).text(), {},
                                {{"ends", "2026-11-24T08:00:00Z"}}, Stage::permitted, "2026-11-23");
             },
             "still-leaves", "agreement.leaves_no_more"},
            {"over a link that is not accredited any more",
             [](Case& c) { c.world.accredit("crown", "2026-11-22T00:00:00Z"); }, "still-leaves",
             "agreement.leaves_no_more"},
            {"of what is frozen",
             [](Case& c) {
                 c.world.happen(
                     ActKind::report_incident, person(officer).text(),
                     {{"incident", IncidentId::of(Bytes(10, 1)).text()}, {"item", item(5).text()}},
                     {{"what", "suspected"}}, Stage::permitted, "2026-11-23");
             },
             "package-frozen", "agreement.frozen"},
        },
        [](Case& c) {
            pack(c);
            c.content = {{"dispatch", dispatch_id(5).text()},
                         {"carrier", "a courier"},
                         {"reference", "C-1"},
                         {"at", "2026-11-24T09:00:00Z"},
                         {"finding", "intact"}};
        });
}

//= O-34
TEST(DecideTakeDelivery, Rows) {
    run(ActKind::take_delivery,
        {
            {"a package that was announced", [](Case&) {}, "", ""},
            {"with broken seals", [](Case& c) { c.content["finding"] = "broken"; }, "", ""},
            {"by somebody else", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"what nobody announced",
             [](Case& c) { c.content["dispatch"] = dispatch_id(9).text(); }, "dispatch-known",
             "agreement.dispatch_unknown"},
            {"what came by wire", [](Case& c) { c.content["dispatch"] = dispatch_id(2).text(); },
             "delivery", "agreement.no_package"},
            {"twice",
             [](Case& c) {
                 c.world.happen(ActKind::take_delivery, person(officer).text(),
                                {{"dispatch", dispatch_id(6).text()}}, {{"finding", "intact"}},
                                Stage::permitted, "2026-11-24T08:00:00Z");
             },
             "delivery", "agreement.package_delivered"},
        },
        [](Case& c) {
            announce(c);
            c.content = {
                {"dispatch", dispatch_id(6).text()}, {"carrier", "x"}, {"finding", "intact"}};
        });
}

//= O-35
//= O-42
TEST(DecideTakeDelivery, BrokenSealsAreReportedAtOnce) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::take_delivery);
    announce(c);
    c.content = {{"dispatch", dispatch_id(6).text()}, {"carrier", "x"}, {"finding", "intact"}};
    const auto reports = [&] {
        const Decision decision = c.decide();
        EXPECT_TRUE(decision.permitted()) << decision.reason();
        return std::ranges::count_if(decision.duties, [&](const Duty& duty) {
            return duty.what == "report-incident" && duty.due == c.now;
        });
    };
    EXPECT_EQ(reports(), 0);
    c.content["finding"] = "broken";
    EXPECT_EQ(reports(), 1);
}

// Dispatch 8 is announced as bringing back what dispatch 5 took.
void announce_return(Case& c) {
    c.world.happen(
        ActKind::arrive, logbook::kRegistryActor,
        {{"item", item(5).text()}, {"copy", copy(5).text()}, {"dispatch", dispatch_id(8).text()}},
        {{"peer", "XBO"},
         {"level", "guarded"},
         {"seals", "S-2"},
         {"form", "paper"},
         {"returns", dispatch_id(5).text()}});
}

//= O-43
// Two books that both have the copy would be none.
TEST(DecideCloseIncident, OverAPackageThatIsLost) {
    run(ActKind::close_incident,
        {
            {"under way, and nothing heard of it", [](Case&) {}, "", ""},
            {"announced as coming back", announce_return, "loss-copy", "agreement.loss_returning"},
        },
        [](Case& c) {
            pack(c);
            leg(c, "1", "2026-11-24T08:00:00Z");
            c.world.happen(ActKind::dispatch, person(officer).text(),
                           {{"item", item(5).text()},
                            {"copy", copy(5).text()},
                            {"dispatch", dispatch_id(5).text()},
                            {"release", c.world.release(5).text()}},
                           {{"recipient", "XBO"},
                            {"level", "guarded"},
                            {"seals", "S-1"},
                            {"doc", b64(hash(5))}},
                           Stage::done);
            const logbook::TextMap incident = {{"incident", kIncident.text()}};
            c.world.happen(ActKind::report_incident, person(officer).text(),
                           {{"incident", kIncident.text()},
                            {"item", item(5).text()},
                            {"copy", copy(5).text()}},
                           {{"what", "loss"}});
            c.world.happen(ActKind::investigate, person(officer).text(), incident, {});
            c.content = {{"incident", kIncident.text()}, {"finding", "lost"}};
        });
}

//= O-29
//= I6
TEST(DecideArrive, WhatComesBack) {
    run(ActKind::arrive,
        {
            {"the copy that left", [](Case&) {}, "", ""},
            {"for a dispatch that never was",
             [](Case& c) { c.content["returns"] = dispatch_id(9).text(); }, "return-known",
             "agreement.return_unknown"},
            {"for what came from them",
             [](Case& c) { c.content["returns"] = dispatch_id(2).text(); }, "return-known",
             "agreement.return_unknown"},
            {"at another level", [](Case& c) { c.content["level"] = "sealed"; }, "return-known",
             "agreement.return_unknown"},
            {"for what went by wire",
             [](Case& c) {
                 c.world.send();
                 c.content["returns"] = dispatch_id(1).text();
             },
             "return-known", "agreement.return_unknown"},
            {"one that is announced as coming back already", announce_return, "return-known",
             "agreement.return_unknown"},
        },
        [](Case& c) {
            pack(c);
            c.signer.reset();
            c.content = {{"dispatch", dispatch_id(7).text()},
                         {"returns", dispatch_id(5).text()},
                         {"peer", "XBO"},
                         {"origin", "XEX"},
                         {"item", item(5).text()},
                         {"copy", copy(5).text()},
                         {"level", "guarded"},
                         {"purpose", "exercise"},
                         {"payload_root", b64(hash(7))},
                         {"statement", b64(hash(8))},
                         {"blob", blob(7).text()},
                         {"form", "paper"},
                         {"seals", "S-2"},
                         {"approvals", 3}};
        });
}

TEST(DecideWithdraw, Rows) {
    run(ActKind::withdraw,
        {
            {"what has not left", [](Case&) {}, "", ""},
            {"what a courier has", [](Case& c) { leg(c, "1", "2026-11-24T08:00:00Z"); },
             "still-here", "agreement.package_left"},
            {"by somebody else", [](Case& c) { c.signer = releaser; }, "control-officer",
             "agreement.control_officer"},
            {"what went by wire",
             [](Case& c) {
                 c.world.send();
                 c.content["dispatch"] = dispatch_id(1).text();
             },
             "still-here", "agreement.no_package"},
            {"what is not there", [](Case& c) { c.content["dispatch"] = dispatch_id(9).text(); },
             "dispatch-known", "agreement.dispatch_unknown"},
        },
        [](Case& c) {
            pack(c);
            c.content = {{"dispatch", dispatch_id(5).text()}, {"reason", "another copy"}};
        });
}

//= O-15
TEST(DecideConsent, Rows) {
    run(ActKind::consent,
        {
            {"for one item and one third party", [](Case&) {}, "", ""},
            {"by a control officer", [](Case& c) { c.signer = officer; }, "releasing-authority",
             "agreement.releasing_authority"},
            {"by the author", [](Case& c) { c.signer = author; }, "releasing-authority",
             "agreement.releasing_authority"},
            {"for what the other party originated",
             [](Case& c) { c.content["item"] = item(2).text(); }, "originator-only",
             "agreement.class_retained"},
            {"for the other party", [](Case& c) { c.content["recipient"] = "XBO"; },
             "consent-third", "agreement.consent_party"},
            {"until a day that is over",
             [](Case& c) { c.content["until"] = "2026-11-23T00:00:00Z"; }, "until-ahead",
             "agreement.until_past"},
            {"for what is not there", [](Case& c) { c.content["item"] = item(9).text(); },
             "item-known", "agreement.item_unknown"},
        },
        [](Case& c) {
            c.signer = releaser;
            c.content = {
                {"item", item(1).text()}, {"recipient", "XYZ"}, {"until", "2026-12-31T00:00:00Z"}};
        });
}

} // namespace
} // namespace valise::agreement::test
