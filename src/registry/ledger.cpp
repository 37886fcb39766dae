// SPDX-License-Identifier: Apache-2.0
#include "registry/ledger.h"

#include "crypto/merkle.h"
#include "crypto/random.h"
#include "logbook/commitment.h"
#include "logbook/leaf.h"

#include <algorithm>
#include <exception>
#include <future>
#include <ranges>

namespace valise::registry {
namespace {

using logbook::Leaf;
using logbook::Opening;
using logbook::Skeleton;

constexpr std::size_t kPage = 512;
constexpr const char* kLost = "what was held is lost";

// The seq is associated data: an opening cannot be moved to another event.
Bytes opening_aad(std::uint64_t seq) {
    Bytes out = to_bytes("valise/opening/v1");
    out.push_back(0);
    append_u64(out, seq);
    return out;
}

Error broken(std::uint64_t seq, const Error& cause) {
    return Error(Code::integrity, "registry.rows",
                 "event " + std::to_string(seq) + ": " + cause.text());
}

} // namespace

Result<Ledger> Ledger::open(Journal& journal, const Clock& clock, crypto::RecordCipher cipher,
                            const Hash32& terms, logbook::Landmarks landmarks) {
    Ledger ledger(journal, clock, std::move(cipher), terms, std::move(landmarks));
    TRY(ledger.load());
    return ledger;
}

namespace {

// A row whose leaf, skeleton and commitment agree.
struct Agreed {
    Leaf leaf;
    Skeleton skeleton;
};

Result<Agreed> agreed(std::uint64_t seq, const StoredEvent& stored, const StoredLeaf& stored_leaf) {
    if (stored.seq != seq || stored_leaf.index != seq || stored.field_leaves.empty())
        return fail(Code::integrity, "registry.rows", "out of order");
    TRY_ASSIGN(Leaf leaf, Leaf::parse(stored_leaf.leaf));
    TRY_ASSIGN(Skeleton skeleton, Skeleton::parse(stored.skeleton));
    TRY(logbook::verify_skeleton(leaf.fields().commitment, stored.skeleton, stored.skeleton_salt,
                                 std::span(stored.field_leaves).subspan(1)));
    TRY(leaf.agrees_with(skeleton, leaf.fields().commitment));
    return Agreed{std::move(leaf), std::move(skeleton)};
}

Result<std::vector<Agreed>> agreed_page(const Journal& journal, std::uint64_t from) {
    TRY_ASSIGN(const auto events, journal.events(from, kPage));
    TRY_ASSIGN(const auto leaves, journal.leaves(LogName::private_log, from, kPage));
    if (events.size() != leaves.size())
        return fail(Code::integrity, "registry.rows", "events and leaves differ in number");
    std::vector<Agreed> out;
    out.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        auto row = agreed(from + i, events[i], leaves[i]);
        if (!row)
            return fail(broken(events[i].seq, row.error()));
        out.push_back(std::move(*row));
    }
    return out;
}

// A passkey never signs one act alike: a second touch has another digest, and the same challenge.
std::optional<Hash32> touched(ByteView signed_act) {
    const auto act = logbook::SignedAct::parse(signed_act);
    if (!act || !act->act().by_passkey())
        return std::nullopt;
    return logbook::SignedAct::challenge(act->act());
}

// Longer ago no act can be signed that is taken today: a day before it, recorded a day after.
constexpr std::int64_t kTouchedSeconds = std::int64_t{3} * 24 * 3600;

} // namespace

// One page is folded while the next is read: nobody else touches the journal yet.
Result<void> Ledger::load() {
    std::vector<std::uint64_t> by_passkey;
    const std::int64_t since = clock_->now().seconds - kTouchedSeconds;
    const auto read = [this](std::uint64_t from) {
        return std::async(std::launch::async,
                          [journal = journal_, from] { return agreed_page(*journal, from); });
    };
    for (auto next = read(0);;) {
        TRY_ASSIGN(const auto page, next.get());
        if (page.empty())
            break;
        next = read(rows_.size() + page.size());
        for (const Agreed& row : page) {
            if (const auto applied = state_.apply(row.skeleton); !applied)
                return fail(broken(rows_.size(), applied.error()));
            remember(row.skeleton, row.leaf);
            if (row.skeleton.stage() == logbook::Stage::permitted &&
                row.skeleton.fact("signed_by") == "passkey" &&
                row.skeleton.minute().seconds >= since)
                by_passkey.push_back(row.skeleton.seq());
            landmarks_.follow(state_, chronicle_);
        }
    }
    for (const LogName log : {LogName::shared_log, LogName::mirrored_log})
        TRY(load_leaves(log));
    for (const std::uint64_t seq : by_passkey) {
        TRY_ASSIGN(const Recorded recorded, event(seq));
        const Bytes* act = recorded.opening.find("act");
        if (const auto challenge = act == nullptr ? std::nullopt : touched(*act))
            acts_.insert(*challenge);
    }
    return {};
}

Result<void> Ledger::load_leaves(LogName log) {
    for (;;) {
        TRY_ASSIGN(const auto leaves, journal_->leaves(log, tree(log).size(), kPage));
        if (leaves.empty())
            return {};
        for (const StoredLeaf& stored : leaves) {
            TRY_ASSIGN(const Leaf leaf, Leaf::parse(stored.leaf));
            if (log == LogName::shared_log)
                remember_shared(stored, leaf);
            else
                remember_mirrored(stored, leaf);
        }
    }
}

void Ledger::remember_shared(const StoredLeaf& stored, const Leaf& leaf) {
    const Hash32 hash = crypto::leaf_hash(stored.leaf);
    newest_of_transfer_[leaf.fields().link_tag] = trees_[1].append(hash);
    shared_edge_.append(hash);
    shared_events_.push_back(stored.event);
}

void Ledger::remember_mirrored(const StoredLeaf& stored, const Leaf& leaf) {
    const Hash32 hash = crypto::leaf_hash(stored.leaf);
    trees_[2].append(hash);
    mirrored_.append(hash);
    const auto& fields = leaf.fields();
    if (fields.kind == logbook::ActKind::reconcile || fields.kind == logbook::ActKind::countersign)
        mirrored_acts_[{fields.kind, fields.signed_act}] = fields.document;
}

Result<void> Ledger::mirror(std::vector<StoredLeaf> leaves, JournalChange extra) {
    std::vector<Leaf> read;
    for (const StoredLeaf& stored : leaves) {
        TRY_ASSIGN(auto leaf, Leaf::parse(stored.leaf));
        read.push_back(std::move(leaf));
    }
    extra.leaves = leaves;
    TRY(commit(extra));
    for (std::size_t i = 0; i < leaves.size(); ++i)
        remember_mirrored(leaves[i], read[i]);
    return {};
}

Result<void> Ledger::mirror_anew(const std::string& name, JournalChange extra) {
    constexpr std::size_t kInNote = 4096;
    for (std::uint64_t from = 0; from < trees_[2].size(); from += kInNote) {
        TRY_ASSIGN(const auto held, journal_->leaves(LogName::mirrored_log, from, kInNote));
        Bytes& note = extra.notes["mirror/closed/" + name + "/" + std::to_string(from)];
        for (const StoredLeaf& stored : held)
            append(note, stored.leaf);
    }
    extra.mirror_anew = true;
    TRY(commit(extra));
    trees_[2] = {};
    mirrored_ = {};
    mirrored_acts_.clear();
    return {};
}

Result<void> Ledger::refill(std::vector<StoredLeaf> leaves) {
    std::vector<Leaf> read;
    for (const StoredLeaf& stored : leaves) {
        TRY_ASSIGN(auto leaf, Leaf::parse(stored.leaf));
        read.push_back(std::move(leaf));
    }
    JournalChange change;
    change.leaves = leaves;
    TRY(commit(change));
    for (std::size_t i = 0; i < leaves.size(); ++i)
        remember_shared(leaves[i], read[i]);
    return {};
}

Hash32 Ledger::shared_root_with(std::span<const StoredLeaf> leaves) const {
    crypto::CompactRange edge = shared_edge_;
    for (const StoredLeaf& stored : leaves)
        edge.append(crypto::leaf_hash(stored.leaf));
    return edge.root();
}

Hash32 Ledger::mirrored_root_with(std::span<const StoredLeaf> leaves) const {
    crypto::CompactRange edge = mirrored_;
    for (const StoredLeaf& stored : leaves)
        edge.append(crypto::leaf_hash(stored.leaf));
    return edge.root();
}

std::optional<std::uint64_t> Ledger::shared_leaf_of(std::uint64_t seq) const {
    const auto found = std::ranges::lower_bound(shared_events_, seq);
    if (found == shared_events_.end() || *found != seq)
        return std::nullopt;
    // Leaves that came back stand under the permit to recover, which has none of its own.
    if (rows_[seq].kind == logbook::ActKind::recover &&
        rows_[seq].stage == logbook::Stage::permitted)
        return std::nullopt;
    return static_cast<std::uint64_t>(found - shared_events_.begin());
}

std::optional<Hash32> Ledger::mirrored_document(const Hash32& act, logbook::ActKind kind) const {
    const auto found = mirrored_acts_.find({kind, act});
    return found == mirrored_acts_.end() ? std::nullopt : std::optional(found->second);
}

void Ledger::remember(const Skeleton& skeleton, const Leaf& leaf) {
    trees_[0].append(crypto::leaf_hash(leaf.bytes()));
    for (const char* name : {"dispatch", "notice", "incident"})
        if (const auto id = skeleton.ids().find(name); id != skeleton.ids().end())
            about_[id->second].push_back(rows_.size());
    before_of_item_.push_back(0);
    if (const auto id = skeleton.ids().find("item"); id != skeleton.ids().end())
        if (const auto item = ItemId::parse(id->second)) {
            std::uint32_t& newest = newest_of_item_[raw_id(*item)];
            before_of_item_.back() = newest;
            newest = static_cast<std::uint32_t>(rows_.size() + 1);
        }
    rows_.push_back({skeleton.kind(), skeleton.stage()});
    chronicle_.take(skeleton);
    follow(skeleton);
    follow_terms(skeleton);
    if (leaf.fields().signed_act != Hash32{})
        acts_.insert(leaf.fields().signed_act);
}

//= O-48
// From the next event on the book is under the terms that this one put in force.
void Ledger::follow_terms(const Skeleton& skeleton) {
    if (skeleton.kind() != logbook::ActKind::put_in_force ||
        skeleton.stage() != logbook::Stage::permitted)
        return;
    const auto digest = from_base64(skeleton.fact("adopted"));
    if (digest && digest->size() == terms_.size()) // as every skeleton's is
        std::ranges::copy(*digest, terms_.begin());
}

// The item that an event names, or that of its dispatch, may be another afterwards.
void Ledger::follow(const Skeleton& skeleton) {
    if (const auto item = ItemId::parse(skeleton.id("item")))
        catalogue_.follow(state_, *item);
    const auto dispatch = DispatchId::parse(skeleton.id("dispatch"));
    const auto* known = dispatch ? state_.dispatch(*dispatch) : nullptr;
    if (known != nullptr)
        catalogue_.follow(state_, known->item);
}

Time Ledger::now() const {
    return std::max(clock_->now(), state_.last_minute());
}

Result<StoredEvent> Ledger::compose(const Draft& draft, const Skeleton& skeleton,
                                    std::vector<StoredLeaf>& leaves,
                                    std::uint64_t shared_index) const {
    Opening opening = draft.opening;
    logbook::LeafFields fields;
    if (!draft.signed_act.empty()) {
        TRY(opening.add("act", draft.signed_act));
        TRY_ASSIGN(const auto act, logbook::SignedAct::parse(draft.signed_act));
        fields.signed_act = act.digest();
    }
    const Hash32 record_salt = crypto::random_array<32>();
    const auto commitment = logbook::Commitment::of(skeleton.bytes(), opening, record_salt);
    fields.kind = skeleton.kind();
    fields.stage = skeleton.stage();
    fields.minute = skeleton.minute();
    fields.act_number = skeleton.seq();
    fields.commitment = commitment.root();
    fields.document = draft.document;

    const auto push = [&](LogName log, std::uint64_t index, const Leaf& leaf) {
        StoredLeaf stored{log, index, {}, skeleton.seq()};
        std::copy(leaf.bytes().begin(), leaf.bytes().end(), stored.leaf.begin());
        leaves.push_back(stored);
    };
    push(LogName::private_log, skeleton.seq(), Leaf::in_private_log(fields));
    if (draft.shared) {
        fields.act_number = shared_index;
        fields.link_tag = draft.link_tag;
        if (const auto last = newest_of_transfer_.find(draft.link_tag);
            last != newest_of_transfer_.end() && draft.link_tag != Hash32{})
            fields.previous = last->second;
        // The commitment in the shared leaf is the same: the peer learns nothing from it, and one
        // opening explains both leaves.
        push(LogName::shared_log, shared_index, Leaf::in_shared_log(fields));
    }
    StoredEvent stored{
        skeleton.seq(), skeleton.bytes(), commitment.salt(0), commitment.field_leaves(), {}};
    Bytes plain(record_salt.begin(), record_salt.end());
    append(plain, opening.bytes());
    stored.sealed_opening = cipher_.seal(opening_aad(skeleton.seq()), plain);
    wipe(plain);
    return stored;
}

Result<void> Ledger::hold() {
    TRY(journal_->hold());
    held_ = true;
    return {};
}

Result<void> Ledger::settle() {
    held_ = false;
    const bool whole = !lost_;
    lost_ = true; // also should it throw
    const auto done = journal_->settle();
    lost_ = !whole || !done;
    if (done && lost_)
        return fail(Code::internal, "registry.journal", kLost);
    return done;
}

Result<void> Ledger::all_durable() const {
    if (held_)
        return fail(Code::internal, "registry.not_durable",
                    "nothing is signed that is not durable");
    if (lost_)
        return fail(Code::internal, "registry.journal", kLost);
    return {};
}

// One that fails among others, by an error or an exception, takes those before it along.
Result<void> Ledger::commit(const JournalChange& change) {
    if (lost_)
        return fail(Code::internal, "registry.journal", kLost);
    lost_ = held_;
    const auto done = journal_->commit(change);
    if (done)
        lost_ = false;
    return done;
}

Result<std::vector<std::uint64_t>> Ledger::record(std::vector<Draft> drafts, JournalChange extra) {
    if (lost_)
        return fail(Code::internal, "registry.journal", kLost);
    if (closed_ && !std::ranges::all_of(drafts, [](const Draft& draft) {
            return draft.skeleton.kind == logbook::ActKind::recover;
        }))
        return fail(Code::integrity, "registry.behind",
                    "the book lacks what was signed: nothing is recorded before it is recovered");
    logbook::State state = state_;
    std::vector<std::uint64_t> seqs;
    std::vector<Skeleton> skeletons;
    std::uint64_t shared_index = trees_[1].size();
    for (Draft& draft : drafts) {
        draft.skeleton.seq = state.next_seq();
        if (draft.skeleton.minute == Time{})
            draft.skeleton.minute = minute();
        draft.skeleton.terms = terms_;
        TRY_ASSIGN(auto skeleton, Skeleton::make(draft.skeleton));
        TRY(state.apply(skeleton));
        TRY_ASSIGN(auto stored, compose(draft, skeleton, extra.leaves, shared_index));
        shared_index += draft.shared ? 1 : 0;
        extra.events.push_back(std::move(stored));
        seqs.push_back(skeleton.seq());
        skeletons.push_back(std::move(skeleton));
    }
    TRY(commit(extra)); // E0, unless it is held
    try {
        state_ = std::move(state);
        TRY(remember(extra.leaves, skeletons));
        for (const Draft& draft : drafts)
            if (draft.skeleton.stage == logbook::Stage::permitted && !draft.signed_act.empty())
                if (const auto challenge = touched(draft.signed_act))
                    acts_.insert(*challenge);
    } catch (...) {
        // A book that lacks what is recorded would decide by what is no longer so: only a new start
        // reads it.
        std::terminate();
    }
    return seqs;
}

Result<void> Ledger::remember(const std::vector<StoredLeaf>& leaves,
                              const std::vector<Skeleton>& skeletons) {
    std::size_t next_skeleton = 0;
    for (const StoredLeaf& stored : leaves) {
        const auto leaf = Leaf::parse(stored.leaf);
        if (!leaf)
            return fail(Code::internal, "registry.rows", "a leaf that we made cannot be read");
        if (stored.log == LogName::private_log)
            remember(skeletons[next_skeleton++], *leaf);
        else
            remember_shared(stored, *leaf);
    }
    landmarks_.follow(state_, chronicle_);
    return {};
}

// Of its opening, what was sealed: record salt and opening.
Result<Bytes> Ledger::unsealed(const StoredEvent& stored) const {
    TRY_ASSIGN(Bytes plain, cipher_.open(opening_aad(stored.seq), stored.sealed_opening));
    if (plain.size() < 32)
        return fail(Code::integrity, "registry.rows", "opening cut short");
    return plain;
}

// What came back with an old database is read by nobody.
bool Ledger::shredded(std::uint64_t seq) const {
    const auto found = state_.shredded().find(seq);
    return found != state_.shredded().end() && found->second.done;
}

Result<Recorded> Ledger::event(std::uint64_t seq) const {
    TRY_ASSIGN(auto events, journal_->events(seq, 1));
    if (events.empty() || events.front().seq != seq)
        return fail(Code::not_found, "registry.no_event", "event " + std::to_string(seq));
    TRY_ASSIGN(auto skeleton, Skeleton::parse(events.front().skeleton));
    Recorded out{std::move(events.front()), std::move(skeleton), {}, {}};
    if (shredded(seq))
        out.stored.sealed_opening.clear();
    if (out.stored.sealed_opening.empty())
        return out;
    TRY_ASSIGN(const Bytes plain, unsealed(out.stored));
    std::copy_n(plain.begin(), 32, out.record_salt.begin());
    TRY_ASSIGN(out.opening, Opening::parse(ByteView(plain).subspan(32)));
    return out;
}

std::vector<std::uint64_t> Ledger::events_of(const ItemId& item, std::size_t max) const {
    std::vector<std::uint64_t> out;
    const auto newest = newest_of_item_.find(raw_id(item));
    for (std::uint32_t at = newest == newest_of_item_.end() ? 0 : newest->second;
         at != 0 && out.size() < max; at = before_of_item_[at - 1])
        out.push_back(at - 1);
    std::ranges::reverse(out);
    return out;
}

const std::vector<std::uint64_t>& Ledger::events_about(const std::string& id) const {
    static const std::vector<std::uint64_t> kNone;
    const auto found = about_.find(id);
    return found == about_.end() ? kNone : found->second;
}

Result<std::optional<Recorded>> Ledger::newest(logbook::ActKind kind, logbook::Stage stage,
                                               const std::string& about) const {
    for (const std::uint64_t seq : std::views::reverse(events_about(about))) {
        if (rows_[seq].kind != kind || rows_[seq].stage != stage)
            continue;
        TRY_ASSIGN(auto found, event(seq));
        return std::optional<Recorded>(std::move(found));
    }
    return std::optional<Recorded>();
}

Result<std::optional<Recorded>> Ledger::newest(logbook::ActKind kind, logbook::Stage stage) const {
    for (std::size_t seq = rows_.size(); seq-- > 0;) {
        if (rows_[seq].kind != kind || rows_[seq].stage != stage)
            continue;
        TRY_ASSIGN(auto found, event(seq));
        return std::optional<Recorded>(std::move(found));
    }
    return std::optional<Recorded>();
}

Result<std::vector<vault::RecordedEvent>> Ledger::shown(std::uint64_t from,
                                                        std::uint64_t checked) const {
    TRY(all_durable());
    TRY_ASSIGN(const auto leaves,
               journal_->leaves(LogName::private_log, from, vault::kMaxShownEvents));
    TRY_ASSIGN(const auto events, journal_->events(from, leaves.size()));
    if (events.size() != leaves.size() || from + events.size() > rows_.size() ||
        (events.empty() && from < rows_.size()))
        return fail(Code::integrity, "registry.rows", "events and leaves differ in number");
    std::vector<vault::RecordedEvent> out;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const StoredEvent& stored = events[i];
        const Row& row = rows_[from + i];
        vault::RecordedEvent next;
        next.leaf.assign(leaves[i].leaf.begin(), leaves[i].leaf.end());
        next.skeleton = stored.skeleton;
        next.salt = stored.skeleton_salt;
        next.fields = stored.field_leaves;
        const bool read = !shredded(from + i) &&
                          (from + i >= checked || vault::rests_on_opening(row.kind, row.stage));
        if (read && !stored.sealed_opening.empty()) {
            TRY_ASSIGN(const Bytes plain, unsealed(stored));
            std::copy_n(plain.begin(), 32, next.record_salt.emplace().begin());
            next.opening.assign(plain.begin() + 32, plain.end());
        }
        bytes += next.leaf.size() + next.skeleton.size() + next.opening.size();
        if (!out.empty() && bytes > vault::kMaxShownBytes)
            break;
        out.push_back(std::move(next));
    }
    return out;
}

std::vector<Hash32> Ledger::mirrored_proposals() const {
    std::vector<Hash32> out;
    for (const auto& [act, document] : mirrored_acts_)
        if (act.first == logbook::ActKind::reconcile)
            out.push_back(document);
    return out;
}

Result<void> Ledger::note(const std::string& name, ByteView bytes) {
    JournalChange change;
    change.notes[name] = to_bytes(bytes);
    return commit(change);
}

} // namespace valise::registry
