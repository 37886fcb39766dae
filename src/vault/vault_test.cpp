// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof.h"
#include "two_registries/taken_over.h"

namespace valise::vault {
namespace {

void expect_refused(const std::string& said, const std::string& reason) {
    EXPECT_NE(said.find("vault.event"), std::string::npos) << said;
    EXPECT_NE(said.find(reason), std::string::npos) << said;
}

TEST_F(TakenOver, AfterARestartTheWholeLogIsReadAndEverythingGoesOn) {
    const ItemId first = arrived();
    for (Side* side : {&tokyo, &kyiv}) {
        side->crash();
        side->restart_keys();
        EXPECT_EQ(*side->keys->known_events(), 0u);
        side->start();
        EXPECT_EQ(*side->keys->known_events(), side->registry->state().next_seq());
    }
    EXPECT_TRUE(kyiv.read(reader, first, purpose));
    EXPECT_TRUE(kyiv.read(reader, arrived(), purpose));
    EXPECT_TRUE(kyiv.registry->tick());
    EXPECT_TRUE(tokyo.work());
    EXPECT_TRUE(tokyo.registry->export_evidence());
}

TEST_F(TakenOver, NothingIsDoneBeforeAllThatWasSignedIsShown) {
    const ItemId item = arrived();
    const auto permit = open(item).seq;
    const Bytes manifest = manifest_of(item);
    ASSERT_EQ(share(permit, manifest), "");
    const auto log = log_of(kyiv);
    kyiv.crash();
    kyiv.restart_keys();
    EXPECT_EQ(share(permit, manifest), "vault.not_begun");
    EXPECT_EQ(reason_of(kyiv.keys->record(0, log)), "vault.not_begun");
    EXPECT_EQ(reason_of(sign(*kyiv.keys, log)), "vault.not_begun");
    ASSERT_TRUE(kyiv.keys->begin(kyiv.terms_bytes, true));
    std::vector<RecordedEvent> shorter(log.begin(), log.end() - 1);
    ASSERT_EQ(told(*kyiv.keys, 0, shorter), "");
    EXPECT_EQ(share(permit, manifest), "vault.rollback");
    EXPECT_EQ(reason_of(sign(*kyiv.keys, shorter)), "vault.rollback");
    EXPECT_EQ(reason_of(kyiv.keys->record(0, log)), "vault.sequence");
    ASSERT_EQ(told(*kyiv.keys, shorter.size(), {log.back()}), "");
    EXPECT_EQ(share(permit, manifest), "");
}

TEST_F(TakenOver, EveryPartOfEveryEventIsCheckedAndARefusedOneLeavesNoTrace) {
    const ItemId item = arrived();
    ASSERT_TRUE(kyiv.read(reader, item, purpose));
    for (Side* side : {&tokyo, &kyiv}) {
        testing::MemoryStateStore store;
        const auto vault = fresh(*side, store);
        const auto log = log_of(*side);
        for (std::uint64_t i = 0; i < log.size(); ++i) {
            const auto lie = [&](auto change) {
                RecordedEvent event = log[i];
                change(event);
                EXPECT_NE(told(*vault, i, {event}).find("vault.event"), std::string::npos) << i;
            };
            lie([](auto& e) { e.leaf[40] ^= 1; });
            lie([](auto& e) { e.leaf.pop_back(); });
            lie([](auto& e) { e.skeleton[e.skeleton.size() / 2] ^= 1; });
            lie([](auto& e) { e.salt[0] ^= 1; });
            lie([](auto& e) { e.fields.clear(); });
            lie([](auto& e) { e.fields.back()[0] ^= 1; });
            lie([](auto& e) { (*e.record_salt)[0] ^= 1; });
            lie([](auto& e) { e.opening.back() ^= 1; });
            lie([](auto& e) { e.opening.clear(); });
            lie([](auto& e) { e.record_salt.reset(); });
            lie([](auto& e) { e.record_salt.reset(), e.opening.clear(); }); // withheld
            EXPECT_EQ(reason_of(vault->record(i + 1, {log[i]})), "vault.sequence");
            ASSERT_EQ(told(*vault, i, {log[i]}), "") << i;
        }
        EXPECT_TRUE(sign(*vault, log));
    }
}

// Everything that the registry refused, told as permitted.
TEST_F(TakenOver, ADispatchThatTheTermsRefuseCannotBeTold) {
    const auto good = tokyo.dispatch(tokyo.control_officer, released("gokuhi", 2), "UKR");
    ASSERT_TRUE(good.decision.permitted());
    const auto clauses = skeleton_of(log_of(tokyo).at(good.seq)).clauses();
    // One approval; above the level of the link; not by somebody who may dispatch.
    const std::vector<std::tuple<std::string, int, Someone*>> refused = {
        {"gokuhi", 1, &tokyo.control_officer},
        {"kimitsu", 2, &tokyo.control_officer},
        {"gokuhi", 2, &originator}};
    for (const auto& [level, approvals, who] : refused) {
        const ItemId item = released(level, approvals);
        const auto answer = tokyo.dispatch(*who, item, "UKR");
        ASSERT_FALSE(answer.decision.permitted()) << level << approvals;
        auto log = log_of(tokyo);
        const auto id = DispatchId::of(crypto::random_bytes(10));
        const auto state = tokyo.registry->state();
        log[answer.seq] = retold(log[answer.seq], [&](Told& told) {
            const Hash32 root = state.item(item)->payload_root;
            told.skeleton.stage = Stage::permitted;
            told.skeleton.clauses = clauses;
            told.skeleton.ids = {
                {"item", item.text()},
                {"dispatch", id.text()},
                {"release", logbook::release_id(
                                logbook::release_digest(item, root, state.item(item)->label_sha256,
                                                        "UKR", tokyo.terms.digest()))
                                .text()}};
            told.skeleton.facts = {{"recipient", "UKR"}, {"level", level}};
            told.leaf.document = logbook::document_commitment(root);
        });
        testing::MemoryStateStore store;
        const auto vault = fresh(tokyo, store);
        expect_refused(told(*vault, 0, log), "verify.outcome");
        EXPECT_EQ(*vault->known_events(), answer.seq);
        EXPECT_EQ(reason_of(sign(*vault, log)), "vault.inconsistent");
        log.resize(answer.seq);
        EXPECT_TRUE(sign(*vault, log));
        MemorySource file(Bytes(10));
        MemorySink out;
        EXPECT_EQ(reason_of(vault->reseal(id, file, out, -1)), "vault.dispatch");
    }
}

TEST_F(TakenOver, APermitCountsOnlyFromTheTreeThatHoldsIt) {
    const auto answer = tokyo.dispatch(tokyo.control_officer, released("gokuhi", 2), "UKR");
    const auto id = DispatchId::parse(answer.result.at("dispatch").get<std::string>());
    const auto state = tokyo.registry->state();
    const auto blob = tokyo.blobs.open(state.item(state.dispatch(*id)->item)->blob);
    const auto log = log_of(tokyo);
    testing::MemoryStateStore store;
    const auto vault = fresh(tokyo, store);
    const auto sealed = [&] {
        MemorySink out;
        const auto done = vault->reseal(*id, **blob, out, -1);
        return done ? "" : done.error().reason();
    };
    EXPECT_EQ(sealed(), "vault.dispatch");
    ASSERT_EQ(told(*vault, 0, log), "");
    EXPECT_EQ(sealed(), "vault.not_recorded");
    ASSERT_TRUE(sign(*vault, log));
    EXPECT_EQ(sealed(), "");
    // Another item's file does not carry the approved label and root.
    const ItemId other = tokyo.enter(originator, to_bytes("other"), "gokuhi", purpose);
    const auto other_file = tokyo.blobs.open(tokyo.registry->state().item(other)->blob);
    MemorySink out;
    EXPECT_FALSE(vault->reseal(*id, **other_file, out, -1));
    // The link's accreditation ran out while the dispatch waited.
    tokyo.clock.at = tokyo.clock.at.plus_days(101);
    EXPECT_EQ(sealed(), "vault.accreditation");
}

TEST_F(TakenOver, WhatWasRevokedOrRanOutSinceThePermitOpensNothing) {
    const ItemId item = arrived();
    const Bytes manifest = manifest_of(item);
    const auto revoke = [&](const Someone& officer, const Json& what) {
        kyiv.act(officer, ActKind::revoke, what);
        EXPECT_TRUE(kyiv.registry->tick()); // the vault reads it
    };
    const auto one = open(item).seq;
    ASSERT_EQ(share(one, manifest), "");
    revoke(kyiv.control_officer,
           {{"what", "grant"}, {"person", reader.id().text()}, {"item", item.text()}});
    EXPECT_EQ(share(one, manifest), "vault.reader");
    kyiv.grant(reader, item, purpose, later);
    EXPECT_TRUE(kyiv.registry->tick());
    EXPECT_EQ(share(one, manifest), "");
    revoke(kyiv.clearance_officer, {{"what", "clearance"}, {"person", reader.id().text()}});
    EXPECT_EQ(share(one, manifest), "vault.reader");
    kyiv.clear(reader, "tsilkom-taiemno", later);
    EXPECT_TRUE(kyiv.registry->tick());
    EXPECT_EQ(share(one, manifest), "");
    const Time now = kyiv.clock.at;
    kyiv.clock.at = later.plus_seconds(1); // by the vault's own clock
    EXPECT_EQ(share(one, manifest), "vault.reader");
    kyiv.clock.at = now;
    EXPECT_EQ(share(one, manifest), "");
    revoke(kyiv.control_officer, {{"what", "person"}, {"person", reader.id().text()}});
    EXPECT_EQ(share(one, manifest), "vault.reader");
}

TEST_F(TakenOver, APermitOpensItsOwnDocumentOnceAndForItsReader) {
    const ItemId item = arrived();
    const ItemId other = arrived();
    const auto permit = open(item).seq;
    EXPECT_EQ(share(permit, manifest_of(item)), "");
    EXPECT_NE(share(permit, manifest_of(other)), "");
    for (std::uint64_t seq = 0; seq < permit + 3; ++seq)
        if (seq != permit) {
            EXPECT_EQ(share(seq, manifest_of(item)), "vault.reader") << seq;
        }
    ASSERT_TRUE(kyiv.registry->opened(permit, true));
    ASSERT_TRUE(kyiv.registry->tick());
    EXPECT_EQ(share(permit, manifest_of(item)), "vault.reader"); // it was opened
}

TEST_F(TakenOver, ReceiptsAreOnlyOverWhatArrived) {
    const ItemId id = arrived();
    const auto state = kyiv.registry->state();
    const logbook::Item& item = *state.item(id);
    const logbook::Dispatch& dispatch = *state.dispatch(item.dispatch);
    ASSERT_TRUE(kyiv.registry->tick());
    std::uint64_t arrival = 0;
    for (const RecordedEvent& event : log_of(kyiv)) {
        const auto skeleton = skeleton_of(event);
        if (skeleton.kind() == ActKind::arrive && skeleton.stage() == Stage::done)
            arrival = skeleton.seq();
    }
    const logbook::ReceiptFields truth{.type = logbook::ReceiptType::custody,
                                       .dispatch = dispatch.id,
                                       .statement = dispatch.document,
                                       .payload_root = item.payload_root,
                                       .number = item.number,
                                       .finding = logbook::ReceiptFinding::whole,
                                       .at = kyiv.clock.now(),
                                       .party = "UKR"};
    const auto said = [&](std::uint64_t seq, auto change) -> std::string {
        auto fields = truth;
        change(fields);
        const auto receipt = logbook::Receipt::make(fields);
        if (!receipt)
            return receipt.error().reason();
        const auto done = kyiv.keys->sign_receipt(receipt->bytes(), seq);
        return done ? "" : done.error().reason();
    };
    EXPECT_EQ(said(arrival, [](auto&) {}), "");
    EXPECT_EQ(said(arrival - 1, [](auto&) {}), "vault.receipt");
    EXPECT_EQ(said(arrival + 1000, [](auto&) {}), "vault.not_recorded");
    const std::vector<std::function<void(logbook::ReceiptFields&)>> lies = {
        [](auto& f) { f.dispatch = DispatchId::of(Bytes(10, 3)); },
        [](auto& f) { f.statement[0] ^= 1; },
        [](auto& f) { f.payload_root[0] ^= 1; },
        [](auto& f) { f.number.back() = '9'; },
        [](auto& f) { f.party = "JPN", f.number = "JPN-2026-0001"; },
        [](auto& f) { f.at = f.at.plus_days(-1); },
        [](auto& f) { f.at = f.at.plus_days(1); },
        [](auto& f) { // nobody opened it
            f.type = logbook::ReceiptType::contents;
            f.finding = logbook::ReceiptFinding::in_order;
        }};
    for (std::size_t i = 0; i < lies.size(); ++i)
        EXPECT_EQ(said(arrival, lies[i]), "vault.receipt") << i;
    // Our own dispatch is receipted by its receiver.
    const auto own = tokyo.registry->state();
    auto outgoing = truth;
    outgoing.party = "JPN";
    outgoing.number = own.items().begin()->second.number;
    EXPECT_EQ(reason_of(tokyo.keys->sign_receipt(logbook::Receipt::make(outgoing)->bytes(), 5)),
              "vault.receipt");
}

// A notice is no text that the daemon brings: it follows from the book, or there is none.
TEST_F(TakenOver, ANoticeIsWhatTheBookOwes) {
    arrived();
    tokyo.clock.at = tokyo.clock.at.plus_days(22);
    const auto dispatch = tokyo.registry->state().dispatches().begin()->first;
    tokyo.act(tokyo.control_officer, ActKind::trace, {{"dispatch", dispatch.text()}});
    ASSERT_TRUE(tokyo.registry->tick());
    const auto log = log_of(tokyo);
    const std::uint64_t given = log.size() - 1;
    ASSERT_EQ(skeleton_of(log.back()).kind(), ActKind::give_notice);
    EXPECT_EQ(reason_of(tokyo.keys->sign_notice(given)), "");
    EXPECT_EQ(reason_of(tokyo.keys->sign_notice(given - 1)), "vault.notice");
    EXPECT_EQ(reason_of(tokyo.keys->sign_notice(given + 1)), "vault.not_recorded");
    // Another type, another level, once more: the vault does not take such an event.
    tokyo.crash();
    tokyo.restart_keys();
    ASSERT_TRUE(tokyo.keys->begin(tokyo.terms_bytes, true));
    ASSERT_TRUE(tokyo.keys->record(0, {log.begin(), log.end()}));
    const auto again = retold(log.back(), [&](Told& told) {
        told.skeleton.seq = given + 1;
        told.skeleton.ids["notice"] = logbook::notice_id("JPN", given + 1).text();
        told.leaf.act_number = given + 1;
    });
    EXPECT_EQ(reason_of(tokyo.keys->record(given + 1, {again})), "vault.event");
}

TEST_F(TakenOver, TermsAndModeAreThoseOfTheFirstDay) {
    kyiv.crash();
    for (const bool restart : {false, true}) {
        if (restart)
            kyiv.restart_keys();
        Bytes other = kyiv.terms_bytes;
        append(other, view("\n# more\n"));
        EXPECT_EQ(reason_of(kyiv.keys->begin(other, true)), "vault.terms");
        EXPECT_EQ(reason_of(kyiv.keys->begin(kyiv.terms_bytes, false)), "vault.terms");
        EXPECT_TRUE(kyiv.keys->begin(kyiv.terms_bytes, true));
    }
}

TEST_F(TakenOver, AnotherLogThanTheOneSignedIsNotGoneOnWith) {
    (void)arrived();
    ASSERT_TRUE(kyiv.registry->tick());
    const auto log = log_of(kyiv);
    kyiv.crash();
    for (const std::size_t changed : {std::size_t{5}, log.size() - 1}) {
        kyiv.restart_keys();
        ASSERT_TRUE(kyiv.keys->begin(kyiv.terms_bytes, true));
        auto forked = log;
        forked[changed] = retold(log[changed], [](Told&) {}); // true, and not what was signed
        const auto read = kyiv.keys->record(0, forked);
        ASSERT_FALSE(read);
        EXPECT_EQ(reason_of(read), "vault.inconsistent");
        EXPECT_EQ(*kyiv.keys->known_events(), 0u);
        EXPECT_EQ(reason_of(sign(*kyiv.keys, forked)), "vault.not_begun");
    }
}

TEST_F(TakenOver, OnlyTheTreeOfTheEventsShownIsSigned) {
    const auto log = log_of(tokyo);
    testing::MemoryStateStore store;
    const auto vault = fresh(tokyo, store);
    const std::vector<RecordedEvent> half(log.begin(), log.begin() + 8);
    ASSERT_EQ(told(*vault, 0, half), "");
    EXPECT_EQ(reason_of(sign(*vault, log)), "vault.inconsistent");
    EXPECT_EQ(reason_of(sign(*vault, {half.begin(), half.end() - 1})), "vault.inconsistent");
    auto other = half;
    other[3] = retold(half[3], [](Told&) {});
    EXPECT_EQ(reason_of(sign(*vault, other)), "vault.inconsistent");
    EXPECT_TRUE(sign(*vault, half));
    EXPECT_TRUE(sign(*vault, half)); // again, where an answer was lost
}

TEST_F(TakenOver, TheSharedLogOnlyGrows) {
    (void)arrived();
    ASSERT_TRUE(kyiv.registry->tick());
    tlog::MemoryTree tree;
    const auto leaves = kyiv.journal.leaves(registry::LogName::shared_log, 0, 100);
    for (const auto& leaf : *leaves)
        tree.append(crypto::leaf_hash(leaf.leaf));
    const auto signed_as = [&](std::uint64_t size, const Hash32& root,
                               const std::vector<Hash32>& consistency) {
        return reason_of(kyiv.keys->sign_checkpoint({LogId::shared_log, size, root, consistency}));
    };
    const std::uint64_t size = tree.size();
    ASSERT_EQ(*kyiv.keys->signed_size(LogId::shared_log), size);
    EXPECT_EQ(signed_as(size - 1, *tree.root_at(size - 1), {}), "vault.rollback");
    EXPECT_EQ(signed_as(size, Hash32{1}, {}), "vault.inconsistent");
    EXPECT_EQ(signed_as(size, tree.root(), {}), "");
    tree.append(Hash32{2});
    EXPECT_EQ(signed_as(size + 1, tree.root(), {}), "vault.inconsistent");
    EXPECT_EQ(signed_as(size + 1, tree.root(), *tlog::consistency_proof(tree, size, size + 1)), "");
}

TEST_F(TakenOver, OpeningsMayBeGoneOnlyWhereTheyWereChecked) {
    const ItemId item = arrived();
    ASSERT_TRUE(kyiv.registry->tick());
    const auto signed_size = *kyiv.keys->signed_size(LogId::private_log);
    kyiv.grant(reader, item, purpose, later); // recorded, not yet signed
    auto log = log_of(kyiv);
    ASSERT_GT(log.size(), signed_size);
    for (RecordedEvent& event : log) {
        event.record_salt.reset();
        event.opening.clear();
    }
    kyiv.crash();
    kyiv.restart_keys();
    ASSERT_TRUE(kyiv.keys->begin(kyiv.terms_bytes, true));
    expect_refused(told(*kyiv.keys, 0, log), "vault.opening");
    EXPECT_EQ(*kyiv.keys->known_events(), signed_size);
    kyiv.start(); // shows the rest as it is
    EXPECT_TRUE(kyiv.read(reader, item, purpose));
}

TEST_F(TakenOver, TheOfficersAreThoseOfTheKeystore) {
    const auto log = log_of(kyiv);
    const auto stranger = Someone{"Stranger"};
    for (const std::uint64_t at : {1U, 3U}) {
        testing::MemoryStateStore store;
        const auto vault = fresh(kyiv, store);
        auto forged = log;
        forged[at] = retold(log[at], [&](Told& told) {
            told.skeleton.ids["person"] = stranger.id().text();
            told.skeleton.facts["key"] = to_base64(stranger.key.public_bytes());
        });
        expect_refused(told(*vault, 0, forged), "vault.founders");
        EXPECT_EQ(*vault->known_events(), at);
    }
}

TEST_F(TakenOver, NeutralLogsAreCosignedBesideThePeersAndNoOthers) {
    const auto keys_of = [](Side& side) {
        return log_keys(side.registry->key_list().private_log).value();
    };
    const auto started = [&](testing::MemoryStateStore& store, std::vector<tlog::LogKeys> logs) {
        auto keystore = Keystore::open(kyiv.keystore_file, SecretBytes::copy(view("test"))).value();
        return Vault::start(std::move(keystore), store, kyiv.clock, std::move(logs));
    };
    Side third{"JPN", testing::read_terms("jpn-ukr.toml")};
    ASSERT_TRUE(third.registry->tick());
    const auto note = *tlog::SignedCheckpoint::parse(
        view(third.registry->checkpoint(registry::LogName::private_log)));
    const std::string body = tlog::WitnessRequest::make(0, {}, note)->print();
    testing::MemoryStateStore store;
    EXPECT_EQ((*started(store, {}))->cosign(body)->status, 404U);
    const auto vault = *started(store, {keys_of(third)});
    EXPECT_EQ(vault->cosign(body)->status, 200U);
    EXPECT_EQ(vault->cosign(body)->status, 409U);
    // Its state lies beside that of the registry's own logs, and must not be theirs.
    testing::MemoryStateStore other;
    EXPECT_EQ(reason_of(started(other, {keys_of(kyiv)})), "vault.witnessed");
    EXPECT_EQ(reason_of(started(other, {keys_of(third), keys_of(third)})), "vault.witnessed");
}

TEST_F(TakenOver, NobodyDatesEventsFarAhead) {
    const auto log = log_of(kyiv);
    testing::MemoryStateStore store;
    const auto vault = fresh(kyiv, store);
    kyiv.clock.at = kyiv.clock.at.plus_days(-2);
    expect_refused(told(*vault, 0, log), "vault.time");
    kyiv.clock.at = kyiv.clock.at.plus_days(2);
    EXPECT_EQ(told(*vault, 0, log), "");
}

TEST_F(TakenOver, ThePeerIsWhoTheFoundingOfficerConfirmed) {
    testing::MemoryStateStore store;
    auto keystore = Keystore::open(kyiv.keystore_file, SecretBytes::copy(view("test"))).value();
    const auto vault = Vault::start(std::move(keystore), store, kyiv.clock).value();
    const Bytes confirmation = **kyiv.journal.note("confirmation");
    const Bytes list = **kyiv.journal.note("peer/key_list");
    const Bytes signature = **kyiv.journal.note("peer/key_list_signature");
    Bytes act;
    for (const RecordedEvent& event : log_of(kyiv))
        if (skeleton_of(event).kind() == ActKind::pair)
            act = *logbook::Opening::parse(event.opening)->find("act");
    const auto confirmed = [&](const Bytes& by) {
        const auto done = vault->confirm_peer(confirmation, list, signature, by);
        return done ? "" : done.error().reason();
    };
    EXPECT_EQ(confirmed(act), "vault.not_begun");
    ASSERT_TRUE(vault->begin(kyiv.terms_bytes, true));
    const auto parsed = logbook::SignedAct::parse(act)->act();
    const auto by_other = logbook::Act::make(parsed.kind(), parsed.party(), parsed.terms(),
                                             parsed.at(), kyiv.clearance_officer.key.public_bytes(),
                                             parsed.content(), parsed.nonce());
    EXPECT_EQ(confirmed(logbook::SignedAct::make(*by_other, kyiv.clearance_officer.key)->bytes()),
              "vault.not_signed_by");
    // A log of theirs under a name of ours would stop ours: trees are remembered by it.
    const auto own = kyiv.registry->key_list();
    for (const std::string& taken : {own.shared_log.origin, own.private_log.origin}) {
        auto theirs = Keystore::open(tokyo.keystore_file, SecretBytes::copy(view("test"))).value();
        theirs.shared_log.name = epoch_origin(taken, 9);
        const Bytes made = theirs.key_list()->bytes();
        const auto by_root = theirs.root.sign(agreement::KeyList::signed_bytes(made));
        EXPECT_EQ(reason_of(vault->confirm_peer(confirmation, made, *by_root, act)),
                  "vault.peer_origin");
    }
    EXPECT_EQ(reason_of(vault->confirm_peer(**tokyo.journal.note("confirmation"), list, list, act)),
              "crypto.signature");
    EXPECT_EQ(confirmed(act), "");
}

} // namespace
} // namespace valise::vault
