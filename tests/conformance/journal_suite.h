// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conformance/temporary_folder.h"
#include "registry/journal_port.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>

// What every implementation of the Journal port must do. Instantiate with a maker:
//   INSTANTIATE_TEST_SUITE_P(Sqlite, JournalSuite, testing::Values(JournalMaker{...}));
namespace valise::tests {

struct JournalMaker {
    // Opens the journal that lies in the folder, or a new one.
    std::function<std::unique_ptr<registry::Journal>(const std::string& folder)> open;
};

class JournalSuite : public testing::TestWithParam<JournalMaker> {
protected:
    void SetUp() override { reopen(); }
    void reopen() {
        journal_.reset();
        journal_ = GetParam().open(folder_.path());
        ASSERT_TRUE(journal_);
    }

    static registry::StoredEvent event(std::uint64_t seq) {
        registry::StoredEvent out;
        out.seq = seq;
        out.skeleton = to_bytes("{\"seq\":" + std::to_string(seq) + "}");
        out.skeleton_salt.fill(static_cast<Byte>(seq + 1));
        for (Byte i = 0; i < 3; ++i)
            out.field_leaves.emplace_back().fill(static_cast<Byte>(16 * i + Byte(seq)));
        out.sealed_opening = Bytes(100, static_cast<Byte>(0x80 + seq));
        return out;
    }
    static registry::StoredLeaf leaf(registry::LogName log, std::uint64_t index,
                                     std::uint64_t of_event) {
        registry::StoredLeaf out;
        out.log = log;
        out.index = index;
        out.leaf.fill(static_cast<Byte>(index * 2 + 7));
        out.event = of_event;
        return out;
    }
    static void expect_same(const registry::StoredEvent& a, const registry::StoredEvent& b) {
        EXPECT_EQ(a.seq, b.seq);
        EXPECT_EQ(a.skeleton, b.skeleton);
        EXPECT_EQ(a.skeleton_salt, b.skeleton_salt);
        EXPECT_EQ(a.field_leaves, b.field_leaves);
        EXPECT_EQ(a.sealed_opening, b.sealed_opening);
    }
    static registry::JournalChange change(std::uint64_t seq) {
        registry::JournalChange out;
        out.events = {event(seq)};
        out.leaves = {leaf(registry::LogName::private_log, seq, seq),
                      leaf(registry::LogName::shared_log, seq, seq)};
        return out;
    }
    void expect_count(std::uint64_t events) {
        EXPECT_EQ(journal_->events(0, 1000)->size(), events);
        EXPECT_EQ(*journal_->leaf_count(registry::LogName::private_log), events);
        EXPECT_EQ(*journal_->leaf_count(registry::LogName::shared_log), events);
    }
    void expect_refused(const registry::JournalChange& bad) {
        const auto done = journal_->commit(bad);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code(), Code::conflict);
        EXPECT_EQ(done.error().reason(), "registry.journal_order");
    }

    TemporaryFolder folder_;
    std::unique_ptr<registry::Journal> journal_;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(JournalSuite);

// Leaves of the peer's log speak of no event here, and follow on among themselves.
TEST_P(JournalSuite, KeepsMirroredLeavesOfItsOwnOrder) {
    registry::JournalChange mirrored;
    for (std::uint64_t index = 0; index < 3; ++index)
        mirrored.leaves.push_back(leaf(registry::LogName::mirrored_log, index, 0));
    ASSERT_TRUE(journal_->commit(mirrored));
    expect_count(0);
    registry::JournalChange gap;
    gap.leaves = {leaf(registry::LogName::mirrored_log, 4, 0)};
    expect_refused(gap);
    ASSERT_TRUE(journal_->commit(change(0)));
    reopen();
    const auto leaves = journal_->leaves(registry::LogName::mirrored_log, 1, 10);
    ASSERT_EQ(leaves->size(), 2u);
    EXPECT_EQ(leaves->front().leaf, leaf(registry::LogName::mirrored_log, 1, 0).leaf);
    EXPECT_EQ(leaves->front().log, registry::LogName::mirrored_log);
    EXPECT_EQ(*journal_->leaf_count(registry::LogName::mirrored_log), 3u);
}

// In one change with what follows, or not at all.
TEST_P(JournalSuite, MirrorsAnew) {
    registry::JournalChange mirrored;
    for (std::uint64_t index = 0; index < 3; ++index)
        mirrored.leaves.push_back(leaf(registry::LogName::mirrored_log, index, 0));
    ASSERT_TRUE(journal_->commit(mirrored));
    registry::JournalChange anew;
    anew.mirror_anew = true;
    anew.leaves = {leaf(registry::LogName::mirrored_log, 1, 0)};
    EXPECT_FALSE(journal_->commit(anew));
    EXPECT_EQ(*journal_->leaf_count(registry::LogName::mirrored_log), 3u);
    anew.leaves = {leaf(registry::LogName::mirrored_log, 0, 0)};
    ASSERT_TRUE(journal_->commit(anew));
    reopen();
    EXPECT_EQ(*journal_->leaf_count(registry::LogName::mirrored_log), 1u);
}

TEST_P(JournalSuite, IsEmptyAtFirst) {
    expect_count(0);
    EXPECT_TRUE(journal_->outbox()->empty());
    EXPECT_FALSE(journal_->note("terms")->has_value());
    EXPECT_TRUE(journal_->commit({}));
}

TEST_P(JournalSuite, GivesBackWhatItWasGivenAlsoAfterReopening) {
    for (std::uint64_t seq = 0; seq < 5; ++seq)
        ASSERT_TRUE(journal_->commit(change(seq)));
    for (int round = 0; round < 2; ++round, reopen()) {
        const auto events = journal_->events(1, 3);
        ASSERT_TRUE(events);
        ASSERT_EQ(events->size(), 3u);
        for (std::uint64_t i = 0; i < 3; ++i)
            expect_same((*events)[i], event(i + 1));
        for (const auto log : {registry::LogName::private_log, registry::LogName::shared_log}) {
            const auto leaves = journal_->leaves(log, 3, 100);
            ASSERT_EQ(leaves->size(), 2u);
            EXPECT_EQ(leaves->front().log, log);
            EXPECT_EQ(leaves->front().index, 3u);
            EXPECT_EQ(leaves->front().event, 3u);
            EXPECT_EQ(leaves->front().leaf, leaf(log, 3, 3).leaf);
            EXPECT_EQ(*journal_->leaf_count(log), 5u);
        }
        EXPECT_TRUE(journal_->events(5, 10)->empty());
        EXPECT_TRUE(journal_->events(~std::uint64_t{0}, 10)->empty());
        EXPECT_TRUE(journal_->events(0, 0)->empty());
    }
}

TEST_P(JournalSuite, RefusesGapsAndRepetitionsAndKeepsNothingOfTheChange) {
    ASSERT_TRUE(journal_->commit(change(0)));
    for (int which = 0; which < 3; ++which) {
        for (const std::uint64_t wrong : {std::uint64_t{0}, std::uint64_t{2}}) {
            registry::JournalChange bad = change(1);
            bad.put = {{"msg-1", "message", to_bytes("x")}};
            bad.notes = {{"terms", to_bytes("y")}};
            if (which == 0)
                bad.events[0].seq = wrong;
            else
                bad.leaves[static_cast<std::size_t>(which - 1)].index = wrong;
            expect_refused(bad);
            expect_count(1);
            EXPECT_TRUE(journal_->outbox()->empty());
            EXPECT_FALSE(journal_->note("terms")->has_value());
        }
    }
    // A conflict is no damage: the right change still goes in.
    EXPECT_TRUE(journal_->commit(change(1)));
    reopen();
    expect_count(2);
}

TEST_P(JournalSuite, TakesSeveralInOneChangeButEachInOrder) {
    registry::JournalChange three = change(0);
    for (std::uint64_t seq = 1; seq < 3; ++seq) {
        const registry::JournalChange one = change(seq);
        three.events.push_back(one.events[0]);
        three.leaves.insert(three.leaves.end(), one.leaves.begin(), one.leaves.end());
    }
    registry::JournalChange swapped = three;
    std::swap(swapped.events[1], swapped.events[2]);
    expect_refused(swapped);
    expect_count(0);
    EXPECT_TRUE(journal_->commit(three));
    expect_count(3);
}

TEST_P(JournalSuite, RefusesASharedLeafOfAnUnknownEvent) {
    registry::JournalChange bad = change(0);
    bad.leaves[1].event = 9;
    expect_refused(bad);
    expect_count(0);
}

TEST_P(JournalSuite, KeepsTheOutboxInTheOrderOfFirstPutting) {
    const auto ids = [this] {
        std::vector<std::string> out;
        const auto entries = journal_->outbox();
        for (const auto& entry : *entries)
            out.push_back(entry.id);
        return out;
    };
    registry::JournalChange put;
    put.put = {{"c", "message", to_bytes("1")}, {"a", "dispatch", {}}, {"b", "message", {}}};
    ASSERT_TRUE(journal_->commit(put));
    EXPECT_EQ(ids(), (std::vector<std::string>{"c", "a", "b"}));
    put.put = {{"c", "dispatch", to_bytes("2")}, {"d", "message", {}}};
    put.drop = {"a", "never-there"};
    ASSERT_TRUE(journal_->commit(put));
    reopen();
    EXPECT_EQ(ids(), (std::vector<std::string>{"c", "b", "d"}));
    EXPECT_EQ(journal_->outbox()->front().kind, "dispatch");
    EXPECT_EQ(journal_->outbox()->front().body, to_bytes("2"));
}

TEST_P(JournalSuite, ReplacesNotes) {
    for (const char* body : {"one", "", "two"}) {
        registry::JournalChange set;
        set.notes = {{"terms", to_bytes(body)}, {"チェック", to_bytes("x")}};
        ASSERT_TRUE(journal_->commit(set));
        EXPECT_EQ(**journal_->note("terms"), to_bytes(body));
    }
    EXPECT_EQ(**journal_->note("チェック"), to_bytes("x"));
    EXPECT_FALSE(journal_->note("term")->has_value());
}

TEST_P(JournalSuite, ShreddingErasesTheOpeningAndNothingElse) {
    ASSERT_TRUE(journal_->commit(change(0)));
    ASSERT_TRUE(journal_->commit(change(1)));
    EXPECT_EQ(journal_->shred(2).error().code(), Code::not_found);
    EXPECT_EQ(journal_->shred(~std::uint64_t{0}).error().code(), Code::not_found);
    ASSERT_TRUE(journal_->shred(0));
    EXPECT_TRUE(journal_->shred(0));
    reopen();
    const auto events = journal_->events(0, 10);
    registry::StoredEvent shredded = event(0);
    shredded.sealed_opening.clear();
    expect_same(events->at(0), shredded);
    expect_same(events->at(1), event(1));
    expect_count(2);
}

} // namespace valise::tests
