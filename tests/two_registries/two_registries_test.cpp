// SPDX-License-Identifier: Apache-2.0
#include "envelope/manifest.h"
#include "exchange/messages.h"
#include "two_registries/exchanging.h"

#include <algorithm>

namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::DispatchState;

TEST_F(TwoRegistries, ADocumentIsReadOnTheOtherSideAndTheDispatchCloses) {
    Bytes document(5 << 20);
    for (std::size_t i = 0; i < document.size(); ++i)
        document[i] = static_cast<Byte>(i * 7);
    exchange(document);

    const ItemId item = arrived_item();
    ASSERT_FALSE(item.empty());
    const auto state = kyiv.registry->state();
    EXPECT_EQ(state.item(item)->level, "gokuhi");
    EXPECT_EQ(state.item(item)->origin, "JPN");
    EXPECT_FALSE(state.item(item)->own_level.empty());
    EXPECT_EQ(tokyo.registry->state().dispatches().begin()->second.state,
              DispatchState::custody_receipted);

    kyiv.grant(reader, item, purpose, later);
    const auto plain = kyiv.read(reader, item, purpose);
    ASSERT_TRUE(plain) << plain.error().text();
    EXPECT_EQ(*plain, document);

    const auto dispatch = kyiv.registry->state().dispatches().begin()->first;
    kyiv.act(reader, ActKind::contents_receipt,
             {{"dispatch", dispatch.text()}, {"item", item.text()}, {"finding", "in-order"}});
    const auto worked = kyiv.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_EQ(tokyo.registry->state().dispatches().begin()->second.state, DispatchState::closed);

    ASSERT_TRUE(tokyo.work());
    ASSERT_TRUE(tokyo.registry->tick());
    const auto views = tokyo.registry->dispatches();
    ASSERT_TRUE(views);
    EXPECT_EQ(views->front().custody_evidence, "E3");
    EXPECT_EQ(views->front().contents_evidence, "E3");
    ASSERT_TRUE(tokyo.registry->export_evidence());
}

TEST_F(TwoRegistries, EachRefusalNamesItsClause) {
    exchange(to_bytes("text"));
    const ItemId item = arrived_item();
    EXPECT_EQ(kyiv.read(uncleared, item, purpose).error().reason(), "agreement.clearance_missing");
    EXPECT_EQ(kyiv.read(reader, item, purpose).error().reason(), "agreement.need_to_know");
    kyiv.grant(reader, item, purpose, later);
    const std::string other = kyiv.terms.purposes().back().code;
    EXPECT_FALSE(kyiv.read(reader, item, other));
    EXPECT_FALSE(kyiv.read(administrator, item, purpose));
    const ItemId mine = tokyo.enter(originator, to_bytes("x"), "gokuhi", purpose);
    EXPECT_TRUE(tokyo.approve(originator, mine, "UKR").decision.permitted());
    EXPECT_FALSE(tokyo.approve(originator, mine, "UKR").decision.permitted());
    EXPECT_FALSE(tokyo.approve(releaser, mine, "POL").decision.permitted());
    EXPECT_FALSE(tokyo.dispatch(tokyo.control_officer, mine, "UKR").decision.permitted());
    const ItemId high = tokyo.enter(originator, to_bytes("x"), "kimitsu", purpose);
    tokyo.approve(releaser, high, "UKR");
    tokyo.approve(second, high, "UKR");
    EXPECT_FALSE(tokyo.dispatch(tokyo.control_officer, high, "UKR").decision.permitted());
}

// Kyiv's officer took the link back meanwhile: Kyiv refuses and records it once, and Tokyo's
// release is free again.
TEST_F(TwoRegistries, ADispatchThatThePeersAgreementRefusesFailsOnce) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    tokyo.approve(releaser, item, "UKR");
    tokyo.approve(second, item, "UKR");
    ASSERT_TRUE(kyiv.act(kyiv.control_officer, ActKind::revoke,
                         {{"what", "accreditation"}, {"peer", "JPN"}})
                    .decision.permitted());
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(tokyo.work());
    const auto views = tokyo.registry->dispatches();
    ASSERT_TRUE(views);
    ASSERT_EQ(views->size(), 1U);
    EXPECT_EQ(views->front().dispatch.state, logbook::DispatchState::failed);
    EXPECT_EQ(views->front().refusal, "peer.agreement.link_missing");
    const auto events = kyiv.journal.events(0, 1000);
    const auto refusals = std::ranges::count_if(*events, [](const auto& event) {
        const auto skeleton = logbook::Skeleton::parse(event.skeleton);
        return skeleton->kind() == ActKind::arrive && skeleton->stage() == logbook::Stage::refused;
    });
    EXPECT_EQ(refusals, 1);
    kyiv.accredit("tsilkom-taiemno");
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.work());
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
}

//= I5
// A signature says nothing of how often it is shown: what came is known by its dispatch, whose id
// the sender signed, so that whoever kept the bytes brings nothing into the register a second time.
TEST_F(TwoRegistries, WhatIsShownAgainIsEnteredOnce) {
    std::vector<Bytes> shown;
    auto direct = std::move(tokyo.carrier);
    tokyo.carrier = std::make_unique<DirectCarrier>([&](ByteView request) {
        shown.push_back(to_bytes(request));
        return *direct->call(request);
    });
    exchange(to_bytes("text"));
    const auto before = kyiv.registry->state();
    ASSERT_EQ(before.items().size(), 1U);
    const auto answer_to = [&](ByteView request) {
        return *exchange::parse_frame(
            kyiv.registry->answer_peer(request, tokyo.registry->key_list().tls));
    };
    std::size_t offers = 0;
    for (const Bytes& bytes : shown) {
        const auto frame = *exchange::parse_frame(bytes);
        if (frame.type != "offer" && frame.type != "segment" && frame.type != "complete")
            continue;
        answer_to(bytes);
        if (frame.type != "offer")
            continue;
        ++offers;
        // The same file under another dispatch, as if it were a second sending.
        auto offer = *exchange::Offer::parse(frame);
        offer.dispatch = DispatchId::of(Bytes(10, 9));
        const auto refused =
            exchange::expect(answer_to(exchange::encode(offer.frame("JPN", "UKR"))), "progress");
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().reason(), "peer.exchange.not_accepted");
    }
    EXPECT_EQ(offers, 1U);
    EXPECT_EQ(kyiv.registry->state().next_seq(), before.next_seq());
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
}

TEST_F(TwoRegistries, ARestartFindsEverythingAgain) {
    exchange(to_bytes("text"));
    const auto before = kyiv.registry->state();
    kyiv.crash();
    kyiv.start();
    EXPECT_EQ(kyiv.registry->state(), before);
}

TEST_F(TwoRegistries, ATransferThatWasCutGoesOnFromWhatLiesThere) {
    const Bytes document(9 << 20);
    const ItemId item = tokyo.enter(originator, document, "gokuhi", purpose);
    tokyo.approve(releaser, item, "UKR");
    tokyo.approve(second, item, "UKR");
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    int calls = 0; // hello, leaves, offer, two segments; then Kyiv is gone
    tokyo.carrier->fate = [&] {
        if (++calls == 6)
            kyiv.crash();
        return DirectCarrier::Fate::deliver;
    };
    ASSERT_FALSE(tokyo.work());
    kyiv.start();
    const auto views = kyiv.registry->dispatches();
    ASSERT_TRUE(views);
    ASSERT_EQ(views->size(), 1U);
    EXPECT_EQ(views->front().durable_bytes, 2 * envelope::kSegmentCipher);
    EXPECT_GT(views->front().payload_bytes, document.size());
    const auto worked = tokyo.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
    kyiv.grant(reader, arrived_item(), purpose, later);
    const auto plain = kyiv.read(reader, arrived_item(), purpose);
    ASSERT_TRUE(plain) << plain.error().text();
    EXPECT_EQ(*plain, document);
}

// "Ready" is about now: a peer that went away is missed, also when there is nothing to send.
TEST_F(TwoRegistries, APeerThatWentAwayIsMissed) {
    const auto peer_ok = [&] {
        const Json health = tokyo.registry->health();
        const auto found = std::ranges::find_if(
            health.at("checks"), [](const Json& check) { return check.at("name") == "peer"; });
        return found->at("ok").get<bool>();
    };
    EXPECT_FALSE(peer_ok());
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(tokyo.work());
    EXPECT_TRUE(peer_ok());
    kyiv.crash();
    tokyo.clock.at = tokyo.clock.at.plus_seconds(6);
    EXPECT_FALSE(tokyo.work());
    EXPECT_FALSE(peer_ok());
    kyiv.start();
    EXPECT_TRUE(tokyo.work());
    EXPECT_TRUE(peer_ok());
}

TEST_F(TwoRegistries, ACrashBetweenArrivalAndReceiptIsMadeGood) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    tokyo.approve(releaser, item, "UKR");
    tokyo.approve(second, item, "UKR");
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    for (const auto kind : {ActKind::arrive, ActKind::custody_receipt}) {
        kyiv.journal.crash_after = [&] {
            const auto events = kyiv.journal.events(0, 1000);
            const auto newest = logbook::Skeleton::parse(events->back().skeleton);
            return newest->kind() == kind && newest->stage() == logbook::Stage::done;
        };
        EXPECT_THROW((void)tokyo.work(), Crash);
        kyiv.journal.crash_after = [] { return false; };
        kyiv.start();
    }
    const auto worked = tokyo.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_EQ(tokyo.registry->state().dispatches().begin()->second.state,
              DispatchState::custody_receipted);
    EXPECT_EQ(kyiv.registry->state().dispatches().begin()->second.state, DispatchState::marked);
}

TEST_F(TwoRegistries, ACrashBetweenTheFinishedFileAndItsRecordIsMadeGood) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    tokyo.approve(releaser, item, "UKR");
    tokyo.approve(second, item, "UKR");
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    kyiv.blobs.crash_after_finish = [] { return true; };
    EXPECT_THROW((void)tokyo.work(), Crash);
    kyiv.blobs.crash_after_finish = [] { return false; };
    kyiv.start();
    const auto worked = tokyo.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_EQ(tokyo.registry->state().dispatches().begin()->second.state,
              DispatchState::custody_receipted);
    kyiv.grant(reader, arrived_item(), purpose, later);
    EXPECT_EQ(kyiv.read(reader, arrived_item(), purpose).value(), to_bytes("text"));
}

TEST_F(TwoRegistries, ACrashBetweenContentsReceiptAndClosingIsMadeGood) {
    exchange(to_bytes("text"));
    const ItemId item = arrived_item();
    kyiv.grant(reader, item, purpose, later);
    ASSERT_TRUE(kyiv.read(reader, item, purpose));
    const auto dispatch = kyiv.registry->state().dispatches().begin()->first;
    kyiv.act(reader, ActKind::contents_receipt,
             {{"dispatch", dispatch.text()}, {"item", item.text()}, {"finding", "in-order"}});
    tokyo.journal.crash_after = [&] {
        const auto events = tokyo.journal.events(0, 1000);
        const auto newest = logbook::Skeleton::parse(events->back().skeleton);
        return newest->kind() == ActKind::contents_receipt;
    };
    EXPECT_THROW((void)kyiv.work(), Crash);
    tokyo.journal.crash_after = [] { return false; };
    tokyo.start();
    const auto state = [&] { return tokyo.registry->state().dispatches().begin()->second.state; };
    ASSERT_EQ(state(), DispatchState::contents_receipted);
    const auto worked = kyiv.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_EQ(state(), DispatchState::closed);
}

TEST(Pairing, ACrashBeforeTheVaultConfirmedItIsMadeGood) {
    const Bytes terms = read_terms("jpn-ukr.toml");
    Side tokyo("JPN", terms);
    Side kyiv("UKR", terms);
    tokyo.journal.crash_after = [] { return true; };
    EXPECT_THROW(tokyo.pair_with(kyiv), Crash);
    tokyo.journal.crash_after = [] { return false; };
    EXPECT_FALSE(tokyo.keys->identity()->peer_trusted);
    tokyo.crash();
    tokyo.start();
    EXPECT_TRUE(tokyo.keys->identity()->peer_trusted);
    EXPECT_TRUE(tokyo.registry->peer_tls_key());
    EXPECT_TRUE(tokyo.journal.note("confirmation_signature")->has_value());
}

TEST_F(TwoRegistries, AnOlderDatabaseIsNotGoneOnWith) {
    const MemoryJournal old = tokyo.journal;
    exchange(to_bytes("text"));
    tokyo.crash();
    tokyo.journal = old;
    tokyo.start();
    EXPECT_TRUE(tokyo.registry->behind());
    EXPECT_EQ(
        tokyo.try_act(tokyo.control_officer, ActKind::ask_laws, {{"peer", "UKR"}}).error().reason(),
        "registry.behind");
}

// Nothing in the engine knows a country: an organisation and two companies exchange a document by
// the same code, from the entry to the receipt for the contents.
TEST(AnyTwoParties, ExchangeADocument) {
    struct Pair {
        const char *terms, *from, *to, *level, *own_level;
    };
    for (const Pair& pair :
         {Pair{"ukr-nato.toml", "UKR", "NATO", "tsilkom-taiemno", "nato-secret"},
          Pair{"ukr-nato.toml", "NATO", "UKR", "nato-restricted", "dsk"},
          Pair{"exemplar-muster-tlp.toml", "EXEMPLAR", "MUSTER", "tlp-amber", "tlp-amber"}}) {
        SCOPED_TRACE(std::string(pair.terms) + " from " + pair.from);
        const Bytes terms = read_terms(pair.terms);
        Side sender(pair.from, terms);
        Side receiver(pair.to, terms);
        sender.pair_with(receiver);
        receiver.pair_with(sender);
        const std::string purpose = sender.terms.purposes().front().code;
        Someone author{"Author"}, releaser{"Releaser"}, second{"Second"}, reader{"Reader"};
        for (Someone* who : {&author, &releaser, &second})
            sender.enrol(*who);
        sender.appoint(author, "originator");
        sender.appoint(releaser, "releasing-authority");
        sender.appoint(second, "releasing-authority");
        sender.accredit(pair.level);
        receiver.enrol(reader);
        receiver.brief(reader);
        const Time later = receiver.clock.now().plus_days(200);
        receiver.clear(reader, pair.own_level, later);
        receiver.accredit(pair.own_level);

        const Bytes document(5000, 0x41);
        const ItemId sent = sender.enter(author, document, pair.level, purpose);
        EXPECT_TRUE(sender.approve(releaser, sent, pair.to).decision.permitted());
        EXPECT_TRUE(sender.approve(second, sent, pair.to).decision.permitted());
        const auto answer = sender.dispatch(sender.control_officer, sent, pair.to);
        ASSERT_TRUE(answer.decision.permitted()) << answer.decision.reason();
        ASSERT_TRUE(sender.work());
        const auto state = receiver.registry->state();
        ASSERT_EQ(state.items().size(), 1U);
        const auto& [item, held] = *state.items().begin();
        EXPECT_EQ(held.origin, pair.from);
        EXPECT_EQ(held.own_level, pair.own_level);
        EXPECT_TRUE(held.number.starts_with(std::string(pair.to) + "-"));
        receiver.grant(reader, item, purpose, later);
        const auto read = receiver.read(reader, item, purpose);
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(*read, document);
    }
}

// What its own table does not list leaves nobody: TLP:RED names persons, not a company.
TEST(AnyTwoParties, ALevelThatIsNotListedStays) {
    const Bytes terms = read_terms("exemplar-muster-tlp.toml");
    Side sender("EXEMPLAR", terms);
    Side receiver("MUSTER", terms);
    sender.pair_with(receiver);
    Someone author{"Author"}, releaser{"Releaser"}, second{"Second"};
    for (Someone* who : {&author, &releaser, &second})
        sender.enrol(*who);
    sender.appoint(author, "originator");
    sender.appoint(releaser, "releasing-authority");
    sender.appoint(second, "releasing-authority");
    sender.accredit("tlp-red");
    const ItemId item =
        sender.enter(author, Bytes(10, 1), "tlp-red", sender.terms.purposes().front().code);
    EXPECT_TRUE(sender.approve(releaser, item, "MUSTER").decision.permitted());
    EXPECT_TRUE(sender.approve(second, item, "MUSTER").decision.permitted());
    EXPECT_EQ(sender.dispatch(sender.control_officer, item, "MUSTER").decision.reason(),
              "agreement.equivalence_unlisted");
}

} // namespace
} // namespace valise::testing
