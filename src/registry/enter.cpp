// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/kem.h"
#include "crypto/random.h"
#include "label/attributes.h"
#include "label/label_xml.h"
#include "logbook/leaf.h"
#include "logbook/protection.h"
#include "registry/internal/impl.h"

// An item comes into the register. It was sealed on the person's side: what arrives here is
// ciphertext, and what is entered is checked against its manifest.
namespace valise::registry {

using logbook::Act;

Result<std::pair<BlobId, std::unique_ptr<BlobWriter>>> Registry::receive_blob() {
    const BlobId id = new_blob_id();
    TRY_ASSIGN(auto writer, impl_->ports.blobs.create(id));
    return std::pair(id, std::move(writer));
}

namespace {

// The level that the act names is the one that the label says.
Result<label::Label> label_of(const Act& act, const label::Scheme& scheme) {
    TRY_ASSIGN(const Bytes xml, act.bytes_field("label"));
    TRY_ASSIGN(const auto read, label::read_4774(xml));
    TRY_ASSIGN(const std::string level, act.field("level"));
    const label::Level* named = scheme.by_code(level);
    if (named == nullptr || named->native != read.label.classification)
        return fail(Code::invalid, "registry.label", "label and level differ");
    return read.label;
}

} // namespace

Result<void> Registry::Impl::check_entry(const Act& act) const {
    const label::Scheme* scheme = terms().scheme(setup.party);
    TRY_ASSIGN(const auto label, label_of(act, *scheme));
    if (act.field("form") != std::string(to_string(logbook::Form::electronic))) {
        TRY(label::attributes(label, *scheme, label_namespace()));
        return {};
    }
    TRY_ASSIGN(const auto blob, act.id_field<BlobId>("blob"));
    TRY_ASSIGN(const Hash32 root, act.hash_field("payload_root"));
    TRY_ASSIGN(const Bytes label_xml, act.bytes_field("label"));
    TRY_ASSIGN(const auto source, ports.blobs.open(blob));
    TRY_ASSIGN(const auto container, envelope::Container::open(*source));
    TRY(envelope::expect_root(container.manifest(), root));
    const auto* xml = container.manifest().assertion(envelope::kLabelXmlId);
    const auto* json = container.manifest().assertion(envelope::kLabelJsonId);
    if (xml == nullptr || json == nullptr || view(xml->value).size() != label_xml.size() ||
        xml->value != text_view(label_xml))
        return fail(Code::invalid, "registry.label", "the sealed file carries another label");
    TRY(label::agree(label, *scheme, label_namespace(), container.manifest().attributes,
                     json->value));
    // The vault reads the kid when it opens; a file sealed to somebody else could never be opened.
    for (const auto& access : container.manifest().key_access) {
        TRY_ASSIGN(const auto key, crypto::WrapPublicKey::parse_der(own.unwrapping));
        if (access.kid == key.kid())
            return {};
    }
    return fail(Code::invalid, "registry.not_for_us", "the file is not sealed to this registry");
}

Result<ActAnswer> Registry::Impl::do_enter(Draft draft, ActAnswer answer) {
    TRY_ASSIGN(const auto signed_act, logbook::SignedAct::parse(draft.signed_act));
    const Act& act = signed_act.act();
    TRY_ASSIGN(const auto item, act.id_field<ItemId>("item"));
    TRY_ASSIGN(const Bytes label_xml, act.bytes_field("label"));
    const std::string number = ledger.state().next_number(logbook::year_of(draft.skeleton.minute));
    const std::string copy =
        act.optional_field("copy").value_or(CopyId::of(crypto::random_bytes(10)).text());
    auto& skeleton = draft.skeleton;
    skeleton.ids["copy"] = copy;
    skeleton.facts["origin"] = setup.party;
    skeleton.facts["number"] = number;
    skeleton.facts["label_sha256"] = to_base64(crypto::sha256(label_xml));
    if (const auto root = act.hash_field("payload_root"))
        draft.document = logbook::document_commitment(*root);
    else
        skeleton.facts["form"] = act.optional_field("form").value_or("");
    TRY_ASSIGN(const auto read, label::read_4774(label_xml));
    if (const std::string release = releasable(read.label); !release.empty())
        skeleton.facts["release"] = release;
    if (label::copying_reserved(read.label))
        skeleton.facts["copying"] = "reserved";
    if (const auto rights = label::rights(read.label); !rights.empty())
        skeleton.facts["rights"] = logbook::words_text(rights);
    // The ciphertext is durable already: nothing is left to be done.
    TRY(record_as_done(std::move(draft), answer));
    answer.result = {{"number", number}, {"item", item.text()}, {"copy", copy}};
    return answer;
}

std::string releasable(const label::Label& label) {
    std::string out;
    for (const std::string& party : label::releasable_to(label))
        out += (out.empty() ? "" : ",") + party;
    return out;
}

} // namespace valise::registry
