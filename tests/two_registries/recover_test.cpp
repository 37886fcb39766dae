// SPDX-License-Identifier: Apache-2.0
#include "two_registries/recovering.h"

#include <gtest/gtest.h>

// What a registry does that is behind, and how it goes on.
namespace valise::testing {
namespace {

using logbook::ActKind;
using registry::LogName;

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

} // namespace
} // namespace valise::testing
