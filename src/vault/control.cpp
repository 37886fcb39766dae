// SPDX-License-Identifier: Apache-2.0
#include "agreement/decide.h"
#include "envelope/manifest.h"
#include "envelope/verify.h"
#include "logbook/leaf.h"
#include "vault/vault.h"

// A controlled item: neither key process opens it alone. The receiver's asks with a key of its own
// for this one opening, the originator's answers that key, and what each rests on stands in its
// log. Both daemons carry what they cannot read. //= O-20
namespace valise::vault {
namespace {

std::unexpected<Error> refused(const char* reason, const char* text) {
    return fail(Code::refused, reason, text);
}

Result<const envelope::KeyAccess*> share_of(const envelope::Manifest& manifest,
                                            std::string_view sid, const std::string& kid) {
    for (const envelope::KeyAccess& access : manifest.key_access)
        if (access.sid == sid && access.kid == kid)
            return &access;
    return fail(Code::not_found, "vault.no_share", "the file is not sealed to this registry");
}

} // namespace

// The file of this dispatch as its sender signed it and the book knows it: the daemon hands over
// the bytes, and chooses nothing by that.
Result<envelope::Verified> Vault::file_of(const logbook::Dispatch& dispatch,
                                          const envelope::Manifest& manifest) {
    const bool out = dispatch.direction == logbook::Direction::out;
    TRY_ASSIGN(const auto peer, peer_keys());
    TRY_ASSIGN(const auto sender, hybrid_verifier(out ? own_.sender : peer.sender));
    TRY_ASSIGN(auto verified,
               envelope::verify_statement(manifest, sender, out ? own_.party : peer.party,
                                          out ? peer.party : own_.party));
    if (logbook::statement_commitment(verified.statement_bytes()) != dispatch.document)
        return refused("vault.dispatch", "the file of another dispatch");
    return verified;
}

Result<Vault::ControlledReading> Vault::controlled_reading(std::uint64_t permit,
                                                           const envelope::Manifest& manifest) {
    TRY_ASSIGN(const Book* known, book());
    TRY_ASSIGN(const auto open, known->open_permit(permit));
    TRY(in_signed_tree(permit));
    ControlledReading out;
    TRY_ASSIGN(out.reading, still_permitted(*known, open.act));
    TRY_ASSIGN(const auto item_id, open.act.id_field<ItemId>("item"));
    TRY_ASSIGN(out.copy, open.act.id_field<CopyId>("copy"));
    const logbook::Item* item = known->state().item(item_id);
    const auto* dispatch = item == nullptr ? nullptr : known->state().dispatch(item->dispatch);
    if (dispatch == nullptr || !known->state().controlled(*item))
        return refused("vault.control", "no item that its originator controls");
    TRY_ASSIGN(const auto verified, file_of(*dispatch, manifest));
    TRY(envelope::expect_root(manifest, out.reading.payload_root));
    out.reader = open.reader;
    out.client = open.client;
    out.dispatch = *dispatch;
    out.level = item->level;
    out.pseudonym = logbook::reader_pseudonym(
        SecretBytes::copy(verified.statement().inputs.transfer_secret), out.reader);
    return out;
}

Result<SignedText> Vault::ask_opening(std::uint64_t permit, ByteView manifest_bytes) {
    TRY_ASSIGN(const auto manifest, envelope::Manifest::parse(manifest_bytes));
    // The key lives in this process alone and for this one opening.
    auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const auto reading, controlled_reading(permit, manifest));
    logbook::OpeningAskFields fields;
    fields.dispatch = reading.dispatch.id;
    fields.statement = reading.dispatch.document;
    fields.copy = reading.copy;
    fields.reader = reading.pseudonym;
    fields.level = reading.level;
    fields.session_key = session.public_key().der();
    fields.opening = permit;
    fields.client = reading.client;
    fields.at = now();
    fields.party = own_.party;
    TRY_ASSIGN(const auto ask, logbook::OpeningAsk::make(std::move(fields)));
    TRY_ASSIGN(Bytes signature, keystore_.receipt.sign(ask.signed_bytes()));
    // Asks that nobody answers do not heap up: what is no longer open is forgotten.
    const auto& open = book_->state().open_permits();
    std::erase_if(asking_, [&](const auto& entry) { return !open.contains(entry.first); });
    asking_.insert_or_assign(permit, Asking{ask.digest(), std::move(session)});
    return SignedText{ask.bytes(), std::move(signature)};
}

// Decided once more by our own clock, on the book as it is now: recalled, narrowed, run out or of
// another class since the permit. Of the ask itself the book has spoken already. //= O-20
Result<void> Vault::still_granted(const Book& known, const logbook::Act& act) const {
    for (const auto& refusal :
         agreement::decide(known.terms(), known.state(), act, now()).refusals())
        if (refusal.clause != "asked-once")
            return fail(Code::refused, "vault.withdrawn",
                        "not permitted now: " + std::string(refusal.reason));
    return {};
}

// The originator's side: what is permitted is in the act that the log holds, and the session key in
// it is the one that the receiver's own key process signed.
Result<SignedText> Vault::grant_opening(std::uint64_t permit, ByteView manifest_bytes) {
    TRY_ASSIGN(const auto manifest, envelope::Manifest::parse(manifest_bytes));
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const Book* known, book());
    TRY_ASSIGN(const Granting granting, known->open_granting(permit));
    TRY(in_signed_tree(permit));
    TRY_ASSIGN(const auto dispatch_id, granting.act.id_field<DispatchId>("dispatch"));
    const logbook::Dispatch* dispatch = known->state().dispatch(dispatch_id);
    if (dispatch == nullptr)
        return refused("vault.dispatch", "no such dispatch");
    TRY(file_of(*dispatch, manifest));
    TRY(still_granted(*known, granting.act));
    TRY_ASSIGN(const Bytes session_key, granting.act.bytes_field("session_key"));
    TRY_ASSIGN(const auto target, crypto::WrapPublicKey::parse_der(session_key));
    TRY_ASSIGN(const auto* access, share_of(manifest, envelope::kOriginatorSid,
                                            keystore_.unwrapping.public_key().kid()));
    TRY_ASSIGN(const SecretBytes share, keystore_.unwrapping.unwrap(access->wrapped_key));
    logbook::OpeningAnswerFields fields;
    TRY_ASSIGN(fields.asked, granting.act.hash_field("asked"));
    fields.event = permit;
    TRY_ASSIGN(fields.share, target.wrap(share));
    if (granting.act.optional_field("until")) {
        TRY_ASSIGN(fields.until, granting.act.time_field("until"));
    }
    fields.at = now();
    fields.party = own_.party;
    TRY_ASSIGN(const auto answer, logbook::OpeningAnswer::make(std::move(fields)));
    TRY_ASSIGN(Bytes signature, keystore_.receipt.sign(answer.signed_bytes()));
    return SignedText{answer.bytes(), std::move(signature)};
}

// The answer to the ask that this process made, from the log. The ephemeral key goes when what it
// opened was given out (`asking_`): who could not reach a renderer tries again.
Result<SecretBytes> Vault::originators_share(std::uint64_t permit, const ControlledReading& reading,
                                             std::optional<Time>& lease) {
    const auto* answer = book_->answer_of(permit);
    const std::pair place{reading.copy, reading.reader};
    if (answer == nullptr) {
        // None for a client: who took over the daemon attests its openings, with keys of their own.
        const auto* leased =
            reading.client ? nullptr : book_->state().lease(reading.copy, reading.reader, now());
        const auto held = leased_.find(place);
        if (leased == nullptr || held == leased_.end() || now() > held->second.until)
            return refused("vault.unanswered", "the originator has not permitted this opening");
        lease = held->second.until;
        return held->second.share.clone(SecretAccess::because("opened again under a lease"));
    }
    TRY(in_signed_tree(answer->event));
    const auto asking = asking_.find(permit);
    if (asking == asking_.end() || asking->second.asked != answer->answer.fields().asked)
        return refused("vault.unasked", "not the answer to what this process asked");
    TRY_ASSIGN(SecretBytes share, asking->second.session.unwrap(answer->answer.fields().share));
    if (reading.client)
        return share;
    leased_.erase(place);
    if (const auto until = answer->answer.fields().until; until && now() <= *until)
        leased_.emplace(place,
                        Leased{share.clone(SecretAccess::because("kept for a lease")), *until});
    return share;
}

Result<ControlledShares> Vault::release_controlled(std::uint64_t permit, ByteView manifest_bytes) {
    TRY_ASSIGN(const auto manifest, envelope::Manifest::parse(manifest_bytes));
    const std::scoped_lock lock(mutex_);
    std::erase_if(leased_, [&](const auto& entry) { return now() > entry.second.until; });
    TRY_ASSIGN(const auto reading, controlled_reading(permit, manifest));
    if (reading.client) // export_share() gives it what a client understands
        return refused("vault.reader", "a client's opening, and no reader's");
    if (reading.reading.session_key.empty())
        return refused("vault.reading_place", "signed for the Reading desk, not for a machine");
    TRY_ASSIGN(const auto target, crypto::WrapPublicKey::parse_der(reading.reading.session_key));
    TRY_ASSIGN(const auto* access,
               share_of(manifest, envelope::kReceiverSid, keystore_.unwrapping.public_key().kid()));
    ControlledShares out;
    TRY_ASSIGN(const SecretBytes theirs, originators_share(permit, reading, out.lease));
    TRY_ASSIGN(const SecretBytes ours, keystore_.unwrapping.unwrap(access->wrapped_key));
    TRY_ASSIGN(out.share, target.wrap(ours));
    TRY_ASSIGN(out.originators, target.wrap(theirs));
    asking_.erase(permit);
    return out;
}

} // namespace valise::vault
