// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "exchange/carrier_port.h"
#include "registry/blob_port.h"
#include "registry/journal_port.h"
#include "registry/publisher_port.h"
#include "vault/state_store_port.h"

#include <functional>
#include <map>

// Ports in memory, for driving two whole registries in one process. A crash keeps what was durable
// and forgets the rest, as a machine does.
namespace valise::testing {

class SetClock : public Clock {
public:
    Time now() const override { return at; }
    Time at{1795480245}; // 2026-11-24T00:30:45Z
};

class MemoryStateStore : public vault::StateStore {
public:
    Result<std::optional<Bytes>> load() override { return bytes; }
    Result<void> save(ByteView more) override {
        bytes = to_bytes(more);
        return {};
    }
    std::optional<Bytes> bytes;
};

class MemoryJournal : public registry::Journal {
public:
    Result<void> commit(const registry::JournalChange& change) override;
    // As a database does: one group at a time, of which a failure or a crash leaves nothing.
    Result<void> hold() override;
    Result<void> settle() override;
    bool held() const { return before_.has_value(); }
    Result<std::vector<registry::StoredEvent>> events(std::uint64_t from,
                                                      std::size_t max) const override;
    Result<std::vector<registry::StoredLeaf>> leaves(registry::LogName log, std::uint64_t from,
                                                     std::size_t max) const override;
    Result<std::uint64_t> leaf_count(registry::LogName log) const override;
    Result<std::vector<registry::OutboxEntry>> outbox() const override;
    Result<std::optional<Bytes>> note(const std::string& name) const override;
    Result<void> shred(std::uint64_t seq) override;

    // What the disk says of changes that waited for it together; they are seen, and not durable.
    std::function<Result<void>()> on_settle = [] { return Result<void>(); };
    // As if somebody had written into the database, or put an old one back.
    registry::StoredEvent& row(std::uint64_t seq) { return events_.at(seq); }
    // Asked before an opening is erased; true: the process dies here.
    std::function<bool()> crash_before_shred = [] { return false; };
    // Asked before each commit and settle(); true: the process dies here, before it is durable.
    std::function<bool()> crash_before = [] { return false; };
    // Asked after each commit and settle(); true: the process dies here. It is durable, unless it
    // is held, and the caller never hears of it.
    std::function<bool()> crash_after = [] { return false; };
    // Asked before each commit; true: the disk is full. Nothing is written any more, as after a
    // failed fsync, until the process starts again.
    std::function<bool()> full = [] { return false; };
    bool failed() const { return failed_; }
    void restarted() { failed_ = false; }

private:
    bool failed_ = false;
    // What is durable while others are held.
    struct Durable {
        std::size_t events = 0;
        std::array<std::size_t, registry::kLogs> leaves{};
        std::vector<registry::OutboxEntry> outbox;
        std::map<std::string, Bytes> notes;
    };
    Result<void> write(const registry::JournalChange& change);
    void lose_held();

    std::vector<registry::StoredEvent> events_;
    std::array<std::vector<registry::StoredLeaf>, registry::kLogs> leaves_;
    std::vector<registry::OutboxEntry> outbox_;
    std::map<std::string, Bytes> notes_;
    std::optional<Durable> before_;
};

// Thrown by fakes where a process would die; only the simulator's driver catches it.
struct Crash {};

class MemoryBlobs : public registry::BlobStore {
public:
    std::function<bool()> crash_after_finish = [] { return false; };
    // Asked before each write; true: the disk is full, and only the first part of it is written.
    std::function<bool()> full = [] { return false; };
    Result<std::unique_ptr<registry::BlobWriter>> create(const BlobId& id) override;
    Result<std::shared_ptr<const RandomSource>> open(const BlobId& id) const override;
    Result<std::unique_ptr<registry::PartialBlob>> partial(const BlobId& id,
                                                           std::uint64_t size) override;
    Result<void> remove(const BlobId& id) override;
    Result<std::uint64_t> free_bytes() const override { return std::uint64_t{1} << 40; }

    std::map<std::string, std::shared_ptr<Bytes>> whole;
    std::map<std::string, std::shared_ptr<Bytes>> partials;
};

class MemoryPublisher : public registry::Publisher {
public:
    Result<void> put(const std::string& path, ByteView bytes) override {
        files[path] = to_bytes(bytes);
        return {};
    }
    Result<void> drop_folder(const std::string& path) override {
        std::erase_if(files, [&](const auto& file) { return file.first.starts_with(path + "/"); });
        return {};
    }
    std::map<std::string, Bytes> files;
};

// Calls the other side directly; what the network does to a request or an answer is the hook's say.
class DirectCarrier : public exchange::Carrier {
public:
    using Serve = std::function<Bytes(ByteView)>;
    enum class Fate { deliver, lose_request, lose_answer, deliver_twice };

    explicit DirectCarrier(Serve serve) : serve_(std::move(serve)) {}
    Result<Bytes> call(ByteView request) override;
    std::string protection() const override { return "in memory"; }

    std::function<Fate()> fate = [] { return Fate::deliver; };

private:
    Serve serve_;
};

// What a registry holds before it has a peer.
class LiveCarrier : public exchange::Carrier {
public:
    Result<Bytes> call(ByteView request) override {
        if (!inner)
            return fail(Code::unavailable, "test.down", "no link");
        return inner->call(request);
    }
    std::string protection() const override { return "in memory"; }

    std::unique_ptr<DirectCarrier> inner;
};

} // namespace valise::testing
