// SPDX-License-Identifier: Apache-2.0
#include "entering.h"

#include "adapters/clock/system_clock.h"
#include "agreement/key_list.h"
#include "base/text.h"
#include "crypto/random.h"
#include "envelope/seal.h"
#include "label/attributes.h"
#include "label/json5636.h"
#include "label/label_xml.h"
#include "label/marking.h"
#include "streams.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace valise::cli {

namespace {

constexpr const char* kNamespace = "valise.invalid";

struct Labelled {
    label::Label label;
    label::Level level;
    std::string marking;
    envelope::SealRequest request;
};

Result<Labelled> make_label(const Entry& entry, const agreement::Terms& terms,
                            const std::string& party) {
    const label::Scheme* scheme = terms.scheme(party);
    if (scheme == nullptr)
        return fail(Code::invalid, "cli.answer", "the agreement does not know " + party);
    const label::Level* level = scheme->by_any_name(entry.level);
    if (level == nullptr) {
        std::vector<std::string> codes;
        codes.reserve(scheme->levels.size());
        for (const auto& known : scheme->levels)
            codes.push_back(known.code);
        return fail(Code::invalid, "cli.level",
                    party + " has no level '" + printable(entry.level) + "'" +
                        suggestion(entry.level, codes));
    }
    Labelled out;
    out.level = *level;
    out.label.policy_id = scheme->policy_id;
    out.label.policy_uri = scheme->policy_uri;
    out.label.classification = level->native;
    std::vector<std::string> release = entry.release;
    if (release.empty())
        for (const auto& known : terms.parties())
            release.push_back(known.code);
    out.label.categories = {{label::CategoryType::permissive, label::kReleasableTo, release, ""},
                            {label::CategoryType::informative, "Purpose", {entry.purpose}, ""}};
    if (entry.reserve_copying)
        out.label.categories.push_back(
            {label::CategoryType::informative, label::kReproduction, {label::kReserved}, ""});
    //= O-18
    // In the label, so that the receiver's marking says it too.
    if (!entry.rights.empty()) {
        std::vector<std::string> kinds;
        for (std::string kind : std::set(entry.rights.begin(), entry.rights.end())) {
            std::ranges::transform(kind, kind.begin(), [](unsigned char c) {
                return static_cast<char>(std::toupper(c));
            });
            kinds.push_back(std::move(kind));
        }
        out.label.categories.push_back(
            {label::CategoryType::informative, label::kRights, std::move(kinds), ""});
    }
    if (!entry.rights_note.empty())
        out.label.categories.push_back(
            {label::CategoryType::informative, label::kRightsNote, {entry.rights_note}, ""});
    out.label.created = adapters::SystemClock().now();
    TRY_ASSIGN(out.label.review, parse_until(entry.review));
    TRY_ASSIGN(out.request.label_xml, label::write_4774(out.label));
    TRY_ASSIGN(out.request.label_5636, label::write_5636(out.label));
    TRY_ASSIGN(out.request.attributes, label::attributes(out.label, *scheme, kNamespace));
    TRY_ASSIGN(out.marking, label::marking(out.label, *scheme, globals().language));
    out.request.mime_type = entry.mime_type;
    return out;
}

// Seals on this side, to the registry's own key: no byte of the document reaches the registry or a
// disk in clear.
Result<envelope::SealResult> seal_for_registry(Client& client, const std::string& file,
                                               envelope::SealRequest& request, int spool) {
    TRY_ASSIGN(const Json keys, client.get("/api/v1/keys"));
    TRY_ASSIGN(const std::string text, text_in(keys, "key_list"));
    TRY_ASSIGN(const Bytes bytes, from_base64(text));
    TRY_ASSIGN(const auto list, agreement::KeyList::parse(bytes));
    TRY_ASSIGN(auto key, crypto::WrapPublicKey::parse_der(list.unwrapping));
    request.recipients.push_back({std::move(key), "https://registry.invalid", "", ""});
    TRY_ASSIGN(const auto source, Input::open(file, "sealing"));
    adapters::FileSink sink(spool);
    request.manifest_wanted = false;
    return envelope::seal(*source, sink, request);
}

struct Sealed {
    std::string blob;
    envelope::SealResult result;
};

Result<Sealed> seal_and_upload(Client& client, const std::string& file,
                               envelope::SealRequest& request) {
    TRY_ASSIGN(auto spool, nameless_file());
    Sealed out;
    TRY_ASSIGN(out.result, seal_for_registry(client, file, request, spool.get()));
    TRY_ASSIGN(const auto whole, adapters::FileSource::over(std::move(spool)));
    TRY_ASSIGN(out.blob, client.upload(*whole));
    return out;
}

//= O-11
//= O-33
Result<void> derive(Client& client, const Entry& entry, Json& content) {
    if (!entry.former.empty())
        content["former"] = entry.former;
    if (entry.sources.empty())
        return {};
    std::set<std::string> sources;
    for (const std::string& name : entry.sources) {
        TRY_ASSIGN(const Json item, client.item(name));
        TRY_ASSIGN(std::string id, text_in(item, "item"));
        sources.insert(std::move(id));
    }
    content["sources"] = fmt::format("{}", fmt::join(sources, ","));
    content["made_as"] = entry.made_as;
    if (!entry.language.empty())
        content["language"] = entry.language;
    return {};
}

} // namespace

void describe(const Entry& entry, Json& content) {
    for (const auto& [name, text] :
         {std::pair("serial", &entry.serial), std::pair("disclosed_by", &entry.disclosed_by),
          std::pair("disclosed_to", &entry.disclosed_to),
          std::pair("disclosed_at", &entry.disclosed_at)})
        if (!text->empty())
            content[name] = *text;
    if (entry.pages > 0)
        content["pages"] = entry.pages;
    if (entry.sheets > 0)
        content["sheets"] = entry.sheets;
}

namespace {

//= O-16
// A purpose by its code, or as pages spell it in any language. Asked here, before anything is
// sealed or recorded: a slip of the pen is nobody's refused act.
Result<std::string> purpose_named(const agreement::Terms& terms, const std::string& word) {
    const auto same = [&](const std::string& known) {
        return std::ranges::equal(known, word, [](unsigned char a, unsigned char b) {
            return std::tolower(a) == std::tolower(b);
        });
    };
    std::string known;
    for (const auto& purpose : terms.purposes()) {
        if (purpose.code == word ||
            std::ranges::any_of(purpose.name, [&](const auto& name) { return same(name.second); }))
            return purpose.code;
        const auto name = purpose.name.find(globals().language);
        known += (known.empty() ? "" : "; ") + purpose.code +
                 (name == purpose.name.end() ? "" : " (" + name->second + ")");
    }
    return fail(Code::invalid, "cli.purpose",
                "the agreement has no purpose '" + printable(word) + "'; it has " + known);
}

} // namespace

//= O-01
Result<Json> enter_item(Acting& acting, const agreement::Terms& terms, const Entry& said) {
    Entry entry = said;
    TRY_ASSIGN(entry.purpose, purpose_named(terms, said.purpose));
    const bool electronic = entry.form == "electronic";
    if (electronic == entry.file.empty())
        return fail(Code::invalid, "cli.form",
                    electronic ? "an electronic item is a document: name its file"
                               : "an item of this form has no file to seal");
    Client& client = acting.client;
    TRY_ASSIGN(auto labelled, make_label(entry, terms, client.party()));
    std::string authority = entry.authority;
    if (authority.empty()) {
        TRY_ASSIGN(authority, text_in(client.status(), "authority"));
    }
    const ItemId item = ItemId::of(crypto::random_bytes(10));
    Json content = {{"item", item.text()},
                    {"level", labelled.level.code},
                    {"purpose", entry.purpose},
                    {"title", entry.title},
                    {"label", to_base64(view(labelled.request.label_xml))},
                    {"form", entry.form},
                    {"authority", authority}};
    if (!entry.rights_ground.empty())
        content["rights_ground"] = entry.rights_ground;
    describe(entry, content);
    TRY(derive(client, entry, content));
    Json facts = Json::object();
    if (electronic && globals().dry_run) { // only that there is a sealed file is asked about
        content["blob"] = BlobId::of(crypto::random_bytes(10)).text();
        content["payload_root"] = to_base64(Hash32{});
    } else if (electronic) {
        TRY_ASSIGN(const auto sealed, seal_and_upload(client, entry.file, labelled.request));
        facts = {{"payload_root", to_base64(sealed.result.payload_root)},
                 {"plain_bytes", static_cast<std::int64_t>(sealed.result.plain_bytes)}};
        content["blob"] = sealed.blob;
        content.update(facts);
    }
    TRY_ASSIGN(Json value, acting.act(logbook::ActKind::enter, std::move(content)));
    value["item"] = item.text();
    value["number"] = value.value("result", Json::object()).value("number", "");
    value["marking"] = labelled.marking;
    value["label"] = labelled.request.label_xml;
    value["form"] = entry.form;
    value.update(facts);
    return value;
}

} // namespace valise::cli
