// SPDX-License-Identifier: Apache-2.0
#include "agreement/decide.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "envelope/reseal.h"
#include "envelope/share.h"
#include "label/label_xml.h"
#include "vault/vault.h"

// Where document keys leave: sealed anew for the confirmed peer, or wrapped to a reader's session
// key. What is sealed or shared, for whom and on whose word, is all from the vault's own book.
namespace valise::vault {
namespace {

std::unexpected<Error> refused(const char* reason, const char* text) {
    return fail(Code::refused, reason, text);
}

ResealReply reply_of(envelope::SealResult sealed) {
    return {std::move(sealed.manifest), std::move(sealed.statement), sealed.payload_root,
            sealed.container_bytes};
}

} // namespace

Result<Vault::Sending> Vault::sending(const DispatchId& id) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(auto peer, peer_keys());
    TRY_ASSIGN(const Book* known, book());
    TRY_ASSIGN(auto dispatch, known->open_dispatch(id));
    TRY(in_signed_tree(dispatch.permit));
    if (dispatch.recipient != peer.party)
        return refused("vault.dispatch", "not to the confirmed peer");
    //= O-38: it may have waited since it was permitted.
    if (!known->state().accreditation_at(peer.party, now()))
        return refused("vault.accreditation", "the link is not accredited now");
    return Sending{std::move(dispatch), std::move(peer), now()};
}

Result<ResealReply> Vault::reseal(const DispatchId& id, const RandomSource& in, ByteSink& out,
                                  int /*out_descriptor*/) {
    // A large document takes as long as it takes; nobody else waits for it.
    TRY_ASSIGN(const Sending sending, this->sending(id));
    const logbook::Item& item = sending.dispatch.item;
    TRY_ASSIGN(const auto container, envelope::Container::open(in));
    const envelope::Manifest& manifest = container.manifest();
    const auto* label_xml = manifest.assertion(envelope::kLabelXmlId);
    const auto* label_json = manifest.assertion(envelope::kLabelJsonId);
    if (label_xml == nullptr || label_json == nullptr ||
        crypto::sha256(view(label_xml->value)) != item.label_sha256)
        return refused("vault.label", "the file does not carry the approved label");
    TRY_ASSIGN(const auto read, label::read_4774(view(label_xml->value)));
    TRY_ASSIGN(auto recipient_key, crypto::WrapPublicKey::parse_der(sending.peer.unwrapping));

    envelope::StatementInputs inputs;
    inputs.exchange = id.text();
    inputs.serial = static_cast<std::int64_t>(sending.dispatch.permit);
    inputs.sender = own_.party;
    inputs.recipient = sending.peer.party;
    inputs.time = sending.now;
    inputs.transfer_secret = crypto::random_array<32>();
    inputs.item = item.number;
    inputs.classification = {read.label.policy_id, sending.dispatch.level,
                             read.label.classification, manifest.attributes};
    inputs.control = sending.dispatch.control;
    for (const Bytes& act : sending.dispatch.approvals)
        inputs.release.push_back(envelope::ReleaseAct::of(act));

    envelope::SealRequest seal;
    seal.attributes = manifest.attributes;
    seal.mime_type = manifest.mime_type;
    seal.label_xml = label_xml->value;
    seal.label_5636 = label_json->value;
    //= O-20
    // Two shares that are nothing alone: one here, so that each opening there asks here.
    const bool control = sending.dispatch.control;
    seal.recipients.push_back({std::move(recipient_key), "https://registry.invalid", "",
                               control ? std::string(envelope::kReceiverSid) : ""});
    if (control)
        seal.recipients.push_back({keystore_.unwrapping.public_key(), "https://registry.invalid",
                                   "", std::string(envelope::kOriginatorSid)});
    seal.statement = std::move(inputs);
    seal.sign = [&](ByteView statement) -> Result<envelope::SenderSignature> {
        TRY_ASSIGN(auto signatures, envelope::sign_batch({to_bytes(statement)}, own_.party,
                                                         sending.peer.party, keystore_.sender));
        return std::move(signatures.front());
    };
    //= O-35
    // Of a package the file says what it is, and holds nothing of it.
    if (sending.dispatch.package) {
        seal.statement->package = sending.dispatch.package;
        MemorySource nothing{Bytes()};
        TRY_ASSIGN(auto announced, envelope::seal(nothing, out, seal));
        return reply_of(std::move(announced));
    }
    envelope::Expectation expectation;
    expectation.payload_root = item.payload_root;
    TRY_ASSIGN(auto sealed, envelope::reseal(
                                in,
                                [&](const envelope::KeyAccess& access) {
                                    return keystore_.unwrapping.unwrap(access.wrapped_key);
                                },
                                expectation, out, seal));
    return reply_of(std::move(sealed));
}

Result<Vault::Reading> Vault::reading(std::uint64_t permit) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const Book* known, book());
    TRY_ASSIGN(const auto act, known->open_reading(permit));
    TRY(in_signed_tree(permit));
    return still_permitted(*known, act.act());
}

// A rewrap rests on the registry's word that the client acts for its person, as far as the terms
// take that word, and on the person's own signature by which the copy left.
Result<Vault::Exporting> Vault::exporting(std::uint64_t permit,
                                          const envelope::Manifest& manifest) {
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const Book* known, book());
    TRY_ASSIGN(const auto act, known->open_export(permit));
    TRY(in_signed_tree(permit));
    Exporting out;
    TRY_ASSIGN(out.reading, still_permitted(*known, act));
    TRY(envelope::expect_root(manifest, out.reading.payload_root));
    TRY_ASSIGN(const auto id, act.id_field<ItemId>("item"));
    const logbook::Item* item = known->state().item(id);
    if (item == nullptr || !known->state().controlled(*item))
        return out;
    //= O-20
    std::erase_if(leased_, [&](const auto& entry) { return now() > entry.second.until; });
    TRY_ASSIGN(const auto controlled, controlled_reading(permit, manifest));
    std::optional<Time> lease;
    TRY_ASSIGN(out.originators, originators_share(permit, controlled, lease));
    return out;
}

// Decided once more by our own clock: what was revoked or ran out since the permit, or was dated
// back to before it did, counts no longer. //= O-22
Result<Vault::Reading> Vault::still_permitted(const Book& known, const logbook::Act& act) const {
    const auto decision = agreement::decide(known.terms(), known.state(), act, now());
    if (!decision.permitted())
        return fail(Code::refused, "vault.reader", "not permitted now: " + decision.reason());
    TRY_ASSIGN(const auto id, act.id_field<ItemId>("item"));
    const logbook::Item* item = known.state().item(id);
    if (item == nullptr)
        return refused("vault.reader", "of an item that is not there");
    Reading out{item->payload_root, {}};
    if (act.optional_field("session_key")) {
        TRY_ASSIGN(out.session_key, act.bytes_field("session_key"));
    }
    return out;
}

Result<Bytes> Vault::release_share(std::uint64_t permit, ByteView manifest_bytes) {
    TRY_ASSIGN(const Reading reading, this->reading(permit));
    TRY_ASSIGN(const auto manifest, envelope::Manifest::parse(manifest_bytes));
    // What is opened is what was recorded, not what the daemon hands over.
    TRY(envelope::expect_root(manifest, reading.payload_root));
    // Who signed to be shown it at the desk gave nobody a key to have it with.
    if (reading.session_key.empty())
        return refused("vault.reading_place", "signed for the Reading desk, not for a machine");
    if (manifest.key_access.size() != 1)
        return refused("vault.control", "the originator holds a share of its key");
    TRY_ASSIGN(const auto target, crypto::WrapPublicKey::parse_der(reading.session_key));
    const std::string kid = keystore_.unwrapping.public_key().kid();
    for (const envelope::KeyAccess& access : manifest.key_access) {
        if (access.kid != kid)
            continue;
        TRY_ASSIGN(const SecretBytes share, keystore_.unwrapping.unwrap(access.wrapped_key));
        // The root says which payload; the key access beside it may be another document's.
        TRY(envelope::expect_key_of(manifest, share));
        return target.wrap(share);
    }
    return fail(Code::not_found, "vault.no_share", "the file is not sealed to this registry");
}

Result<SharedKey> Vault::export_share(std::uint64_t permit, ByteView manifest_bytes,
                                      const ShareRequest& asked) {
    TRY_ASSIGN(const auto manifest, envelope::Manifest::parse(manifest_bytes));
    TRY_ASSIGN(const Exporting exporting, this->exporting(permit, manifest));
    // A client in the field has no key of ours: RSA of 2048 or 4096 bits, or one of three curves.
    TRY_ASSIGN(const auto target, crypto::WrapPublicKey::parse_der(exporting.reading.session_key,
                                                                   crypto::WrapKeys::any));
    const std::string_view type = crypto::wrap_type(target.scheme());
    if (type != "wrapped" && type != "ec-wrapped")
        return refused("vault.session_key", "not an RSA key or one of a curve");
    TRY_ASSIGN(const SecretBytes share,
               envelope::answer_share(
                   manifest, keystore_.unwrapping.public_key().kid(),
                   {asked.policy, asked.wrapped_key, asked.ephemeral_key, asked.binding},
                   [&](const envelope::KeyAccess& access) {
                       return keystore_.unwrapping.unwrap(access.wrapped_key, access.ephemeral_key);
                   }));
    // Clients in the field ask for one share, and some know of no second: so the copy names ours
    // alone, and what they get is the key.
    if (exporting.originators) {
        TRY_ASSIGN(const SecretBytes key,
                   envelope::whole_key(manifest, share, *exporting.originators));
        TRY_ASSIGN(auto joined, target.wrap_share(key));
        const std::scoped_lock lock(mutex_);
        asking_.erase(permit); // one answer to one client
        return SharedKey{std::move(joined.bytes), std::move(joined.ephemeral_key)};
    }
    if (manifest.key_access.size() != 1)
        return refused("vault.control", "the originator holds a share of its key");
    TRY_ASSIGN(auto wrapped, target.wrap_share(share));
    return SharedKey{std::move(wrapped.bytes), std::move(wrapped.ephemeral_key)};
}

} // namespace valise::vault
