// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "exchange/messages.h"
#include "registry/backup_check.h"
#include "two_registries/exchanging.h"
#include "vault/keystore.h"
#include "vault/vault.h"
#include "verifying/evidence.h"

// A registry whose database was restored from a backup, beside a key process that remembers more.
namespace valise::testing {
namespace {

using logbook::ActKind;
using registry::LogName;

class Recover : public TwoRegistries {
protected:
    Recover() {
        kyiv.enrol(writer);
        kyiv.enrol(approver);
        kyiv.enrol(second_approver);
        for (Someone* who : {&writer, &approver, &second_approver})
            kyiv.clear(*who, "tsilkom-taiemno", later);
        kyiv.appoint(writer, "originator");
        kyiv.appoint(approver, "releasing-authority");
        kyiv.appoint(second_approver, "releasing-authority");
        exchange(to_bytes("before the backup"));
        settle();
    }

    void settle() {
        for (int round = 0; round < 6; ++round)
            for (Side* side : {&tokyo, &kyiv})
                (void)side->work();
        for (Side* side : {&tokyo, &kyiv}) {
            const auto worked = side->work();
            EXPECT_TRUE(worked) << side->party << ": " << worked.error().text();
        }
    }
    // As a backup holds it: everything signed.
    void back_up() {
        ASSERT_TRUE(tokyo.registry->tick());
        database = tokyo.journal;
        blobs = tokyo.blobs;
    }
    void restore() {
        tokyo.crash();
        tokyo.journal = *database;
        tokyo.blobs = *blobs;
        tokyo.restart_keys();
        tokyo.start();
    }
    Json content() const { return tokyo.registry->recovery_content().value(); }
    // Signed by an officer and done.
    Json recover() { return recover(tokyo, "yes"); }
    static Json recover(Side& side, const std::string& mirror) {
        Json content = side.registry->recovery_content().value();
        content["mirror"] = mirror;
        const auto answer = side.try_act(side.control_officer, ActKind::recover, content);
        EXPECT_TRUE(answer) << answer.error().text();
        EXPECT_TRUE(answer && answer->decision.permitted()) << answer->decision.reason();
        const auto done = side.registry->recover();
        EXPECT_TRUE(done) << done.error().text();
        return done ? *done : Json::object();
    }
    void enters_no_number_of(const std::string& number) {
        const ItemId item = tokyo.enter(originator, to_bytes("next"), "gokuhi", purpose);
        EXPECT_GT(tokyo.registry->state().item(item)->number, number);
    }
    void send_back(const Bytes& document) {
        const ItemId item =
            kyiv.enter(writer, document, "tsilkom-taiemno", kyiv.terms.purposes().front().code);
        ASSERT_TRUE(kyiv.approve(approver, item, "JPN").decision.permitted());
        ASSERT_TRUE(kyiv.approve(second_approver, item, "JPN").decision.permitted());
        const auto answer = kyiv.dispatch(kyiv.control_officer, item, "JPN");
        ASSERT_TRUE(answer.decision.permitted()) << answer.decision.reason();
    }
    static std::size_t leaves(const Side& side, LogName log) {
        return side.journal.leaf_count(log).value();
    }
    static std::string origin(const Side& side, LogName log) {
        const auto list = side.registry->key_list();
        return log == LogName::private_log ? list.private_log.origin : list.shared_log.origin;
    }
    // Documents go both ways, and an outsider finds both books in order.
    void goes_on() {
        const auto arrived = [](const Side& side) {
            std::size_t out = 0;
            const auto state = side.registry->state();
            for (const auto& [id, item] : state.items())
                out += item.direction == logbook::Direction::in ? 1 : 0;
            return out;
        };
        const std::size_t there = arrived(kyiv);
        const std::size_t back = arrived(tokyo);
        settle();
        exchange(to_bytes("after the recovery"));
        send_back(to_bytes("and the other way"));
        settle();
        EXPECT_EQ(arrived(kyiv), there + 1);
        EXPECT_EQ(arrived(tokyo), back + 1);
        for (Side* side : {&tokyo, &kyiv}) {
            const auto exported = side->registry->export_evidence();
            ASSERT_TRUE(exported) << exported.error().text();
            const auto report = verifying::check_evidence(*exported, {});
            EXPECT_TRUE(report.verified())
                << side->party << ": "
                << (report.found ? report.found->place + " " + report.found->reason + " " +
                                       report.found->text
                                 : "");
            EXPECT_EQ(report.private_log->evidence, "E2") << side->party;
            EXPECT_EQ(report.shared_log->evidence, "E3") << side->party;
        }
    }

    std::optional<MemoryJournal> database;
    std::optional<MemoryBlobs> blobs;
    Someone writer{"Writer"}, approver{"Approver"}, second_approver{"Second"};
};

TEST_F(Recover, ABookThatIsBehindIsShownAndClosed) {
    back_up();
    const std::uint64_t held = tokyo.registry->state().next_seq();
    exchange(to_bytes("lost"));
    settle();
    const std::uint64_t signed_size = tokyo.registry->state().next_seq();
    restore();
    const auto behind = tokyo.registry->behind();
    ASSERT_TRUE(behind);
    EXPECT_EQ(behind->held, held);
    EXPECT_EQ(behind->signed_size, signed_size);
    EXPECT_FALSE(behind->by_peer);
    EXPECT_EQ(tokyo.registry->state().items().size(), 1U);
    EXPECT_FALSE(tokyo.registry->health().at("ready").get<bool>());
    const Someone somebody{"Somebody"};
    const auto refused = tokyo.try_act(tokyo.control_officer, ActKind::enrol,
                                       {{"person", somebody.id().text()},
                                        {"key", to_base64(somebody.key.public_bytes())},
                                        {"name", "Somebody"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason(), "registry.behind");
    EXPECT_NE(refused.error().context().find("valise log recover"), std::string::npos);
    EXPECT_TRUE(tokyo.registry->tick());
    EXPECT_FALSE(tokyo.work().value());
    kyiv.enrol(Someone{"Newcomer"}); // something to be cosigned
    EXPECT_EQ(kyiv.work().error().reason(), "peer.registry.behind");
    EXPECT_EQ(tokyo.registry->export_evidence().error().reason(), "registry.behind");
    EXPECT_EQ(leaves(tokyo, LogName::private_log), held);
    EXPECT_EQ(tokyo.registry->recover().error().reason(), "registry.no_recovery");
}

TEST_F(Recover, TheSharedLogComesBackAndBothGoOn) {
    back_up();
    const std::uint64_t held = tokyo.registry->state().next_seq();
    const std::size_t shared = leaves(tokyo, LogName::shared_log);
    const std::string number = tokyo.registry->state().items().begin()->second.number;
    exchange(to_bytes("lost"));
    settle();
    const std::size_t known = leaves(kyiv, LogName::mirrored_log);
    ASSERT_GT(known, shared);
    const std::string shared_origin = origin(tokyo, LogName::shared_log);
    const std::string private_origin = origin(tokyo, LogName::private_log);
    restore();
    const Json lost = recover();
    EXPECT_EQ(lost.at("held"), held);
    EXPECT_EQ(lost.at("shared_from"), shared);
    EXPECT_EQ(lost.at("shared_to"), known);
    EXPECT_EQ(lost.at("lost").size(), known - shared);
    EXPECT_EQ(lost.at("lost").front().at("kind"), "dispatch");
    EXPECT_FALSE(lost.at("lost").front().at("link").get<std::string>().empty());
    EXPECT_EQ(lost.at("epoch"), 2);
    EXPECT_FALSE(tokyo.registry->behind());
    // The whole shared log under its name, the private one under a new one.
    EXPECT_EQ(origin(tokyo, LogName::shared_log), shared_origin);
    EXPECT_NE(origin(tokyo, LogName::private_log), private_origin);
    const auto recoveries = tokyo.registry->state().recoveries();
    ASSERT_EQ(recoveries.size(), 1U);
    EXPECT_EQ(recoveries.front().held, held);
    goes_on();
    // No number that a lost event may have given is given again.
    std::set<std::string> numbers;
    const auto state = tokyo.registry->state();
    for (const auto& [id, item] : state.items())
        EXPECT_TRUE(numbers.insert(item.number).second) << item.number;
    EXPECT_FALSE(numbers.contains("JPN-2026-0002"));
    EXPECT_TRUE(numbers.contains(number));
    // And it stands the next start of everything.
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    kyiv.crash();
    kyiv.restart_keys();
    kyiv.start();
    EXPECT_FALSE(tokyo.registry->behind());
    goes_on();
}

// Signed, and not yet mirrored when the machine died.
TEST_F(Recover, WhatTheMirrorLacksEndsTheSharedLogToo) {
    back_up();
    exchange(to_bytes("mirrored"));
    settle();
    const std::size_t known = leaves(kyiv, LogName::mirrored_log);
    // Recorded by both, signed here, and never told.
    tokyo.act(tokyo.control_officer, ActKind::ask_laws, {{"peer", "UKR"}});
    send_back(to_bytes("arrives and is lost"));
    (void)kyiv.work();
    ASSERT_TRUE(tokyo.registry->tick());
    ASSERT_GT(leaves(tokyo, LogName::shared_log), known);
    const std::string shared_origin = origin(tokyo, LogName::shared_log);
    restore();
    const Json lost = recover();
    EXPECT_EQ(lost.at("shared_to"), known);
    EXPECT_NE(origin(tokyo, LogName::shared_log), shared_origin);
    for (int i = 0; i < 6; ++i) {
        (void)tokyo.work();
        (void)kyiv.work();
    }
    EXPECT_EQ(leaves(kyiv, LogName::mirrored_log), leaves(tokyo, LogName::shared_log));
    const auto exported = tokyo.registry->export_evidence();
    ASSERT_TRUE(exported) << exported.error().text();
    EXPECT_TRUE(verifying::check_evidence(*exported, {}).verified());
}

// It was sealed anew since, so the receipt that the peer gave is about another file. It arrives
// once, and what comes after it is not held up.
TEST_F(Recover, WhatWasQueuedIsKnownThere) {
    const ItemId item = tokyo.enter(originator, to_bytes("queued"), "gokuhi", purpose);
    ASSERT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    back_up();
    settle();
    ASSERT_EQ(kyiv.registry->state().items().size(), 2U);
    restore();
    recover();
    for (int i = 0; i < 4; ++i) {
        const auto worked = tokyo.work();
        EXPECT_EQ(worked.error().reason(), "registry.receipt");
        (void)kyiv.work();
    }
    EXPECT_EQ(kyiv.registry->state().items().size(), 2U);
    const ItemId next = tokyo.enter(originator, to_bytes("next"), "gokuhi", purpose);
    ASSERT_TRUE(tokyo.approve(releaser, next, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.approve(second, next, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, next, "UKR").decision.permitted());
    (void)tokyo.work();
    EXPECT_EQ(kyiv.registry->state().items().size(), 3U);
}

TEST_F(Recover, OnlyAnOfficerAndOnlyWhatIsThere) {
    back_up();
    exchange(to_bytes("lost"));
    settle();
    restore();
    Json wrong = content();
    wrong["held"] = "3";
    const auto other = tokyo.try_act(tokyo.control_officer, ActKind::recover, wrong);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->decision.reason(), "agreement.recover_held");
    const auto clerk = tokyo.try_act(originator, ActKind::recover, content());
    ASSERT_TRUE(clerk);
    EXPECT_EQ(clerk->decision.reason(), "agreement.control_officer");
    // Another size than was signed: the clauses cannot know it, the key process does.
    const std::uint64_t before = tokyo.registry->state().next_seq();
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"signed", "100000"}, {"epoch", "3"}, {"root", to_base64(Hash32{})}}) {
        wrong = content();
        wrong[name] = value;
        const auto changed = tokyo.try_act(tokyo.control_officer, ActKind::recover, wrong);
        ASSERT_FALSE(changed) << name;
        EXPECT_EQ(changed.error().reason(), "registry.recovery_changed");
    }
    EXPECT_EQ(tokyo.registry->state().next_seq(), before);
    EXPECT_TRUE(tokyo.registry->behind());
    // Signed, and then something else is recorded: it is no longer over what is here. Another is.
    ASSERT_TRUE(
        tokyo.try_act(tokyo.control_officer, ActKind::recover, content())->decision.permitted());
    ASSERT_FALSE(tokyo.try_act(originator, ActKind::recover, content())->decision.permitted());
    EXPECT_FALSE(tokyo.registry->recovery_signed());
    EXPECT_EQ(tokyo.registry->recover().error().reason(), "registry.no_recovery");
    recover();
    EXPECT_TRUE(tokyo.registry->state().open_permits().empty());
    goes_on();
}

// A taken-over daemon shows the officer one book and the key process another of the same size.
TEST_F(Recover, AnActIsOverOneBook) {
    back_up();
    exchange(to_bytes("lost"));
    settle();
    restore();
    Json wrong = content();
    wrong["held"] = "3";
    ASSERT_FALSE(tokyo.try_act(originator, ActKind::recover, wrong)->decision.permitted());
    const Json shown = content();
    restore();
    ASSERT_FALSE(tokyo.try_act(releaser, ActKind::recover, wrong)->decision.permitted());
    EXPECT_EQ(content().at("held"), shown.at("held"));
    const auto other = tokyo.try_act(tokyo.control_officer, ActKind::recover, shown);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().reason(), "registry.recovery_changed");
}

// --- without the other party ---------------------------------------------------------------------

// Neither silence nor a lie keeps the registry closed: an officer signs that it goes on without.
TEST_F(Recover, GoesOnWithoutTheMirror) {
    back_up();
    const std::size_t shared = leaves(tokyo, LogName::shared_log);
    exchange(to_bytes("lost"));
    settle();
    ASSERT_GT(leaves(kyiv, LogName::mirrored_log), shared);
    const std::string shared_origin = origin(tokyo, LogName::shared_log);
    restore();
    auto link = std::move(tokyo.live.inner);
    ASSERT_TRUE(
        tokyo.try_act(tokyo.control_officer, ActKind::recover, content())->decision.permitted());
    EXPECT_EQ(tokyo.registry->recover().error().reason(), "test.down");
    tokyo.live.inner = std::make_unique<DirectCarrier>([](ByteView) {
        exchange::Mirror lie;
        lie.leaves = Bytes(256);
        lie.checkpoint = "no checkpoint";
        return exchange::encode(lie.frame("UKR", "JPN"));
    });
    EXPECT_FALSE(tokyo.registry->recover());
    EXPECT_EQ(tokyo.registry->recovery_signed(), "yes");
    const Json lost = recover(tokyo, "no");
    EXPECT_EQ(lost.at("mirror"), "no");
    EXPECT_EQ(lost.at("shared_to"), lost.at("shared_from"));
    EXPECT_NE(origin(tokyo, LogName::shared_log), shared_origin);
    tokyo.live.inner = std::move(link);
    // The mirror begins anew under the new name; what it held stays there.
    goes_on();
    EXPECT_EQ(leaves(kyiv, LogName::mirrored_log), leaves(tokyo, LogName::shared_log));
    EXPECT_TRUE(*kyiv.journal.note("mirror/closed/1/0"));
    EXPECT_TRUE(*kyiv.journal.note("mirror/closed/1/shared"));
    for (Side* side : {&tokyo, &kyiv}) {
        side->crash();
        side->restart_keys();
        side->start();
    }
    goes_on();
}

TEST_F(Recover, BothAreRestoredAtOnce) {
    back_up();
    ASSERT_TRUE(kyiv.registry->tick());
    const auto theirs = kyiv.journal;
    const auto their_blobs = kyiv.blobs;
    exchange(to_bytes("lost"));
    settle();
    restore();
    kyiv.crash();
    kyiv.journal = theirs;
    kyiv.blobs = their_blobs;
    kyiv.restart_keys();
    kyiv.start();
    ASSERT_TRUE(tokyo.registry->behind());
    ASSERT_TRUE(kyiv.registry->behind());
    recover(tokyo, "yes");
    recover(kyiv, "yes");
    goes_on();
}

// A disk that was found again holds more than the new epoch, and is of the old one.
TEST_F(Recover, ABookOfAnEarlierEpochIsBehind) {
    back_up();
    exchange(to_bytes("lost"));
    for (int i = 0; i < 20; ++i)
        tokyo.enrol(Someone{"Newcomer"});
    settle();
    const auto found = tokyo.journal;
    restore();
    recover();
    settle();
    ASSERT_GT(found.leaf_count(LogName::private_log).value(), leaves(tokyo, LogName::private_log));
    tokyo.crash();
    tokyo.journal = found;
    tokyo.restart_keys();
    tokyo.start();
    EXPECT_TRUE(tokyo.registry->behind());
}

TEST_F(Recover, TheKeyProcessOpensNoEpochUnasked) {
    ASSERT_TRUE(tokyo.registry->tick());
    const std::string note = to_text(*tokyo.journal.note("checkpoint/private").value());
    EXPECT_EQ(tokyo.keys->recover({0, note, {}}).error().reason(), "vault.not_behind");
    EXPECT_EQ(tokyo.keys->recover({5, {}, {}}).error().reason(), "vault.recovery");
    EXPECT_EQ(tokyo
                  .try_act(tokyo.control_officer, ActKind::recover,
                           {{"epoch", "2"},
                            {"held", "1"},
                            {"root", to_base64(Hash32{})},
                            {"signed", "2"},
                            {"mirror", "yes"}})
                  .error()
                  .reason(),
              "registry.not_behind");
    // An older tree of its own: it is read anew, and serves nothing until an officer's act is in
    // it.
    back_up();
    exchange(to_bytes("more"));
    settle();
    EXPECT_TRUE(tokyo.keys->recover({0, note, {}}));
    EXPECT_FALSE(tokyo.keys->sign_checkpoint({vault::LogId::private_log, 1, {}, {}}));
}

TEST_F(Recover, GoesOnWhereverItWasBrokenOff) {
    back_up();
    exchange(to_bytes("lost"));
    settle();
    restore();
    // The peer cannot be reached: what was signed waits.
    ASSERT_TRUE(
        tokyo.try_act(tokyo.control_officer, ActKind::recover, content())->decision.permitted());
    auto link = std::move(tokyo.live.inner);
    EXPECT_EQ(tokyo.registry->recover().error().reason(), "test.down");
    tokyo.live.inner = std::move(link);
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    ASSERT_TRUE(tokyo.registry->behind());
    EXPECT_EQ(tokyo.registry->recovery_signed(), "yes");
    // The key process has opened its epoch, and nothing of it is in the book.
    tokyo.journal.crash_before = [this] {
        const auto list = agreement::KeyList::parse(tokyo.keys->identity()->key_list);
        return list->serial > 1;
    };
    EXPECT_THROW((void)tokyo.registry->recover(), Crash);
    tokyo.journal.crash_before = [] { return false; };
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    EXPECT_FALSE(tokyo.registry->behind());
    EXPECT_EQ(tokyo.registry->state().recoveries().size(), 1U);
    goes_on();
}

// --- what a peer says ---------------------------------------------------------------------------

TEST_F(Recover, ABareWordHoldsNobodyDown) {
    const auto honest = [this](ByteView request) {
        return kyiv.registry->answer_peer(request, tokyo.registry->key_list().tls);
    };
    const auto lying = [&](ByteView request) {
        const auto frame = exchange::parse_frame(request);
        if (frame && frame->type == "witness")
            return exchange::encode(exchange::WitnessAnswer{409, "100000\n"}.frame("UKR", "JPN"));
        if (frame && frame->type == "mirror")
            return exchange::encode(exchange::Mirrored{100'000, {}}.frame("UKR", "JPN"));
        if (frame && frame->type == "leaves") {
            // Leaves of its own making under a checkpoint of its own.
            exchange::Mirror made;
            made.start = 0;
            made.leaves = Bytes(256);
            made.checkpoint = kyiv.registry->checkpoint(LogName::shared_log);
            return exchange::encode(made.frame("UKR", "JPN"));
        }
        return honest(request);
    };
    tokyo.carrier = std::make_unique<DirectCarrier>(lying);
    for (int i = 0; i < 3; ++i) {
        const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
        ASSERT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
        ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
        ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
        const auto worked = tokyo.work();
        ASSERT_FALSE(worked);
        EXPECT_EQ(worked.error().reason(), "registry.bare_word");
        EXPECT_FALSE(tokyo.registry->behind());
    }
    EXPECT_EQ(kyiv.registry->state().items().size(), 4U); // all were sent all the same
}

// The file of the key process was restored as well: our own signature, at the peer, says so.
TEST_F(Recover, OurOwnSignatureCounts) {
    back_up();
    const auto remembered = tokyo.vault_state.bytes;
    exchange(to_bytes("lost"));
    settle();
    tokyo.vault_state.bytes = remembered;
    restore();
    EXPECT_FALSE(tokyo.registry->behind());
    for (int i = 0; i < 3 && !tokyo.registry->behind(); ++i)
        (void)tokyo.work();
    const auto behind = tokyo.registry->behind();
    ASSERT_TRUE(behind);
    EXPECT_TRUE(behind->by_peer);
    EXPECT_GT(behind->shared_signed, behind->shared_held);
    const Json lost = recover();
    EXPECT_TRUE(lost.at("at_least").get<bool>());
    EXPECT_GE(lost.at("lost_events"), lost.at("lost").size());
    enters_no_number_of("JPN-2026-0002"); // it was given, and is lost
    goes_on();
}

TEST_F(Recover, TheMirrorIsCheckedLeafByLeaf) {
    back_up();
    exchange(to_bytes("lost"));
    settle();
    restore();
    ASSERT_TRUE(
        tokyo.try_act(tokyo.control_officer, ActKind::recover, content())->decision.permitted());
    auto link = std::move(tokyo.live.inner);
    const auto honest = [this](ByteView request) {
        return kyiv.registry->answer_peer(request, tokyo.registry->key_list().tls);
    };
    using Change = std::function<void(exchange::Mirror&)>;
    const Change changes[] = {
        [](auto& m) { m.leaves[100] ^= 1U; },
        [](auto& m) { m.leaves.resize(m.leaves.size() - 256); },
        [](auto& m) { m.leaves.clear(); },
        [](auto& m) { append(m.leaves, Bytes(m.leaves.begin(), m.leaves.begin() + 256)); },
        [](auto& m) { ++m.start; },
        [this](auto& m) { m.checkpoint = kyiv.registry->checkpoint(LogName::shared_log); },
    };
    const std::size_t held = leaves(tokyo, LogName::shared_log);
    for (const Change& change : changes) {
        tokyo.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
            const auto frame = exchange::parse_frame(honest(request));
            auto message = exchange::Mirror::parse(*frame).value();
            change(message);
            return exchange::encode(message.frame("UKR", "JPN"));
        });
        EXPECT_FALSE(tokyo.registry->recover());
        EXPECT_TRUE(tokyo.registry->behind());
        EXPECT_EQ(leaves(tokyo, LogName::shared_log), held);
    }
    tokyo.live.inner = std::move(link);
    EXPECT_TRUE(tokyo.registry->recover());
    goes_on();
}

// --- the key list of a new epoch ----------------------------------------------------------------

TEST_F(Recover, APeersNewKeysAreTheOldOnesInAnotherEpoch) {
    auto keystore = vault::Keystore::open(tokyo.keystore_file, SecretBytes::copy(view("test")));
    ASSERT_TRUE(keystore);
    const auto follow = [&](const std::function<void(agreement::KeyList&)>& change,
                            std::uint64_t serial = 2) {
        auto list = tokyo.registry->key_list();
        list.serial = serial;
        change(list);
        const Bytes bytes = list.bytes();
        const auto signature = keystore->root.sign(agreement::KeyList::signed_bytes(bytes));
        const auto done = kyiv.keys->follow_peer(bytes, *signature);
        return done ? std::to_string(*done) : done.error().reason();
    };
    EXPECT_EQ(follow([](auto&) {}, 1), "1");
    EXPECT_EQ(follow([](auto& list) { list.tls[0] ^= 1U; }), "vault.peer_keys");
    EXPECT_EQ(follow([](auto& list) { list.receipt = list.sender; }), "vault.peer_keys");
    EXPECT_EQ(follow([](auto& list) { std::swap(list.private_log, list.shared_log); }),
              "vault.peer_keys");
    EXPECT_EQ(follow([](auto& list) { list.party = "XXX"; }), "vault.other_peer");
    EXPECT_EQ(follow([](auto&) {}), "2");
    EXPECT_EQ(follow([](auto&) {}, 1), "2"); // an older one changes nothing
    const auto in_epoch = [&](std::uint64_t epoch) {
        return [&keystore, epoch](agreement::KeyList& list) {
            keystore->shared_log.name = vault::epoch_origin(keystore->shared_log.name, epoch);
            list.shared_log = keystore->key_list()->shared_log;
        };
    };
    EXPECT_EQ(follow(in_epoch(4), 3), "3");
    EXPECT_EQ(follow(in_epoch(2), 4), "vault.peer_keys"); // a name that it gave up
    EXPECT_EQ(follow(in_epoch(4), 4), "4");
    const auto other = vault::Keystore::generate({"JPN", {}, tokyo.clock.now()});
    auto list = tokyo.registry->key_list();
    list.serial = 5;
    const Bytes bytes = list.bytes();
    EXPECT_FALSE(
        kyiv.keys->follow_peer(bytes, *other->root.sign(agreement::KeyList::signed_bytes(bytes))));
}

// --- the database of a backup -------------------------------------------------------------------

TEST_F(Recover, ABackupIsHeldAgainstWhatWasSigned) {
    back_up();
    registry::BackupHead head;
    const auto identity = tokyo.keys->identity();
    head.party = "JPN";
    head.terms = terms;
    head.key_list = identity->key_list;
    head.key_list_signature = identity->key_list_signature;
    const auto tree = [&](LogName log) {
        std::vector<Hash32> hashes;
        const auto stored = tokyo.journal.leaves(log, 0, 100'000);
        for (const auto& leaf : *stored)
            hashes.push_back(crypto::leaf_hash(leaf.leaf));
        return registry::LogTree{hashes.size(), crypto::tree_root(hashes)};
    };
    head.private_log = tree(LogName::private_log);
    head.shared_log = tree(LogName::shared_log);
    head.mirrored_log = tree(LogName::mirrored_log);
    const auto reason = [&](const registry::BackupHead& said) {
        const auto checked = registry::check_backup(*database, said, {}, tokyo.clock);
        return checked ? std::string() : checked.error().reason();
    };
    const auto good = registry::check_backup(*database, head, {}, tokyo.clock);
    ASSERT_TRUE(good) << good.error().text();
    EXPECT_EQ(good->events, head.private_log.size);
    EXPECT_EQ(good->signed_size, head.private_log.size);
    EXPECT_EQ(good->missing.size(), 1U); // no sealed file came with it
    auto other = head;
    --other.private_log.size;
    EXPECT_EQ(reason(other), "registry.backup_log");
    other = head;
    other.mirrored_log.root[0] ^= 1U;
    EXPECT_EQ(reason(other), "registry.backup_log");
    other = head;
    other.party = "UKR";
    EXPECT_EQ(reason(other), "registry.backup_log");
    // Rows that nobody signed: a note of the checkpoint that they do not lead to.
    registry::JournalChange change;
    change.notes["checkpoint/private"] = to_bytes(kyiv.registry->checkpoint(LogName::private_log));
    ASSERT_TRUE(database->commit(change));
    EXPECT_FALSE(reason(head).empty());
}

} // namespace
} // namespace valise::testing
