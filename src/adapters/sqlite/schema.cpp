// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "adapters/sqlite/internal/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>

namespace valise::adapters::sqlite {
namespace {

constexpr std::uint64_t kApplication = 0x56534c4a; // "VSLJ"
constexpr std::uint64_t kSchemaVersion = 2;

// A leaf of the shared log speaks of an event of ours, so it may not name one that is not there.
constexpr const char* kSchema1 = R"sql(
CREATE TABLE event(
  seq INTEGER PRIMARY KEY CHECK(seq >= 0),
  skeleton BLOB NOT NULL,
  skeleton_salt BLOB NOT NULL CHECK(length(skeleton_salt) = 32),
  field_leaves BLOB NOT NULL CHECK(length(field_leaves) % 32 = 0),
  sealed_opening BLOB NOT NULL
) STRICT;
CREATE TABLE private_leaf(
  idx INTEGER PRIMARY KEY CHECK(idx >= 0),
  leaf BLOB NOT NULL CHECK(length(leaf) = 256),
  event INTEGER NOT NULL
) STRICT;
CREATE TABLE shared_leaf(
  idx INTEGER PRIMARY KEY CHECK(idx >= 0),
  leaf BLOB NOT NULL CHECK(length(leaf) = 256),
  event INTEGER NOT NULL REFERENCES event(seq)
) STRICT;
CREATE TABLE outbox(
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE note(
  name TEXT PRIMARY KEY,
  body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA application_id = 0x56534c4a;
PRAGMA user_version = 1;
)sql";

// The leaves of the peer's shared log: they speak of no event of ours.
constexpr const char* kSchema2 = R"sql(
CREATE TABLE mirrored_leaf(
  idx INTEGER PRIMARY KEY CHECK(idx >= 0),
  leaf BLOB NOT NULL CHECK(length(leaf) = 256)
) STRICT;
PRAGMA user_version = 2;
)sql";

// From this version to the newest one, in one transaction.
Result<void> upgrade(sqlite3* connection, std::uint64_t version) {
    TRY(execute(connection, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE;"));
    auto made = version < 1 ? execute(connection, kSchema1) : Result<void>();
    if (made && version < 2)
        made = execute(connection, kSchema2);
    const auto ended = execute(connection, made ? "COMMIT" : "ROLLBACK");
    return made ? ended : made;
}

// SQLite would make the file as the umask says; events are for the owner alone. The write-ahead
// log takes over the mode.
Result<bool> make_file(const std::string& path) {
    const Descriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (made.valid())
        return true;
    if (errno == EEXIST)
        return false;
    return fail(Code::internal, "registry.journal", system_text("create " + path, errno));
}

Result<void> set_up_connection(sqlite3* connection) {
    sqlite3_extended_result_codes(connection, 1);
    sqlite3_busy_timeout(connection, 5000);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // secure_delete: a shredded opening must not linger in a free page.
    return execute(connection, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                               "PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON;"
                               "PRAGMA temp_store = MEMORY;");
}

Result<void> check_schema(sqlite3* connection) {
    TRY_ASSIGN(const std::uint64_t application, single_number(connection, "PRAGMA application_id"));
    TRY_ASSIGN(const std::uint64_t version, single_number(connection, "PRAGMA user_version"));
    TRY_ASSIGN(const std::uint64_t tables,
               single_number(connection, "SELECT count(*) FROM sqlite_schema"));
    if (application == 0 && version == 0 && tables == 0)
        return upgrade(connection, 0);
    if (application != kApplication)
        return fail(Code::invalid, "adapters.not_a_journal", "the file belongs to another program");
    if (version > kSchemaVersion)
        return fail(
            Code::conflict, "adapters.schema_newer",
            fmt::format("schema {}, this program knows {}: use the newer program, nothing was "
                        "changed",
                        version, kSchemaVersion));
    if (version == 0)
        return fail(Code::invalid, "adapters.not_a_journal", "no schema version");
    if (version < kSchemaVersion)
        return upgrade(connection, version);
    return execute(connection, "PRAGMA journal_mode = WAL");
}

} // namespace

Result<Connection> open_journal(const std::string& path) {
    TRY_ASSIGN(const bool made, make_file(path));
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
        nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK)
        return raw == nullptr ? fail(Code::internal, "registry.journal", "no memory")
                              : database_error(raw, "open");
    auto checked = set_up_connection(connection.get());
    if (checked)
        checked = check_schema(connection.get());
    if (!checked && (sqlite3_errcode(raw) & 0xff) == SQLITE_NOTADB)
        return fail(Code::invalid, "adapters.not_a_journal", "not an SQLite file");
    TRY(checked);
    TRY_ASSIGN(const std::uint64_t full, single_number(raw, "PRAGMA synchronous"));
    if (full != 2)
        return fail(Code::internal, "registry.journal", "synchronous FULL was not taken");
    if (made) {
        const auto slash = path.rfind('/');
        TRY(sync_folder(slash == std::string::npos ? "." : path.substr(0, slash + 1)));
    }
    return connection;
}

} // namespace valise::adapters::sqlite
