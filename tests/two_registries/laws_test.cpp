// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

#include <algorithm>

// Laws that one registry tells and the other acknowledges.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::NoticeState;
using logbook::NoticeType;

class Laws : public TwoRegistries {
protected:
    // Both work until nothing moves, and an outsider comes to the same of each.
    void settle() {
        for (int round = 0; round < 6; ++round)
            for (Side* side : {&tokyo, &kyiv}) {
                const auto worked = side->work();
                ASSERT_TRUE(worked || round < 5) << worked.error().text();
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
    static Json law(const char* code, const char* edition, const char* affects,
                    const std::string& title) {
        return {{"law", code},
                {"edition", edition},
                {"from", "2027-01-01T00:00:00Z"},
                {"text", to_base64(crypto::sha256(view(title)))},
                {"affects", affects},
                {"title", title}};
    }
    void enact(Side& side, Json content) {
        side.act(side.control_officer, ActKind::law, std::move(content));
    }
    static std::vector<logbook::NoticeEntry> notices(const Side& side, NoticeType type) {
        std::vector<logbook::NoticeEntry> out;
        const auto state = side.registry->state();
        for (const auto& [id, notice] : state.notices())
            if (notice.type == type)
                out.push_back(notice);
        return out;
    }
    static bool owes(const Side& side, const char* what) {
        return std::ranges::any_of(side.registry->duties(),
                                   [&](const auto& duty) { return duty.what == what; });
    }
};

//= O-07
TEST_F(Laws, ThatTouchProtectionAreToldAndAcknowledged) {
    Json content = law("jp-108-2013", "2026-1", "yes", "Act 108 of 2013");
    content["note"] = "article 5 is replaced";
    enact(tokyo, content);
    EXPECT_TRUE(owes(tokyo, "await-acknowledgement"));
    settle();
    const auto told = notices(kyiv, NoticeType::law);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(kyiv.registry->enclosed(told[0].id).value(),
              "Act 108 of 2013\n\narticle 5 is replaced");
    const auto known = kyiv.registry->state().peer_laws().at({"JPN", "jp-108-2013"});
    EXPECT_EQ(known.edition, "2026-1");
    EXPECT_EQ(known.text, crypto::sha256(view(std::string("Act 108 of 2013"))));
    EXPECT_TRUE(known.affects);
    EXPECT_TRUE(owes(kyiv, "acknowledge"));
    kyiv.act(kyiv.control_officer, ActKind::acknowledge, {{"notice", told[0].id.text()}});
    settle();
    EXPECT_EQ(tokyo.registry->state().notice(told[0].id)->state, NoticeState::acknowledged);
    EXPECT_FALSE(owes(tokyo, "await-acknowledgement"));
    EXPECT_FALSE(owes(kyiv, "acknowledge"));
    // What was received stays under all that it was under.
    EXPECT_TRUE(tokyo.registry->state().peer_laws().empty());
}

//= O-07
TEST_F(Laws, AreSuppliedOnRequestOneAfterTheOther) {
    enact(tokyo, law("jp-108-2013", "2026-1", "no", "Act 108 of 2013"));
    enact(tokyo, law("jp-archives", "2019", "no", "Archives Act"));
    settle();
    EXPECT_TRUE(notices(kyiv, NoticeType::law).empty());
    kyiv.act(kyiv.control_officer, ActKind::ask_laws, {{"peer", "JPN"}});
    const auto again = kyiv.try_act(kyiv.control_officer, ActKind::ask_laws, {{"peer", "JPN"}});
    EXPECT_EQ(again->decision.reason(), "agreement.laws_asked");
    EXPECT_TRUE(owes(kyiv, "await-laws"));
    settle();
    EXPECT_EQ(notices(kyiv, NoticeType::law).size(), 2U);
    EXPECT_EQ(kyiv.registry->state().peer_laws().size(), 2U);
    EXPECT_FALSE(owes(kyiv, "await-laws"));
    EXPECT_FALSE(owes(tokyo, "supply-laws"));
}

//= O-07
TEST_F(Laws, AreToldOnceWhateverIsLost) {
    enact(tokyo, law("jp-108-2013", "2026-1", "yes", "Act 108 of 2013"));
    using enum DirectCarrier::Fate;
    for (const auto fate : {lose_request, lose_answer, deliver_twice}) {
        tokyo.carrier->fate = [fate] { return fate; };
        (void)tokyo.work();
    }
    tokyo.carrier->fate = [] { return deliver; };
    settle();
    EXPECT_EQ(notices(kyiv, NoticeType::law).size(), 1U);
    EXPECT_EQ(notices(tokyo, NoticeType::law).size(), 1U);
    // And after a crash both read the same in their books.
    const auto before = tokyo.registry->state();
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    EXPECT_EQ(tokyo.registry->state(), before);
}

} // namespace
} // namespace valise::testing
