// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exchange/messages.h"
#include "logbook/opening_papers.h"
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

#include <gtest/gtest.h>

#include <algorithm>

// What Tokyo keeps of an item that it let go to Kyiv: each opening there asks here, and it can be
// had back.
namespace valise::testing {

using logbook::ActKind;
using logbook::NoticeState;
using logbook::NoticeType;
using logbook::Stage;

inline Bytes terms_with(const std::string& old, const std::string& text) {
    std::string terms = to_text(read_terms("jpn-ukr.toml"));
    const auto at = terms.find(old);
    if (at == std::string::npos)
        throw std::runtime_error("the terms no longer say " + old);
    return to_bytes(terms.replace(at, old.size(), text));
}
inline const std::string kAnswerDays = "answer_days = 5 ";

// Tokyo and Kyiv under these terms, with a controlled item that has arrived.
class Controlled : public ::testing::Test, protected TokyoStaff {
protected:
    explicit Controlled(const Bytes& terms = read_terms("jpn-ukr.toml"))
        : tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later);
        for (Someone* who : {&reader, &second_reader}) {
            kyiv.enrol(*who);
            kyiv.brief(*who);
            kyiv.appoint(*who, "reader");
            kyiv.clear(*who, "tsilkom-taiemno", later);
        }
        kyiv.accredit("tsilkom-taiemno");
    }

    registry::ActAnswer approve(const Someone& who, const ItemId& id, bool control) {
        const auto state = tokyo.registry->state();
        const logbook::Item* item = state.item(id);
        Json content = {{"release_digest", to_base64(logbook::release_digest(
                                               id, item->payload_root, item->label_sha256, "UKR",
                                               tokyo.terms.digest()))},
                        {"item", id.text()},
                        {"recipient", "UKR"},
                        {"level", item->level},
                        {"terms", to_base64(tokyo.terms.digest())}};
        if (control)
            content["control"] = "originator";
        if (control && last_day)
            content["until"] = last_day->text();
        return tokyo.act(who, ActKind::approve_release, std::move(content));
    }
    // Sent, arrived, and granted to both readers.
    void exchange(bool control = true) {
        mine = tokyo.enter(originator, document, level, purpose);
        approve(releaser, mine, control);
        approve(second, mine, false);
        const auto sent = tokyo.dispatch(tokyo.control_officer, mine, "UKR");
        ASSERT_TRUE(sent.decision.permitted()) << sent.decision.reason();
        dispatch = *DispatchId::parse(sent.result.at("dispatch").get<std::string>());
        settle();
        const auto state = kyiv.registry->state();
        ASSERT_EQ(state.items().size(), 1U);
        theirs = state.items().begin()->first;
        for (const Someone* who : {&reader, &second_reader})
            kyiv.grant(*who, theirs, purpose, later);
    }
    // Both work until nothing moves, and an outsider comes to the same of each.
    void settle() {
        for (int round = 0; round < 4; ++round)
            for (Side* side : {&tokyo, &kyiv}) {
                const auto worked = side->work();
                ASSERT_TRUE(worked || round < 3) << worked.error().text();
            }
        check();
    }
    void check() {
        for (Side* side : {&tokyo, &kyiv}) {
            const auto ticked = side->registry->tick();
            ASSERT_TRUE(ticked) << ticked.error().text();
            const auto evidence = side->registry->export_evidence();
            ASSERT_TRUE(evidence) << evidence.error().text();
            const auto report = verifying::check_evidence(*evidence);
            EXPECT_TRUE(report.verified())
                << side->party << ": "
                << (report.found ? report.found->place + ": " + report.found->text : "");
        }
    }
    std::string read(const Someone& who) {
        const auto plain = kyiv.read(who, theirs, purpose);
        return plain ? to_text(*plain) : plain.error().reason();
    }
    Hash32 pseudonym(const Someone& who) const {
        return *kyiv.registry->reader_pseudonym(dispatch, who.id());
    }
    registry::ActAnswer narrow(const Json& how) {
        Json content = {{"dispatch", dispatch.text()}};
        content.update(how);
        return *tokyo.try_act(releaser, ActKind::narrow, std::move(content));
    }
    registry::ActAnswer recall() {
        return *tokyo.try_act(releaser, ActKind::recall,
                              {{"item", mine.text()}, {"ground", "sent in error"}});
    }
    static std::size_t events(const Side& side, ActKind kind, Stage stage) {
        std::size_t out = 0;
        const auto all = side.registry->skeletons(0, 1'000);
        for (const auto& skeleton : *all)
            out += skeleton.kind() == kind && skeleton.stage() == stage ? 1U : 0U;
        return out;
    }
    static std::string last_refusal(const Side& side) {
        std::string out;
        const auto all = side.registry->skeletons(0, 1'000);
        for (const auto& skeleton : *all)
            if (skeleton.kind() == ActKind::open && skeleton.stage() == Stage::failed)
                out = skeleton.fact("refusal");
        return out;
    }
    static std::string duties(const Side& side) {
        std::string out;
        for (const auto& duty : side.registry->duties())
            if (duty.what.find("recall") != std::string::npos)
                out += (out.empty() ? "" : " ") + duty.what + (duty.overdue ? "!" : "");
        return out;
    }
    void days(int count) {
        for (Side* side : {&tokyo, &kyiv})
            side->clock.at = side->clock.at.plus_days(count);
    }

    Side tokyo;
    Side kyiv;
    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone reader{"Shevchenko"}, second_reader{"Koval"};
    std::string level = "gokuhi";
    std::optional<Time> last_day; // as the releasing person asks for it
    Bytes document = to_bytes("the document");
    ItemId mine, theirs;
    DispatchId dispatch;
};

} // namespace valise::testing
