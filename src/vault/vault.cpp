// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.h"

#include "tlog/cose.h"
#include "tlog/cosignature.h"
#include "tlog/proof.h"

#include <set>

namespace valise::vault {

Bytes receipt_signed_bytes(ByteView receipt) {
    Bytes out = to_bytes("valise/receipt/v1");
    out.push_back(0);
    append(out, receipt);
    return out;
}

Result<tlog::LogKeys> log_keys(const agreement::LogKeys& keys) {
    if (keys.vkeys.size() != 2)
        return fail(Code::invalid, "agreement.key_list", "expected two vkeys");
    TRY_ASSIGN(auto one, tlog::Verifier::parse(keys.vkeys[0]));
    TRY_ASSIGN(auto two, tlog::Verifier::parse(keys.vkeys[1]));
    // The origin is what trees are remembered by, the name is what checkpoints are verified under.
    if (one.name() != keys.origin || two.name() != keys.origin)
        return fail(Code::invalid, "agreement.key_list", "vkeys of another origin");
    return tlog::LogKeys::make(std::move(one), std::move(two));
}

Result<agreement::KeyList> verify_key_list(ByteView key_list, ByteView signature) {
    TRY_ASSIGN(auto list, agreement::KeyList::parse(key_list));
    TRY_ASSIGN(const auto root, hybrid_verifier(list.root));
    TRY(root.verify(agreement::KeyList::signed_bytes(key_list), signature));
    return list;
}

Result<std::unique_ptr<Vault>> Vault::start(Keystore keystore, StateStore& store,
                                            const Clock& clock, std::vector<tlog::LogKeys> neutral,
                                            Renderer* renderer) {
    TRY_ASSIGN(auto cipher, crypto::RecordCipher::create(keystore.state_key.clone(
                                SecretAccess::because("sealing the vault's state"))));
    TRY_ASSIGN(auto state, VaultState::load(store, cipher));
    keystore.private_log.name = epoch_origin(keystore.private_log.name, state.private_epoch);
    keystore.shared_log.name = epoch_origin(keystore.shared_log.name, state.shared_epoch);
    TRY_ASSIGN(auto own, own_key_list(keystore, state));
    TRY_ASSIGN(auto private_log, log_keys(own.private_log));
    TRY_ASSIGN(auto shared_log, log_keys(own.shared_log));
    // Trees are remembered by origin: a stranger's log under one of our names would stop ours.
    std::set<std::string> origins{own.private_log.origin, own.shared_log.origin};
    for (const tlog::LogKeys& log : neutral)
        if (!origins.insert(log.origin()).second)
            return fail(Code::invalid, "vault.witnessed", log.origin() + " is taken");
    return std::unique_ptr<Vault>(new Vault(
        std::move(keystore), store, clock, std::move(cipher), std::move(state), std::move(own),
        std::move(private_log), std::move(shared_log), std::move(neutral), renderer));
}

Result<Identity> Vault::identity() {
    const std::scoped_lock lock(mutex_);
    Identity out;
    out.party = keystore_.party;
    out.key_list = own_.bytes();
    TRY_ASSIGN(out.key_list_signature,
               keystore_.root.sign(agreement::KeyList::signed_bytes(out.key_list)));
    out.root_public = own_.root;
    out.peer_trusted = !state_.peer.empty();
    return out;
}

Result<DaemonSecrets> Vault::daemon_secrets() {
    const auto access = SecretAccess::because("the daemon's own link and database");
    return DaemonSecrets{keystore_.tls_private_key.clone(access), keystore_.tls_certificate,
                         keystore_.storage_key.clone(access), keystore_.founders};
}

tlog::WitnessState Vault::last_tree(const std::string& origin) const {
    const auto found = state_.trees.find(origin);
    return found == state_.trees.end() ? tlog::WitnessState{} : found->second;
}

Result<std::uint64_t> Vault::signed_size(LogId log) {
    const std::scoped_lock lock(mutex_);
    return last_tree((log == LogId::private_log ? private_log_ : shared_log_).origin()).size;
}

tlog::WitnessState Vault::witnessed(const std::string& origin) {
    const std::scoped_lock lock(mutex_);
    return last_tree(origin);
}

// Two trees of one size, or a tree that does not grow from the last, would be a rewritten log.
Result<void> Vault::grows_from_last(const CheckpointRequest& request) const {
    const auto refused = [](const char* text) {
        return fail(Code::refused, "vault.inconsistent", text);
    };
    if (request.log == LogId::private_log) {
        // The book began with the tree that was signed last: it grows from it by being read.
        TRY_ASSIGN(const Book* known, book());
        if (request.size != known->size() || request.root != known->root())
            return refused("not the tree of the events that were shown");
        return {};
    }
    const tlog::WitnessState last = last_tree(shared_log_.origin());
    if (request.size < last.size)
        return fail(Code::refused, "vault.rollback",
                    "a larger tree was signed before: the database is older than it was");
    if (last.size > 0 && !tlog::verify_consistency(last.size, request.size, last.root, request.root,
                                                   request.consistency))
        return refused("the tree does not grow from the one signed last");
    return {};
}

Result<std::string> Vault::sign_checkpoint(const CheckpointRequest& request) {
    const std::scoped_lock lock(mutex_);
    const LogSigner& signer =
        request.log == LogId::private_log ? keystore_.private_log : keystore_.shared_log;
    TRY(grows_from_last(request));
    const tlog::Checkpoint checkpoint{signer.name, request.size, request.root};
    if (request.size != last_tree(signer.name).size) {
        VaultState next = state_;
        next.trees[signer.name] = {request.size, request.root};
        TRY(next.save(store_, cipher_)); // before the signature exists
        state_ = std::move(next);
    }
    TRY_ASSIGN(auto lines,
               tlog::sign_checkpoint(checkpoint, signer.ed25519, signer.ml_dsa_44, now()));
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::make(checkpoint, std::move(lines)));
    return note.print();
}

// The tree of the newest checkpoint and no other: a receipt says nothing that the checkpoint does
// not. What is signed begins as no note and no cosignature does.
Result<Bytes> Vault::sign_cose(LogId log) {
    const std::scoped_lock lock(mutex_);
    const LogSigner& signer =
        log == LogId::private_log ? keystore_.private_log : keystore_.shared_log;
    const auto last = last_tree(signer.name);
    if (last.size == 0)
        return fail(Code::refused, "vault.no_tree", "no tree of this log was signed yet");
    return tlog::sign_trees({signer.name, last.size, last.root}, signer.ed25519, signer.ml_dsa_44);
}

Result<std::optional<tlog::LogKeys>> Vault::witnessed_log(const std::string& origin) {
    std::optional<tlog::LogKeys> keys;
    if (const auto peer = peer_keys()) {
        for (const auto* log : {&peer->private_log, &peer->shared_log})
            if (log->origin == origin) {
                TRY_ASSIGN(keys, log_keys(*log));
            }
    }
    for (const tlog::LogKeys& log : neutral_)
        if (!keys && log.origin() == origin)
            keys = log;
    return keys;
}

Result<WitnessReply> Vault::cosign(const std::string& body) {
    const std::scoped_lock lock(mutex_);
    const auto reply = [](const tlog::WitnessAnswer& answer) {
        return WitnessReply{static_cast<unsigned>(answer.status), answer.body};
    };
    const auto request = tlog::WitnessRequest::parse(view(body));
    if (!request)
        return reply(tlog::witness_malformed());
    TRY_ASSIGN(const auto keys, witnessed_log(request->checkpoint().claimed_origin()));
    const tlog::WitnessState known = keys ? last_tree(keys->origin()) : tlog::WitnessState{};
    const auto decided = tlog::decide_witness(*request, keys ? &*keys : nullptr, known);
    if (!decided)
        return reply(decided.error());
    // What this very process holds the leaves of, it cosigns no other tree of.
    if (const auto peer = peer_keys(); peer && peer->shared_log.origin == decided->origin &&
                                       !as_mirrored({decided->size, decided->root}))
        return WitnessReply{422, "not consistent\n"};
    VaultState next = state_;
    next.trees[decided->origin] = {decided->size, decided->root};
    TRY(next.save(store_, cipher_)); // a witness that forgets can be made to sign two histories
    state_ = std::move(next);
    const LogSigner& witness = keystore_.witness;
    TRY_ASSIGN(auto one, tlog::cosign(*decided, witness.name, witness.ed25519, now()));
    TRY_ASSIGN(auto two, tlog::cosign(*decided, witness.name, witness.ml_dsa_44, now()));
    return reply(tlog::witness_accepts(std::vector{std::move(one), std::move(two)}));
}

} // namespace valise::vault
