// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/internal/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace valise::adapters::sqlite {

std::unexpected<Error> database_error(sqlite3* connection, std::string_view what) {
    return fail(Code::internal, "registry.journal",
                fmt::format("{}: {} ({})", what, sqlite3_errmsg(connection),
                            sqlite3_extended_errcode(connection)));
}

void StatementDeleter::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void ConnectionDeleter::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}

Query::~Query() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::check(int code) {
    if (code != SQLITE_OK)
        failed_ = code;
    ++next_;
}

Query& Query::bind(std::uint64_t value) {
    check(sqlite3_bind_int64(statement_, next_, static_cast<sqlite3_int64>(value)));
    return *this;
}

Query& Query::bind(ByteView bytes) {
    // A null pointer would bind NULL, which is not an empty blob.
    const void* start = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
    check(sqlite3_bind_blob64(statement_, next_, start, bytes.size(), SQLITE_STATIC));
    return *this;
}

Query& Query::bind_text(std::string_view text) {
    const char* start = text.empty() ? "" : text.data();
    check(sqlite3_bind_text64(statement_, next_, start, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Result<bool> Query::step() {
    sqlite3* const connection = sqlite3_db_handle(statement_);
    if (failed_ != 0)
        return fail(Code::internal, "registry.journal",
                    fmt::format("bind: {}", sqlite3_errstr(failed_)));
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    if ((code & 0xff) == SQLITE_CONSTRAINT)
        return fail(Code::conflict, "registry.journal_order", sqlite3_errmsg(connection));
    return database_error(connection, "step");
}

Result<void> Query::run() {
    TRY_ASSIGN(const bool row, step());
    if (row)
        return fail(Code::internal, "registry.journal", "a row where none was expected");
    return {};
}

std::uint64_t Query::number(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
}

ByteView Query::bytes(int column) const {
    const auto* start = static_cast<const Byte*>(sqlite3_column_blob(statement_, column));
    return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<Statement> prepare(sqlite3* connection, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    const int code =
        sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    Statement statement(raw);
    if (code != SQLITE_OK || !statement)
        return database_error(connection, "prepare");
    return statement;
}

Result<void> execute(sqlite3* connection, const char* sql) {
    if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return database_error(connection, "execute");
    return {};
}

Result<std::uint64_t> single_number(sqlite3* connection, const char* sql) {
    TRY_ASSIGN(const Statement statement, prepare(connection, sql));
    Query query(statement.get());
    TRY_ASSIGN(const bool row, query.step());
    if (!row)
        return fail(Code::internal, "registry.journal", "no row where one was expected");
    return query.number(0);
}

} // namespace valise::adapters::sqlite
