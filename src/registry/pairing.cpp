// SPDX-License-Identifier: Apache-2.0
#include "crypto/equal.h"
#include "registry/internal/impl.h"
#include "registry/internal/invitation.h"
#include "vault/vault.h"

#include <algorithm>

// Two registries get to know each other: an invitation carried by hand, one fingerprint read aloud.
namespace valise::registry {

using agreement::Confirmation;

Result<std::string> Registry::invitation(const std::string& endpoint) {
    const std::scoped_lock lock(impl_->mutex);
    return Invitation{.agreement = impl_->terms().id(),
                      .terms = impl_->terms().digest(),
                      .endpoint = endpoint,
                      .key_list = impl_->own.bytes(),
                      .key_list_signature = impl_->own_signature}
        .text();
}

namespace {

// Signatures are of one kind in every list that can be read; what documents are wrapped to is not.
Result<void> meets_suite(const agreement::Suite& suite, const agreement::KeyList& list) {
    TRY_ASSIGN(const auto key, crypto::WrapPublicKey::parse_der(list.unwrapping));
    const std::string_view scheme = crypto::to_string(key.scheme());
    return std::ranges::find(suite.wrap, scheme) != suite.wrap.end()
               ? Result<void>()
               : fail(Code::refused, "registry.suite",
                      "the peer's unwrapping key is of " + std::string(scheme) +
                          ", which the terms do not name");
}

} // namespace

Result<Registry::Acceptance> Registry::consider_invitation(const std::string& text) {
    const std::scoped_lock lock(impl_->mutex);
    TRY_ASSIGN(const Invitation invitation, Invitation::parse(text));
    const agreement::Terms& terms = impl_->terms();
    if (invitation.agreement != terms.id() || invitation.terms != terms.digest())
        return fail(Code::conflict, "registry.other_terms",
                    "the invitation is under other terms than ours");
    TRY_ASSIGN(const auto list,
               vault::verify_key_list(invitation.key_list, invitation.key_list_signature));
    const agreement::Party* other = terms.other(impl_->setup.party);
    if (other == nullptr || list.party != other->code)
        return fail(Code::invalid, "registry.invitation",
                    "the invitation is not the other party's");
    TRY(meets_suite(terms.suite(), list));
    const auto confirmation = Confirmation::of(
        terms.id(), terms.digest(), {impl_->own.party, impl_->own.root}, {list.party, list.root});
    Acceptance out;
    out.peer = list.party;
    out.endpoint = invitation.endpoint;
    out.fingerprint = confirmation.fingerprint();
    out.pair_content = {{"peer", list.party},
                        {"fingerprint", out.fingerprint},
                        {"confirmation", to_base64(confirmation.bytes())},
                        {"peer_root", to_base64(list.root)}};
    impl_->pending_invitation = {{"endpoint", invitation.endpoint},
                                 {"key_list", to_base64(invitation.key_list)},
                                 {"key_list_signature", to_base64(invitation.key_list_signature)},
                                 {"content", out.pair_content}};
    return out;
}

Result<ActAnswer> Registry::Impl::do_pair(const logbook::SignedAct& act, Draft draft,
                                          ActAnswer answer) {
    if (!pending_invitation || pending_invitation->at("content") != act.act().content())
        return fail(Code::conflict, "registry.no_invitation",
                    "the act is not over the invitation that was considered last");
    TRY_ASSIGN(const Bytes key_list,
               from_base64(pending_invitation->at("key_list").get<std::string>()));
    TRY_ASSIGN(const Bytes signature,
               from_base64(pending_invitation->at("key_list_signature").get<std::string>()));
    TRY_ASSIGN(auto keys, peer_keys(key_list, signature));
    TRY_ASSIGN(const Bytes confirmation, act.act().bytes_field("confirmation"));
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    JournalChange extra;
    extra.notes["peer/key_list"] = key_list;
    extra.notes["peer/key_list_signature"] = signature;
    extra.notes["peer/endpoint"] = to_bytes(pending_invitation->at("endpoint").get<std::string>());
    extra.notes["confirmation"] = confirmation;
    // Those of a pairing before were over another confirmation, when the terms changed since.
    extra.notes["confirmation_signature"] = {};
    extra.notes["peer/confirmation_signature"] = {};
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts), std::move(extra)));
    answer.seq = seqs.front();
    TRY_ASSIGN(const Bytes root_signature,
               ports.keys.confirm_peer(confirmation, key_list, signature, act.bytes()));
    TRY(ledger.note("confirmation_signature", root_signature));
    peer = std::move(keys);
    greeted = false;
    answer.result = {{"peer", peer->list.party}};
    pending_invitation.reset();
    return answer;
}

bool Registry::Impl::greeting_due() const {
    // "Ready" means that a dispatch could be delivered now, so a peer that is silent is asked.
    constexpr std::int64_t kSilence = 5; // seconds
    const std::scoped_lock lock(mutex);
    const Time now = ports.clock.now();
    return !greeted || peer_terms != terms().digest() || now < heard ||
           heard.plus_seconds(kSilence) < now;
}

// `unless_told`: by courier nobody is asked first, and the receiver decides.
bool Registry::Impl::under_same_terms(bool unless_told) const {
    const std::scoped_lock lock(mutex);
    return peer_terms ? *peer_terms == terms().digest() : unless_told;
}

// A crash came between the record of the pairing and the vault's confirmation of it.
Result<void> Registry::Impl::finish_pairing() {
    TRY_ASSIGN(const auto paired, ledger.newest(logbook::ActKind::pair, logbook::Stage::permitted));
    const Bytes* act = paired ? paired->opening.find("act") : nullptr;
    if (act == nullptr)
        return fail(Code::integrity, "registry.rows", "a peer without the act that paired it");
    TRY_ASSIGN(const Bytes confirmation, note("confirmation"));
    TRY_ASSIGN(const Bytes key_list, note("peer/key_list"));
    TRY_ASSIGN(const Bytes signature, note("peer/key_list_signature"));
    TRY_ASSIGN(const Bytes root_signature,
               ports.keys.confirm_peer(confirmation, key_list, signature, *act));
    return ledger.note("confirmation_signature", root_signature);
}

// The peer's root signature on the confirmation comes with its greeting.
Result<void> Registry::Impl::greet(exchange::Carrier& carrier) {
    exchange::Hello hello;
    {
        const std::scoped_lock lock(mutex);
        hello.software = "valise 0.1";
        hello.terms = terms().digest();
        TRY_ASSIGN(const auto signature, ledger.journal().note("confirmation_signature"));
        hello.confirmation_signature = signature.value_or(Bytes());
    }
    TRY_ASSIGN(const auto answer_frame,
               call(carrier, hello.frame(setup.party, peer->list.party), "hello"));
    TRY_ASSIGN(const auto theirs, exchange::Hello::parse(answer_frame));
    const std::scoped_lock lock(mutex);
    TRY(take_greeting(theirs));
    greeted = !theirs.confirmation_signature.empty();
    peer_terms = theirs.terms;
    return {};
}

Result<void> Registry::Impl::take_greeting(const exchange::Hello& theirs) {
    // Both registries change terms on the same day, and never at the same moment. //= O-48
    if (!editions.knows(theirs.terms))
        return fail(Code::conflict, "registry.other_terms", "the peer runs under other terms");
    if (theirs.confirmation_signature.empty())
        return {};
    TRY_ASSIGN(const Bytes confirmation, note("confirmation"));
    TRY_ASSIGN(const auto root, vault::hybrid_verifier(peer->list.root));
    const auto signed_over = [&](const Bytes& what) {
        return root.verify(Confirmation::signed_bytes(what), theirs.confirmation_signature);
    };
    if (const auto ours = signed_over(confirmation); !ours) {
        // One of the two paired anew since the terms changed: the peer signed the same two roots
        // under terms that both countersigned. //= O-48
        for (const Hash32& terms_once : editions.once_in_force())
            if (signed_over(Confirmation::of(terms().id(), terms_once, {own.party, own.root},
                                             {peer->list.party, peer->list.root})
                                .bytes()))
                return {};
        return ours;
    }
    TRY_ASSIGN(const auto known, ledger.journal().note("peer/confirmation_signature"));
    return known && !known->empty()
               ? Result<void>()
               : ledger.note("peer/confirmation_signature", theirs.confirmation_signature);
}

Result<exchange::Frame> Registry::Impl::take_hello(const exchange::Frame& request) {
    TRY_ASSIGN(const auto theirs, exchange::Hello::parse(request));
    TRY(take_greeting(theirs));
    exchange::Hello ours;
    ours.software = "valise 0.1";
    ours.terms = terms().digest();
    TRY_ASSIGN(const auto signature, ledger.journal().note("confirmation_signature"));
    ours.confirmation_signature = signature.value_or(Bytes());
    return ours.frame(setup.party, peer->list.party);
}

} // namespace valise::registry
