// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "registry/journal_port.h"

#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace valise::adapters::sqlite {

// Error of the connection as internal registry.journal, with SQLite's own words, which name no
// content.
std::unexpected<Error> database_error(sqlite3* connection, std::string_view what);

// One use of a prepared statement: bound from ?1 on, reset and cleared when it goes. Bound bytes
// and texts are borrowed until then.
class Query {
public:
    explicit Query(sqlite3_stmt* statement) : statement_(statement) {}
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(std::uint64_t value);
    Query& bind(ByteView bytes);
    Query& bind_text(std::string_view text);

    // True while there is a row.
    Result<bool> step();
    // For statements without rows. A broken constraint is conflict registry.journal_order.
    Result<void> run();

    std::uint64_t number(int column) const;
    ByteView bytes(int column) const; // until the next step
    std::string text(int column) const { return to_text(bytes(column)); }

private:
    void check(int code);

    sqlite3_stmt* statement_;
    int next_ = 1;
    int failed_ = 0;
};

struct StatementDeleter {
    void operator()(sqlite3_stmt* statement) const;
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementDeleter>;

struct ConnectionDeleter {
    void operator()(sqlite3* connection) const;
};
using Connection = std::unique_ptr<sqlite3, ConnectionDeleter>;

Result<Statement> prepare(sqlite3* connection, const char* sql);
Result<void> execute(sqlite3* connection, const char* sql);
// The first column of the first row of a statement that takes no parameter.
Result<std::uint64_t> single_number(sqlite3* connection, const char* sql);

// Opens or makes the journal's file and brings its schema to what this program knows. Errors as
// SqliteJournal::open().
Result<Connection> open_journal(const std::string& path);

// A copy of the journal at `path` as it stands now.
Result<registry::Snapshot> snapshot(const std::string& path);

} // namespace valise::adapters::sqlite
