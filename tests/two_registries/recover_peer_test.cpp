// SPDX-License-Identifier: Apache-2.0
#include "two_registries/recovering.h"

#include <gtest/gtest.h>

// What the other party can do to a registry that is behind, and what it is told.
namespace valise::testing {
namespace {

using logbook::ActKind;
using registry::LogName;

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
