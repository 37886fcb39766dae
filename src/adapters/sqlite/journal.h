// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/journal_port.h"

#include <memory>
#include <string>

namespace valise::adapters {

// The journal in one SQLite file (STRICT tables, write-ahead log, synchronous FULL): the default,
// with nothing to install. Safe to call from several threads. Keep one per file: a second writer
// finds its indexes taken (conflict registry.journal_order).
class SqliteJournal : public registry::Journal {
public:
    // Opens the journal at `path`, or makes one that only the owner can read. Errors: conflict
    // adapters.schema_newer (made by a newer program; nothing was changed), invalid
    // adapters.not_a_journal (another program's file), internal registry.journal.
    static Result<std::unique_ptr<SqliteJournal>> open(const std::string& path);
    ~SqliteJournal() override;
    SqliteJournal(const SqliteJournal&) = delete;
    SqliteJournal& operator=(const SqliteJournal&) = delete;

    // After an internal error every further change fails too: what the disk holds is unknown until
    // the file has been opened anew.
    Result<void> commit(const registry::JournalChange& change) override;
    Result<void> hold() override;
    Result<void> settle() override;
    Result<std::vector<registry::StoredEvent>> events(std::uint64_t from,
                                                      std::size_t max) const override;
    Result<std::vector<registry::StoredLeaf>> leaves(registry::LogName log, std::uint64_t from,
                                                     std::size_t max) const override;
    Result<std::uint64_t> leaf_count(registry::LogName log) const override;
    Result<std::vector<registry::OutboxEntry>> outbox() const override;
    Result<std::optional<Bytes>> note(const std::string& name) const override;
    // Also overwrites the bytes in the file and empties the write-ahead log. Errors: not_found
    // registry.no_event.
    Result<void> shred(std::uint64_t seq) override;
    // By SQLite's online backup, from a connection of its own: what is written meanwhile waits for
    // nothing and is not in it. A file without a name, beside the journal's.
    Result<registry::Snapshot> snapshot() const override;

private:
    class Database;
    explicit SqliteJournal(std::unique_ptr<Database> database);
    std::unique_ptr<Database> database_;
};

} // namespace valise::adapters
