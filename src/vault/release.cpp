// SPDX-License-Identifier: Apache-2.0
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "envelope/reseal.h"
#include "label/label_xml.h"
#include "logbook/state.h"
#include "vault/vault.h"

#include <set>

// Where document keys leave: sealed anew for the confirmed peer, or wrapped to a reader's session
// key.
namespace valise::vault {
namespace {

using logbook::ActKind;

Error refused(std::string reason, std::string context) {
    return Error(Code::refused, std::move(reason), std::move(context));
}

} // namespace

Result<std::vector<Bytes>> Vault::approvals(const ResealRequest& request, const Hash32& digest) {
    std::map<std::string, Bytes> enrolled;             // person -> key
    std::map<std::string, std::set<std::string>> held; // person -> roles
    for (const RecordedEvent& event : request.appointments) {
        TRY_ASSIGN(const auto proven, prove_recorded(event, private_log_));
        const bool enrol = proven.skeleton.kind() == ActKind::enrol;
        TRY_ASSIGN(const auto signed_event,
                   prove_signed_by(event, private_log_, enrol ? ActKind::enrol : ActKind::appoint,
                                   keystore_.founders.control_officer.key));
        const logbook::Act& act = signed_event.act->act();
        TRY_ASSIGN(const std::string person, act.field("person"));
        if (enrol) {
            TRY_ASSIGN(enrolled[person], act.bytes_field("key"));
        } else {
            TRY_ASSIGN(const std::string role, act.field("role"));
            held[person].insert(role);
        }
    }
    std::vector<Bytes> acts;
    std::set<std::string> persons;
    bool more_than_originators = false;
    for (const RecordedEvent& event : request.releases) {
        TRY_ASSIGN(const auto proven,
                   prove_permitted(event, private_log_, ActKind::approve_release));
        const std::string person = proven.skeleton.actor();
        const auto key = enrolled.find(person);
        if (!proven.act || key == enrolled.end() ||
            !crypto::constant_time_equal(key->second, proven.act->act().signer()))
            return fail(refused("vault.release", "an approval by somebody who was not enrolled"));
        TRY_ASSIGN(const Hash32 approved, proven.act->act().hash_field("release_digest"));
        if (approved != digest)
            return fail(refused("vault.release", "an approval of something else"));
        persons.insert(person);
        more_than_originators |= held[person].contains("releasing-authority");
        acts.push_back(event.signed_act);
    }
    //= O-05: case by case, by more than one person, never by the originator alone.
    if (persons.size() < 2 || persons.size() != request.releases.size() || !more_than_originators)
        return fail(refused("vault.release", "two persons must have approved, one of them a "
                                             "releasing authority"));
    return acts;
}

Result<ResealReply> Vault::reseal(const ResealRequest& request, const RandomSource& in,
                                  ByteSink& out, int /*out_descriptor*/) {
    std::optional<agreement::KeyList> peer;
    {
        const std::scoped_lock lock(mutex_);
        TRY_ASSIGN(peer, peer_keys());
    }
    TRY_ASSIGN(const auto permit, prove_permitted(request.permit, private_log_, ActKind::dispatch));
    if (!permit.act || request.recipient != peer->party ||
        permit.skeleton.fact("recipient") != request.recipient ||
        permit.skeleton.id("dispatch") != request.dispatch)
        return fail(refused("vault.dispatch", "not the recorded dispatch to the confirmed peer"));
    TRY_ASSIGN(const auto item, permit.act->act().id_field<ItemId>("item"));
    const Hash32 digest =
        logbook::release_digest(item, request.payload_root, crypto::sha256(view(request.label_xml)),
                                request.recipient, permit.skeleton.terms());
    TRY_ASSIGN(const auto acts, approvals(request, digest));

    TRY_ASSIGN(const auto container, envelope::Container::open(in));
    const envelope::Manifest& manifest = container.manifest();
    const auto* label_xml = manifest.assertion(envelope::kLabelXmlId);
    const auto* label_json = manifest.assertion(envelope::kLabelJsonId);
    if (label_xml == nullptr || label_json == nullptr || label_xml->value != request.label_xml)
        return fail(refused("vault.label", "the file does not carry the approved label"));
    TRY_ASSIGN(const auto read, label::read_4774(view(request.label_xml)));
    TRY_ASSIGN(auto recipient_key, crypto::WrapPublicKey::parse_der(peer->unwrapping));

    envelope::StatementInputs inputs;
    inputs.exchange = request.dispatch;
    inputs.serial = static_cast<std::int64_t>(request.permit.index);
    inputs.sender = own_.party;
    inputs.recipient = request.recipient;
    inputs.time = request.now;
    inputs.transfer_secret = crypto::random_array<32>();
    inputs.item = request.item_number;
    inputs.classification = {read.label.policy_id, request.level, read.label.classification,
                             manifest.attributes};
    for (const Bytes& act : acts)
        inputs.release.push_back(envelope::ReleaseAct::of(act));

    envelope::SealRequest seal;
    seal.attributes = manifest.attributes;
    seal.mime_type = manifest.mime_type;
    seal.label_xml = label_xml->value;
    seal.label_5636 = label_json->value;
    seal.recipients.push_back({std::move(recipient_key), "https://registry.invalid", "", ""});
    seal.statement = std::move(inputs);
    seal.sign = [&](ByteView statement) -> Result<envelope::SenderSignature> {
        TRY_ASSIGN(auto signatures, envelope::sign_batch({to_bytes(statement)}, own_.party,
                                                         request.recipient, keystore_.sender));
        return std::move(signatures.front());
    };
    envelope::Expectation expectation;
    expectation.payload_root = request.payload_root;
    TRY_ASSIGN(auto sealed, envelope::reseal(
                                in,
                                [&](const envelope::KeyAccess& access) {
                                    return keystore_.unwrapping.unwrap(access.wrapped_key);
                                },
                                expectation, out, seal));
    return ResealReply{std::move(sealed.manifest), std::move(sealed.statement), sealed.payload_root,
                       sealed.container_bytes};
}

Result<void> Vault::check_reader(const ShareRequest& request, const ProvenEvent& permit) {
    const logbook::Act& open = permit.act->act();
    const std::string person = permit.skeleton.actor();
    TRY_ASSIGN(const auto enrolment,
               prove_signed_by(request.enrolment, private_log_, ActKind::enrol,
                               keystore_.founders.control_officer.key));
    TRY_ASSIGN(const std::string enrolled, enrolment.act->act().field("person"));
    TRY_ASSIGN(const Bytes key, enrolment.act->act().bytes_field("key"));
    if (enrolled != person || !crypto::constant_time_equal(key, open.signer()))
        return fail(refused("vault.reader", "the reader is not the enrolled person"));
    //= O-22: clearance and need-to-know, both.
    TRY_ASSIGN(const auto clearance,
               prove_signed_by(request.clearance, private_log_, ActKind::clear,
                               keystore_.founders.clearance_officer.key));
    TRY_ASSIGN(const std::string cleared, clearance.act->act().field("person"));
    TRY_ASSIGN(const Time cleared_until, clearance.act->act().time_field("until"));
    if (cleared != person || cleared_until < request.now)
        return fail(refused("vault.clearance", "no clearance of this person in date"));
    TRY_ASSIGN(const auto grant, prove_signed_by(request.grant, private_log_, ActKind::grant,
                                                 keystore_.founders.control_officer.key));
    TRY_ASSIGN(const std::string granted, grant.act->act().field("person"));
    TRY_ASSIGN(const std::string item, grant.act->act().field("item"));
    TRY_ASSIGN(const std::string purpose, grant.act->act().field("purpose"));
    TRY_ASSIGN(const Time granted_until, grant.act->act().time_field("until"));
    TRY_ASSIGN(const std::string asked_item, open.field("item"));
    TRY_ASSIGN(const std::string asked_purpose, open.field("purpose"));
    //= O-16: for the purpose of provision only.
    if (granted != person || item != asked_item || purpose != asked_purpose ||
        granted_until < request.now)
        return fail(refused("vault.need_to_know", "no grant for this item and purpose in date"));
    return {};
}

Result<Bytes> Vault::release_share(const ShareRequest& request) {
    TRY_ASSIGN(const auto permit, prove_permitted(request.permit, private_log_, ActKind::open));
    if (!permit.act)
        return fail(refused("vault.reader", "opening needs the reader's own signed act"));
    TRY(check_reader(request, permit));
    // What is opened is what was recorded, not what the daemon hands over.
    if (permit.leaf.fields().document != logbook::document_commitment(request.payload_root))
        return fail(refused("vault.document", "the permit is for another document"));
    TRY_ASSIGN(const auto manifest, envelope::Manifest::parse(request.manifest));
    TRY(envelope::expect_root(manifest, request.payload_root));
    TRY_ASSIGN(const Bytes session, permit.act->act().bytes_field("session_key"));
    TRY_ASSIGN(const auto target, crypto::WrapPublicKey::parse_der(session));
    const std::string kid = keystore_.unwrapping.public_key().kid();
    for (const envelope::KeyAccess& access : manifest.key_access) {
        if (access.kid != kid)
            continue;
        TRY_ASSIGN(const SecretBytes share, keystore_.unwrapping.unwrap(access.wrapped_key));
        return target.wrap(share);
    }
    return fail(Code::not_found, "vault.no_share", "the file is not sealed to this registry");
}

} // namespace valise::vault
