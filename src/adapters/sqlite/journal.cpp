// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/journal.h"

#include "adapters/sqlite/internal/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <mutex>

namespace valise::adapters {

using registry::JournalChange;
using registry::LogName;
using registry::OutboxEntry;
using registry::StoredEvent;
using registry::StoredLeaf;
using sqlite::Query;
using sqlite::Statement;

namespace {

std::unexpected<Error> out_of_order(std::string_view what, std::uint64_t expected,
                                    std::uint64_t got) {
    return fail(Code::conflict, "registry.journal_order",
                fmt::format("{} {} comes next, not {}", what, expected, got));
}

Bytes flat(const std::vector<Hash32>& hashes) {
    Bytes out;
    out.reserve(hashes.size() * 32);
    for (const Hash32& hash : hashes)
        append(out, hash);
    return out;
}

// The schema holds the lengths, so only a damaged file comes here with another one.
std::unexpected<Error> damaged(std::string_view what) {
    return fail(Code::internal, "registry.journal", fmt::format("damaged {}", what));
}

std::uint64_t bounded(std::size_t max) {
    return std::min<std::uint64_t>(max, std::numeric_limits<std::int64_t>::max());
}

} // namespace

class SqliteJournal::Database {
public:
    static Result<std::unique_ptr<Database>> open(const std::string& path);

    Result<void> commit(const JournalChange& change);
    Result<void> hold();
    Result<void> settle();
    Result<std::vector<StoredEvent>> events(std::uint64_t from, std::size_t max);
    Result<std::vector<StoredLeaf>> leaves(LogName log, std::uint64_t from, std::size_t max);
    Result<std::uint64_t> leaf_count(LogName log);
    Result<std::vector<OutboxEntry>> outbox();
    Result<std::optional<Bytes>> note(const std::string& name);
    Result<void> shred(std::uint64_t seq);

    std::mutex mutex;
    std::mutex copying; // one snapshot at a time has the name
    std::string path;

private:
    Result<void> prepare_all();
    Result<void> write(const JournalChange& change);
    Result<void> write_held(const JournalChange& change);
    void abandon();
    Result<void> write_events(const std::vector<StoredEvent>& events);
    Result<void> write_leaves(const std::vector<StoredLeaf>& leaves);
    Result<void> write_outbox(const JournalChange& change);
    template<class Work> Result<void> in_transaction(Work work);
    static Result<std::uint64_t> number_of(const Statement& statement);
    static std::size_t at(LogName log) { return static_cast<std::size_t>(log); }

    sqlite::Connection connection_;
    Statement begin_, commit_, rollback_;
    Statement add_event_, count_events_, read_events_, shred_;
    std::array<Statement, registry::kLogs> add_leaf_, count_leaves_, read_leaves_; // by LogName
    Statement put_, drop_, read_outbox_, set_note_, read_note_;
    bool broken_ = false;
    bool held_ = false; // a transaction is open, and others follow in it
};

Result<std::unique_ptr<SqliteJournal::Database>>
SqliteJournal::Database::open(const std::string& path) {
    auto database = std::make_unique<Database>();
    database->path = path;
    TRY_ASSIGN(database->connection_, sqlite::open_journal(path));
    TRY(database->prepare_all());
    return database;
}

Result<void> SqliteJournal::Database::prepare_all() {
    const std::pair<Statement*, const char*> all[] = {
        {&begin_, "BEGIN IMMEDIATE"},
        {&commit_, "COMMIT"},
        {&rollback_, "ROLLBACK"},
        {&add_event_, "INSERT INTO event VALUES(?1, ?2, ?3, ?4, ?5)"},
        {&count_events_, "SELECT coalesce(max(seq) + 1, 0) FROM event"},
        {&read_events_, "SELECT seq, skeleton, skeleton_salt, field_leaves, sealed_opening "
                        "FROM event WHERE seq >= ?1 ORDER BY seq LIMIT ?2"},
        {&shred_, "UPDATE event SET sealed_opening = x'' WHERE seq = ?1"},
        {&add_leaf_[0], "INSERT INTO private_leaf VALUES(?1, ?2, ?3)"},
        {&add_leaf_[1], "INSERT INTO shared_leaf VALUES(?1, ?2, ?3)"},
        {&add_leaf_[2], "INSERT INTO mirrored_leaf VALUES(?1, ?2)"},
        {&count_leaves_[0], "SELECT coalesce(max(idx) + 1, 0) FROM private_leaf"},
        {&count_leaves_[1], "SELECT coalesce(max(idx) + 1, 0) FROM shared_leaf"},
        {&count_leaves_[2], "SELECT coalesce(max(idx) + 1, 0) FROM mirrored_leaf"},
        {&read_leaves_[0], "SELECT idx, leaf, event FROM private_leaf "
                           "WHERE idx >= ?1 ORDER BY idx LIMIT ?2"},
        {&read_leaves_[1], "SELECT idx, leaf, event FROM shared_leaf "
                           "WHERE idx >= ?1 ORDER BY idx LIMIT ?2"},
        {&read_leaves_[2], "SELECT idx, leaf, 0 FROM mirrored_leaf "
                           "WHERE idx >= ?1 ORDER BY idx LIMIT ?2"},
        // Putting again keeps the position: the order is that of first putting.
        {&put_, "INSERT INTO outbox(id, kind, body) VALUES(?1, ?2, ?3) ON CONFLICT(id) DO UPDATE "
                "SET kind = excluded.kind, body = excluded.body"},
        {&drop_, "DELETE FROM outbox WHERE id = ?1"},
        {&read_outbox_, "SELECT id, kind, body FROM outbox ORDER BY position"},
        {&set_note_, "INSERT INTO note VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE "
                     "SET body = excluded.body"},
        {&read_note_, "SELECT body FROM note WHERE name = ?1"}};
    for (const auto& [statement, sql] : all) {
        TRY_ASSIGN(*statement, sqlite::prepare(connection_.get(), sql));
    }
    return {};
}

Result<std::uint64_t> SqliteJournal::Database::number_of(const Statement& statement) {
    Query query(statement.get());
    TRY_ASSIGN(const bool row, query.step());
    if (!row)
        return damaged("count");
    return query.number(0);
}

Result<void> SqliteJournal::Database::hold() {
    if (broken_ || held_)
        return fail(Code::internal, "registry.journal",
                    held_ ? "held already" : "an earlier write failed");
    if (const auto begun = Query(begin_.get()).run(); !begun) {
        broken_ = true;
        return fail(begun.error());
    }
    held_ = true;
    return {};
}

Result<void> SqliteJournal::Database::settle() {
    held_ = false;
    if (broken_)
        return fail(Code::internal, "registry.journal", "an earlier write failed");
    broken_ = true; // unless it is done
    const auto done = Query(commit_.get()).run();
    broken_ = !done;
    if (!done)
        abandon(); // or reads would still show what is lost
    return done;
}

// Nothing more is written through this object.
void SqliteJournal::Database::abandon() {
    broken_ = true;
    if (sqlite3_get_autocommit(connection_.get()) == 0)
        static_cast<void>(Query(rollback_.get()).run());
}

// Half of a change may stand in the open transaction, and those before it were seen already: none
// of them is kept.
Result<void> SqliteJournal::Database::write_held(const JournalChange& change) {
    if (broken_)
        return fail(Code::internal, "registry.journal", "an earlier write failed");
    Result<void> done;
    try {
        done = write(change);
    } catch (...) {
        abandon();
        throw;
    }
    if (done)
        return done;
    abandon();
    return fail(Code::internal, "registry.journal", "among others: " + done.error().text());
}

// All or nothing. Whatever is not a conflict leaves the state of the disk unknown, so nothing more
// is written through this object.
template<class Work> Result<void> SqliteJournal::Database::in_transaction(Work work) {
    if (broken_ || held_)
        return fail(Code::internal, "registry.journal",
                    held_ ? "others are held" : "an earlier write failed");
    Result<void> done;
    try {
        done = Query(begin_.get()).run();
        if (done)
            done = work();
        if (done)
            done = Query(commit_.get()).run();
    } catch (...) {
        abandon();
        throw;
    }
    if (done)
        return done;
    if (sqlite3_get_autocommit(connection_.get()) == 0 && !Query(rollback_.get()).run())
        broken_ = true;
    if (done.error().code() == Code::internal)
        broken_ = true;
    return done;
}

Result<void> SqliteJournal::Database::commit(const JournalChange& change) {
    return held_ ? write_held(change) : in_transaction([&] { return write(change); });
}

Result<void> SqliteJournal::Database::write(const JournalChange& change) {
    if (change.mirror_anew)
        TRY(sqlite::execute(connection_.get(), "DELETE FROM mirrored_leaf"));
    TRY(write_events(change.events));
    TRY(write_leaves(change.leaves));
    TRY(write_outbox(change));
    for (const auto& [name, body] : change.notes)
        TRY(Query(set_note_.get()).bind_text(name).bind(body).run());
    return {};
}

Result<void> SqliteJournal::Database::write_events(const std::vector<StoredEvent>& events) {
    if (events.empty())
        return {};
    TRY_ASSIGN(std::uint64_t next, number_of(count_events_));
    for (const StoredEvent& event : events) {
        if (event.seq != next)
            return out_of_order("event", next, event.seq);
        const Bytes field_leaves = flat(event.field_leaves);
        TRY(Query(add_event_.get())
                .bind(event.seq)
                .bind(event.skeleton)
                .bind(event.skeleton_salt)
                .bind(field_leaves)
                .bind(event.sealed_opening)
                .run());
        ++next;
    }
    return {};
}

Result<void> SqliteJournal::Database::write_leaves(const std::vector<StoredLeaf>& leaves) {
    if (leaves.empty())
        return {};
    constexpr std::array<std::string_view, registry::kLogs> kNames = {"private leaf", "shared leaf",
                                                                      "mirrored leaf"};
    std::array<std::uint64_t, registry::kLogs> next{};
    for (std::size_t log = 0; log < registry::kLogs; ++log) {
        TRY_ASSIGN(next[log], number_of(count_leaves_[log]));
    }
    for (const StoredLeaf& leaf : leaves) {
        const std::size_t log = at(leaf.log);
        if (leaf.index != next[log])
            return out_of_order(kNames[log], next[log], leaf.index);
        Query add(add_leaf_[log].get());
        add.bind(leaf.index).bind(leaf.leaf);
        if (leaf.log != LogName::mirrored_log)
            add.bind(leaf.event);
        TRY(add.run());
        ++next[log];
    }
    return {};
}

Result<void> SqliteJournal::Database::write_outbox(const JournalChange& change) {
    for (const std::string& id : change.drop)
        TRY(Query(drop_.get()).bind_text(id).run());
    for (const OutboxEntry& entry : change.put)
        TRY(Query(put_.get()).bind_text(entry.id).bind_text(entry.kind).bind(entry.body).run());
    return {};
}

Result<std::vector<StoredEvent>> SqliteJournal::Database::events(std::uint64_t from,
                                                                 std::size_t max) {
    std::vector<StoredEvent> out;
    if (from > bounded(from))
        return out;
    Query query(read_events_.get());
    query.bind(from).bind(bounded(max));
    for (;;) {
        TRY_ASSIGN(const bool row, query.step());
        if (!row)
            return out;
        const ByteView salt = query.bytes(2);
        const ByteView hashes = query.bytes(3);
        if (salt.size() != 32 || hashes.size() % 32 != 0)
            return damaged("event");
        StoredEvent& event = out.emplace_back();
        event.seq = query.number(0);
        event.skeleton = to_bytes(query.bytes(1));
        std::ranges::copy(salt, event.skeleton_salt.begin());
        event.field_leaves.resize(hashes.size() / 32);
        for (std::size_t i = 0; i < event.field_leaves.size(); ++i)
            std::ranges::copy(hashes.subspan(i * 32, 32), event.field_leaves[i].begin());
        event.sealed_opening = to_bytes(query.bytes(4));
    }
}

Result<std::vector<StoredLeaf>> SqliteJournal::Database::leaves(LogName log, std::uint64_t from,
                                                                std::size_t max) {
    std::vector<StoredLeaf> out;
    if (from > bounded(from))
        return out;
    Query query(read_leaves_[at(log)].get());
    query.bind(from).bind(bounded(max));
    for (;;) {
        TRY_ASSIGN(const bool row, query.step());
        if (!row)
            return out;
        const ByteView leaf = query.bytes(1);
        if (leaf.size() != 256)
            return damaged("leaf");
        StoredLeaf& stored = out.emplace_back();
        stored.log = log;
        stored.index = query.number(0);
        std::ranges::copy(leaf, stored.leaf.begin());
        stored.event = query.number(2);
    }
}

Result<std::uint64_t> SqliteJournal::Database::leaf_count(LogName log) {
    return number_of(count_leaves_[at(log)]);
}

Result<std::vector<OutboxEntry>> SqliteJournal::Database::outbox() {
    std::vector<OutboxEntry> out;
    Query query(read_outbox_.get());
    for (;;) {
        TRY_ASSIGN(const bool row, query.step());
        if (!row)
            return out;
        out.push_back({query.text(0), query.text(1), to_bytes(query.bytes(2))});
    }
}

Result<std::optional<Bytes>> SqliteJournal::Database::note(const std::string& name) {
    Query query(read_note_.get());
    query.bind_text(name);
    TRY_ASSIGN(const bool row, query.step());
    if (!row)
        return std::nullopt;
    return to_bytes(query.bytes(0));
}

Result<void> SqliteJournal::Database::shred(std::uint64_t seq) {
    if (seq > bounded(seq))
        return fail(Code::not_found, "registry.no_event", std::to_string(seq));
    const auto erase = [&]() -> Result<void> {
        TRY(Query(shred_.get()).bind(seq).run());
        if (sqlite3_changes(connection_.get()) != 1)
            return fail(Code::not_found, "registry.no_event", std::to_string(seq));
        return {};
    };
    TRY(in_transaction(erase));
    // The old page still lies in the write-ahead log: copy over what is new and cut the log off.
    if (sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                  nullptr) != SQLITE_OK)
        return sqlite::database_error(connection_.get(), "shred");
    return {};
}

SqliteJournal::SqliteJournal(std::unique_ptr<Database> database) : database_(std::move(database)) {}
SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const std::string& path) {
    TRY_ASSIGN(auto database, Database::open(path));
    return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::move(database)));
}

Result<void> SqliteJournal::commit(const JournalChange& change) {
    const std::lock_guard lock(database_->mutex);
    return database_->commit(change);
}

Result<void> SqliteJournal::hold() {
    const std::lock_guard lock(database_->mutex);
    return database_->hold();
}

Result<void> SqliteJournal::settle() {
    const std::lock_guard lock(database_->mutex);
    return database_->settle();
}

Result<std::vector<StoredEvent>> SqliteJournal::events(std::uint64_t from, std::size_t max) const {
    const std::lock_guard lock(database_->mutex);
    return database_->events(from, max);
}

Result<std::vector<StoredLeaf>> SqliteJournal::leaves(LogName log, std::uint64_t from,
                                                      std::size_t max) const {
    const std::lock_guard lock(database_->mutex);
    return database_->leaves(log, from, max);
}

Result<std::uint64_t> SqliteJournal::leaf_count(LogName log) const {
    const std::lock_guard lock(database_->mutex);
    return database_->leaf_count(log);
}

Result<std::vector<OutboxEntry>> SqliteJournal::outbox() const {
    const std::lock_guard lock(database_->mutex);
    return database_->outbox();
}

Result<std::optional<Bytes>> SqliteJournal::note(const std::string& name) const {
    const std::lock_guard lock(database_->mutex);
    return database_->note(name);
}

Result<registry::Snapshot> SqliteJournal::snapshot() const {
    const std::lock_guard lock(database_->copying);
    return sqlite::snapshot(database_->path);
}

Result<void> SqliteJournal::shred(std::uint64_t seq) {
    const std::lock_guard lock(database_->mutex);
    return database_->shred(seq);
}

} // namespace valise::adapters
