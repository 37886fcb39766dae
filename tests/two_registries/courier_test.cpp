// SPDX-License-Identifier: Apache-2.0
#include "agreement/duties.h"
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

#include <algorithm>

// An exchange without a wire: the volumes of bags are all that passes between the two.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::DispatchState;

class Courier : public TwoRegistries {
protected:
    using Bag = std::vector<Bytes>;

    ItemId ready(const Bytes& document) {
        const ItemId item = tokyo.enter(originator, document, "gokuhi", purpose);
        EXPECT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
        EXPECT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
        EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
        return item;
    }
    static Bag pack(Side& from, std::uint64_t volume = registry::kLeastVolume,
                    bool documents = true) {
        const auto packed = from.registry->pack_bag(volume, documents);
        EXPECT_TRUE(packed) << packed.error().text();
        EXPECT_EQ(packed->left_out, "");
        Bag out;
        for (const auto& one : packed->volumes) {
            const auto source = *from.registry->bag_volume(one.blob);
            Bytes bytes(static_cast<std::size_t>(source->size()));
            EXPECT_TRUE(source->read_at(0, bytes));
            EXPECT_EQ(bytes.size(), one.bytes);
            out.push_back(std::move(bytes));
        }
        EXPECT_TRUE(from.registry->discard_bag());
        return out;
    }
    static Result<registry::UnpackedVolume> unpack(Side& at, const Bytes& volume) {
        TRY_ASSIGN(auto blob, at.registry->receive_blob());
        TRY(blob.second->write(volume));
        TRY(blob.second->commit());
        return at.registry->unpack_volume(blob.first);
    }
    static void carry(Side& to, const Bag& bag) {
        for (const Bytes& volume : bag) {
            const auto taken = unpack(to, volume);
            ASSERT_TRUE(taken) << taken.error().text();
            EXPECT_TRUE(taken->refused.empty()) << taken->refused.begin()->first;
        }
    }
    std::vector<DispatchState> states(const Side& side) {
        std::vector<DispatchState> out;
        const auto state = side.registry->state();
        for (const auto& [id, dispatch] : state.dispatches())
            out.push_back(dispatch.state);
        return out;
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
};

TEST_F(Courier, OneTripEachWayCompletesADispatch) {
    ready(Bytes(100));
    ready(Bytes(5 << 20, 7)); // three segments
    carry(kyiv, pack(tokyo));
    EXPECT_EQ(states(kyiv), (std::vector{DispatchState::marked, DispatchState::marked}));
    EXPECT_EQ(states(tokyo), (std::vector{DispatchState::permitted, DispatchState::permitted}));
    carry(tokyo, pack(kyiv, registry::kLeastVolume, false));
    EXPECT_EQ(states(tokyo),
              (std::vector{DispatchState::custody_receipted, DispatchState::custody_receipted}));
    proven();
}

// The leaves go in the bag too, and the mirror's cosignature comes back over the tree that was
// packed, however much the log has grown since. A statement on both logs needs no wire either.
TEST_F(Courier, LeavesAreMirroredAndStatementsSignedByBags) {
    ready(Bytes(100));
    const auto there_and_back = [&] {
        const Bag bag = pack(tokyo);
        carry(kyiv, bag);
        carry(kyiv, bag); // once more: the answer is the same
        carry(tokyo, pack(kyiv));
    };
    for (int trip = 0; trip < 3; ++trip)
        there_and_back();
    EXPECT_EQ(tokyo.registry->dispatches()->front().custody_evidence, "E3");
    const auto statement = tokyo.registry->propose_reconciliation();
    ASSERT_TRUE(statement) << statement.error().text();
    const auto content = [&](const Side& side) {
        const auto& own = statement->of(side.party);
        const auto& theirs = &own == &statement->first ? statement->second : statement->first;
        return Json{{"recon", to_base64(statement->digest())},
                    {"own", std::to_string(own.to)},
                    {"theirs", std::to_string(theirs.to)},
                    {"text", to_base64(statement->bytes())}};
    };
    tokyo.act(tokyo.control_officer, ActKind::reconcile, content(tokyo));
    for (int trip = 0; trip < 3; ++trip)
        there_and_back();
    ASSERT_EQ(kyiv.registry->reconciliations()->size(), 1U);
    kyiv.act(kyiv.control_officer, ActKind::countersign, content(kyiv));
    for (int trip = 0; trip < 3; ++trip)
        there_and_back();
    EXPECT_TRUE(tokyo.registry->reconciliations()->front().signed_there);
    proven();
}

// A diode: bags go one way alone, for weeks, some lost and some seen twice. What is not known to
// have arrived goes again. One bag of answers, which comes by another road, makes good for all of
// them.
TEST_F(Courier, ADiodeIsAnsweredWeeksLaterByAnotherRoad) {
    constexpr int kWeeks = 4;
    for (int week = 0; week < kWeeks; ++week) {
        ready(Bytes(100 + static_cast<std::size_t>(week)));
        const Bag bag = pack(tokyo);
        if (week != 1) // lost
            carry(kyiv, bag);
        if (week == 2)
            carry(kyiv, bag);
        for (Side* side : {&tokyo, &kyiv})
            side->clock.at = side->clock.at.plus_days(7);
    }
    EXPECT_EQ(states(kyiv), std::vector(kWeeks, DispatchState::marked));
    // Nobody answered: to the sender nothing has arrived, nothing is presumed, and nothing failed.
    EXPECT_EQ(states(tokyo), std::vector(kWeeks, DispatchState::permitted));
    // But somebody is asked to find out, from the day that a receipt would be due.
    const auto asked = [&](Time when) {
        const auto duties = agreement::duties_at(tokyo.terms, tokyo.registry->state(), when);
        return std::ranges::count_if(
            duties, [](const auto& duty) { return duty.what == "ask-arrival" && duty.ours; });
    };
    EXPECT_EQ(asked(tokyo.clock.at.plus_days(tokyo.terms.receipt().due_days * 7 / 5 + 4)), kWeeks);
    proven();
    carry(tokyo, pack(kyiv, registry::kLeastVolume, false));
    EXPECT_EQ(states(tokyo), std::vector(kWeeks, DispatchState::custody_receipted));
    // What is answered goes no more: the next bag holds the new document, and none of the old ones.
    const std::uint64_t before = kyiv.registry->state().next_seq();
    carry(kyiv, pack(tokyo));
    EXPECT_EQ(kyiv.registry->state().next_seq(), before);
    proven();
}

//= O-38
TEST_F(Courier, NothingThatWasSealedIsPackedAgainForASuspendedPeer) {
    ready(Bytes(std::size_t{5} << 20));
    const auto bytes = [](const Bag& bag) {
        std::size_t out = 0;
        for (const Bytes& volume : bag)
            out += volume.size();
        return out;
    };
    ASSERT_GT(bytes(pack(tokyo)), std::size_t{5} << 20); // and was lost
    tokyo.act(tokyo.control_officer, ActKind::revoke, {{"what", "accreditation"}, {"peer", "UKR"}});
    const auto packed = tokyo.registry->pack_bag(registry::kLeastVolume, true);
    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->left_out, "registry.held");
    std::uint64_t size = 0;
    for (const auto& volume : packed->volumes)
        size += volume.bytes;
    EXPECT_LT(size, std::uint64_t{2} << 20); // what is padded to a MiB, and not the document
    tokyo.accredit("gokuhi");
    carry(kyiv, pack(tokyo));
    EXPECT_EQ(states(kyiv), std::vector{DispatchState::marked});
}

// The road back may be the wire of another day: bags out, answers over the link.
TEST_F(Courier, ADiodeIsAnsweredByWire) {
    ready(Bytes(100));
    carry(kyiv, pack(tokyo));
    EXPECT_EQ(states(tokyo), (std::vector{DispatchState::permitted}));
    ASSERT_TRUE(kyiv.work()); // receipts alone: Kyiv has nothing else to send
    (void)tokyo.work();
    EXPECT_EQ(states(tokyo), (std::vector{DispatchState::custody_receipted}));
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
    proven();
}

// Each witnesses the other by bag: of the tree that was packed, however much it has grown since.
TEST_F(Courier, OneTripEachWayIsWitnessed) {
    ready(Bytes(100));
    const std::uint64_t before = tokyo.registry->state().next_seq() - 1;
    const Bag there = pack(tokyo);
    EXPECT_EQ(tokyo.registry->evidence(before), "E1");
    carry(kyiv, there);
    carry(kyiv, there); // a bag that comes twice is answered as it was
    tokyo.act(tokyo.control_officer, ActKind::absence,
              {{"person", tokyo.control_officer.id().text()},
               {"from", "2027-01-01T00:00:00Z"},
               {"until", "2027-01-02T00:00:00Z"}});
    const Bag back = pack(kyiv, registry::kLeastVolume, false);
    carry(tokyo, back);
    EXPECT_EQ(tokyo.registry->evidence(before), "E2");
    carry(tokyo, back);
    EXPECT_EQ(tokyo.registry->evidence(before), "E2");
    carry(kyiv, pack(tokyo)); // with the answer to Kyiv's own question
    EXPECT_EQ(kyiv.registry->evidence(3), "E2");
    // Kept over a start, and the wire goes on from there.
    tokyo.crash();
    tokyo.start();
    EXPECT_EQ(tokyo.registry->evidence(before), "E2");
    // Kyiv has cosigned more than Tokyo knows: the answer to the last bag is still there.
    (void)tokyo.work();
    const auto worked = tokyo.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_GE(tokyo.registry->evidence(tokyo.registry->state().next_seq() - 1), "E2");
    proven();
}

TEST_F(Courier, ContentsReceiptsAndNoticesTravelToo) {
    ready(Bytes(100));
    carry(kyiv, pack(tokyo));
    const ItemId got = arrived_item();
    kyiv.grant(reader, got, purpose, later);
    ASSERT_TRUE(kyiv.read(reader, got, purpose));
    const DispatchId dispatch = kyiv.registry->state().items().begin()->second.dispatch;
    kyiv.act(reader, ActKind::contents_receipt,
             {{"dispatch", dispatch.text()}, {"item", got.text()}, {"finding", "in-order"}});
    carry(tokyo, pack(kyiv));
    EXPECT_EQ(states(tokyo), std::vector{DispatchState::closed});
    carry(kyiv, pack(tokyo));
    // What was answered travels no more but for the answers themselves.
    const auto last = kyiv.registry->pack_bag(registry::kLeastVolume, true);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->volumes.size(), 1U);
    proven();
}

TEST_F(Courier, LostDoubledAndReorderedVolumesDoNoHarm) {
    ready(Bytes(std::size_t{70} << 20, 7));
    const Bag bag = pack(tokyo);
    ASSERT_GE(bag.size(), 3U);
    // Backwards, and each of them twice: what comes too early is waited for.
    for (auto volume = bag.rbegin(); volume != bag.rend(); ++volume)
        for (int twice = 0; twice < 2; ++twice)
            (void)unpack(kyiv, *volume);
    EXPECT_EQ(states(kyiv), std::vector{DispatchState::offered});
    carry(kyiv, bag);
    EXPECT_EQ(states(kyiv), std::vector{DispatchState::marked});
    carry(kyiv, bag);
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
    const Bag answer = pack(kyiv);
    carry(tokyo, answer);
    carry(tokyo, answer);
    EXPECT_EQ(states(tokyo), std::vector{DispatchState::custody_receipted});
    proven();
}

TEST_F(Courier, WhatIsThereAlreadyIsNotPackedAgain) {
    ready(Bytes(std::size_t{70} << 20, 7));
    const Bag whole = pack(tokyo);
    ASSERT_GE(whole.size(), 3U);
    ASSERT_TRUE(unpack(kyiv, whole.front())); // the others were lost
    carry(tokyo, pack(kyiv));
    const Bag rest = pack(tokyo);
    EXPECT_LT(rest.size(), whole.size());
    carry(kyiv, rest);
    EXPECT_EQ(states(kyiv), std::vector{DispatchState::marked});
    proven();
}

TEST_F(Courier, WireAndBagMakeOneItem) {
    ready(Bytes(100));
    const Bag bag = pack(tokyo);
    ASSERT_TRUE(tokyo.work());
    EXPECT_EQ(states(tokyo), std::vector{DispatchState::custody_receipted});
    carry(kyiv, bag);
    carry(tokyo, pack(kyiv));
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
    proven();
}

TEST_F(Courier, TornAndMisaddressedBagsAreRefusedAndLoseNothing) {
    ready(Bytes(100));
    const Bag bag = pack(tokyo);
    Bytes torn = bag.front();
    torn.resize(torn.size() / 2);
    EXPECT_EQ(unpack(kyiv, torn).error().reason(), "exchange.bag");
    Bytes flipped = bag.front();
    flipped[flipped.size() / 2] ^= Byte{1};
    EXPECT_FALSE(unpack(kyiv, flipped));
    EXPECT_EQ(unpack(tokyo, bag.front()).error().reason(), "registry.bag_address");
    EXPECT_TRUE(states(kyiv).empty());
    carry(kyiv, bag);
    EXPECT_EQ(states(kyiv), std::vector{DispatchState::marked});
}

TEST_F(Courier, ARefusalComesBackInTheBag) {
    const ItemId item = ready(Bytes(100));
    const Bag bag = pack(tokyo);
    kyiv.act(kyiv.control_officer, ActKind::revoke,
             {{"what", "accreditation"}, {"peer", "JPN"}, {"reason", "expired"}});
    const auto taken = unpack(kyiv, bag.front());
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->refused.begin()->first, "peer.agreement.link_missing");
    carry(tokyo, pack(kyiv));
    EXPECT_EQ(states(tokyo), std::vector{DispatchState::failed});
    EXPECT_FALSE(tokyo.registry->state().dispatched(item));
}

//= O-35
TEST_F(Courier, AVolumeSaysNoWordOfALevel) {
    ready(to_bytes("a report"));
    const Bag bag = pack(tokyo);
    const std::string text = to_text(bag.front());
    for (const char* word : {"gokuhi", "極秘", "tsilkom", "SECRET", "report"})
        EXPECT_EQ(text.find(word), std::string::npos) << word;
}

} // namespace
} // namespace valise::testing
