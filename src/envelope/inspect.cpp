// SPDX-License-Identifier: Apache-2.0
#include "envelope/inspect.h"

#include "base/text.h"
#include "crypto/merkle.h"
#include "envelope/container.h"
#include "envelope/internal/form.h"
#include "envelope/internal/plain_tdf.h"
#include "envelope/statement.h"
#include "label/label_xml.h"

namespace valise::envelope {
namespace {

Json shown(const std::vector<std::string>& texts) {
    Json out = Json::array();
    for (const std::string& text : texts)
        out.push_back(printable(text));
    return out;
}

Json label_summary(const Assertion& assertion) {
    const auto read = label::read_4774(view(assertion.value));
    if (!read)
        return Json{{"unreadable", read.error().reason()}};
    Json categories = Json::object();
    for (const label::Category& category : read->label.categories)
        categories[printable(category.tag)] = shown(category.values);
    Json findings = Json::array();
    for (const label::Finding& finding : read->findings)
        findings.push_back(finding.reason);
    return Json{{"policy", printable(read->label.policy_id)},
                {"classification", printable(read->label.classification)},
                {"categories", categories},
                {"created", read->label.created.text()},
                {"findings", findings}};
}

Json sender_summary(const SenderAssertion& sender) {
    Json signature = {{"index", sender.signature.index}, {"size", sender.signature.size}};
    const auto statement = Statement::parse(sender.statement);
    if (!statement)
        return Json{{"signature", signature}, {"unreadable", statement.error().reason()}};
    const StatementInputs& said = statement->inputs;
    return Json{{"signature", signature},
                {"exchange", said.exchange},
                {"serial", said.serial},
                {"sender", said.sender},
                {"recipient", said.recipient},
                {"time", said.time.text()},
                {"item", said.item},
                {"inspection", said.inspection},
                {"level", said.classification.level_code},
                {"level_native", said.classification.level_native},
                {"release_acts", said.release.size()}};
}

Json summary(const Container& container) {
    const Manifest& manifest = container.manifest();
    Json keys = Json::array();
    for (const KeyAccess& one : manifest.key_access)
        keys.push_back(Json{{"type", one.type},
                            {"url", printable(one.url)},
                            {"kid", printable(one.kid)},
                            {"sid", printable(one.sid)}});
    Json out = {{"form", manifest.is_signed() ? "dispatch" : "at-rest"},
                {"proved", false},
                {"schema_version", to_string(manifest.version)},
                {"container_bytes", container.container_bytes()},
                {"plain_bytes", manifest.plain_bytes},
                {"segments", manifest.segment_count()},
                {"mime_type", printable(manifest.mime_type)},
                {"policy_uuid", manifest.policy_uuid},
                {"attributes", shown(manifest.attributes)},
                {"key_access", std::move(keys)}};
    if (const auto leaves = manifest.claimed_leaves())
        out["payload_root"] = to_base64(crypto::tree_root(**leaves));
    if (const Assertion* label = manifest.assertion(kLabelXmlId))
        out["label"] = label_summary(*label);
    if (const auto sender = manifest.sender())
        out["statement"] = sender_summary(*sender);
    return out;
}

std::string text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string()
               ? printable(found->get_ref<const std::string&>())
               : std::string();
}

Json summary(const PlainTdf& tdf, const Error& why) {
    Json keys = Json::array();
    for (const KeyAccess& one : tdf.key_access)
        keys.push_back(Json{{"type", printable(one.type)},
                            {"url", printable(one.url)},
                            {"kid", printable(one.kid)},
                            {"sid", printable(one.sid)}});
    Json assertions = Json::array();
    for (const Json& one : tdf.assertions)
        if (one.is_object())
            assertions.push_back(text_of(one, "id"));
    return Json{{"form", "plain-tdf"},
                {"proved", false},
                {"not_a_dispatch", why.reason()},
                {"schema_version", printable(tdf.schema_version)},
                {"plain_bytes", tdf.plain_bytes()},
                {"segments", tdf.segments.size()},
                {"mime_type", printable(tdf.mime_type)},
                {"key_access", std::move(keys)},
                {"assertions", std::move(assertions)}};
}

} // namespace

Result<Json> inspect(const RandomSource& source) {
    const auto container = Container::open(source);
    if (container)
        return summary(*container);
    const auto plain = PlainTdf::read(source);
    if (!plain)
        return fail(container.error());
    return summary(*plain, container.error());
}

} // namespace valise::envelope
