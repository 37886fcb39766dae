// SPDX-License-Identifier: Apache-2.0
#include "agreement/duties.h"
#include "exchange/messages.h"
#include "two_registries/exchanging.h"
#include "vault/keystore.h"

#include <algorithm>

// A peer that is set up, suspended, taken up again, and one that asks too much.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::DispatchState;
using logbook::Stage;

class Peer : public TwoRegistries {
protected:
    static std::size_t events(const Side& side, ActKind kind, Stage stage) {
        const auto all = side.registry->skeletons(0, 10'000);
        return static_cast<std::size_t>(std::ranges::count_if(*all, [&](const auto& event) {
            return event.kind() == kind && event.stage() == stage;
        }));
    }
    void settle() {
        for (int round = 0; round < 4; ++round)
            for (Side* side : {&tokyo, &kyiv})
                (void)side->work();
    }
    void suspend(Side& side) {
        const auto answer = side.try_act(side.control_officer, ActKind::revoke,
                                         {{"what", "accreditation"}, {"peer", side.peer->party}});
        ASSERT_TRUE(answer) << answer.error().text();
        ASSERT_TRUE(answer->decision.permitted()) << answer->decision.reason();
    }
    // Released and sent off, as far as Tokyo goes.
    std::string sends(std::size_t bytes = 100) {
        const ItemId item = tokyo.enter(originator, Bytes(bytes), "gokuhi", purpose);
        EXPECT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
        EXPECT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
        return tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.reason();
    }
    // What went over to Kyiv last of this type.
    Bytes overheard(const std::string& type) {
        Bytes out;
        auto inner = std::move(tokyo.carrier);
        tokyo.carrier = std::make_unique<DirectCarrier>([&](ByteView request) {
            const auto frame = exchange::parse_frame(request);
            if (frame && frame->type == type)
                out = to_bytes(request);
            return kyiv.registry->answer_peer(request, tokyo.registry->key_list().tls);
        });
        settle();
        tokyo.carrier = std::move(inner);
        return out;
    }
    // Tokyo works over a wire of which `lets` says which messages go over, and which answers back.
    using Lets = std::function<bool(const exchange::Frame&, bool back)>;
    void works_over(const Lets& lets) {
        auto inner = std::move(tokyo.carrier);
        tokyo.carrier = std::make_unique<DirectCarrier>([&](ByteView request) {
            const auto frame = exchange::parse_frame(request);
            if (!lets(*frame, false))
                return Bytes();
            Bytes answer = kyiv.registry->answer_peer(request, tokyo.registry->key_list().tls);
            return lets(*frame, true) ? answer : Bytes();
        });
        (void)tokyo.work();
        tokyo.carrier = std::move(inner);
    }
    // Kyiv's answers pass through other hands until `honest` is put back.
    std::unique_ptr<DirectCarrier> honest;
    void works_with(std::function<Bytes(const exchange::Frame&, Bytes)> hands) {
        honest = std::move(tokyo.carrier);
        tokyo.carrier = std::make_unique<DirectCarrier>([this, hands](ByteView request) {
            Bytes answer = kyiv.registry->answer_peer(request, tokyo.registry->key_list().tls);
            return hands(*exchange::parse_frame(request), std::move(answer));
        });
    }
    // Sealed, offered, and cut off after the first of three segments.
    void half_sent() {
        ASSERT_EQ(sends(std::size_t{5} << 20), "");
        std::size_t segments = 0;
        works_over([&](const exchange::Frame& frame, bool back) {
            return frame.type != "segment" || back || ++segments < 2;
        });
        ASSERT_EQ(events(kyiv, ActKind::arrive, Stage::permitted), 1U);
    }
    // Messages that hold any of a document.
    std::size_t of_documents() {
        std::size_t out = 0;
        for (int round = 0; round < 3; ++round)
            works_over([&](const exchange::Frame& frame, bool back) {
                out += !back && (frame.type == "offer" || frame.type == "segment") ? 1 : 0;
                return true;
            });
        return out;
    }
    static bool due(const Side& side, const std::string& what) {
        const auto duties =
            agreement::duties_at(side.terms, side.registry->state(), side.registry->now());
        return std::ranges::any_of(duties, [&](const auto& duty) { return duty.what == what; });
    }
    static DispatchState dispatch_of(const Side& side) {
        const auto state = side.registry->state();
        return state.dispatches().begin()->second.state;
    }
    std::string told(ByteView message) {
        auto frame = exchange::parse_frame(
            kyiv.registry->answer_peer(message, tokyo.registry->key_list().tls));
        const auto answer = exchange::expect(std::move(*frame), "none");
        return answer.error().reason();
    }
};

// Whoever holds the peer's link, and not its receipt key, has the receipts that went over it.
TEST_F(Peer, MayNotAnswerWithTheReceiptOfAnotherDispatch) {
    Bytes told_once;
    const auto listen = [&](const exchange::Frame& frame, Bytes answer) {
        if (frame.type == "complete" || frame.type == "segment")
            told_once = answer;
        return answer;
    };
    works_with(listen);
    exchange(Bytes(100));
    tokyo.carrier = std::move(honest);
    settle();
    ASSERT_FALSE(told_once.empty());
    ASSERT_EQ(sends(), "");
    for (const bool renamed : {false, true}) {
        works_with([&](const exchange::Frame& frame, Bytes answer) {
            if (frame.type != "offer" && frame.type != "segment" && frame.type != "complete")
                return answer;
            auto old = exchange::parse_frame(told_once);
            if (renamed)
                old->fields["dispatch"] = frame.fields.at("dispatch");
            return exchange::encode(*old);
        });
        EXPECT_FALSE(tokyo.work());
        tokyo.carrier = std::move(honest);
        EXPECT_EQ(events(tokyo, ActKind::dispatch, Stage::done), 1U) << renamed;
    }
    settle();
    EXPECT_EQ(events(tokyo, ActKind::dispatch, Stage::done), 2U);
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::done), 2U);
}

//= O-38
TEST_F(Peer, IsSuspendedByRevokingItsLinkAndTakenUpAgain) {
    exchange(Bytes(100));
    settle();
    suspend(kyiv);
    const std::size_t arrivals = events(kyiv, ActKind::arrive, Stage::permitted);
    ASSERT_EQ(sends(), "");
    settle();
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::permitted), arrivals);
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::refused), 1U);
    // The sender knows why, and the dispatch has failed.
    const auto views = tokyo.registry->dispatches();
    ASSERT_TRUE(std::ranges::any_of(*views, [](const auto& view) {
        return view.dispatch.state == DispatchState::failed &&
               view.refusal.find("agreement.link_missing") != std::string::npos;
    }));
    // What is owed over what was exchanged before goes on: notices, cosignatures, the mirror.
    const auto item = tokyo.registry->state().items().begin()->first;
    ASSERT_TRUE(tokyo
                    .act(releaser, ActKind::change_class,
                         {{"item", item.text()}, {"level", "hi"}, {"reason", "as it is now"}})
                    .decision.permitted());
    settle();
    EXPECT_EQ(events(kyiv, ActKind::take_notice, Stage::done), 1U);
    EXPECT_EQ(tokyo.registry->evidence(0), "E3");
    kyiv.accredit("tsilkom-taiemno");
    ASSERT_EQ(sends(), "");
    settle();
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::permitted), arrivals + 1);
}

//= O-38
TEST_F(Peer, IsSentNothingWhileItIsSuspended) {
    suspend(tokyo);
    EXPECT_EQ(sends(), "agreement.link_missing");
    tokyo.accredit("gokuhi");
    EXPECT_EQ(sends(), "");
}

//= O-38
TEST_F(Peer, GetsNothingMoreOfWhatWasSealedBeforeItWasSuspended) {
    half_sent();
    suspend(tokyo);
    EXPECT_EQ(of_documents(), 0U);
    EXPECT_EQ(tokyo.work().error().reason(), "registry.held");
    EXPECT_EQ(dispatch_of(tokyo), DispatchState::permitted);
    EXPECT_TRUE(due(tokyo, "held-dispatch"));
    tokyo.accredit("gokuhi");
    EXPECT_FALSE(due(tokyo, "held-dispatch"));
    settle();
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::done), 1U);
    EXPECT_EQ(dispatch_of(tokyo), DispatchState::custody_receipted);
}

//= O-38
TEST_F(Peer, GetsNothingMoreOfWhatWasSealedWhenItsLinkHasRunOutOrIsOfAnotherLevel) {
    half_sent();
    tokyo.accredit("hi"); // less than it needs
    EXPECT_EQ(of_documents(), 0U);
    tokyo.accredit("gokuhi");
    tokyo.clock.at = tokyo.clock.at.plus_days(101);
    EXPECT_EQ(of_documents(), 0U);
    EXPECT_TRUE(due(tokyo, "held-dispatch"));
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::done), 0U);
}

// Not sealed yet: it waits like the others, and somebody is told.
TEST_F(Peer, WaitsForADispatchThatWasPermittedBeforeItWasSuspended) {
    ASSERT_EQ(sends(), "");
    suspend(tokyo);
    EXPECT_EQ(tokyo.work().error().reason(), "registry.held");
    EXPECT_TRUE(due(tokyo, "held-dispatch"));
    tokyo.accredit("gokuhi");
    settle();
    EXPECT_EQ(dispatch_of(tokyo), DispatchState::custody_receipted);
}

//= O-38
TEST_F(Peer, DoesNotFinishHereWhatItBeganBeforeItWasSuspended) {
    half_sent();
    suspend(kyiv);
    settle();
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::done), 0U);
    EXPECT_TRUE(due(kyiv, "held-dispatch"));
    EXPECT_EQ(dispatch_of(tokyo), DispatchState::permitted); // it is tried again
    kyiv.accredit("tsilkom-taiemno");
    settle();
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::done), 1U);
    EXPECT_EQ(dispatch_of(tokyo), DispatchState::custody_receipted);
}

// Whole there before, and the answer was lost: nothing goes, and the receipt is taken.
TEST_F(Peer, IsHeardOfWhatHadArrivedBeforeItWasSuspended) {
    ASSERT_EQ(sends(), "");
    works_over(
        [](const exchange::Frame& frame, bool back) { return frame.type != "complete" || !back; });
    ASSERT_EQ(events(kyiv, ActKind::arrive, Stage::done), 1U);
    ASSERT_EQ(dispatch_of(tokyo), DispatchState::permitted);
    suspend(tokyo);
    EXPECT_EQ(of_documents(), 0U);
    EXPECT_EQ(dispatch_of(tokyo), DispatchState::custody_receipted);
}

// The book was put back to a day before the arrival, its files were not; an old offer comes.
TEST_F(Peer, ThatIsRefusedAnOldOfferTakesNoWholeFileAway) {
    settle();
    const auto journal = kyiv.journal;
    const Bytes memory = *kyiv.vault_state.bytes;
    ASSERT_EQ(sends(), "");
    const Bytes offer = overheard("offer");
    ASSERT_EQ(events(kyiv, ActKind::arrive, Stage::done), 1U);
    const auto files = kyiv.blobs.whole.size();
    kyiv.crash();
    kyiv.journal = journal;
    *kyiv.vault_state.bytes = memory;
    kyiv.restart_keys();
    kyiv.start();
    suspend(kyiv);
    EXPECT_EQ(told(offer), "peer.agreement.link_missing");
    EXPECT_EQ(kyiv.blobs.whole.size(), files);
}

// Whoever holds the peer's machine offers again and again what was refused.
TEST_F(Peer, ThatOffersAgainWhatWasRefusedFillsNoBook) {
    suspend(kyiv);
    ASSERT_EQ(sends(), "");
    const Bytes offer = overheard("offer");
    ASSERT_FALSE(offer.empty());
    const auto size = kyiv.registry->state().next_seq();
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::refused), 1U);
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(told(offer), "peer.agreement.link_missing");
    EXPECT_EQ(kyiv.registry->state().next_seq(), size);
    EXPECT_TRUE(kyiv.blobs.partials.empty()); // nor its disk
    // Refused by the same clause, which has another reason now: it stands in the book already.
    kyiv.accredit("taiemno");
    const auto accredited = kyiv.registry->state().next_seq();
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(told(offer), "peer.agreement.link_level");
    EXPECT_EQ(kyiv.registry->state().next_seq(), accredited);
    // And it is taken when nothing speaks against it any more.
    kyiv.accredit("tsilkom-taiemno");
    EXPECT_EQ(told(offer), "exchange.frame"); // an answer of another kind: taken
    EXPECT_EQ(events(kyiv, ActKind::arrive, Stage::permitted), 1U);
}

TEST_F(Peer, BelowTheVersionIsToldBothAndNothingIsRecorded) {
    Bytes hello = overheard("hello");
    ASSERT_FALSE(hello.empty());
    const auto size = kyiv.registry->state().next_seq();
    for (const Byte version : {Byte{0}, Byte{2}, Byte{255}}) {
        hello[5] = version;
        EXPECT_EQ(told(hello), "peer.exchange.version");
    }
    EXPECT_EQ(kyiv.registry->state().next_seq(), size);
}

// Its keys are of a scheme that the terms do not name.
TEST_F(Peer, BelowTheSuiteIsNotSetUp) {
    const auto keystore =
        vault::Keystore::open(kyiv.keystore_file, SecretBytes::copy(view("test"))).value();
    auto list = kyiv.registry->key_list();
    ++list.serial;
    const auto invitation = [&](crypto::WrapScheme scheme) {
        list.unwrapping = crypto::WrapPrivateKey::generate(scheme).public_key().der();
        Json json = Json::parse(*kyiv.registry->invitation("peer:1"));
        json["key_list"] = to_base64(list.bytes());
        json["key_list_signature"] =
            to_base64(*keystore.root.sign(agreement::KeyList::signed_bytes(list.bytes())));
        return json.dump();
    };
    const auto weaker =
        tokyo.registry->consider_invitation(invitation(crypto::WrapScheme::p256_mlkem768));
    ASSERT_FALSE(weaker);
    EXPECT_EQ(weaker.error().reason(), "registry.suite");
    // A key that no quantum computer would respect is none at all, whatever the terms say.
    EXPECT_EQ(tokyo.registry->consider_invitation(invitation(crypto::WrapScheme::ec_p256))
                  .error()
                  .reason(),
              "crypto.wrap_key");
    // New keys under the same root are taken up by pairing anew.
    const auto fits =
        tokyo.registry->consider_invitation(invitation(crypto::WrapScheme::p384_mlkem1024));
    ASSERT_TRUE(fits) << fits.error().text();
    const auto paired = tokyo.try_act(tokyo.control_officer, ActKind::pair, fits->pair_content);
    ASSERT_TRUE(paired) << paired.error().text();
    EXPECT_TRUE(paired->decision.permitted()) << paired->decision.reason();
}

} // namespace
} // namespace valise::testing
