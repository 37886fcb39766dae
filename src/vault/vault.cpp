// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.h"

#include "crypto/equal.h"
#include "logbook/receipt.h"
#include "tlog/cosignature.h"
#include "tlog/proof.h"

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

Result<std::unique_ptr<Vault>> Vault::start(Keystore keystore, StateStore& store) {
    TRY_ASSIGN(auto cipher, crypto::RecordCipher::create(keystore.state_key.clone(
                                SecretAccess::because("sealing the vault's state"))));
    TRY_ASSIGN(auto state, VaultState::load(store, cipher));
    TRY_ASSIGN(auto own, keystore.key_list());
    TRY_ASSIGN(auto private_log, log_keys(own.private_log));
    TRY_ASSIGN(auto shared_log, log_keys(own.shared_log));
    return std::unique_ptr<Vault>(new Vault(std::move(keystore), store, std::move(cipher),
                                            std::move(state), std::move(own),
                                            std::move(private_log), std::move(shared_log)));
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

Result<std::uint64_t> Vault::signed_size(LogId log) {
    const std::scoped_lock lock(mutex_);
    const auto& origin = (log == LogId::private_log ? private_log_ : shared_log_).origin();
    const auto found = state_.trees.find(origin);
    return found == state_.trees.end() ? 0 : found->second.size;
}

tlog::WitnessState Vault::witnessed(const std::string& origin) {
    const std::scoped_lock lock(mutex_);
    const auto found = state_.trees.find(origin);
    return found == state_.trees.end() ? tlog::WitnessState{} : found->second;
}

Result<std::string> Vault::sign_checkpoint(const CheckpointRequest& request) {
    const std::scoped_lock lock(mutex_);
    const LogSigner& signer =
        request.log == LogId::private_log ? keystore_.private_log : keystore_.shared_log;
    const tlog::WitnessState last = state_.trees[signer.name];
    if (request.size < last.size)
        return fail(Code::refused, "vault.rollback",
                    "a larger tree was signed before: the database is older than it was");
    // Two trees of one size, or a tree that does not grow from the last, would be a rewritten log.
    const auto consistent = last.size == 0
                                ? Result<void>()
                                : tlog::verify_consistency(last.size, request.size, last.root,
                                                           request.root, request.consistency);
    if (!consistent)
        return fail(Code::refused, "vault.inconsistent",
                    "the tree does not grow from the one signed last");
    const tlog::Checkpoint checkpoint{signer.name, request.size, request.root};
    if (request.size != last.size) {
        VaultState next = state_;
        next.trees[signer.name] = {request.size, request.root};
        TRY(next.save(store_, cipher_)); // before the signature exists
        state_ = std::move(next);
    }
    TRY_ASSIGN(auto lines,
               tlog::sign_checkpoint(checkpoint, signer.ed25519, signer.ml_dsa_44, request.now));
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::make(checkpoint, std::move(lines)));
    return note.print();
}

Result<agreement::KeyList> Vault::peer_keys() {
    if (state_.peer.empty())
        return fail(Code::refused, "vault.no_peer", "no peer is confirmed");
    return agreement::KeyList::parse(state_.peer_key_list);
}

Result<WitnessReply> Vault::cosign(const std::string& body, Time now) {
    const std::scoped_lock lock(mutex_);
    const auto reply = [](const tlog::WitnessAnswer& answer) {
        return WitnessReply{static_cast<unsigned>(answer.status), answer.body};
    };
    const auto request = tlog::WitnessRequest::parse(view(body));
    if (!request)
        return reply(tlog::witness_malformed());
    std::optional<tlog::LogKeys> keys;
    if (const auto peer = peer_keys()) {
        for (const auto* log : {&peer->private_log, &peer->shared_log})
            if (log->origin == request->checkpoint().claimed_origin()) {
                TRY_ASSIGN(keys, log_keys(*log));
            }
    }
    const tlog::WitnessState known = keys ? state_.trees[keys->origin()] : tlog::WitnessState{};
    const auto decided = tlog::decide_witness(*request, keys ? &*keys : nullptr, known);
    if (!decided)
        return reply(decided.error());
    VaultState next = state_;
    next.trees[decided->origin] = {decided->size, decided->root};
    TRY(next.save(store_, cipher_)); // a witness that forgets can be made to sign two histories
    state_ = std::move(next);
    const LogSigner& witness = keystore_.witness;
    TRY_ASSIGN(auto one, tlog::cosign(*decided, witness.name, witness.ed25519, now));
    TRY_ASSIGN(auto two, tlog::cosign(*decided, witness.name, witness.ml_dsa_44, now));
    return reply(tlog::witness_accepts(std::vector{std::move(one), std::move(two)}));
}

Result<Bytes> Vault::confirm_peer(ByteView confirmation, ByteView peer_key_list,
                                  ByteView peer_key_list_signature, ByteView pair_act) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const auto peer, verify_key_list(peer_key_list, peer_key_list_signature));
    TRY_ASSIGN(const auto parsed, agreement::Confirmation::parse(confirmation));
    const auto expected = agreement::Confirmation::of(
        parsed.agreement, parsed.terms, {own_.party, own_.root}, {peer.party, peer.root});
    if (!(expected.bytes() == to_bytes(confirmation)))
        return fail(Code::refused, "vault.confirmation", "names other parties or keys");
    TRY_ASSIGN(const auto act, logbook::SignedAct::parse(pair_act));
    TRY(act.verify());
    TRY_ASSIGN(const std::string named, act.act().field("peer"));
    TRY_ASSIGN(const std::string fingerprint, act.act().field("fingerprint"));
    if (act.act().kind() != logbook::ActKind::pair || named != peer.party ||
        fingerprint != parsed.fingerprint() ||
        !crypto::constant_time_equal(act.act().signer(), keystore_.founders.control_officer.key))
        return fail(Code::refused, "vault.not_signed_by",
                    "pairing needs the founding control officer's act over this fingerprint");
    if (!state_.peer.empty()) {
        TRY_ASSIGN(const auto known, agreement::KeyList::parse(state_.peer_key_list));
        if (known.party != peer.party || known.root != peer.root)
            return fail(Code::refused, "vault.other_peer", "another root key is confirmed");
    }
    VaultState next = state_;
    next.peer = peer.party;
    next.peer_key_list = to_bytes(peer_key_list);
    next.peer_key_list_signature = to_bytes(peer_key_list_signature);
    TRY(next.save(store_, cipher_));
    state_ = std::move(next);
    return keystore_.root.sign(agreement::Confirmation::signed_bytes(confirmation));
}

Result<Bytes> Vault::sign_receipt(ByteView receipt, const RecordedEvent& permit) {
    TRY_ASSIGN(const auto parsed, logbook::Receipt::parse(receipt));
    TRY_ASSIGN(const auto proven, prove_recorded(permit, private_log_));
    const bool custody = parsed.fields().type == logbook::ReceiptType::custody;
    const auto kind = custody ? logbook::ActKind::arrive : logbook::ActKind::contents_receipt;
    if (proven.skeleton.kind() != kind || proven.skeleton.stage() == logbook::Stage::refused ||
        proven.skeleton.id("dispatch") != parsed.fields().dispatch.text() ||
        parsed.fields().party != own_.party)
        return fail(Code::refused, "vault.receipt", "no recorded act stands behind this receipt");
    return keystore_.receipt.sign(receipt_signed_bytes(receipt));
}

} // namespace valise::vault
