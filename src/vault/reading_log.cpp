// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.h"

// The private log as the daemon shows it, event by event.
namespace valise::vault {
namespace {

// The two clocks are one machine's, and a daemon records what is not yet shown over a restart. What
// is dated beyond that would let dates come true that have not.
constexpr std::int64_t kAheadSeconds = std::int64_t{24} * 3600;

} // namespace

Time Vault::now() const {
    return book_ ? std::max(clock_.now(), book_->state().last_minute()) : clock_.now();
}

Result<std::unique_ptr<Book>> Vault::new_book(agreement::Terms terms) {
    const Bytes list = own_.bytes();
    TRY_ASSIGN(const Bytes signature, keystore_.root.sign(agreement::KeyList::signed_bytes(list)));
    auto own = audit::check_key_list(list, signature, "key list");
    if (!own)
        return fail(event_refused(own.error()));
    auto out = std::make_unique<Book>(std::move(terms), std::move(*own), keystore_.founders);
    if (!state_.peer.empty()) {
        auto peer = audit::check_key_list(state_.peer_key_list, state_.peer_key_list_signature,
                                          "peer key list");
        if (!peer)
            return fail(event_refused(peer.error()));
        out->set_peer(std::move(*peer));
    }
    return out;
}

Result<std::uint64_t> Vault::begin(ByteView terms_bytes, bool test_mode) {
    TRY_ASSIGN(auto terms, agreement::Terms::parse(terms_bytes));
    terms.set_test_mode(test_mode);
    const std::scoped_lock lock(mutex_);
    const Hash32 digest = terms.digest();
    if (terms.party(own_.party) == nullptr)
        return fail(Code::refused, "vault.terms", "this party is none of theirs");
    if (state_.terms && (*state_.terms != digest || state_.test_mode != test_mode))
        return fail(Code::refused, "vault.terms",
                    "this registry was begun under other terms, or in the other mode");
    if (!state_.terms) {
        VaultState next = state_;
        next.terms = digest;
        next.test_mode = test_mode;
        TRY(next.save(store_, cipher_));
        state_ = std::move(next);
    }
    if (!book_) {
        TRY_ASSIGN(book_, new_book(std::move(terms)));
    }
    return book_->size();
}

Result<std::uint64_t> Vault::known_events() {
    const std::scoped_lock lock(mutex_);
    return book_ ? book_->size() : 0;
}

Result<void> Vault::take(const audit::Record& record, const tlog::WitnessState& last) {
    const bool is_new = record.index >= last.size;
    // What was read as one that a signed tree holds, before a restored book began again from a
    // smaller one: its signatures were not looked at.
    if (is_new && record.checked_before)
        return fail(Code::conflict, "vault.sequence", "the book began anew meanwhile");
    if (is_new && record.withheld)
        return fail(event_refused(
            {record.place("opening"), "vault.opening", "withheld before it was ever checked"}));
    if (is_new && record.skeleton.minute() > clock_.now().plus_seconds(kAheadSeconds))
        return fail(event_refused({record.place("skeleton, minute"), "vault.time",
                                   "more than a day ahead of the clock"}));
    TRY(book_->take(record));
    // Up to here it could be any log; from here on it is the one that was signed.
    if (book_->size() == last.size && book_->root() != last.root) {
        book_.reset();
        return fail(Code::refused, "vault.inconsistent",
                    "the events shown are not those of the tree signed last");
    }
    return {};
}

Result<std::uint64_t> Vault::record(std::uint64_t from, const std::vector<RecordedEvent>& events) {
    // What stands in the tree that was signed last was checked before that, and is the same if it
    // leads to the same root: take() compares it, and book() answers nobody before. Should a
    // restored book begin again from a smaller tree meanwhile, take() refuses what was read here.
    std::unique_lock state(mutex_);
    const std::uint64_t checked = checked_tree().size;
    state.unlock();
    // Hashes and signatures say the same whatever came before: they need no lock.
    std::vector<audit::Record> records;
    std::optional<Error> wrong;
    for (const RecordedEvent& event : events) {
        const std::uint64_t index = from + records.size();
        auto record = audit::check_record(index, event, index < checked);
        if (!record) {
            wrong = event_refused(record.error());
            break;
        }
        records.push_back(std::move(*record));
    }
    const std::scoped_lock lock(mutex_);
    if (!book_)
        return fail(Code::conflict, "vault.not_begun", "no terms are known to judge events by");
    if (from != book_->size())
        return fail(Code::conflict, "vault.sequence", "not the next event");
    const tlog::WitnessState last = checked_tree();
    for (const audit::Record& record : records)
        TRY(take(record, last));
    if (wrong)
        return fail(std::move(*wrong));
    return book_->size();
}

Result<const Book*> Vault::book() const {
    if (!book_)
        return fail(Code::conflict, "vault.not_begun", "no event was shown since the start");
    if (recovering_ || book_->size() < last_tree(private_log_.origin()).size)
        return fail(Code::refused, "vault.rollback",
                    "a larger tree was signed before: events are missing");
    return book_.get();
}

// What stands in no signed tree could still be taken back by a daemon that starts the vault anew.
Result<void> Vault::in_signed_tree(std::uint64_t seq) const {
    if (seq >= last_tree(private_log_.origin()).size)
        return fail(Code::refused, "vault.not_recorded", "the event stands in no signed tree");
    return {};
}

} // namespace valise::vault
