// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/io.h"

#include <map>
#include <memory>
#include <optional>

namespace valise::registry {

// The two logs that a party keeps under one agreement, and the leaves of the peer's shared log that
// it holds as a mirror (design 6).
enum class LogName : std::uint8_t { private_log = 0, shared_log = 1, mirrored_log = 2 };
inline constexpr std::size_t kLogs = 3;

// An event as it lies in the database: everything but the sealed opening is readable without a key
// and holds no name, title or reason.
struct StoredEvent {
    std::uint64_t seq = 0;            // index of its leaf in the private log
    Bytes skeleton;                   // canonical JSON
    Hash32 skeleton_salt{};           // salt of field 0
    std::vector<Hash32> field_leaves; // leaf hashes of every field, field 0 first
    Bytes sealed_opening; // record salt and opening under the storage key; empty: shredded
};

struct StoredLeaf {
    LogName log = LogName::private_log;
    std::uint64_t index = 0;
    std::array<Byte, 256> leaf{};
    // In the shared log: the private event that it speaks of. 0 in the mirrored one, whose events
    // are the peer's.
    std::uint64_t event = 0;
};

// Work that was recorded and is not yet done: a message or dispatch for the peer.
struct OutboxEntry {
    std::string id; // unique; putting an id again replaces the entry
    std::string kind;
    Bytes body;
};

// All of it becomes durable together, or none (E0).
struct JournalChange {
    std::vector<StoredEvent> events;
    std::vector<StoredLeaf> leaves;
    std::vector<OutboxEntry> put;
    std::vector<std::string> drop;      // outbox ids; unknown ones are ignored
    std::map<std::string, Bytes> notes; // small named documents: terms, checkpoints, key lists
    bool mirror_anew = false;           // first of all, the mirrored log loses its leaves
};

// The whole database as it stood at one moment, as a file that is gone with its last reader.
struct Snapshot {
    std::shared_ptr<const RandomSource> file;
    std::array<std::uint64_t, kLogs> leaves{}; // of each log, by LogName
};

// Port: the database, of which there is one writer. Indexes must follow on without a gap.
// Errors: conflict registry.journal_order; internal registry.journal (after which the process must
// stop: a failed fsync leaves the state of the disk unknown).
class Journal {
public:
    virtual ~Journal() = default;
    virtual Result<void> commit(const JournalChange& change) = 0;
    // Between the two, changes are seen at once and become durable together with settle(): one wait
    // for the disk serves all of them. Whoever made them says nothing of them before. A change that
    // fails in between takes all of them along: internal registry.journal. A journal that makes
    // each change durable by itself needs neither.
    virtual Result<void> hold() { return {}; }
    virtual Result<void> settle() { return {}; }
    virtual Result<std::vector<StoredEvent>> events(std::uint64_t from, std::size_t max) const = 0;
    virtual Result<std::vector<StoredLeaf>> leaves(LogName log, std::uint64_t from,
                                                   std::size_t max) const = 0;
    virtual Result<std::uint64_t> leaf_count(LogName log) const = 0;
    virtual Result<std::vector<OutboxEntry>> outbox() const = 0; // in the order of first putting
    virtual Result<std::optional<Bytes>> note(const std::string& name) const = 0;
    // Erases the sealed opening of an event (lawful shredding); the event and every proof stay.
    virtual Result<void> shred(std::uint64_t seq) = 0;
    // While others go on writing. Errors: unavailable registry.no_snapshot (of a database that has
    // means of its own).
    virtual Result<Snapshot> snapshot() const {
        return fail(Code::unavailable, "registry.no_snapshot",
                    "this database is backed up by its own means");
    }
};

} // namespace valise::registry
