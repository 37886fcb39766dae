// SPDX-License-Identifier: Apache-2.0
#include "two_registries/fakes.h"

#include <algorithm>

namespace valise::testing {

using namespace registry;

Result<void> MemoryJournal::hold() {
    if (held())
        return fail(Code::internal, "registry.journal", "held already");
    Durable& now = before_.emplace();
    now.events = events_.size();
    for (std::size_t log = 0; log < kLogs; ++log)
        now.leaves[log] = leaves_[log].size();
    now.outbox = outbox_;
    now.notes = notes_;
    return {};
}

Result<void> MemoryJournal::settle() {
    if (!held())
        return fail(Code::internal, "registry.journal", "what was held is lost");
    try {
        if (crash_before())
            throw Crash{};
        if (const auto done = on_settle(); !done) {
            lose_held();
            return done;
        }
    } catch (...) {
        lose_held();
        throw;
    }
    before_.reset();
    if (crash_after())
        throw Crash{};
    return {};
}

void MemoryJournal::lose_held() {
    if (!held())
        return;
    events_.resize(before_->events);
    for (std::size_t log = 0; log < kLogs; ++log)
        leaves_[log].resize(before_->leaves[log]);
    outbox_ = std::move(before_->outbox);
    notes_ = std::move(before_->notes);
    before_.reset();
}

Result<void> MemoryJournal::commit(const JournalChange& change) {
    try {
        auto done = write(change);
        if (done || !held())
            return done;
        lose_held();
        return fail(Code::internal, "registry.journal", "among others: " + done.error().text());
    } catch (...) {
        lose_held();
        throw;
    }
}

Result<void> MemoryJournal::write(const JournalChange& change) {
    if (crash_before())
        throw Crash{};
    failed_ = failed_ || full();
    if (failed_)
        return fail(Code::internal, "registry.journal", "no space left");
    if (held() && change.mirror_anew)
        return fail(Code::internal, "test.held", "not done among others");
    std::array<std::uint64_t, registry::kLogs> next = {leaves_[0].size(), leaves_[1].size(),
                                                       change.mirror_anew ? 0 : leaves_[2].size()};
    std::uint64_t next_event = events_.size();
    for (const StoredEvent& event : change.events)
        if (event.seq != next_event++)
            return fail(Code::conflict, "registry.journal_order", "events");
    for (const StoredLeaf& leaf : change.leaves)
        if (leaf.index != next[static_cast<std::size_t>(leaf.log)]++)
            return fail(Code::conflict, "registry.journal_order", "leaves");
    if (change.mirror_anew)
        leaves_[2].clear();
    events_.insert(events_.end(), change.events.begin(), change.events.end());
    for (const StoredLeaf& leaf : change.leaves)
        leaves_[static_cast<std::size_t>(leaf.log)].push_back(leaf);
    const auto erase = [&](const std::string& id) {
        std::erase_if(outbox_, [&](const OutboxEntry& entry) { return entry.id == id; });
    };
    for (const OutboxEntry& entry : change.put) {
        erase(entry.id);
        outbox_.push_back(entry);
    }
    for (const std::string& id : change.drop)
        erase(id);
    for (const auto& [name, bytes] : change.notes)
        notes_[name] = bytes;
    if (crash_after())
        throw Crash{};
    return {};
}

namespace {

template<class T>
std::vector<T> page(const std::vector<T>& all, std::uint64_t from, std::size_t max) {
    if (from >= all.size())
        return {};
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    const auto count = std::min<std::size_t>(max, all.size() - static_cast<std::size_t>(from));
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

} // namespace

Result<std::vector<StoredEvent>> MemoryJournal::events(std::uint64_t from, std::size_t max) const {
    return page(events_, from, max);
}
Result<std::vector<StoredLeaf>> MemoryJournal::leaves(LogName log, std::uint64_t from,
                                                      std::size_t max) const {
    return page(leaves_[static_cast<std::size_t>(log)], from, max);
}
Result<std::uint64_t> MemoryJournal::leaf_count(LogName log) const {
    return leaves_[static_cast<std::size_t>(log)].size();
}
Result<std::vector<OutboxEntry>> MemoryJournal::outbox() const {
    return outbox_;
}
Result<std::optional<Bytes>> MemoryJournal::note(const std::string& name) const {
    const auto found = notes_.find(name);
    return found == notes_.end() ? std::optional<Bytes>() : std::optional(found->second);
}
Result<void> MemoryJournal::shred(std::uint64_t seq) {
    if (held())
        return fail(Code::internal, "registry.journal", "others are held");
    if (crash_before_shred())
        throw Crash();
    events_.at(static_cast<std::size_t>(seq)).sealed_opening.clear();
    return {};
}

namespace {

Error no_space() {
    return Error(Code::internal, "registry.blob", "no space left");
}

class Writer : public BlobWriter {
public:
    Writer(MemoryBlobs& blobs, std::string id) : blobs_(blobs), id_(std::move(id)) {}
    Result<void> write(ByteView bytes) override {
        if (blobs_.full())
            return fail(no_space());
        append(bytes_, bytes);
        return {};
    }
    Result<void> commit() override {
        blobs_.whole[id_] = std::make_shared<Bytes>(std::move(bytes_));
        return {};
    }
    int descriptor() const override { return -1; }

private:
    MemoryBlobs& blobs_;
    std::string id_;
    Bytes bytes_;
};

class Partial : public PartialBlob {
public:
    Partial(MemoryBlobs& blobs, std::string id, std::shared_ptr<Bytes> bytes)
        : blobs_(blobs), id_(std::move(id)), bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_->size(); }
    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        if (offset + bytes.size() > bytes_->size())
            return fail(Code::invalid, "registry.blob", "past the end");
        const bool full = blobs_.full();
        if (full)
            bytes = bytes.first(bytes.size() / 2);
        std::copy(bytes.begin(), bytes.end(),
                  bytes_->begin() + static_cast<std::ptrdiff_t>(offset));
        if (full)
            return fail(no_space());
        return {};
    }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        return MemorySource(*bytes_).read_at(offset, out);
    }
    Result<void> finish() override {
        blobs_.whole[id_] = bytes_;
        blobs_.partials.erase(id_);
        if (blobs_.crash_after_finish())
            throw Crash{};
        return {};
    }

private:
    MemoryBlobs& blobs_;
    std::string id_;
    std::shared_ptr<Bytes> bytes_;
};

} // namespace

Result<std::unique_ptr<BlobWriter>> MemoryBlobs::create(const BlobId& id) {
    return std::make_unique<Writer>(*this, id.text());
}
Result<std::shared_ptr<const RandomSource>> MemoryBlobs::open(const BlobId& id) const {
    const auto found = whole.find(id.text());
    if (found == whole.end())
        return fail(Code::not_found, "registry.no_blob", id.text());
    return std::make_shared<MemorySource>(*found->second);
}
Result<std::unique_ptr<PartialBlob>> MemoryBlobs::partial(const BlobId& id, std::uint64_t size) {
    if (whole.contains(id.text()))
        return fail(Code::conflict, "registry.blob_exists", id.text());
    auto& bytes = partials[id.text()];
    if (!bytes)
        bytes = std::make_shared<Bytes>(static_cast<std::size_t>(size));
    if (bytes->size() != size)
        return fail(Code::conflict, "registry.blob", "another size");
    return std::make_unique<Partial>(*this, id.text(), bytes);
}
Result<void> MemoryBlobs::remove(const BlobId& id) {
    if (id == BlobId())
        return fail(Code::invalid, "test.blob", "no id");
    whole.erase(id.text());
    partials.erase(id.text());
    return {};
}

Result<Bytes> DirectCarrier::call(ByteView request) {
    const Fate now = fate();
    if (now == Fate::lose_request)
        return fail(Code::unavailable, "test.lost", "the request was lost");
    if (now == Fate::deliver_twice)
        serve_(request);
    Bytes answer = serve_(request);
    if (now == Fate::lose_answer)
        return fail(Code::unavailable, "test.lost", "the answer was lost");
    return answer;
}

} // namespace valise::testing
