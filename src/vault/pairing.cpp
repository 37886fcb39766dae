// SPDX-License-Identifier: Apache-2.0
#include "crypto/equal.h"
#include "vault/vault.h"

#include <set>

// Whom the vault trusts as peer, and why.
namespace valise::vault {

Result<agreement::KeyList> Vault::peer_keys() {
    if (state_.peer.empty())
        return fail(Code::refused, "vault.no_peer", "no peer is confirmed");
    return agreement::KeyList::parse(state_.peer_key_list);
}

Result<void> Vault::check_peer(const agreement::KeyList& peer,
                               const agreement::Confirmation& confirmation) const {
    if (!book_)
        return fail(Code::conflict, "vault.not_begun", "no terms are known to pair under");
    const agreement::Terms& terms = book_->terms();
    const agreement::Party* other = terms.other(own_.party);
    const auto expected = agreement::Confirmation::of(
        terms.id(), terms.digest(), {own_.party, own_.root}, {peer.party, peer.root});
    if (other == nullptr || peer.party != other->code || expected.bytes() != confirmation.bytes())
        return fail(Code::refused, "vault.confirmation", "names other terms, parties or keys");
    if (!state_.peer.empty()) {
        TRY_ASSIGN(const auto known, agreement::KeyList::parse(state_.peer_key_list));
        if (known.party != peer.party || known.root != peer.root)
            return fail(Code::refused, "vault.other_peer", "another root key is confirmed");
    }
    return {};
}

Result<void> Vault::check_peer_logs(const agreement::KeyList& peer) const {
    std::set<std::string> taken{epoch_origin(own_.private_log.origin, 1),
                                epoch_origin(own_.shared_log.origin, 1)};
    for (const tlog::LogKeys& log : neutral_)
        taken.insert(epoch_origin(log.origin(), 1));
    for (const agreement::LogKeys* log : {&peer.private_log, &peer.shared_log})
        if (!taken.insert(epoch_origin(log->origin, 1)).second)
            return fail(Code::refused, "vault.peer_origin", "a log of theirs has a taken name");
    return {};
}

Result<void> Vault::check_pair_act(ByteView pair_act, const agreement::KeyList& peer,
                                   const agreement::Confirmation& confirmation) const {
    TRY_ASSIGN(const auto act, logbook::SignedAct::parse(pair_act));
    TRY(act.verify());
    TRY_ASSIGN(const std::string named, act.act().field("peer"));
    TRY_ASSIGN(const std::string fingerprint, act.act().field("fingerprint"));
    if (act.act().kind() != logbook::ActKind::pair || named != peer.party ||
        fingerprint != confirmation.fingerprint() ||
        !crypto::constant_time_equal(act.act().signer(), keystore_.founders.control_officer.key))
        return fail(Code::refused, "vault.not_signed_by",
                    "pairing needs the founding control officer's act over this fingerprint");
    return {};
}

Result<Bytes> Vault::confirm_peer(ByteView confirmation, ByteView peer_key_list,
                                  ByteView peer_key_list_signature, ByteView pair_act) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const auto peer, verify_key_list(peer_key_list, peer_key_list_signature));
    TRY_ASSIGN(const auto parsed, agreement::Confirmation::parse(confirmation));
    if (parsed.bytes() != to_bytes(confirmation))
        return fail(Code::refused, "vault.confirmation", "not in the one form of its kind");
    TRY(check_peer(peer, parsed));
    TRY(check_peer_logs(peer));
    TRY(check_pair_act(pair_act, peer, parsed));
    auto keys = audit::check_key_list(peer_key_list, peer_key_list_signature, "peer key list");
    if (!keys)
        return fail(event_refused(keys.error()));
    VaultState next = state_;
    next.peer = peer.party;
    next.peer_key_list = to_bytes(peer_key_list);
    next.peer_key_list_signature = to_bytes(peer_key_list_signature);
    TRY(next.save(store_, cipher_));
    state_ = std::move(next);
    book_->set_peer(std::move(*keys));
    return keystore_.root.sign(agreement::Confirmation::signed_bytes(confirmation));
}

} // namespace valise::vault
