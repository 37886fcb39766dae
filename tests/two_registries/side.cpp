// SPDX-License-Identifier: Apache-2.0
#include "two_registries/side.h"

#include "crypto/hash.h"
#include "crypto/random.h"
#include "envelope/open.h"
#include "envelope/seal.h"
#include "label/attributes.h"
#include "label/json5636.h"
#include "label/label_xml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace valise::testing {

using logbook::ActKind;

namespace {

template<class T> T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    return std::move(*result);
}

// So close that what is asked of the past begins at one, in a test of any length.
constexpr std::uint64_t kLandmarkSpacing = 3;

constexpr crypto::Argon2Cost kCheap{crypto::kArgon2MinMemoryKib, 1};

SecretBytes passphrase() {
    return SecretBytes::copy(view("test"));
}

void must(const Result<void>& result) {
    if (!result)
        throw std::runtime_error(result.error().text());
}

} // namespace

PersonId Someone::id() const {
    return PersonId::of(crypto::sha256(key.public_bytes()));
}

Bytes read_terms(const std::string& name) {
    std::ifstream file(std::string(VALISE_SOURCE_DIR) + "/agreements/" + name, std::ios::binary);
    return to_bytes(std::string(std::istreambuf_iterator<char>(file), {}));
}

Side::Side(const std::string& party_in, const Bytes& bytes, bool test_mode)
    : party(party_in), terms_bytes(bytes), terms(must(agreement::Terms::parse(bytes))) {
    terms.set_test_mode(test_mode);
    auto keystore = must(
        vault::Keystore::generate({party,
                                   {{control_officer.name, control_officer.key.public_bytes()},
                                    {clearance_officer.name, clearance_officer.key.public_bytes()}},
                                   clock.now()}));
    keystore_file = must(keystore.seal(passphrase(), kCheap));
    keys = must(vault::Vault::start(std::move(keystore), vault_state, clock));
    start();
}

Bytes Side::receipt_signature(ByteView receipt) const {
    const auto keystore = must(vault::Keystore::open(keystore_file, passphrase()));
    return must(keystore.receipt.sign(vault::receipt_signed_bytes(receipt)));
}

void Side::restart_keys() {
    keys.reset();
    auto keystore = must(vault::Keystore::open(keystore_file, passphrase()));
    keys = must(vault::Vault::start(std::move(keystore), vault_state, clock, {}, renderer));
}

void Side::start() {
    const agreement::Party* own = terms.party(party);
    journal.restarted();
    registry = must(registry::Registry::open(
        {journal, blobs, in_front == nullptr ? *keys : *in_front, clock, publisher, witnesses,
         &live},
        {terms, terms_bytes, party, own->authorities.front().id, kLandmarkSpacing}));
}

std::string Side::other_party() const {
    return terms.other(party)->code;
}

void Side::pair_with(Side& other) {
    peer = &other;
    const std::string invitation = must(other.registry->invitation("peer:1"));
    const auto acceptance = must(registry->consider_invitation(invitation));
    act(control_officer, ActKind::pair, acceptance.pair_content);
    receives();
    const auto serve = [this](ByteView request) {
        if (!peer->registry)
            return Bytes();
        return peer->registry->answer_peer(request, registry->key_list().tls);
    };
    carrier = std::make_unique<DirectCarrier>(serve);
    live.inner = std::make_unique<DirectCarrier>(serve);
}

Result<registry::ActAnswer> Side::try_act(const Someone& who, ActKind kind, Json content) {
    // A person's clock is right enough where the registry's was set back.
    const Time at = std::max(clock.now(), registry->now());
    TRY_ASSIGN(auto act_value,
               logbook::Act::make(kind, party, terms.digest(), at, who.key.public_bytes(),
                                  std::move(content), crypto::random_array<16>()));
    TRY_ASSIGN(const auto signed_act, logbook::SignedAct::make(std::move(act_value), who.key));
    return registry->perform(signed_act.bytes());
}

registry::ActAnswer Side::act(const Someone& who, ActKind kind, Json content) {
    auto answer = must(try_act(who, kind, std::move(content)));
    if (!answer.decision.permitted())
        throw std::runtime_error(std::string(logbook::to_string(kind)) +
                                 " refused: " + answer.decision.reason());
    return answer;
}

void Side::enrol(const Someone& who) {
    act(control_officer, ActKind::enrol,
        {{"person", who.id().text()},
         {"key", to_base64(who.key.public_bytes())},
         {"name", who.name}});
}
void Side::appoint(const Someone& who, const std::string& role) {
    act(control_officer, ActKind::appoint, {{"person", who.id().text()}, {"role", role}});
}
void Side::clear(const Someone& who, const std::string& level, Time until) {
    act(clearance_officer, ActKind::clear,
        {{"person", who.id().text()},
         {"level", level},
         {"until", until.text()},
         {"authority", terms.party(party)->authorities.front().id}});
}
void Side::grant(const Someone& who, const ItemId& item, const std::string& purpose, Time until) {
    act(control_officer, ActKind::grant,
        {{"person", who.id().text()},
         {"item", item.text()},
         {"purpose", purpose},
         {"until", until.text()}});
}
void Side::receives() {
    enrol(deputy);
    act(control_officer, ActKind::facility,
        {{"facility", "f-1"},
         {"name", "First facility"},
         {"officer", control_officer.id().text()},
         {"deputy", deputy.id().text()}});
}
void Side::brief(const Someone& who) {
    act(who, ActKind::brief,
        {{"person", who.id().text()}, {"briefing", to_base64(crypto::sha256(view("duties")))}});
}
void Side::accredit(const std::string& level) {
    act(control_officer, ActKind::accredit,
        {{"peer", other_party()},
         {"level", level},
         {"until", clock.now().plus_days(100).text()},
         {"reference", "ACC-1"}});
}

label::Label Side::label_of(const std::string& level, const std::string& purpose) const {
    const label::Scheme* scheme = terms.scheme(party);
    label::Label label;
    label.policy_id = scheme->policy_id;
    label.policy_uri = scheme->policy_uri;
    label.classification = scheme->by_code(level)->native;
    label.categories = {
        {label::CategoryType::permissive, label::kReleasableTo, {party, other_party()}, ""},
        {label::CategoryType::informative, "Purpose", {purpose}, ""}};
    label.created = clock.now();
    label.review = clock.now().plus_days(365);
    return label;
}

Json Side::entry(const label::Label& label, const std::string& level,
                 const std::string& purpose) const {
    return {{"item", ItemId::of(crypto::random_bytes(10)).text()},
            {"level", level},
            {"purpose", purpose},
            {"title", "A title that must not be seen"},
            {"label", to_base64(view(must(label::write_4774(label))))},
            {"authority", terms.party(party)->authorities.front().id}};
}

Json Side::seal(const Bytes& document, const label::Label& label) {
    envelope::SealRequest request;
    request.label_xml = must(label::write_4774(label));
    request.label_5636 = must(label::write_5636(label));
    request.attributes = must(label::attributes(label, *terms.scheme(party), "valise.invalid"));
    request.recipients.push_back(
        {must(crypto::WrapPublicKey::parse_der(registry->key_list().unwrapping)),
         "https://registry.invalid", "", ""});
    auto [blob, writer] = must(registry->receive_blob());
    MemorySource source(document);
    const auto sealed = must(envelope::seal(source, *writer, request));
    must(writer->commit());
    return {{"form", "electronic"},
            {"blob", blob.text()},
            {"payload_root", to_base64(sealed.payload_root)}};
}

ItemId Side::enter_described(const Someone& who, const std::string& level,
                             const std::string& purpose, const std::string& form,
                             const Json& described) {
    Json content = entry(label_of(level, purpose), level, purpose);
    content["form"] = form;
    content.update(described);
    const ItemId item = must(ItemId::parse(content["item"].get<std::string>()));
    act(who, ActKind::enter, std::move(content));
    return item;
}

ItemId Side::enter(const Someone& who, const Bytes& document, const std::string& level,
                   const std::string& purpose) {
    const label::Label label = label_of(level, purpose);
    Json content = entry(label, level, purpose);
    content.update(seal(document, label));
    const ItemId item = must(ItemId::parse(content["item"].get<std::string>()));
    act(who, ActKind::enter, std::move(content));
    return item;
}

registry::ActAnswer Side::approve(const Someone& who, const ItemId& id, const std::string& to) {
    const auto state = registry->state();
    const logbook::Item* item = state.item(id);
    const Hash32 digest =
        logbook::release_digest(id, item->payload_root, item->label_sha256, to, terms.digest());
    return must(try_act(who, ActKind::approve_release,
                        {{"release_digest", to_base64(digest)},
                         {"item", id.text()},
                         {"recipient", to},
                         {"level", item->level},
                         {"terms", to_base64(terms.digest())}}));
}

registry::ActAnswer Side::dispatch(const Someone& who, const ItemId& item, const std::string& to) {
    return must(try_act(who, ActKind::dispatch, {{"item", item.text()}, {"recipient", to}}));
}

Result<Bytes> Side::read(const Someone& who, const ItemId& item, const std::string& purpose) {
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    const auto copies = registry->state().copies_of(item);
    const auto sealed =
        std::ranges::find(copies, logbook::Form::electronic, &logbook::CopyHolding::form);
    const CopyId copy = sealed == copies.end() ? CopyId::of(Bytes(10)) : sealed->id;
    TRY_ASSIGN(const auto answer,
               try_act(who, ActKind::open,
                       {{"item", item.text()},
                        {"copy", copy.text()},
                        {"purpose", purpose},
                        {"session_key", to_base64(session.public_key().der())}}));
    if (!answer.decision.permitted())
        return fail(Code::refused, answer.decision.reason());
    TRY_ASSIGN(const auto source, registry->opened_blob(answer.seq));
    TRY_ASSIGN(const Bytes share, from_base64(answer.result.at("share").get<std::string>()));
    Bytes originators;
    if (answer.result.contains("originators_share")) {
        TRY_ASSIGN(originators,
                   from_base64(answer.result.at("originators_share").get<std::string>()));
    }
    last_opening = answer.result;
    TRY_ASSIGN(const Bytes root, from_base64(answer.result.at("payload_root").get<std::string>()));
    envelope::Expectation expectation;
    TRY_ASSIGN(expectation.payload_root, fixed<32>(root, "test.root"));
    MemorySink plain;
    TRY(envelope::open(
        *source, plain,
        [&](const envelope::KeyAccess& access) {
            return session.unwrap(access.sid == envelope::kOriginatorSid ? originators : share);
        },
        expectation, 1));
    TRY(registry->opened(answer.seq, true));
    return plain.take();
}

Result<bool> Side::work() {
    const std::atomic<bool> stop = false;
    TRY(registry->tick());
    return registry->work(*carrier, stop);
}

void TokyoStaff::take_office(Side& tokyo, Time cleared_until) {
    for (Someone* who : {&originator, &releaser, &second}) {
        tokyo.enrol(*who);
        tokyo.clear(*who, "kimitsu", cleared_until);
    }
    tokyo.appoint(originator, "originator");
    tokyo.appoint(releaser, "releasing-authority");
    tokyo.appoint(second, "releasing-authority");
    tokyo.accredit("gokuhi");
}

} // namespace valise::testing
