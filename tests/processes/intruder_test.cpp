// SPDX-License-Identifier: Apache-2.0
// The socket of a real valise-keys in the hands of somebody who took over the daemon and writes
// events, signs acts and asks for documents of their own. What each check of the vault is worth is
// shown in vault_test.cpp; here is shown that the process which holds the keys makes them.
// intruder_test.py leaves the exchange and starts this.
#include "crypto/kem.h"
#include "crypto/merkle.h"
#include "crypto/random.h"
#include "intruder.h"
#include "logbook/receipt.h"
#include "tlog/checkpoint.h"
#include "tlog/witness.h"
#include "vault/keystore.h"

#include <gtest/gtest.h>

#include <fstream>

namespace valise::testing {
namespace {

std::string g_state; // folder of the finished exchange

class TakenOver : public ::testing::Test {
protected:
    static std::string opened_by(Intruder& at, std::uint64_t permit, const std::string& of) {
        return reason(at.keys.release_share(permit, at.manifest_of(of)));
    }
    std::string sealed(const std::string& dispatch, const std::string& file) {
        const auto source = tokyo.file_of(file);
        const auto writer = must(tokyo.blobs->create(BlobId::of(crypto::random_bytes(10))));
        return reason(tokyo.keys.reseal(must(DispatchId::parse(dispatch)), *source, *writer,
                                        writer->descriptor()));
    }
    std::string id_of(const Intruder& at, std::uint64_t seq, const char* name) const {
        return skeleton_of(at.log.at(seq)).id(name);
    }
    // The event `like` told anew as the next one, and what the keys say to it.
    static std::string added(Intruder& at, std::uint64_t like,
                             const std::function<void(Told&)>& change) {
        const std::uint64_t size = at.log.size();
        const auto event = retold(at.log.at(like), [&](Told& told) {
            told.skeleton.seq = size;
            told.skeleton.minute = at.now().truncated_to_minute();
            told.leaf.act_number = size;
            change(told);
        });
        const auto known = at.keys.record(size, {event});
        EXPECT_EQ(must(at.keys.known_events()), size) << "a refused event left a trace";
        return known ? "" : known.error().text();
    }
    static void put_act(Told& told, const Bytes& act) {
        logbook::Opening opening;
        for (const auto& field : told.opening.fields())
            if (field.name != "act" || !act.empty())
                must(opening.add(field.name,
                                 field.name == "act" ? ByteView(act) : ByteView(field.value)));
        told.opening = opening;
        told.leaf.signed_act =
            act.empty() ? Hash32{} : must(logbook::SignedAct::parse(act)).digest();
    }

    Intruder kyiv{g_state + "/kyiv"};
    Intruder tokyo{g_state + "/tokyo"};
};

using TakenOverAnew = TakenOver; // valise-keys was started again and has read nothing

void expect_refused(const std::string& said) {
    EXPECT_NE(said.find("vault.event"), std::string::npos) << said;
}

// A reading that was cut off: permitted, no outcome. Kyiv's reader has two, and the grant of the
// first was taken back.
TEST_F(TakenOver, AnOpenPermitOpensItsDocumentAndNothingElseDoes) {
    const auto permit = kyiv.find(ActKind::open, Stage::permitted);
    const auto item = id_of(kyiv, permit, "item");
    const auto share = kyiv.keys.release_share(permit, kyiv.manifest_of(item));
    ASSERT_TRUE(share) << share.error().text();
    // Wrapped to the reader's session key, which is not here: no other key unwraps it.
    const auto other = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    EXPECT_FALSE(other.unwrap(*share));
    for (const auto& [id, one] : kyiv.ledger.state().items())
        if (id.text() != item) {
            EXPECT_NE(opened_by(kyiv, permit, id.text()), "") << "another document";
        }
    for (std::uint64_t seq = 0; seq < kyiv.log.size(); ++seq)
        if (seq != permit) {
            EXPECT_EQ(opened_by(kyiv, seq, item), "vault.reader") << seq;
        }
    EXPECT_NE(opened_by(kyiv, kyiv.log.size(), item), "");
}

TEST_F(TakenOver, ARevokedGrantOpensNothing) {
    const auto revoked = kyiv.find(ActKind::revoke, Stage::permitted, {{"what", "grant"}});
    const auto item = id_of(kyiv, revoked, "item");
    const auto permit = kyiv.find(ActKind::open, Stage::permitted, {{"item", item}});
    ASSERT_LT(permit, revoked);
    ASSERT_TRUE(kyiv.ledger.state().open_permits().contains(permit));
    EXPECT_EQ(opened_by(kyiv, permit, item), "vault.reader");
}

TEST_F(TakenOver, ARefusedReadingCannotBeToldAsPermitted) {
    const auto permit = kyiv.find(ActKind::open, Stage::permitted);
    const auto refused = kyiv.find(ActKind::open, Stage::refused);
    const auto clauses = skeleton_of(kyiv.log[permit]).clauses();
    expect_refused(added(kyiv, refused, [&](Told& told) {
        told.skeleton.stage = Stage::permitted;
        told.skeleton.clauses = clauses;
        told.skeleton.facts = skeleton_of(kyiv.log[permit]).facts();
    }));
    // A permit as it was given once, again; with an act of the intruder for a key of theirs; and
    // without any act.
    expect_refused(added(kyiv, permit, [](Told&) {}));
    Json content = kyiv.act_of(permit).content();
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    content["session_key"] = to_base64(session.public_key().der());
    for (const Bytes& act : {kyiv.sign_as_intruder(ActKind::open, content), Bytes()})
        expect_refused(added(kyiv, permit, [&](Told& told) { put_act(told, act); }));
}

TEST_F(TakenOver, NobodyIsEnrolledClearedOrGrantedByTheIntruder) {
    const auto reader =
        skeleton_of(kyiv.log.at(kyiv.find(ActKind::open, Stage::permitted))).actor();
    for (const ActKind kind : {ActKind::enrol, ActKind::clear, ActKind::grant}) {
        const auto given = kyiv.find(kind, Stage::permitted, {{"person", reader}});
        Json content = kyiv.act_of(given).content();
        if (kind == ActKind::enrol)
            content["key"] = to_base64(kyiv.intruder_key());
        for (const Bytes& act : {kyiv.sign_as_intruder(kind, content), Bytes()})
            expect_refused(added(kyiv, given, [&](Told& told) {
                put_act(told, act);
                if (kind == ActKind::enrol)
                    told.skeleton.facts["key"] = to_base64(kyiv.intruder_key());
            }));
    }
}

TEST_F(TakenOver, AWaitingDispatchIsSealedAndNoOtherIs) {
    const auto waiting = tokyo.find(ActKind::dispatch, Stage::permitted);
    const auto item = id_of(tokyo, waiting, "item");
    const auto dispatch = id_of(tokyo, waiting, "dispatch");
    EXPECT_EQ(sealed(dispatch, item), "");
    for (const auto& [id, other] : tokyo.ledger.state().items())
        if (id.text() != item) {
            EXPECT_NE(sealed(dispatch, id.text()), "") << "another item's file";
        }
    const auto sent = tokyo.find(ActKind::dispatch, Stage::done);
    EXPECT_EQ(sealed(id_of(tokyo, sent, "dispatch"), id_of(tokyo, sent, "item")), "vault.dispatch");
    EXPECT_EQ(sealed(DispatchId::of(Bytes(10, 9)).text(), item), "vault.dispatch");
}

TEST_F(TakenOver, NoDispatchAndNoApprovalOfTheIntruders) {
    const auto waiting = tokyo.find(ActKind::dispatch, Stage::permitted);
    const auto fresh = DispatchId::of(crypto::random_bytes(10)).text();
    expect_refused(
        added(tokyo, waiting, [&](Told& told) { told.skeleton.ids["dispatch"] = fresh; }));
    expect_refused(added(tokyo, waiting, [&](Told& told) {
        told.skeleton.ids["dispatch"] = fresh;
        told.skeleton.facts["recipient"] = "POL";
    }));
    const auto approved = tokyo.find(ActKind::approve_release, Stage::permitted);
    const auto act =
        tokyo.sign_as_intruder(ActKind::approve_release, tokyo.act_of(approved).content());
    expect_refused(added(tokyo, approved, [&](Told& told) { put_act(told, act); }));
    expect_refused(added(tokyo, approved, [](Told&) {})); // one person's act, a second time
}

TEST_F(TakenOver, NoOtherKeysBecomeThePeers) {
    const auto pairing = tokyo.find(ActKind::pair, Stage::permitted);
    const auto real = must(logbook::Opening::parse(tokyo.log[pairing].opening));
    const vault::Founders founders{{"A", tokyo.intruder_key()}, {"B", tokyo.intruder_key()}};
    for (const char* party : {"UKR", "POL"}) {
        const auto keystore = must(vault::Keystore::generate({party, founders, tokyo.now()}));
        const auto list = must(keystore.key_list());
        const Bytes signature =
            must(keystore.root.sign(agreement::KeyList::signed_bytes(list.bytes())));
        const auto confirmation = agreement::Confirmation::of(
            "jpn-ukr", tokyo.act_of(pairing).terms(), {"JPN", tokyo.key_list().root},
            {std::string(party), list.root});
        const Json content = {{"peer", std::string(party)},
                              {"fingerprint", confirmation.fingerprint()},
                              {"confirmation", to_base64(confirmation.bytes())},
                              {"peer_root", to_base64(list.root)}};
        for (const Bytes& act :
             {*real.find("act"), tokyo.sign_as_intruder(ActKind::pair, content)}) {
            const auto done =
                tokyo.keys.confirm_peer(confirmation.bytes(), list.bytes(), signature, act);
            ASSERT_FALSE(done);
            EXPECT_EQ(done.error().code(), Code::refused) << done.error().text();
        }
    }
}

TEST_F(TakenOver, NoOtherHistoryIsSigned) {
    tlog::MemoryTree tree;
    for (const RecordedEvent& event : kyiv.log)
        tree.append(crypto::leaf_hash(event.leaf));
    const auto ask = [&](std::uint64_t size, const Hash32& root) {
        return reason(kyiv.keys.sign_checkpoint({vault::LogId::private_log, size, root, {}}));
    };
    const std::uint64_t size = must(kyiv.keys.signed_size(vault::LogId::private_log));
    ASSERT_EQ(size, tree.size());
    EXPECT_EQ(ask(size, tree.root()), "");
    EXPECT_EQ(ask(size, crypto::leaf_hash(view("a fork of the same size"))), "vault.inconsistent");
    EXPECT_EQ(ask(size - 1, must(tree.root_at(size - 1))), "vault.inconsistent");
    tree.append(crypto::leaf_hash(view("one leaf more")));
    EXPECT_EQ(ask(size + 1, tree.root()), "vault.inconsistent");
}

TEST_F(TakenOver, AReceiptNeedsItsArrival) {
    const auto opened = kyiv.find(ActKind::open, Stage::permitted);
    const auto item = id_of(kyiv, opened, "item");
    const auto arrival = kyiv.find(ActKind::arrive, Stage::done, {{"item", item}});
    const auto dispatch = must(DispatchId::parse(id_of(kyiv, arrival, "dispatch")));
    const logbook::ReceiptFields truth{.type = logbook::ReceiptType::custody,
                                       .dispatch = dispatch,
                                       .statement =
                                           kyiv.ledger.state().dispatch(dispatch)->document,
                                       .payload_root = kyiv.item(item).payload_root,
                                       .number = kyiv.item(item).number,
                                       .finding = logbook::ReceiptFinding::whole,
                                       .at = kyiv.now(),
                                       .party = "UKR"};
    const auto sign = [&](std::uint64_t seq, auto change) {
        auto fields = truth;
        change(fields);
        return reason(kyiv.keys.sign_receipt(must(logbook::Receipt::make(fields)).bytes(), seq));
    };
    EXPECT_EQ(sign(arrival, [](auto&) {}), "");
    EXPECT_EQ(sign(opened, [](auto&) {}), "vault.receipt");
    EXPECT_EQ(sign(arrival, [](auto& f) { f.statement[0] ^= 1; }), "vault.receipt");
    EXPECT_EQ(sign(arrival, [](auto& f) { f.payload_root[0] ^= 1; }), "vault.receipt");
    EXPECT_EQ(sign(arrival, [](auto& f) { f.party = "JPN", f.number = "JPN-2026-0001"; }),
              "vault.receipt");
    EXPECT_EQ(sign(arrival,
                   [](auto& f) { // nobody found it in order
                       f.type = logbook::ReceiptType::contents;
                       f.finding = logbook::ReceiptFinding::in_order;
                   }),
              "vault.receipt");
}

TEST_F(TakenOver, OnlyThePeersLogsAreCosigned) {
    const auto ed25519 = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    const auto ml_dsa = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ml_dsa_44);
    const auto ask = [&](const std::string& origin) {
        const tlog::Checkpoint tree{origin, 1, crypto::leaf_hash(view("leaf"))};
        auto lines = must(tlog::sign_checkpoint(tree, ed25519, ml_dsa, kyiv.now()));
        const auto request = must(tlog::WitnessRequest::make(
            0, {}, must(tlog::SignedCheckpoint::make(tree, std::move(lines)))));
        return must(kyiv.keys.cosign(request.print())).status;
    };
    EXPECT_EQ(ask("valise.invalid/unknown"), 404U);
    EXPECT_EQ(ask(kyiv.key_list().private_log.origin), 404U);
    EXPECT_EQ(ask(tokyo.key_list().private_log.origin), 403U);
    EXPECT_EQ(must(kyiv.keys.cosign("no request")).status, 400U);
}

TEST_F(TakenOverAnew, NothingIsDoneBeforeTheWholeTrueLogWasShown) {
    const auto permit = kyiv.find(ActKind::open, Stage::permitted);
    const auto item = id_of(kyiv, permit, "item");
    EXPECT_EQ(opened_by(kyiv, permit, item), "vault.not_begun");
    std::ifstream file(g_state + "/kyiv/terms.toml", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    ASSERT_FALSE(text.empty());
    EXPECT_EQ(reason(kyiv.keys.begin(view(text + "\n# more\n"), true)), "vault.terms");
    EXPECT_EQ(reason(kyiv.keys.begin(view(text), false)), "vault.terms");
    const auto begin = [&] { EXPECT_EQ(must(kyiv.keys.begin(view(text), true)), 0U); };

    auto forked = kyiv.log;
    forked.back() = retold(kyiv.log.back(), [](Told&) {}); // true, and not what was signed
    begin();
    EXPECT_EQ(reason(kyiv.keys.record(0, forked)), "vault.inconsistent");
    begin();
    const std::vector<RecordedEvent> shorter(kyiv.log.begin(), kyiv.log.end() - 1);
    ASSERT_EQ(must(kyiv.keys.record(0, shorter)), shorter.size());
    EXPECT_EQ(opened_by(kyiv, permit, item), "vault.rollback");
    ASSERT_EQ(must(kyiv.keys.record(shorter.size(), {kyiv.log.back()})), kyiv.log.size());
    EXPECT_EQ(opened_by(kyiv, permit, item), "");
}

} // namespace
} // namespace valise::testing

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    if (argc != 2)
        return 2;
    valise::testing::g_state = argv[1];
    return RUN_ALL_TESTS();
}
