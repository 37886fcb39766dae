// SPDX-License-Identifier: Apache-2.0
// The socket of valise-keys in the hands of an intruder who writes events and signs acts, lists and
// checkpoints of their own; receiving side. takeover_test.cpp has those who only ask wrongly. Real
// process, real exchange (intruder_test.py).
#include "crypto/kem.h"
#include "crypto/merkle.h"
#include "envelope/container.h"
#include "intruder.h"
#include "logbook/leaf.h"
#include "logbook/receipt.h"
#include "tlog/witness.h"

namespace valise::testing {
namespace {

class ReaderSide : public ::testing::Test {
protected:
    // What an honest daemon asked when the reader opened the first item.
    vault::ShareRequest honest() {
        vault::ShareRequest request;
        const auto& row = kyiv.ledger().rows()[opened];
        const logbook::TextMap person{{"person", row.actor}};
        request.permit = kyiv.prove(opened);
        request.enrolment = kyiv.prove(ActKind::enrol, Stage::permitted, person);
        request.clearance = kyiv.prove(ActKind::clear, Stage::permitted, person);
        request.grant = kyiv.prove(granted);
        give(request, item);
        request.now = kyiv.now();
        return request;
    }
    void give(vault::ShareRequest& request, const std::string& of) {
        const auto file = kyiv.file_of(of);
        request.manifest = to_bytes(must(envelope::Container::open(*file)).manifest_bytes());
        request.payload_root = kyiv.item(of).payload_root;
    }
    std::string refused(const vault::ShareRequest& request) {
        return reason(kyiv.keys.release_share(request));
    }
    // The same, with one thing changed.
    template<class Change> std::string refused_with(Change change) {
        auto request = honest();
        change(request);
        return refused(request);
    }
    // The reader's own words, with a session key of the intruder; signed by the intruder.
    Bytes forged_opening() {
        const auto act = must(logbook::SignedAct::parse(kyiv.signed_act_of(opened)));
        Json content = act.act().content();
        const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
        content["session_key"] = to_base64(session.public_key().der());
        return kyiv.sign_as_intruder(ActKind::open, std::move(content));
    }
    std::string other_item() const {
        for (const auto& [id, one] : kyiv.ledger().state().items())
            if (id.text() != item)
                return id.text();
        throw std::runtime_error("the exchange left one item only");
    }

    Intruder& kyiv = Intruder::of("kyiv");
    std::uint64_t opened = kyiv.find(ActKind::open, Stage::permitted);
    std::uint64_t granted = kyiv.find(ActKind::grant, Stage::permitted);
    std::string item = kyiv.ledger().rows()[opened].ids.at("item");
    std::string reader = kyiv.ledger().rows()[opened].actor;
};

TEST_F(ReaderSide, TheRecordedPermitOpensAndNothingBesideItDoes) {
    const auto share = kyiv.keys.release_share(honest());
    ASSERT_TRUE(share) << share.error().text();
    EXPECT_GT(share->size(), 32U);
    // Wrapped to the reader's session key, which is not here: no other key unwraps it.
    const auto other = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    EXPECT_FALSE(other.unwrap(*share));
}

TEST_F(ReaderSide, WhatWasRefusedOpensNothing) {
    const auto refusal = kyiv.find(ActKind::open, Stage::refused, {{"actor", reader}});
    EXPECT_EQ(refused_with([&](auto& request) { request.permit = kyiv.prove(refusal); }),
              "vault.not_recorded");
}

TEST_F(ReaderSide, TheRefusedActOfSomebodyElseRecordedAnewAsPermitted) {
    std::uint64_t uncleared = 0;
    for (std::uint64_t seq = 0; seq < kyiv.ledger().rows().size(); ++seq)
        if (const auto& row = kyiv.ledger().rows()[seq];
            row.kind == ActKind::open && row.stage == Stage::refused && row.actor != reader)
            uncleared = seq;
    ASSERT_NE(uncleared, 0U);
    const auto& row = kyiv.ledger().rows()[uncleared];
    logbook::SkeletonFields fields;
    fields.kind = ActKind::open;
    fields.actor = row.actor;
    fields.ids = row.ids;
    fields.facts = {{"purpose", "exercise"}};
    auto request = honest();
    request.permit = kyiv.record(fields, kyiv.signed_act_of(uncleared),
                                 logbook::document_commitment(request.payload_root));
    EXPECT_EQ(refused(request), "vault.reader");
    request.enrolment = kyiv.prove(ActKind::enrol, Stage::permitted, {{"person", row.actor}});
    EXPECT_EQ(refused(request), "vault.clearance");
    // A clearance that the intruder signs itself, or that the registry "attests".
    const auto cleared = kyiv.find(ActKind::clear, Stage::permitted, {{"person", reader}});
    Json content = must(logbook::SignedAct::parse(kyiv.signed_act_of(cleared))).act().content();
    content["person"] = row.actor;
    for (const Bytes& act : {kyiv.sign_as_intruder(ActKind::clear, content), Bytes()}) {
        request.clearance = kyiv.record_like(cleared, Stage::permitted, act);
        EXPECT_EQ(refused(request), "vault.not_signed_by");
    }
}

TEST_F(ReaderSide, ASessionKeyOfTheIntruder) {
    // In an act that the intruder signs, recorded by itself as permitted.
    const auto own = kyiv.record_like(opened, Stage::permitted, forged_opening());
    EXPECT_EQ(refused_with([&](auto& request) { request.permit = own; }), "vault.reader");
    // The same, with an enrolment of the intruder's key that no officer signed.
    const auto enrolled = kyiv.find(ActKind::enrol, Stage::permitted, {{"person", reader}});
    const auto act = kyiv.sign_as_intruder(
        ActKind::enrol,
        {{"person", reader}, {"key", to_base64(kyiv.intruder_key())}, {"name", "Reader"}});
    for (const Bytes& signed_act : {act, Bytes()}) {
        const auto enrolment = kyiv.record_like(enrolled, Stage::permitted, signed_act);
        EXPECT_EQ(refused_with([&](auto& request) {
                      request.permit = own;
                      request.enrolment = enrolment;
                  }),
                  "vault.not_signed_by");
    }
    // In the recorded permit, in place of the reader's act; and without any act.
    EXPECT_EQ(refused_with([&](auto& request) { request.permit.signed_act = forged_opening(); }),
              "vault.not_recorded");
    EXPECT_EQ(refused_with([](auto& request) { request.permit.signed_act.clear(); }),
              "vault.reader");
    // In the reader's own act, whose signature then is of other bytes.
    EXPECT_EQ(refused_with([](auto& request) { request.permit.signed_act[100] ^= 1; }),
              "vault.not_recorded");
}

TEST_F(ReaderSide, AProofThatTheKeysDidNotSign) {
    (void)honest(); // a signed tree is there
    const std::string forged = kyiv.forged_checkpoint();
    EXPECT_EQ(refused_with([&](auto& request) { request.permit.checkpoint = forged; }),
              "vault.not_recorded");
    EXPECT_EQ(refused_with([&](auto& request) { request.grant.checkpoint = forged; }),
              "vault.not_recorded");
    // The tree of Tokyo, signed by real keys of another registry.
    Intruder& tokyo = Intruder::of("tokyo");
    const auto theirs = tokyo.prove(0);
    EXPECT_EQ(refused_with([&](auto& request) { request.permit.checkpoint = theirs.checkpoint; }),
              "vault.not_recorded");
}

TEST_F(ReaderSide, AnAlteredRecord) {
    using Change = void (*)(RecordedEvent&);
    for (const Change change : std::initializer_list<Change>{
             [](auto& event) { event.leaf[200] ^= 1; }, [](auto& event) { event.leaf[40] ^= 1; },
             [](auto& event) { event.leaf.pop_back(); },
             [](auto& event) { event.skeleton[event.skeleton.size() / 2] ^= 1; },
             [](auto& event) { event.skeleton_salt[0] ^= 1; },
             [](auto& event) { event.field_leaves.back()[0] ^= 1; },
             [](auto& event) { event.field_leaves.clear(); },
             [](auto& event) { event.path.pop_back(); },
             [](auto& event) { event.path.front()[0] ^= 1; }, [](auto& event) { ++event.index; },
             [](auto& event) { event.checkpoint.clear(); }})
        for (auto member : {&vault::ShareRequest::permit, &vault::ShareRequest::enrolment,
                            &vault::ShareRequest::clearance, &vault::ShareRequest::grant})
            EXPECT_EQ(refused_with([&](auto& request) { change(request.*member); }),
                      "vault.not_recorded");
}

TEST_F(ReaderSide, APermitForAnotherDocument) {
    EXPECT_EQ(refused_with([&](auto& request) { give(request, other_item()); }), "vault.document");
    // The first item's root, the second's file.
    EXPECT_NE(refused_with([&](auto& request) {
                  const Hash32 root = request.payload_root;
                  give(request, other_item());
                  request.payload_root = root;
              }),
              "");
}

TEST_F(ReaderSide, WhatRanOut) {
    EXPECT_EQ(refused_with([](auto& request) { request.now = request.now.plus_days(31); }),
              "vault.need_to_know");
    EXPECT_EQ(refused_with([](auto& request) { request.now = request.now.plus_days(366); }),
              "vault.clearance");
}

// The price that docs/threat-model.md names: the keys learn of no revocation. If this ends, that
// page says too little good of them.
TEST_F(ReaderSide, ARevokedGrantStillCountsThere) {
    ASSERT_GT(kyiv.find(ActKind::revoke, Stage::permitted, {{"person", reader}}), granted);
    EXPECT_EQ(refused(honest()), "");
}

TEST_F(ReaderSide, TreesOnlyGrow) {
    vault::CheckpointRequest request;
    request.now = kyiv.now();
    (void)kyiv.prove(0);
    request.size = must(kyiv.keys.signed_size(vault::LogId::private_log));
    ASSERT_EQ(request.size, kyiv.tree().size());
    request.root = crypto::leaf_hash(view("a fork of the same size"));
    EXPECT_EQ(reason(kyiv.keys.sign_checkpoint(request)), "vault.inconsistent");
    const auto shorter = must(kyiv.tree().root_at(request.size - 1));
    request.root = shorter;
    --request.size;
    EXPECT_EQ(reason(kyiv.keys.sign_checkpoint(request)), "vault.rollback");
    // One leaf more, over a history in which an old event was replaced.
    tlog::MemoryTree rewritten;
    for (std::uint64_t i = 0; i <= kyiv.tree().size(); ++i)
        rewritten.append(i == 3 || i == kyiv.tree().size() ? crypto::leaf_hash(view("rewritten"))
                                                           : must(kyiv.tree().node(0, i)));
    request.size = rewritten.size();
    request.root = rewritten.root();
    request.consistency =
        must(tlog::consistency_proof(rewritten, kyiv.tree().size(), rewritten.size()));
    EXPECT_EQ(reason(kyiv.keys.sign_checkpoint(request)), "vault.inconsistent");
    request.consistency.clear();
    EXPECT_EQ(reason(kyiv.keys.sign_checkpoint(request)), "vault.inconsistent");
    EXPECT_EQ(must(kyiv.keys.signed_size(vault::LogId::private_log)), kyiv.tree().size());
}

TEST_F(ReaderSide, AReceiptNeedsItsArrival) {
    const auto arrived = kyiv.find(ActKind::arrive, Stage::done, {{"item", item}});
    const std::string dispatch = kyiv.ledger().rows()[arrived].ids.at("dispatch");
    logbook::ReceiptFields fields;
    fields.dispatch = must(DispatchId::parse(dispatch));
    fields.payload_root = kyiv.item(item).payload_root;
    fields.number = kyiv.item(item).number;
    fields.at = kyiv.now();
    fields.party = "UKR";
    const auto sign = [&](const RecordedEvent& permit) {
        return reason(kyiv.keys.sign_receipt(must(logbook::Receipt::make(fields)).bytes(), permit));
    };
    const auto arrival = kyiv.prove(arrived);
    EXPECT_EQ(sign(arrival), "");
    EXPECT_EQ(sign({}), "vault.not_recorded");
    EXPECT_EQ(sign(kyiv.prove(opened)), "vault.receipt");
    fields.party = "JPN";
    fields.number = "JPN-2026-0001";
    EXPECT_EQ(sign(arrival), "vault.receipt");
    fields.party = "UKR";
    fields.number = kyiv.item(item).number;
    fields.dispatch = must(DispatchId::parse(
        kyiv.ledger()
            .rows()[kyiv.find(ActKind::arrive, Stage::done, {{"item", other_item()}})]
            .ids.at("dispatch")));
    EXPECT_EQ(sign(arrival), "vault.receipt");
    // Nobody opened and found in order; the arrival does not say so.
    fields.dispatch = must(DispatchId::parse(dispatch));
    fields.type = logbook::ReceiptType::contents;
    fields.finding = logbook::ReceiptFinding::in_order;
    EXPECT_EQ(sign(arrival), "vault.receipt");
}

TEST_F(ReaderSide, OnlyThePeersLogsAreCosigned) {
    const auto ed25519 = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    const auto ml_dsa = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ml_dsa_44);
    const auto ask = [&](const std::string& origin) {
        const tlog::Checkpoint tree{origin, 1, crypto::leaf_hash(view("leaf"))};
        auto lines = must(tlog::sign_checkpoint(tree, ed25519, ml_dsa, kyiv.now()));
        const auto request = must(tlog::WitnessRequest::make(
            0, {}, must(tlog::SignedCheckpoint::make(tree, std::move(lines)))));
        return must(kyiv.keys.cosign(request.print(), kyiv.now())).status;
    };
    EXPECT_EQ(ask("valise.invalid/unknown"), 404U);
    EXPECT_EQ(ask(kyiv.key_list().private_log.origin), 404U);
    EXPECT_EQ(ask(Intruder::of("tokyo").key_list().private_log.origin), 403U);
    EXPECT_EQ(must(kyiv.keys.cosign("no request", kyiv.now())).status, 400U);
}

} // namespace
} // namespace valise::testing
