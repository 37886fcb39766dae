// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "adapters/sqlite/internal/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace valise::adapters::sqlite {
namespace {

// Left by a process that ended in between: whoever comes next removes it.
constexpr const char* kEnding = ".snapshot";

Result<Connection> open(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK)
        return raw == nullptr ? fail(Code::internal, "registry.journal", "no memory")
                              : database_error(raw, "open snapshot");
    sqlite3_busy_timeout(raw, 5000);
    return connection;
}

// In one step, and so in one read transaction: a journal that is copied page by page while it is
// written to would be of no moment at all.
Result<void> copy(sqlite3* from, sqlite3* to) {
    sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == nullptr)
        return database_error(to, "snapshot");
    const int stepped = sqlite3_backup_step(backup, -1);
    const int finished = sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK)
        return database_error(to, "snapshot");
    return {};
}

} // namespace

Result<registry::Snapshot> snapshot(const std::string& path) {
    const std::string name = path + kEnding;
    ::unlink(name.c_str());
    // Made by us: SQLite would make it as the umask says.
    Descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid())
        return fail(Code::internal, "registry.journal", system_text("create " + name, errno));
    const auto copied = [&]() -> Result<registry::Snapshot> {
        TRY_ASSIGN(const Connection from, open(path, SQLITE_OPEN_READONLY));
        TRY_ASSIGN(const Connection to, open(name, SQLITE_OPEN_READWRITE));
        // Nobody needs half of it after a crash.
        TRY(execute(to.get(), "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;"));
        TRY(copy(from.get(), to.get()));
        registry::Snapshot out;
        // The copy says that it has a write-ahead log; it needs none to be read once.
        TRY(execute(to.get(), "PRAGMA journal_mode = DELETE;"));
        constexpr const char* kCounts[] = {"SELECT coalesce(max(idx) + 1, 0) FROM private_leaf",
                                           "SELECT coalesce(max(idx) + 1, 0) FROM shared_leaf",
                                           "SELECT coalesce(max(idx) + 1, 0) FROM mirrored_leaf"};
        for (std::size_t log = 0; log < registry::kLogs; ++log) {
            TRY_ASSIGN(out.leaves[log], single_number(to.get(), kCounts[log]));
        }
        return out;
    }();
    ::unlink(name.c_str());
    if (!copied)
        return fail(copied.error());
    registry::Snapshot out = *copied;
    TRY_ASSIGN(auto source, FileSource::over(std::move(file)));
    out.file = std::move(source);
    return out;
}

} // namespace valise::adapters::sqlite
