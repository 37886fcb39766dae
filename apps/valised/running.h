// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace valise::daemon {

// Ends the process when the disk's state is unknown (design 6): a failed fsync may have lost what
// was just acknowledged, and only opening the file anew tells what it holds.
class FatalJournal : public registry::Journal {
public:
    explicit FatalJournal(registry::Journal& inner) : inner_(inner) {}
    Result<void> commit(const registry::JournalChange& change) override;
    Result<void> hold() override;
    Result<void> settle() override;
    Result<std::vector<registry::StoredEvent>> events(std::uint64_t from,
                                                      std::size_t max) const override {
        return inner_.events(from, max);
    }
    Result<std::vector<registry::StoredLeaf>> leaves(registry::LogName log, std::uint64_t from,
                                                     std::size_t max) const override {
        return inner_.leaves(log, from, max);
    }
    Result<std::uint64_t> leaf_count(registry::LogName log) const override {
        return inner_.leaf_count(log);
    }
    Result<std::vector<registry::OutboxEntry>> outbox() const override { return inner_.outbox(); }
    Result<std::optional<Bytes>> note(const std::string& name) const override {
        return inner_.note(name);
    }
    Result<void> shred(std::uint64_t seq) override { return inner_.shred(seq); }
    Result<registry::Snapshot> snapshot() const override { return inner_.snapshot(); }

private:
    static Result<void> ended_over(Result<void> done); // the process, when the disk is unknown

    registry::Journal& inner_;
};

// Asks the peer at once, on a connection of its own: the registry needs it before it is there, so
// it is bound afterwards. One question at a time; who waits for it holds no lock of the registry.
class LiveLink : public exchange::Carrier {
public:
    explicit LiveLink(vault::KeyService& keys) : keys_(keys) {}
    void bind(const registry::Registry& registry) { registry_ = &registry; }
    // Errors: unavailable daemon.no_peer (not paired, or not bound yet), those of the carrier.
    Result<Bytes> call(ByteView request) override;
    std::string protection() const override { return {}; }

private:
    vault::KeyService& keys_;
    std::atomic<const registry::Registry*> registry_ = nullptr;
    std::timed_mutex mutex_;
    std::unique_ptr<exchange::Carrier> carrier_;
    std::string where_;
};

// The registry's own threads: one speaks to the peer, one signs and publishes, one asks the neutral
// witnesses, whom nothing else waits for.
class Workers {
public:
    Workers(registry::Registry& registry, vault::KeyService& keys);
    ~Workers(); // stops and joins
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    std::string link() const; // protection of the link to the peer
    void stop();

private:
    void speak();
    Result<bool> speak_once(std::unique_ptr<exchange::Carrier>& carrier, std::string& where);
    void tick();
    void witness();
    // Again and again until it is time to stop; a new error is told once, as "NAME: error".
    void repeat(const char* name, std::chrono::milliseconds pause,
                const std::function<Result<void>()>& work);
    // False when it is time to stop.
    bool wait(std::chrono::milliseconds duration);

    registry::Registry& registry_;
    vault::KeyService& keys_;
    std::atomic<bool> stop_ = false;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::string link_;
    std::thread speaking_;
    std::thread ticking_;
    std::thread witnessing_;
};

} // namespace valise::daemon
