// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "exchange/messages.h"
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

// What goes by hand between two registries, from the envelopes to the receipt, and back again.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::CopyState;
using logbook::DispatchState;

class Packages : public TwoRegistries {
protected:
    void SetUp() override {
        for (Side* side : {&tokyo, &kyiv})
            side->clear(side->control_officer, side == &tokyo ? "kimitsu" : "tsilkom-taiemno",
                        later);
        for (Someone* who : {&bondar, &melnyk}) {
            kyiv.enrol(*who);
            kyiv.appoint(*who, "releasing-authority");
        }
        item = tokyo.enter_described(originator, "gokuhi", purpose, "paper",
                                     {{"pages", 12}, {"sheets", 6}});
        copy = tokyo.registry->state().item(item)->copies.front();
    }

    static void release(Side& side, Someone& one, Someone& two, const ItemId& what,
                        const std::string& to) {
        ASSERT_TRUE(side.approve(one, what, to).decision.permitted());
        ASSERT_TRUE(side.approve(two, what, to).decision.permitted());
    }
    // Why it is refused; empty when it is permitted.
    static std::string refusal(Side& side, const Someone& who, ActKind kind, Json content) {
        const auto answer = side.try_act(who, kind, std::move(content));
        return answer ? answer->decision.reason() : answer.error().reason();
    }
    static std::string send(Side& side, const ItemId& what, const CopyId& which,
                            const std::string& to) {
        return refusal(side, side.control_officer, ActKind::dispatch,
                       {{"item", what.text()},
                        {"recipient", to},
                        {"copy", which.text()},
                        {"seals", "A-17,0042"}});
    }
    static Json leg(const Side& side, const DispatchId& id, const char* finding = "intact") {
        return {{"dispatch", id.text()},
                {"carrier", "a courier"},
                {"reference", "C-17"},
                {"at", side.registry->now().text()},
                {"finding", finding}};
    }
    static std::string hand_over(Side& side, const DispatchId& id) {
        return refusal(side, side.control_officer, ActKind::hand_over, leg(side, id));
    }
    static std::string take(Side& side, const DispatchId& id, const char* finding = "intact") {
        return refusal(side, side.control_officer, ActKind::take_delivery,
                       {{"dispatch", id.text()}, {"carrier", "a courier"}, {"finding", finding}});
    }
    static std::string contents(Side& side, const DispatchId& id) {
        return refusal(side, side.control_officer, ActKind::contents_receipt,
                       {{"dispatch", id.text()},
                        {"item", side.registry->state().dispatch(id)->item.text()},
                        {"finding", "in-order"}});
    }
    static void works(Side& side) {
        const auto worked = side.work();
        ASSERT_TRUE(worked) << worked.error().text();
    }
    static DispatchId only(const Side& side, logbook::Direction direction) {
        const auto state = side.registry->state();
        for (const auto& [id, dispatch] : state.dispatches())
            if (dispatch.direction == direction)
                return id;
        return {};
    }
    // On its way from Tokyo, and accepted in Kyiv.
    DispatchId sent_off() {
        release(tokyo, releaser, second, item, "UKR");
        EXPECT_EQ(send(tokyo, item, copy, "UKR"), "");
        works(tokyo);
        const DispatchId id = only(tokyo, logbook::Direction::out);
        EXPECT_EQ(hand_over(tokyo, id), "");
        return id;
    }
    // In Kyiv, marked, and closed in Tokyo.
    DispatchId arrived_there() {
        const DispatchId id = sent_off();
        EXPECT_EQ(take(kyiv, id), "");
        works(kyiv);
        EXPECT_EQ(contents(kyiv, id), "");
        works(kyiv);
        return id;
    }
    DispatchState state_of(const Side& side, const DispatchId& id) {
        return side.registry->state().dispatch(id)->state;
    }
    void proven() {
        for (Side* side : {&tokyo, &kyiv}) {
            ASSERT_TRUE(side->registry->tick());
            const auto evidence = side->registry->export_evidence();
            ASSERT_TRUE(evidence) << evidence.error().text();
            const auto report = verifying::check_evidence(*evidence);
            EXPECT_TRUE(report.verified())
                << side->party << " " << report.found->place << ": " << report.found->text;
        }
    }
    static void read_again(Side& side) {
        const auto before = side.registry->state();
        side.crash();
        side.restart_keys();
        side.start();
        EXPECT_EQ(side.registry->state(), before);
    }

    Someone bondar{"Bondar"}, melnyk{"Melnyk"};
    ItemId item;
    CopyId copy;
};

//= O-34
//= O-35
//= O-36
//= O-37
TEST_F(Packages, GoFromHandToHandAndAreReceipted) {
    release(tokyo, releaser, second, item, "UKR");
    EXPECT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::dispatch,
                      {{"item", item.text()}, {"recipient", "UKR"}}),
              "agreement.form"); // there is no sealed file to send
    ASSERT_EQ(send(tokyo, item, copy, "UKR"), "");
    const DispatchId id = only(tokyo, logbook::Direction::out);
    EXPECT_EQ(tokyo.registry->state().copy(copy)->state, CopyState::away);
    EXPECT_EQ(hand_over(tokyo, id), "registry.not_announced");
    works(tokyo);
    EXPECT_EQ(state_of(tokyo, id), DispatchState::permitted); // announced, and still here
    ASSERT_NE(kyiv.registry->state().dispatch(id), nullptr);
    EXPECT_EQ(state_of(kyiv, id), DispatchState::offered);
    EXPECT_TRUE(kyiv.registry->state().items().empty());

    ASSERT_EQ(hand_over(tokyo, id), "");
    EXPECT_EQ(state_of(tokyo, id), DispatchState::sent);
    Json early = leg(tokyo, id);
    early["at"] = tokyo.registry->now().plus_days(-1).text();
    EXPECT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::hand_over, early),
              "agreement.custody_gap");
    EXPECT_EQ(hand_over(tokyo, id), "");
    EXPECT_EQ(tokyo.registry->state().dispatch(id)->legs.size(), 2U);

    EXPECT_EQ(refusal(kyiv, reader, ActKind::take_delivery,
                      {{"dispatch", id.text()}, {"carrier", "x"}, {"finding", "intact"}}),
              "agreement.control_officer");
    ASSERT_EQ(take(kyiv, id), "");
    EXPECT_EQ(take(kyiv, id), "agreement.package_delivered");
    const auto there = kyiv.registry->state();
    const logbook::Item& got = there.items().begin()->second;
    EXPECT_EQ(got.form, logbook::Form::paper);
    EXPECT_EQ(got.pages, 12U);
    EXPECT_EQ(got.sheets, 6U);
    EXPECT_EQ(got.origin, "JPN");
    EXPECT_EQ(got.own_level, "tsilkom-taiemno");
    works(kyiv);
    EXPECT_EQ(state_of(tokyo, id), DispatchState::custody_receipted);
    Json late = leg(tokyo, id); // what the courier's receipt says of the way
    late["at"] = tokyo.registry->now().plus_days(1).text();
    EXPECT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::hand_over, late),
              "agreement.custody_gap");
    EXPECT_EQ(hand_over(tokyo, id), "");
    EXPECT_EQ(refusal(kyiv, reader, ActKind::contents_receipt,
                      {{"dispatch", id.text()}, {"item", got.id.text()}, {"finding", "in-order"}}),
              "agreement.final_recipient"); // it lies at the officer's desk
    ASSERT_EQ(contents(kyiv, id), "");
    works(kyiv);
    EXPECT_EQ(state_of(tokyo, id), DispatchState::closed);
    proven();
    read_again(tokyo);
    read_again(kyiv);
}

TEST_F(Packages, AreWithdrawnBeforeTheyLeave) {
    release(tokyo, releaser, second, item, "UKR");
    ASSERT_EQ(send(tokyo, item, copy, "UKR"), "");
    works(tokyo);
    const DispatchId id = only(tokyo, logbook::Direction::out);
    const auto note = tokyo.registry->papers(id); // for the envelope
    ASSERT_TRUE(note) << note.error().text();
    const Json withdraw = {{"dispatch", id.text()}, {"reason", "another copy"}};
    ASSERT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::withdraw, withdraw), "");
    EXPECT_EQ(state_of(tokyo, id), DispatchState::failed);
    EXPECT_EQ(tokyo.registry->state().copy(copy)->state, CopyState::held);
    EXPECT_EQ(hand_over(tokyo, id), "agreement.package_withdrawn");
    works(tokyo);
    EXPECT_EQ(state_of(kyiv, id), DispatchState::arrival_failed);
    EXPECT_EQ(take(kyiv, id), "agreement.package_withdrawn");
    ASSERT_EQ(send(tokyo, item, copy, "UKR"), ""); // the release is free again
    works(tokyo);
    proven();
    read_again(tokyo);
    read_again(kyiv);
}

//= O-36
// O-43: the end of what never arrived, and what is done when it is found after all.
TEST_F(Packages, ThatAreLostEndWithTheIncident) {
    const DispatchId id = sent_off();
    const auto close = [&](const char* finding) {
        const auto state = tokyo.registry->state();
        for (const auto& [incident, one] : state.incidents()) {
            if (one.state == logbook::IncidentState::closed)
                continue;
            tokyo.act(tokyo.control_officer, ActKind::investigate,
                      {{"incident", incident.text()}, {"note", "the courier was robbed"}});
            return refusal(tokyo, tokyo.control_officer, ActKind::close_incident,
                           {{"incident", incident.text()}, {"finding", finding}});
        }
        return std::string("nothing to close");
    };
    const auto report = [&](Json more) {
        more.update({{"item", item.text()}, {"what", "loss"}});
        return refusal(tokyo, tokyo.control_officer, ActKind::report_incident, std::move(more));
    };
    ASSERT_EQ(report({}), "");
    EXPECT_EQ(close("lost"), "agreement.loss_copy");
    EXPECT_EQ(close("found"), "");
    ASSERT_EQ(report({{"copy", copy.text()}}), "");
    EXPECT_EQ(close("lost"), "");
    EXPECT_EQ(state_of(tokyo, id), DispatchState::lost);
    EXPECT_EQ(tokyo.registry->state().copy(copy)->state, CopyState::lost);
    tokyo.clock.at = tokyo.clock.at.plus_days(60);
    kyiv.clock.at = tokyo.clock.at;
    for (const auto& duty : tokyo.registry->duties())
        EXPECT_NE(duty.subject, id.text()) << duty.what << ": nothing is awaited any more";
    EXPECT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::store,
                      {{"item", item.text()}, {"copy", copy.text()}}),
              "logbook.no_transition");

    // It was with the courier's office all the time.
    EXPECT_EQ(take(kyiv, id), "");
    works(kyiv);
    EXPECT_EQ(state_of(tokyo, id), DispatchState::custody_receipted);
    EXPECT_EQ(tokyo.registry->state().copy(copy)->state, CopyState::away);
    ASSERT_EQ(report({{"copy", copy.text()}}), "");
    EXPECT_EQ(close("lost"), "agreement.loss_received");
    proven();
    read_again(tokyo);
}

TEST_F(Packages, WhatIsFoundHereIsTakenBackAndCounted) {
    ASSERT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::report_incident,
                      {{"item", item.text()}, {"copy", copy.text()}, {"what", "loss"}}),
              "");
    const auto state = tokyo.registry->state();
    const std::string incident = state.incidents().begin()->first.text();
    tokyo.act(tokyo.control_officer, ActKind::investigate,
              {{"incident", incident}, {"note", "not in its safe"}});
    ASSERT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::close_incident,
                      {{"incident", incident}, {"finding", "lost"}}),
              "");
    const auto back = [&](int pages) {
        return refusal(tokyo, tokyo.control_officer, ActKind::take_back,
                       {{"item", item.text()}, {"copy", copy.text()}, {"pages", pages}});
    };
    EXPECT_EQ(back(11), "agreement.page_check");
    EXPECT_EQ(back(12), "");
    EXPECT_EQ(tokyo.registry->state().copy(copy)->state, CopyState::held);
    proven();
}

TEST_F(Packages, ATracerReachesWhoWaitsForAPackage) {
    const DispatchId id = sent_off();
    const Time later_on = tokyo.registry->now().plus_days(60);
    tokyo.clock.at = kyiv.clock.at = later_on;
    ASSERT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::trace, {{"dispatch", id.text()}}), "");
    works(tokyo);
    const auto there = kyiv.registry->state();
    EXPECT_TRUE(std::ranges::any_of(there.notices(), [](const auto& one) {
        return one.second.type == logbook::NoticeType::tracer;
    }));
    ASSERT_EQ(take(kyiv, id), "");
    works(kyiv);
    EXPECT_EQ(state_of(tokyo, id), DispatchState::custody_receipted);
    proven();
}

// What an auditor would not accept never stands in the book: nothing could be signed after it.
TEST_F(Packages, AForgedFindingOfCustodyIsNotRecorded) {
    exchange(Bytes(100));
    const DispatchId id = kyiv.registry->state().items().begin()->second.dispatch;
    const auto papers = tokyo.registry->papers(id);
    ASSERT_TRUE(papers);
    auto fields = logbook::Receipt::parse(papers->custody_receipt->text)->fields();
    for (const bool other_payload : {false, true}) {
        if (other_payload)
            fields.payload_root[0] ^= Byte{1}, fields.type = logbook::ReceiptType::contents,
                                               fields.finding = logbook::ReceiptFinding::in_order;
        else
            fields.finding = logbook::ReceiptFinding::discrepancy;
        const auto receipt = logbook::Receipt::make(fields);
        ASSERT_TRUE(receipt);
        valise::exchange::Receipt message;
        message.receipt = receipt->bytes();
        message.signature = kyiv.receipt_signature(receipt->bytes());
        const auto answer = valise::exchange::parse_frame(tokyo.registry->answer_peer(
            valise::exchange::encode(message.frame("UKR", "JPN")), kyiv.registry->key_list().tls));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->type, "refusal");
    }
    EXPECT_EQ(state_of(tokyo, id), DispatchState::custody_receipted);
    proven();
}

TEST_F(Packages, AreTakenFromTheAnnouncementAfterACrash) {
    const DispatchId id = sent_off();
    read_again(kyiv);
    EXPECT_EQ(take(kyiv, id), "");
    works(kyiv);
    EXPECT_EQ(state_of(tokyo, id), DispatchState::custody_receipted);
    proven();
}

//= O-42
TEST_F(Packages, WithBrokenSealsAreReceiptedAsThatAndReported) {
    const DispatchId id = sent_off();
    const auto answer =
        kyiv.try_act(kyiv.control_officer, ActKind::take_delivery,
                     {{"dispatch", id.text()}, {"carrier", "a courier"}, {"finding", "broken"}});
    ASSERT_TRUE(answer) << answer.error().text();
    ASSERT_EQ(answer->decision.duties.size(), 1U);
    EXPECT_EQ(answer->decision.duties.front().what, "report-incident");
    works(kyiv);
    const auto papers = tokyo.registry->papers(id);
    ASSERT_TRUE(papers) << papers.error().text();
    const auto receipt = logbook::Receipt::parse(papers->custody_receipt->text);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->fields().finding, logbook::ReceiptFinding::discrepancy);
    proven();
}

//= O-29
//= I6
TEST_F(Packages, GoBackToTheirOriginator) {
    const DispatchId brought = arrived_there();
    ASSERT_EQ(state_of(tokyo, brought), DispatchState::closed);
    const ItemId got = arrived_item();
    const CopyId got_copy = kyiv.registry->state().item(got)->copies.front();
    release(kyiv, bondar, melnyk, got, "JPN");
    ASSERT_EQ(send(kyiv, got, got_copy, "JPN"), "");
    works(kyiv);
    const DispatchId back = only(kyiv, logbook::Direction::out);
    ASSERT_EQ(kyiv.registry->dispatches()->back().refusal, "");
    ASSERT_EQ(hand_over(kyiv, back), "");
    ASSERT_EQ(take(tokyo, back), "");
    const auto here = tokyo.registry->state();
    EXPECT_EQ(here.items().size(), 1U); // no second entry of what is ours
    EXPECT_EQ(here.copy(copy)->state, CopyState::held);
    EXPECT_EQ(here.dispatch(back)->returns, brought);
    works(tokyo);
    ASSERT_EQ(contents(tokyo, back), "");
    works(tokyo);
    EXPECT_EQ(state_of(kyiv, back), DispatchState::closed);
    EXPECT_EQ(kyiv.registry->state().copy(got_copy)->state, CopyState::away);
    proven();
    read_again(tokyo);
    read_again(kyiv);
}

//= O-29
TEST_F(Packages, OnlyAreReturned) {
    exchange(Bytes(100));
    const ItemId got = arrived_item();
    release(kyiv, bondar, melnyk, got, "JPN");
    EXPECT_EQ(refusal(kyiv, kyiv.control_officer, ActKind::dispatch,
                      {{"item", got.text()}, {"recipient", "JPN"}}),
              "agreement.return_electronic");
}

//= O-29
//= O-30
TEST_F(Packages, TheOriginatorLearnsThatNothingIsLeft) {
    const DispatchId id = arrived_there();
    const ItemId got = arrived_item();
    const CopyId got_copy = kyiv.registry->state().item(got)->copies.front();
    const Json named = {
        {"item", got.text()}, {"copy", got_copy.text()}, {"method", "burning"}, {"pages", 12}};
    Json destroy = named;
    destroy["reference"] = "review";
    destroy["place"] = "Kyiv";
    ASSERT_EQ(refusal(kyiv, reader, ActKind::witness_destruction, named), "");
    ASSERT_EQ(refusal(kyiv, kyiv.control_officer, ActKind::destroy, destroy), "");
    ASSERT_EQ(refusal(kyiv, reader, ActKind::certify_destruction,
                      {{"item", got.text()}, {"copy", got_copy.text()}, {"finding", "destroyed"}}),
              "");
    works(kyiv);
    const auto here = tokyo.registry->state();
    const bool told = std::ranges::any_of(here.notices(), [&](const auto& one) {
        return one.second.type == logbook::NoticeType::destruction && one.second.dispatch == id;
    });
    EXPECT_TRUE(told);
    proven();
}

//= O-15
//= I4
TEST_F(Packages, AThirdPartyIsServedByConsentOnly) {
    arrived_there();
    const ItemId got = arrived_item();
    EXPECT_EQ(kyiv.approve(bondar, got, "POL").decision.reason(), "agreement.third_party");
    const Time until = tokyo.registry->now().plus_days(10);
    const Json consent = {{"item", item.text()}, {"recipient", "POL"}, {"until", until.text()}};
    EXPECT_EQ(refusal(tokyo, tokyo.control_officer, ActKind::consent, consent),
              "agreement.releasing_authority");
    ASSERT_EQ(refusal(tokyo, releaser, ActKind::consent, consent), "");
    works(tokyo);
    EXPECT_TRUE(kyiv.approve(bondar, got, "POL").decision.permitted());
    EXPECT_EQ(kyiv.approve(bondar, got, "USA").decision.reason(), "agreement.third_party");
    // These terms know no channel to it.
    EXPECT_EQ(send(kyiv, got, kyiv.registry->state().item(got)->copies.front(), "POL"),
              "agreement.release_persons");
    kyiv.clock.at = until.plus_seconds(60);
    EXPECT_EQ(kyiv.approve(melnyk, got, "POL").decision.reason(), "agreement.third_party");
    proven();
}

//= O-19
TEST_F(Packages, ARevokedAssuranceEndsThereToo) {
    const Time until = kyiv.registry->now().plus_days(100);
    ASSERT_EQ(
        refusal(kyiv, kyiv.control_officer, ActKind::assure,
                {{"recipient", "JPN"}, {"level", "tsilkom-taiemno"}, {"until", until.text()}}),
        "");
    works(kyiv);
    EXPECT_EQ(tokyo.registry->state().assurances().at("UKR").until, until);
    ASSERT_EQ(refusal(kyiv, kyiv.control_officer, ActKind::revoke,
                      {{"what", "assurance"}, {"recipient", "JPN"}, {"reason", "audit"}}),
              "");
    works(kyiv);
    EXPECT_LT(tokyo.registry->state().assurances().at("UKR").until, tokyo.registry->now());
    proven();
}

} // namespace
} // namespace valise::testing
