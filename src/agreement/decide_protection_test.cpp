// SPDX-License-Identifier: Apache-2.0
// What stands round a copy, what private persons own of it, and what is left of equipment.
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"
#include "base/text.h"
#include "label/label_xml.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
using logbook::Stage;

constexpr const char* kLater = "2027-06-30T00:00:00Z";
constexpr const char* kLeave = "leave of the maker, letter of 2026-11-02";

void declare(World& world, const char* level, const char* controls) {
    logbook::TextMap facts = {{"level", level}, {"access", person(officer).text()}};
    if (*controls != 0)
        facts["controls"] = controls;
    world.happen(ActKind::container, person(officer).text(), {{"container", container(1).text()}},
                 std::move(facts));
}

//= O-17
TEST(DecideProtection, StoringAsksForTheControlsOfTheLevel) {
    run(ActKind::store,
        {
            {"in a locked safe", [](Case&) {}, "", ""},
            {"with more than the terms ask for",
             [](Case& c) { declare(c.world, "sealed", kEveryControl); }, "", ""},
            {"where a lock was taken away",
             [](Case& c) { declare(c.world, "sealed", "alarm,guarded,safe"); }, "minimum-controls",
             "agreement.minimum_controls"},
            {"where nothing was declared", [](Case& c) { declare(c.world, "sealed", ""); },
             "minimum-controls", "agreement.minimum_controls"},
            {"what asks for less, behind a lock",
             [](Case& c) {
                 c.world.enter(5, "guarded");
                 declare(c.world, "sealed", "locked");
                 c.content["item"] = item(5).text();
                 c.content["copy"] = copy(5).text();
             },
             "", ""},
            {"what was received, as its own level asks",
             [](Case& c) {
                 declare(c.world, "sealed", "locked");
                 c.content["item"] = item(2).text();
                 c.content["copy"] = copy(2).text();
             },
             "minimum-controls", "agreement.minimum_controls"},
            {"back into the registry",
             [](Case& c) {
                 declare(c.world, "sealed", "");
                 c.content.erase("container");
             },
             "", ""},
        },
        [](Case& c) {
            c.world.clear(officer, "crown", kLater);
            declare(c.world, "sealed", "locked,safe");
            c.content = {{"item", item(1).text()},
                         {"copy", copy(1).text()},
                         {"container", container(1).text()}};
        });
}

//= O-17
TEST(DecideProtection, ADeclarationNeverLeavesACopyWithLess) {
    run(ActKind::container,
        {
            {"what its level asks for", [](Case&) {}, "", ""},
            {"without a control of its level", [](Case& c) { c.content["controls"] = "locked"; },
             "minimum-controls", "agreement.minimum_controls"},
            {"without any", [](Case& c) { c.content.erase("controls"); }, "minimum-controls",
             "agreement.minimum_controls"},
            {"a lower level with as much as it asks for",
             [](Case& c) {
                 c.content["level"] = "guarded";
                 c.content["controls"] = "locked";
             },
             "", ""},
            {"as much as its new level asks for, and less than a copy inside",
             [](Case& c) {
                 c.world.store(1, 1, 1);
                 c.content["level"] = "guarded";
                 c.content["controls"] = "locked";
             },
             "container-contents, minimum-controls", "agreement.container_contents"},
            {"the same, of a copy in another container",
             [](Case& c) {
                 c.world.contain(2, "sealed");
                 c.world.store(1, 1, 2);
                 c.content["level"] = "guarded";
                 c.content["controls"] = "locked";
             },
             "", ""},
        },
        [](Case& c) {
            c.world.clear(officer, "crown", kLater);
            declare(c.world, "sealed", "locked,safe");
            c.content = {{"container", container(1).text()},
                         {"level", "sealed"},
                         {"access", person(officer).text()},
                         {"controls", "locked,safe"},
                         {"name", "Safe 1"}};
        });
}

//= O-17
TEST(ProtectionDuties, ListACopyThatWasRaisedPastItsPlace) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    World world(terms);
    world.clear(officer, "crown", kLater);
    declare(world, "crown", "locked,safe");
    world.store(1, 1, 1);
    const auto listed = [&] {
        const auto all = duties_at(terms, world.state, day(kNow));
        return std::ranges::count(all, "protect-better", &StandingDuty::what);
    };
    EXPECT_EQ(listed(), 0);
    world.happen(ActKind::change_class, person(releaser).text(), {{"item", item(1).text()}},
                 {{"level", "crown"}});
    EXPECT_EQ(listed(), 1);
    declare(world, "crown", kEveryControl);
    EXPECT_EQ(listed(), 0);
}

//= O-18
TEST(DecideRights, CopyingNamesItsGround) {
    run(ActKind::copy,
        {
            {"on the leave of who owns the right", [](Case&) {}, "", ""},
            {"without saying on what ground", [](Case& c) { c.content.erase("rights_ground"); },
             "private-rights", "agreement.rights_ground"},
            {"of what nobody has rights in",
             [](Case& c) {
                 c.content["item"] = item(1).text();
                 c.content.erase("rights_ground");
             },
             "", ""},
        },
        [](Case& c) {
            c.world.enter(5, "guarded", "XBO,XEX", false, "patent,trade-secret");
            c.content = {{"item", item(5).text()}, {"copy", copy(20).text()},
                         {"form", "paper"},        {"pages", 3},
                         {"reason", "r"},          {"rights_ground", kLeave}};
        });
}

//= O-18
TEST(DecideRights, TakingOutNamesItsGround) {
    run(ActKind::export_copy,
        {
            {"on the leave of who owns the right", [](Case&) {}, "", ""},
            {"without saying on what ground", [](Case& c) { c.content.erase("rights_ground"); },
             "private-rights", "agreement.rights_ground"},
        },
        [](Case& c) {
            c.world.enter(5, "guarded", "XBO,XEX", false, "copyright");
            c.world.grant(reader, 5, "exercise", kLater);
            c.world.contain(1, "sealed");
            c.signer = reader;
            c.content = {{"item", item(5).text()},
                         {"copy", copy(5).text()},
                         {"purpose", "exercise"},
                         {"client", "otdfctl-1"},
                         {"rights_ground", kLeave}};
        });
}

std::string label_with(const Terms& terms, const std::vector<std::string>& rights) {
    const label::Scheme& scheme = *terms.scheme("XEX");
    label::Label out;
    out.policy_id = scheme.policy_id;
    out.policy_uri = scheme.policy_uri;
    out.classification = scheme.by_code("sealed")->native;
    out.categories = {{label::CategoryType::permissive, label::kReleasableTo, {"XBO", "XEX"}, ""}};
    if (!rights.empty())
        out.categories.push_back({label::CategoryType::informative, label::kRights, rights, ""});
    out.created = day(kNow);
    out.review = day(kLater);
    return to_base64(view(label::write_4774(out).value()));
}

//= O-18
TEST(DecideRights, WhatIsMadeOutOfItBearsTheMarkOn) {
    run(ActKind::enter,
        {
            {"a translation on the leave of who owns the right", [](Case&) {}, "", ""},
            {"without saying on what ground", [](Case& c) { c.content.erase("rights_ground"); },
             "private-rights", "agreement.rights_ground"},
            {"without the mark", [](Case& c) { c.content["label"] = label_with(c.terms, {}); },
             "private-rights", "agreement.rights_mark"},
            {"with one mark of two",
             [](Case& c) { c.content["label"] = label_with(c.terms, {"PATENT"}); },
             "private-rights", "agreement.rights_mark"},
            {"with a mark more",
             [](Case& c) {
                 c.content["label"] = label_with(c.terms, {"PATENT", "TRADE-SECRET", "COPYRIGHT"});
             },
             "", ""},
            {"out of nothing that anybody has rights in",
             [](Case& c) {
                 c.content["sources"] = item(1).text();
                 c.content["label"] = label_with(c.terms, {});
                 c.content.erase("rights_ground");
             },
             "", ""},
        },
        [](Case& c) {
            c.world.enter(5, "guarded", "XBO,XEX", false, "patent,trade-secret");
            c.world.clear(author, "sealed", kLater);
            c.signer = author;
            c.content = {{"item", item(6).text()},
                         {"level", "sealed"},
                         {"purpose", "exercise"},
                         {"title", "t"},
                         {"label", label_with(c.terms, {"trade-secret", "Patent"})},
                         {"form", "electronic"},
                         {"blob", blob(6).text()},
                         {"payload_root", b64(hash(6))},
                         {"authority", "xex-office"},
                         {"sources", item(5).text()},
                         {"made_as", "translation"},
                         {"language", "ja"},
                         {"rights_ground", kLeave}};
        });
}

//= O-31
TEST(DecideModification, CountsAsDestructionByItsReport) {
    const auto permit = [](World& world, const char* method) {
        world.happen(ActKind::destroy, person(officer).text(), copy_ids(5, 5),
                     {{"method", method}});
    };
    run(ActKind::certify_destruction,
        {
            {"modified, with the report", [&](Case& c) { permit(c.world, "modification"); }, "",
             ""},
            {"modified, without a report",
             [&](Case& c) {
                 permit(c.world, "modification");
                 c.content.erase("modification_report");
             },
             "modification-report", "agreement.modification_report"},
            {"not modified after all, and nothing to report",
             [&](Case& c) {
                 permit(c.world, "modification");
                 c.content["finding"] = "kept";
                 c.content.erase("modification_report");
             },
             "", ""},
            {"not modified after all, with a report",
             [&](Case& c) {
                 permit(c.world, "modification");
                 c.content["finding"] = "kept";
             },
             "modification-report", "agreement.modification_none"},
            {"crushed, with a report", [&](Case& c) { permit(c.world, "crushing"); },
             "modification-report", "agreement.modification_none"},
            {"crushed",
             [&](Case& c) {
                 permit(c.world, "crushing");
                 c.content.erase("modification_report");
             },
             "", ""},
        },
        [](Case& c) {
            c.world.enter_described(5, "equipment");
            c.content = {{"item", item(5).text()},
                         {"copy", copy(5).text()},
                         {"finding", "destroyed"},
                         {"modification_report", b64(hash(7))}};
        });
}

//= O-31
TEST(DecideModification, IsAMethodForEquipmentAlone) {
    run(ActKind::destroy,
        {
            {"equipment", [](Case& c) { c.world.enter_described(5, "equipment"); }, "", ""},
            {"paper", [](Case& c) { c.world.enter_described(5, "paper"); }, "destruction-method",
             "agreement.destruction_method"},
        },
        [](Case& c) {
            c.world.clear(officer, "crown", kLater);
            c.content = {{"item", item(5).text()},
                         {"copy", copy(5).text()},
                         {"method", "modification"},
                         {"reference", "r"},
                         {"place", "p"}};
        });
}

} // namespace
} // namespace valise::agreement::test
