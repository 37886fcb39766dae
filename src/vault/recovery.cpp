// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.h"

// A book that was restored from a backup. What this process signed last can not be continued: the
// events that it rests on are gone. It signs on under a new origin, so that nobody ever finds two
// trees of one log, and only when an officer signed what the book holds and lacks. //= design 6
namespace valise::vault {
namespace {

std::unexpected<Error> refused(const char* text) {
    return fail(Code::refused, "vault.recovery", text);
}

std::unexpected<Error> not_behind() {
    return fail(Code::refused, "vault.not_behind", "nothing more was signed than is here");
}

// A tree that this process signed, in whichever epoch: a backup may be older than the last one.
Result<tlog::Checkpoint> own_tree(const std::string& text, const LogSigner& signer) {
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(view(text)));
    const std::string origin = note.claimed_origin();
    if (epoch_origin(origin, 1) != epoch_origin(signer.name, 1))
        return refused("the checkpoint of another log");
    TRY_ASSIGN(auto one,
               tlog::Verifier::make(origin, tlog::KeyType::ed25519, signer.ed25519.public_bytes()));
    TRY_ASSIGN(auto two, tlog::Verifier::make(origin, tlog::KeyType::cosigner_ml_dsa_44,
                                              signer.ml_dsa_44.public_bytes()));
    TRY_ASSIGN(const auto keys, tlog::LogKeys::make(std::move(one), std::move(two)));
    return note.verify(keys);
}

// Same keys, other number at the end: an origin names its epoch.
bool same_but_for_epoch(const agreement::LogKeys& one, const agreement::LogKeys& other) {
    const auto keys = [](const agreement::LogKeys& log) -> Result<std::vector<Bytes>> {
        std::vector<Bytes> out;
        for (const std::string& vkey : log.vkeys) {
            TRY_ASSIGN(const auto verifier, tlog::Verifier::parse(vkey));
            out.push_back(to_bytes(verifier.public_bytes()));
        }
        return out;
    };
    const auto first = keys(one);
    const auto second = keys(other);
    return epoch_origin(one.origin, 1) == epoch_origin(other.origin, 1) && first && second &&
           *first == *second;
}

} // namespace

std::string epoch_origin(const std::string& origin, std::uint64_t epoch) {
    return origin.substr(0, origin.rfind('/') + 1) + std::to_string(epoch);
}

std::uint64_t epoch_of(const std::string& origin) {
    return std::strtoull(origin.c_str() + origin.rfind('/') + 1, nullptr, 10);
}

Result<tlog::LogKeys> log_keys_in(const agreement::LogKeys& keys, std::uint64_t epoch) {
    TRY_ASSIGN(const auto now, log_keys(keys));
    (void)now; // in the one form of its kind
    std::vector<tlog::Verifier> out;
    for (const std::string& vkey : keys.vkeys) {
        TRY_ASSIGN(const auto key, tlog::Verifier::parse(vkey));
        TRY_ASSIGN(auto other, tlog::Verifier::make(epoch_origin(keys.origin, epoch), key.type(),
                                                    key.public_bytes()));
        out.push_back(std::move(other));
    }
    return tlog::LogKeys::make(std::move(out[0]), std::move(out[1]));
}

tlog::WitnessState Vault::checked_tree() const {
    return recovering_ ? *recovering_ : last_tree(private_log_.origin());
}

Result<RecoveryReply> Vault::recover(const RecoveryRequest& request) {
    const std::scoped_lock lock(mutex_);
    return request.permit == 0 ? begin_recovery(request) : open_epoch(request);
}

// The events are read again from the first one: up to the tree of the note, which this process
// signed, they were checked before, and all behind it are checked as new ones.
Result<RecoveryReply> Vault::begin_recovery(const RecoveryRequest& request) {
    TRY_ASSIGN(const auto tree, own_tree(request.private_note, keystore_.private_log));
    const tlog::WitnessState last = last_tree(private_log_.origin());
    bool behind = tree.size < last.size || tree.origin != private_log_.origin();
    // This process's own file was restored too: its own signature says so.
    if (!behind && !request.shared_note.empty()) {
        TRY_ASSIGN(const auto shared, own_tree(request.shared_note, keystore_.shared_log));
        behind = shared.origin == shared_log_.origin() &&
                 shared.size > last_tree(shared_log_.origin()).size;
    }
    if (!behind)
        return not_behind();
    recovering_ = {tree.size, tree.root};
    book_.reset();
    return RecoveryReply{last.size, last.root, {}, {}};
}

Result<RecoveryReply> Vault::open_epoch(const RecoveryRequest& request) {
    if (!book_)
        return fail(Code::conflict, "vault.not_begun", "no event was shown since the start");
    TRY_ASSIGN(const auto act, book_->open_recovery(request.permit));
    TRY_ASSIGN(const std::string epoch, act.act().field("epoch"));
    if (!recovering_ && epoch == std::to_string(state_.private_epoch))
        return epoch_opened(); // asked again: the answer was lost
    if (!recovering_)
        return not_behind();
    const tlog::WitnessState last = last_tree(private_log_.origin());
    TRY_ASSIGN(const std::string held, act.act().field("held"));
    TRY_ASSIGN(const std::string signed_size, act.act().field("signed"));
    // The newest event, behind all that was checked before; over exactly this book and this loss:
    // sizes alone would let a taken-over daemon choose the events.
    TRY_ASSIGN(const std::string root, act.act().field("root"));
    TRY_ASSIGN(const Hash32 held_root, book_->root_at(request.permit));
    if (request.permit + 1 != book_->size() || request.permit < recovering_->size ||
        root != to_base64(held_root) || held != std::to_string(request.permit) ||
        signed_size != std::to_string(last.size) ||
        epoch != std::to_string(state_.private_epoch + 1))
        return refused("not the officer's act over what is here and what was signed");
    VaultState next = state_;
    ++next.private_epoch;
    next.epoch_since = now();
    next.trees[epoch_origin(private_log_.origin(), next.private_epoch)] = {
        book_->size(), book_->root()}; // with the act in it: a book without it is another one
    const tlog::WitnessState shared = last_tree(shared_log_.origin());
    tlog::WitnessState found;
    bool older = false; // of an epoch before the newest
    if (!request.shared_note.empty()) {
        TRY_ASSIGN(const auto tree, own_tree(request.shared_note, keystore_.shared_log));
        found = {tree.size, tree.root};
        older = tree.origin != shared_log_.origin();
    }
    if (found.size == shared.size && found.root != shared.root && found.size > 0 && !older)
        return refused("two trees of one size");
    // Leaves that the mirror did not have yet are gone too: that log goes on under a new origin.
    if (found.size < shared.size || older)
        ++next.shared_epoch;
    if (found.size > 0)
        next.trees[epoch_origin(shared_log_.origin(), next.shared_epoch)] = found;
    TRY(use(std::move(next)));
    return epoch_opened();
}

Result<void> Vault::use(VaultState next) {
    TRY(next.save(store_, cipher_)); // before anything is signed under the new origin
    state_ = std::move(next);
    recovering_.reset();
    keystore_.private_log.name = epoch_origin(keystore_.private_log.name, state_.private_epoch);
    keystore_.shared_log.name = epoch_origin(keystore_.shared_log.name, state_.shared_epoch);
    TRY_ASSIGN(auto list, own_key_list(keystore_, state_));
    TRY_ASSIGN(private_log_, log_keys(list.private_log));
    TRY_ASSIGN(shared_log_, log_keys(list.shared_log));
    // Member by member: what does not change is read without the lock.
    own_.serial = list.serial;
    own_.issued = list.issued;
    own_.private_log = std::move(list.private_log);
    own_.shared_log = std::move(list.shared_log);
    return {};
}

Result<RecoveryReply> Vault::epoch_opened() const {
    const auto closed = last_tree(epoch_origin(private_log_.origin(), state_.private_epoch - 1));
    RecoveryReply out{closed.size, closed.root, own_.bytes(), {}};
    TRY_ASSIGN(out.key_list_signature,
               keystore_.root.sign(agreement::KeyList::signed_bytes(out.key_list)));
    return out;
}

Result<agreement::KeyList> own_key_list(const Keystore& keystore, const VaultState& state) {
    TRY_ASSIGN(auto list, keystore.key_list());
    list.serial = state.private_epoch + state.shared_epoch - 1;
    if (state.epoch_since)
        list.issued = *state.epoch_since;
    return list;
}

// Whom the peer is, pairing confirmed; which epoch its logs are in, its root key says.
Result<std::uint64_t> Vault::follow_peer(ByteView key_list, ByteView signature) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const auto known, peer_keys());
    TRY_ASSIGN(auto list, verify_key_list(key_list, signature));
    if (list.party != known.party || list.root != known.root)
        return fail(Code::refused, "vault.other_peer", "another root key is confirmed");
    if (list.serial <= known.serial)
        return known.serial;
    agreement::KeyList same = list;
    same.serial = known.serial;
    same.issued = known.issued;
    same.private_log = known.private_log;
    same.shared_log = known.shared_log;
    if (same != known || !same_but_for_epoch(list.private_log, known.private_log) ||
        !same_but_for_epoch(list.shared_log, known.shared_log))
        return fail(Code::refused, "vault.peer_keys",
                    "more changed than the epoch of a log: pair anew");
    TRY(check_peer_logs(list));
    // No log goes back to a name that it gave up.
    if (epoch_of(list.private_log.origin) < epoch_of(known.private_log.origin) ||
        epoch_of(list.shared_log.origin) < epoch_of(known.shared_log.origin))
        return fail(Code::refused, "vault.peer_keys", "an earlier epoch than is known");
    // Its shared log may lack leaves that were shown: they are shown anew.
    const bool mirror_anew = list.shared_log.origin != known.shared_log.origin;
    VaultState next = state_;
    next.peer_key_list = to_bytes(key_list);
    next.peer_key_list_signature = to_bytes(signature);
    TRY(next.save(store_, cipher_));
    state_ = std::move(next);
    if (mirror_anew)
        mirrored_ = {};
    return list.serial;
}

} // namespace valise::vault
