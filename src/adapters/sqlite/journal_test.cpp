// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "adapters/sqlite/journal.h"
#include "conformance/journal_suite.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <new>
#include <thread>

namespace {
thread_local int allocations_left = -1; // none is refused
} // namespace

// Memory that runs short at a chosen moment.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (allocations_left == 0)
        throw std::bad_alloc();
    if (allocations_left > 0)
        --allocations_left;
    if (void* out = std::malloc(size == 0 ? 1 : size))
        return out;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace valise::tests {

INSTANTIATE_TEST_SUITE_P(Sqlite, JournalSuite,
                         testing::Values(JournalMaker{
                             [](const std::string& folder) -> std::unique_ptr<registry::Journal> {
                                 auto journal =
                                     adapters::SqliteJournal::open(folder + "/registry.db");
                                 EXPECT_TRUE(journal) << (journal ? "" : journal.error().text());
                                 return journal ? std::move(*journal) : nullptr;
                             }}));

} // namespace valise::tests

namespace valise::adapters {
namespace {

using registry::JournalChange;
using registry::LogName;
using tests::TemporaryFolder;

JournalChange one_event(std::uint64_t seq, std::string_view opening) {
    JournalChange change;
    change.events.emplace_back();
    change.events[0].seq = seq;
    change.events[0].skeleton = to_bytes("{}");
    change.events[0].sealed_opening = to_bytes(opening);
    return change;
}

void run_sql(const std::string& path, const char* sql) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
}

bool holds(const std::string& path, std::string_view needle) {
    const auto bytes = read_file(path, 1 << 24);
    return bytes && text_view(*bytes).find(needle) != std::string_view::npos;
}

// A file that opens as a journal of the moment, while another thread writes on.
TEST(SqliteJournal, IsCopiedWhileItIsWrittenTo) {
    const TemporaryFolder folder;
    auto journal = SqliteJournal::open(folder / "registry.db");
    ASSERT_TRUE(journal);
    const auto add = [&](std::uint64_t seq) {
        JournalChange change = one_event(seq, std::string(2000, 'x'));
        change.leaves.push_back({LogName::private_log, seq, {}, seq});
        return (*journal)->commit(change);
    };
    ASSERT_TRUE(add(0));
    std::atomic<bool> stop = false;
    std::atomic<std::uint64_t> written = 1;
    std::thread writer([&] {
        for (std::uint64_t seq = 1; !stop; ++seq) {
            EXPECT_TRUE(add(seq));
            written = seq + 1;
        }
    });
    for (int round = 0; round < 5; ++round) {
        const std::uint64_t before = written;
        const auto snapshot = (*journal)->snapshot();
        ASSERT_TRUE(snapshot) << snapshot.error().text();
        EXPECT_GE(snapshot->leaves[0], before);
        Bytes bytes(snapshot->file->size());
        ASSERT_TRUE(snapshot->file->read_at(0, bytes));
        const std::string path = folder / ("copy" + std::to_string(round));
        ASSERT_TRUE(write_file_durably(path, bytes));
        const auto copy = SqliteJournal::open(path);
        ASSERT_TRUE(copy) << copy.error().text();
        EXPECT_EQ(*(*copy)->leaf_count(LogName::private_log), snapshot->leaves[0]);
        EXPECT_EQ((*copy)->events(0, 100'000)->size(), snapshot->leaves[0]);
    }
    stop = true;
    writer.join();
    EXPECT_FALSE(std::filesystem::exists(folder / "registry.db.snapshot"));
}

TEST(SqliteJournal, RefusesASchemaNewerThanItKnowsAndChangesNothing) {
    const TemporaryFolder folder;
    const std::string path = folder / "registry.db";
    ASSERT_TRUE(SqliteJournal::open(path));
    run_sql(path, "PRAGMA user_version = 3; CREATE TABLE later(x ANY) STRICT;");
    const auto opened = SqliteJournal::open(path);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().reason(), "adapters.schema_newer");
    EXPECT_EQ(opened.error().code(), Code::conflict);
}

// A book of the schema before this one goes on, with everything in it.
TEST(SqliteJournal, RaisesAnOlderSchema) {
    const TemporaryFolder folder;
    const std::string path = folder / "registry.db";
    {
        const auto journal = SqliteJournal::open(path);
        ASSERT_TRUE((*journal)->commit(one_event(0, "kept")));
    }
    run_sql(path, "DROP TABLE mirrored_leaf; PRAGMA user_version = 1;");
    const auto raised = SqliteJournal::open(path);
    ASSERT_TRUE(raised) << raised.error().text();
    EXPECT_EQ((*raised)->events(0, 10)->size(), 1U);
    EXPECT_EQ(*(*raised)->leaf_count(LogName::mirrored_log), 0U);
    JournalChange change;
    change.leaves.push_back({LogName::mirrored_log, 0, {}, 0});
    EXPECT_TRUE((*raised)->commit(change));
}

TEST(SqliteJournal, RefusesFilesOfOthers) {
    const TemporaryFolder folder;
    run_sql(folder / "other.db", "CREATE TABLE t(x);");
    ASSERT_TRUE(write_file_durably(folder / "text", view(std::string(5000, 'x'))));
    for (const char* name : {"other.db", "text"}) {
        const auto opened = SqliteJournal::open(folder / name);
        ASSERT_FALSE(opened) << name;
        EXPECT_EQ(opened.error().reason(), "adapters.not_a_journal") << opened.error().text();
    }
    EXPECT_FALSE(SqliteJournal::open(folder / "no/such/folder.db"));
}

TEST(SqliteJournal, OnlyTheOwnerCanReadTheFiles) {
    const TemporaryFolder folder;
    auto journal = SqliteJournal::open(folder / "registry.db");
    ASSERT_TRUE(journal);
    ASSERT_TRUE((*journal)->commit(one_event(0, "x")));
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        struct stat about{};
        ASSERT_EQ(::stat(entry.path().c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 0777, 0600u) << entry.path();
    }
}

// What a killed process leaves is what lies on disk without closing: a copy of the files while the
// journal is still open.
TEST(SqliteJournal, WhatWasCommittedIsThereAfterACrash) {
    const TemporaryFolder folder;
    const TemporaryFolder after;
    auto journal = SqliteJournal::open(folder / "registry.db");
    for (std::uint64_t seq = 0; seq < 20; ++seq) {
        ASSERT_TRUE((*journal)->commit(one_event(seq, "opening")));
        for (const char* name : {"registry.db", "registry.db-wal"})
            std::filesystem::copy_file(folder / name, after / name,
                                       std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove(after / "registry.db-shm");
        auto reopened = SqliteJournal::open(after / "registry.db");
        ASSERT_TRUE(reopened);
        EXPECT_EQ((*reopened)->events(0, 100)->size(), seq + 1);
        EXPECT_TRUE((*reopened)->commit(one_event(seq + 1, "next")));
    }
}

// The events that lie in these files as a crash leaves them.
std::size_t events_after_a_crash(const TemporaryFolder& folder) {
    const TemporaryFolder after;
    for (const char* name : {"registry.db", "registry.db-wal"})
        std::filesystem::copy_file(folder / name, after / name);
    return (*SqliteJournal::open(after / "registry.db"))->events(0, 100)->size();
}

TEST(SqliteJournal, ChangesThatAreHeldBecomeDurableTogether) {
    const TemporaryFolder folder;
    auto journal = SqliteJournal::open(folder / "registry.db");
    ASSERT_TRUE((*journal)->commit(one_event(0, "alone")));
    ASSERT_TRUE((*journal)->hold());
    ASSERT_TRUE((*journal)->commit(one_event(1, "held")));
    ASSERT_TRUE((*journal)->commit(one_event(2, "held")));
    EXPECT_EQ((*journal)->events(0, 100)->size(), 3U); // whoever goes on sees them
    EXPECT_EQ(events_after_a_crash(folder), 1U);
    EXPECT_FALSE((*journal)->hold());
    EXPECT_FALSE((*journal)->shred(0));
    ASSERT_TRUE((*journal)->settle());
    EXPECT_EQ(events_after_a_crash(folder), 3U);
    EXPECT_TRUE((*journal)->commit(one_event(3, "alone again")));
}

TEST(SqliteJournal, AHeldChangeThatFailsTakesTheOthersAlong) {
    const TemporaryFolder folder;
    auto journal = SqliteJournal::open(folder / "registry.db");
    ASSERT_TRUE((*journal)->hold());
    ASSERT_TRUE((*journal)->commit(one_event(0, "held")));
    const auto gap = (*journal)->commit(one_event(7, "gap"));
    ASSERT_FALSE(gap);
    EXPECT_EQ(gap.error().reason(), "registry.journal");
    EXPECT_FALSE((*journal)->commit(one_event(1, "next")));
    EXPECT_FALSE((*journal)->settle());
    EXPECT_FALSE((*journal)->hold());
    EXPECT_EQ(events_after_a_crash(folder), 0U);
}

// An event without its leaf would be a book that does not open.
TEST(SqliteJournal, AHeldChangeThatThrowsLeavesNothingHalfWritten) {
    const auto change = [](std::uint64_t seq) {
        JournalChange out = one_event(seq, "opening");
        out.events[0].field_leaves.resize(3);
        out.leaves.push_back({LogName::private_log, seq, {}, seq});
        out.put.push_back({"id", "kind", to_bytes("body")});
        return out;
    };
    bool thrown = true;
    int at = 0;
    for (; thrown; ++at) {
        const TemporaryFolder folder;
        auto journal = SqliteJournal::open(folder / "registry.db");
        ASSERT_TRUE((*journal)->hold());
        ASSERT_TRUE((*journal)->commit(change(0)));
        const JournalChange next = change(1);
        thrown = false;
        allocations_left = at;
        try {
            const auto done = (*journal)->commit(next);
            allocations_left = -1;
            EXPECT_TRUE(done) << at;
        } catch (const std::bad_alloc&) {
            allocations_left = -1;
            thrown = true;
        }
        EXPECT_EQ((*journal)->settle().has_value(), !thrown) << at;
        const std::size_t kept = thrown ? 0 : 2;
        EXPECT_EQ((*journal)->events(0, 10)->size(), kept) << at; // nor seen any more
        journal->reset();
        const auto again = SqliteJournal::open(folder / "registry.db");
        EXPECT_EQ((*again)->events(0, 10)->size(), kept) << at;
        EXPECT_EQ((*again)->leaf_count(LogName::private_log).value(), kept) << at;
    }
    EXPECT_GT(at, 1) << "memory never ran short";
}

TEST(SqliteJournal, ATornWriteAheadLogLosesWholeChangesOnly) {
    const TemporaryFolder folder;
    auto journal = SqliteJournal::open(folder / "registry.db");
    for (std::uint64_t seq = 0; seq < 4; ++seq) {
        JournalChange change = one_event(seq, std::string(3000, 'o'));
        change.leaves.emplace_back();
        change.leaves[0].index = seq;
        ASSERT_TRUE((*journal)->commit(change));
    }
    const auto log = read_file(folder / "registry.db-wal", 1 << 24);
    ASSERT_TRUE(log);
    for (std::size_t size = 0; size < log->size(); size += 3997) {
        const TemporaryFolder after;
        std::filesystem::copy_file(folder / "registry.db", after / "registry.db");
        ASSERT_TRUE(write_file_durably(after / "registry.db-wal", ByteView(*log).first(size)));
        const auto reopened = SqliteJournal::open(after / "registry.db");
        ASSERT_TRUE(reopened) << reopened.error().text();
        EXPECT_EQ((*reopened)->events(0, 100)->size(),
                  *(*reopened)->leaf_count(LogName::private_log));
    }
}

TEST(SqliteJournal, AShreddedOpeningIsGoneFromTheFilesThemselves) {
    const TemporaryFolder folder;
    auto journal = SqliteJournal::open(folder / "registry.db");
    const std::string needle = "needle-in-the-opening";
    ASSERT_TRUE((*journal)->commit(one_event(0, needle + std::string(9000, 'x') + needle)));
    ASSERT_TRUE((*journal)->commit(one_event(1, "kept")));
    ASSERT_TRUE(holds(folder / "registry.db-wal", needle));
    ASSERT_TRUE((*journal)->shred(0));
    EXPECT_FALSE(holds(folder / "registry.db-wal", needle));
    EXPECT_FALSE(holds(folder / "registry.db", needle));
    EXPECT_TRUE(holds(folder / "registry.db", "kept"));
}

TEST(SqliteJournal, ASecondWriterIsToldThatTheIndexIsTaken) {
    const TemporaryFolder folder;
    auto first = SqliteJournal::open(folder / "registry.db");
    auto second = SqliteJournal::open(folder / "registry.db");
    ASSERT_TRUE((*first)->commit(one_event(0, "a")));
    EXPECT_EQ((*second)->commit(one_event(0, "b")).error().reason(), "registry.journal_order");
}

TEST(SqliteJournal, ReadsAndWritesFromSeveralThreads) {
    const TemporaryFolder folder;
    auto journal = SqliteJournal::open(folder / "registry.db");
    std::jthread reader([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
            EXPECT_TRUE((*journal)->events(0, 10));
    });
    for (std::uint64_t seq = 0; seq < 50; ++seq)
        EXPECT_TRUE((*journal)->commit(one_event(seq, "o")));
}

} // namespace
} // namespace valise::adapters
