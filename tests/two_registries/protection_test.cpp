// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/random.h"
#include "label/label_xml.h"
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

// What travels with an item beside its class, and what is left of equipment.
namespace valise::testing {
namespace {

using logbook::ActKind;

class Protection : public TwoRegistries {
protected:
    // An outsider comes to the same of what each did.
    void TearDown() override {
        for (Side* side : {&tokyo, &kyiv}) {
            const auto evidence = side->registry->export_evidence();
            ASSERT_TRUE(evidence) << evidence.error().text();
            const auto report = verifying::check_evidence(*evidence);
            EXPECT_TRUE(report.verified())
                << side->party << ": "
                << (report.found ? report.found->place + ": " + report.found->text : "");
        }
    }
    static label::Label marked(label::Label label, const std::vector<std::string>& rights) {
        label.categories.push_back({label::CategoryType::informative, label::kRights, rights, ""});
        label.categories.push_back({label::CategoryType::informative,
                                    label::kRightsNote,
                                    {"Ask the maker before it is copied"},
                                    ""});
        return label;
    }
    std::string refusal(Side& side, const Someone& who, ActKind kind, Json content) {
        const auto answer = side.try_act(who, kind, std::move(content));
        return answer ? answer->decision.reason() : answer.error().reason();
    }
};

//= O-18
TEST_F(Protection, PrivateRightsTravelWithTheItem) {
    const label::Label label = marked(tokyo.label_of("gokuhi", purpose), {"PATENT"});
    Json content = tokyo.entry(label, "gokuhi", purpose);
    content.update(tokyo.seal(to_bytes("text"), label));
    const ItemId item = ItemId::parse(content["item"].get<std::string>()).value();
    tokyo.act(originator, ActKind::enter, content);
    EXPECT_EQ(tokyo.registry->state().item(item)->rights, std::set<std::string>{"patent"});
    tokyo.approve(releaser, item, "UKR");
    tokyo.approve(second, item, "UKR");
    tokyo.dispatch(tokyo.control_officer, item, "UKR");
    ASSERT_TRUE(tokyo.work());
    const ItemId there = arrived_item();
    ASSERT_FALSE(there.empty());
    EXPECT_EQ(kyiv.registry->state().item(there)->rights, std::set<std::string>{"patent"});
    const auto copying = [&] {
        return Json{{"item", there.text()},
                    {"copy", CopyId::of(crypto::random_bytes(10)).text()},
                    {"form", "paper"},
                    {"pages", 2},
                    {"reason", "the working group"}};
    };
    EXPECT_EQ(refusal(kyiv, kyiv.control_officer, ActKind::copy, copying()),
              "agreement.rights_ground");
    Json grounded = copying();
    grounded["rights_ground"] = "leave of the maker, 2026-11-02";
    EXPECT_EQ(refusal(kyiv, kyiv.control_officer, ActKind::copy, grounded), "");
    // What Kyiv makes out of it says so too.
    kyiv.appoint(reader, "originator");
    kyiv.grant(reader, there, purpose, later);
    const auto deriving = [&](const label::Label& of) {
        Json made = kyiv.entry(of, "tsilkom-taiemno", purpose);
        made.update({{"form", "paper"},
                     {"pages", 2},
                     {"sources", there.text()},
                     {"made_as", "translation"},
                     {"language", "uk"},
                     {"rights_ground", "leave of the maker, 2026-11-02"}});
        return made;
    };
    const label::Label plain = kyiv.label_of("tsilkom-taiemno", purpose);
    EXPECT_EQ(refusal(kyiv, reader, ActKind::enter, deriving(plain)), "agreement.rights_mark");
    EXPECT_EQ(refusal(kyiv, reader, ActKind::enter, deriving(marked(plain, {"patent"}))), "");
}

//= O-31
TEST_F(Protection, ModifiedEquipmentIsCertifiedByItsReport) {
    const ItemId item =
        tokyo.enter_described(originator, "hi", purpose, "equipment", {{"serial", "S-17"}});
    const CopyId copy = tokyo.registry->state().copies_of(item).front().id;
    tokyo.clear(tokyo.control_officer, "gokuhi", later);
    const auto of = [&](Json more) {
        more["item"] = item.text();
        more["copy"] = copy.text();
        return more;
    };
    tokyo.act(tokyo.control_officer, ActKind::destroy,
              of({{"method", "modification"}, {"reference", "review of 2026"}, {"place", "p"}}));
    EXPECT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::certify_destruction,
                      of({{"finding", "destroyed"}})),
              "agreement.modification_report");
    const Hash32 report = crypto::sha256(view(std::string("the optics were ground off")));
    tokyo.act(tokyo.control_officer, ActKind::certify_destruction,
              of({{"finding", "destroyed"}, {"modification_report", to_base64(report)}}));
    const auto gone = *tokyo.registry->state().copy(copy);
    EXPECT_EQ(gone.state, logbook::CopyState::destroyed);
    EXPECT_EQ(gone.destruction->modification_report, report);
}

//= O-17
TEST_F(Protection, TheControlsOfAPlaceStandInTheBook) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    const CopyId copy = tokyo.registry->state().copies_of(item).front().id;
    tokyo.clear(tokyo.control_officer, "gokuhi", later);
    const std::string safe = ContainerId::of(crypto::random_bytes(10)).text();
    const auto declare = [&](const char* controls) {
        return refusal(tokyo, tokyo.control_officer, ActKind::container,
                       {{"container", safe},
                        {"level", "gokuhi"},
                        {"access", tokyo.control_officer.id().text()},
                        {"controls", controls},
                        {"name", "Safe 1"}});
    };
    EXPECT_EQ(declare("locked"), "agreement.minimum_controls");
    EXPECT_EQ(declare("alarm,locked,safe"), "");
    EXPECT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::store,
                      {{"item", item.text()}, {"copy", copy.text()}, {"container", safe}}),
              "");
    EXPECT_EQ(declare("alarm,locked"), "agreement.minimum_controls");
    EXPECT_EQ(tokyo.registry->state().containers().begin()->second.controls,
              (std::set<std::string>{"alarm", "locked", "safe"}));
}

} // namespace
} // namespace valise::testing
