// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "crypto/merkle.h"
#include "crypto/record_cipher.h"
#include "logbook/chronicle.h"
#include "logbook/event.h"
#include "logbook/landmarks.h"
#include "logbook/leaf.h"
#include "logbook/state.h"
#include "registry/catalogue.h"
#include "registry/journal_port.h"
#include "tlog/checkpoint.h"
#include "tlog/tree.h"
#include "vault/key_service_port.h"

#include <cstring>
#include <unordered_map>

namespace valise::registry {

// An event that is about to be recorded.
struct Draft {
    // seq and terms are filled in by the ledger, and the minute unless the act was decided at one.
    logbook::SkeletonFields skeleton;
    logbook::Opening opening; // without the signed act
    Bytes signed_act;         // empty for acts of the registry
    Hash32 document{};        // document commitment, zero = none
    // Set for what the agreement entitles the peer to know: a leaf in the shared log as well.
    bool shared = false;
    Hash32 link_tag{};

    // A person's act: its event is dated with the minute, and the second stands in the opening, so
    // that an outsider decides it again at the same time.
    Result<void> decided_at(Time now) {
        skeleton.minute = now.truncated_to_minute();
        return opening.add("decided", std::string_view(now.text()));
    }
};

// An event read back with its opening.
struct Recorded {
    StoredEvent stored;
    logbook::Skeleton skeleton;
    logbook::Opening opening; // empty when shredded
    Hash32 record_salt{};     // zero when shredded
};

// Logbook, both logs and the outbox as one thing that grows: the sequencer's view of the journal.
// Not thread-safe; the registry holds its lock around every call.
class Ledger {
public:
    // Reads everything back and checks that rows, leaves and commitments agree. Errors:
    // registry.rows (integrity), those of the journal.
    static Result<Ledger> open(Journal& journal, const Clock& clock, crypto::RecordCipher cipher,
                               const Hash32& terms, logbook::Landmarks landmarks = {});

    const logbook::State& state() const { return state_; }
    const logbook::Chronicle& chronicle() const { return chronicle_; }
    const logbook::Landmarks& landmarks() const { return landmarks_; }
    const tlog::MemoryTree& tree(LogName log) const {
        return trees_[static_cast<std::size_t>(log)];
    }
    // Never below the newest event: a clock set back cannot reorder the book.
    Time now() const;
    // What events are dated with; the second at which an act was decided stands in its opening.
    Time minute() const { return now().truncated_to_minute(); }

    // Records the drafts in order in one transaction, together with `extra` (outbox, notes), and
    // returns their seqs. On an error nothing is recorded; registry.journal ends the process.
    // While closed, a "recover" alone is recorded: integrity registry.behind.
    Result<std::vector<std::uint64_t>> record(std::vector<Draft> drafts, JournalChange extra = {});
    // What is recorded in between stands in the book and is durable with settle(). Until then
    // nobody may be told of it, and nothing may follow from it. Errors: registry.journal, after
    // which nothing more is recorded: the book here is ahead of the disk.
    Result<void> hold();
    Result<void> settle();
    // Fails between the two, and after what was held was lost: then the book here holds what no
    // disk does. Errors: internal registry.not_durable, registry.journal.
    Result<void> all_durable() const;
    void close(bool closed) { closed_ = closed; }

    Result<Recorded> event(std::uint64_t seq) const;
    // The newest event of this kind and stage about the dispatch, notice or incident of this id.
    Result<std::optional<Recorded>> newest(logbook::ActKind kind, logbook::Stage stage,
                                           const std::string& about) const;
    // Numbers of such events, from the first on; empty for an id that none names.
    const std::vector<std::uint64_t>& events_about(const std::string& id) const;
    // Numbers of the newest `max` events that name this item, the oldest first.
    std::vector<std::uint64_t> events_of(const ItemId& item, std::size_t max) const;
    // The newest event of this kind and stage, whatever it is about.
    Result<std::optional<Recorded>> newest(logbook::ActKind kind, logbook::Stage stage) const;

    // Leaves of the peer's shared log, which follow on from those that are held. Durable when this
    // returns. Errors: those of the journal.
    Result<void> mirror(std::vector<StoredLeaf> leaves, JournalChange extra = {});
    // The peer's shared log goes on under another name, and may lack leaves that are held: it is
    // mirrored from the first one on. What was held stays in notes mirror/closed/NAME/*.
    Result<void> mirror_anew(const std::string& name, JournalChange extra);
    // Leaves of our own shared log that come back from the mirror: the events that they speak of
    // are lost, so they stand under the permit to recover. Durable when this returns.
    Result<void> refill(std::vector<StoredLeaf> leaves);
    // The root that the shared log would have with these leaves behind its own.
    Hash32 shared_root_with(std::span<const StoredLeaf> leaves) const;
    // The root that the mirrored log would have with these leaves behind its own.
    Hash32 mirrored_root_with(std::span<const StoredLeaf> leaves) const;
    // Number of the leaf of this event in our shared log; none where the peer may not know of it.
    std::optional<std::uint64_t> shared_leaf_of(std::uint64_t seq) const;
    // Digest of a signed act -> it stands in the mirrored log, under this document.
    std::optional<Hash32> mirrored_document(const Hash32& act, logbook::ActKind kind) const;
    // Digests of the statements that the peer proposed.
    std::vector<Hash32> mirrored_proposals() const;

    // The events from this number on as the vault reads them, as many as it takes at once. Of
    // those before `checked`, which it signed before, without the openings that it no longer reads.
    Result<std::vector<vault::RecordedEvent>> shown(std::uint64_t from,
                                                    std::uint64_t checked) const;

    const Journal& journal() const { return *journal_; }
    // Erases what is sealed of this event's opening.
    Result<void> shred(std::uint64_t seq) { return journal_->shred(seq); }
    Result<void> note(const std::string& name, ByteView bytes);
    // A change without events or leaves: outbox and notes.
    Result<void> journal_commit(const JournalChange& change) { return commit(change); }

    // What is searched of each event, two bytes of it; the rest is read from the journal.
    struct Row {
        logbook::ActKind kind;
        logbook::Stage stage;
    };
    const std::vector<Row>& rows() const { return rows_; }
    const Catalogue& catalogue() const { return catalogue_; }
    bool act_known(const Hash32& digest) const { return acts_.contains(digest); }

private:
    Ledger(Journal& journal, const Clock& clock, crypto::RecordCipher cipher, const Hash32& terms,
           logbook::Landmarks landmarks)
        : journal_(&journal), clock_(&clock), cipher_(std::move(cipher)), terms_(terms),
          landmarks_(std::move(landmarks)) {}

    Result<void> commit(const JournalChange& change);
    Result<void> remember(const std::vector<StoredLeaf>& leaves,
                          const std::vector<logbook::Skeleton>& skeletons);
    bool shredded(std::uint64_t seq) const;
    Result<Bytes> unsealed(const StoredEvent& stored) const;
    Result<void> load();
    Result<void> load_leaves(LogName log);
    Result<StoredEvent> compose(const Draft& draft, const logbook::Skeleton& skeleton,
                                std::vector<StoredLeaf>& leaves, std::uint64_t shared_index) const;
    void remember(const logbook::Skeleton& skeleton, const logbook::Leaf& leaf);
    void remember_shared(const StoredLeaf& stored, const logbook::Leaf& leaf);
    void remember_mirrored(const StoredLeaf& stored, const logbook::Leaf& leaf);
    void follow(const logbook::Skeleton& skeleton);
    void follow_terms(const logbook::Skeleton& skeleton);

    bool closed_ = false;
    bool held_ = false;
    bool lost_ = false; // what was held did not become durable
    Journal* journal_;
    const Clock* clock_;
    crypto::RecordCipher cipher_;
    Hash32 terms_;
    logbook::State state_;
    logbook::Chronicle chronicle_;
    logbook::Landmarks landmarks_;
    std::array<tlog::MemoryTree, kLogs> trees_;
    crypto::CompactRange mirrored_;            // the right edge of trees_[2]
    crypto::CompactRange shared_edge_;         // of trees_[1]
    std::vector<std::uint64_t> shared_events_; // of the leaves of the shared log, in their order
    std::map<std::pair<logbook::ActKind, Hash32>, Hash32> mirrored_acts_; // statements on both logs
    std::vector<Row> rows_;
    std::map<std::string, std::vector<std::uint64_t>> about_;
    // A chain through the events of each item, from the newest back: eight bytes an event would be
    // a list for each item of a million. Numbers from 1; 0 ends it.
    struct RawIdHash {
        std::size_t operator()(const RawId& id) const { // ids are random or hashes already
            std::size_t out = 0;
            std::memcpy(&out, id.data(), sizeof(out));
            return out;
        }
    };
    std::unordered_map<RawId, std::uint32_t, RawIdHash> newest_of_item_;
    std::vector<std::uint32_t> before_of_item_;
    Catalogue catalogue_;
    std::set<Hash32> acts_;                              // digests of signed acts, against replay
    std::map<Hash32, std::uint64_t> newest_of_transfer_; // link tag -> newest shared leaf
};

} // namespace valise::registry
