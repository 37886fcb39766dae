// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/openapi.h"

#include "desk/internal/routes.h"

namespace valise::desk {

namespace {

// A member that may be absent has a '?' behind its name. A type is text, number, flag, time,
// base64, hash (base64 of 32 bytes), "one" (the version), words with '|' between them, or the name
// of a schema, or object (with any members); behind it "[]" for a list, "{}" for an object with any
// names, '?' where null is possible.
struct Member {
    const char* name;
    const char* type;
};
struct Schema {
    const char* name;
    std::vector<Member> members;
};

const std::vector<Schema>& table() {
    static const std::vector<Schema> all = {
        {"act-answer",
         {{"v", "one"},
          {"outcome", "permit|refuse"},
          {"clauses", "clause[]"},
          {"duties", "duty[]"},
          {"event", "event"},
          {"done", "number?"},
          {"evidence", "E0|E1|E2|E3|E4"},
          {"result", "act-result"}}},
        {"considered",
         {{"v", "one"},
          {"outcome", "permit|refuse"},
          {"clauses", "clause[]"},
          {"duties", "duty[]"},
          {"people", "considered-person[]"}}},
        {"considered-person",
         {{"person", "text"}, {"outcome", "permit|refuse"}, {"refusals", "clause[]"}}},
        {"clause",
         {{"clause", "text"},
          {"row", "text"},
          {"finding", "pass|refuse|duty|not-applicable"},
          {"reason", "text"}}},
        {"duty", {{"clause", "text"}, {"what", "text"}, {"due", "time"}}},
        {"event", {{"log", "private|shared"}, {"index", "number"}}},
        {"act-result",
         {{"number?", "text"},
          {"recon?", "hash"},
          {"item?", "text"},
          {"copy?", "text"},
          {"copy_number?", "number"},
          {"certificate?", "number"},
          {"peer?", "text"},
          {"dispatch?", "text"},
          {"release?", "text"},
          {"incident?", "text"},
          {"muster?", "text"},
          {"leg?", "number"},
          {"bytes?", "number"},
          {"share?", "base64"},
          {"payload_root?", "hash"},
          {"receipt?", "base64"},
          {"signature?", "base64"}}},
        {"items", {{"v", "one"}, {"items", "item[]"}, {"next", "text?"}}},
        {"item",
         {{"v?", "one"},
          {"item", "text"},
          {"number", "text"},
          {"direction", "out|in"},
          {"form", "electronic|paper|equipment|oral|visual"},
          {"pages", "number?"},
          {"sheets", "number?"},
          {"entry", "entry"},
          {"notes", "note[]"},
          {"level", "text"},
          {"level_shown", "level"},
          {"label_level", "text"},
          {"change", "text"},
          {"incidents", "incident[]"},
          {"notices", "notice[]"},
          {"own_level", "text"},
          {"own_level_shown", "level"},
          {"marking", "text{}"},
          {"purpose", "text"},
          {"origin", "text"},
          {"payload_root", "hash"},
          {"label_sha256", "hash"},
          {"blob", "text"},
          {"entered_by", "text"},
          {"entered", "time?"},
          {"release", "text[]"},
          {"dispatch", "text"},
          {"sources", "text[]"},
          {"made_as", "derivative|extract|translation?"},
          {"language", "text"},
          {"note", "text?"},
          {"former", "text"},
          {"copies_made", "number"},
          {"copying_reserved", "flag"},
          {"rights", "text[]"},
          {"review", "kept|return|destroy?"},
          {"next_review", "time?"},
          {"copies", "copy[]"},
          {"exported", "exported[]"},
          {"releases", "release[]"}}},
        {"exported",
         {{"person", "text"},
          {"client", "text"},
          {"copy_number", "number"},
          {"purpose", "text"},
          {"event", "number"},
          {"minute", "time?"}}},
        {"entry", {{"event", "number"}, {"state", "entered|corrected|cancelled"}}},
        {"note",
         {{"event", "number"},
          {"what", "correct|cancel"},
          {"at", "time?"},
          {"by", "text"},
          {"members", "text"},
          {"pages", "number?"},
          {"sheets", "number?"}}},
        {"level",
         {{"code", "text"}, {"native?", "text"}, {"names?", "text{}"}, {"color?", "text"}}},
        {"copy",
         {{"v?", "one"},
          {"item?", "text"},
          {"copy", "text"},
          {"number", "number"},
          {"form", "electronic|paper|equipment|oral|visual"},
          {"pages", "number"},
          {"state", "text"},
          {"place", "text"},
          {"due", "time?"},
          {"opened_by", "text[]"},
          {"witnesses", "copy-witness[]"},
          {"destruction", "destruction?"}}},
        {"copy-witness", {{"person", "text"}, {"method", "text"}, {"minute", "time"}}},
        {"destruction",
         {{"certificate", "number"},
          {"method", "text"},
          {"destroyer", "text"},
          {"witnesses", "text[]"},
          {"certified_by", "text?"},
          {"modification_report", "hash?"},
          {"minute", "time"},
          {"pages_checked", "number"},
          {"remaining_copies", "number"}}},
        {"containers", {{"v", "one"}, {"containers", "container[]"}}},
        {"container",
         {{"container", "text"},
          {"level", "text"},
          {"level_shown", "level"},
          {"access", "text[]"},
          {"controls", "text[]"},
          {"copies", "text[]"}}},
        {"laws",
         {{"v", "one"},
          {"laws", "law[]"},
          {"asked", "law-request[]"},
          {"asked_by", "law-request[]"}}},
        {"law",
         {{"party", "text"},
          {"law", "text"},
          {"edition", "text"},
          {"from", "time"},
          {"text", "hash"},
          {"affects", "flag"},
          {"event", "number"}}},
        {"law-request", {{"party", "text"}, {"event", "number"}, {"at", "time"}}},
        {"release",
         {{"release", "text"},
          {"recipient", "text"},
          {"release_digest", "hash"},
          {"asked_by", "text?"},
          {"approvals", "text[]"},
          {"state", "text"}}},
        {"dispatches", {{"v", "one"}, {"dispatches", "dispatch[]"}}},
        {"dispatch",
         {{"v?", "one"},
          {"dispatch", "text"},
          {"item", "text"},
          {"release", "text"},
          {"peer", "text"},
          {"level", "text"},
          {"direction", "out|in"},
          {"state", "text"},
          {"finding", "text?"},
          {"document", "hash"},
          {"since", "time?"},
          {"moved", "time?"},
          {"durable_bytes", "number"},
          {"payload_bytes", "number"},
          {"custody_evidence", "text"},
          {"contents_evidence", "text"},
          {"copy", "text"},
          {"seals", "text"},
          {"returns", "text"},
          {"announced", "flag"},
          {"legs", "leg[]"},
          {"delivered", "text?"},
          {"refusal", "text"}}},
        {"leg", {{"event", "number"}, {"at", "time"}, {"seals", "text"}}},
        {"packed",
         {{"v", "one"},
          {"bag", "text"},
          {"volumes", "volume[]"},
          {"frames", "number"},
          {"left_out", "text"}}},
        {"volume", {{"blob", "text"}, {"bytes", "number"}}},
        {"discarded", {{"v", "one"}}},
        {"unpacked",
         {{"v", "one"},
          {"bag", "text"},
          {"volume", "number"},
          {"last", "flag"},
          {"frames", "number"},
          {"arrived", "text[]"},
          {"refused", "number{}"}}},
        {"behind",
         {{"held", "number"},
          {"signed", "number"},
          {"shared_held", "number"},
          {"shared_signed", "number"},
          {"by_peer", "flag"}}},
        {"recovery",
         {{"v", "one"},
          {"behind", "behind?"},
          {"content", "recover-content?"},
          {"signed_mirror", "text?"},
          {"recoveries", "recovery-made[]"}}},
        {"recover-content",
         {{"epoch", "text"},
          {"held", "text"},
          {"root", "hash"},
          {"signed", "text"},
          {"mirror", "text"}}},
        {"recovery-made",
         {{"epoch", "number"},
          {"held", "number"},
          {"signed", "number"},
          {"root", "hash"},
          {"shared_from", "number"},
          {"shared_to", "number"},
          {"event", "number"}}},
        {"recovered",
         {{"v", "one"},
          {"epoch", "number"},
          {"held", "number"},
          {"signed", "number"},
          {"lost_events", "number"},
          {"at_least", "flag"},
          {"mirror", "text"},
          {"shared_from", "number"},
          {"shared_to", "number"},
          {"lost", "lost-leaf[]"},
          {"unnamed", "number"}}},
        {"lost-leaf",
         {{"leaf", "number"},
          {"kind", "text"},
          {"stage", "text"},
          {"minute", "time"},
          {"link", "text"}}},
        {"duties", {{"v", "one"}, {"duties", "standing-duty[]"}}},
        {"standing-duty",
         {{"clause", "text"},
          {"row", "text"},
          {"what", "text"},
          {"subject", "text"},
          {"dispatch", "text"},
          {"due", "time"},
          {"overdue", "flag"},
          {"ours", "flag"},
          {"item", "text"},
          {"person", "text"}}},
        {"notices", {{"v", "one"}, {"notices", "notice[]"}}},
        {"notice", {{"v?", "one"},          {"notice", "text"},   {"direction", "out|in"},
                    {"type", "text"},       {"peer", "text"},     {"dispatch", "text"},
                    {"about", "text"},      {"incident", "text"}, {"level", "text"},
                    {"third", "text"},      {"answer", "text"},   {"until", "time?"},
                    {"law", "text"},        {"edition", "text"},  {"what", "text"},
                    {"state", "text"},      {"at", "time?"},      {"since", "time?"},
                    {"evidence", "text"},   {"refusal", "text"},  {"enclosed?", "text"},
                    {"answer_now?", "text"}}},
        {"controls", {{"v", "one"}, {"controls", "control[]"}}},
        {"control",
         {{"dispatch", "text"},
          {"item", "text"},
          {"peer", "text"},
          {"direction", "out|in"},
          {"until", "time?"},
          {"narrowed", "flag"},
          {"admits", "text[]"},
          {"admitted", "admitted[]"},
          {"readers", "known-reader[]"},
          {"leases", "lease[]"},
          {"recall", "recall?"}}},
        {"admitted", {{"reader", "text"}, {"openings", "number"}, {"last", "time"}}},
        {"known-reader", {{"person", "text"}, {"reader", "text"}}},
        {"lease", {{"copy", "text"}, {"person", "text"}, {"until", "time"}}},
        {"recall", {{"event", "number"}, {"at", "time"}, {"notice", "text"}}},
        {"incidents", {{"v", "one"}, {"incidents", "incident[]"}}},
        {"incident",
         {{"incident", "text"},
          {"direction", "out|in"},
          {"item", "text"},
          {"copy", "text"},
          {"what", "loss|compromise|suspected"},
          {"state", "text"},
          {"at", "time?"},
          {"since", "time?"}}},
        {"musters", {{"v", "one"}, {"musters", "muster[]"}}},
        {"muster",
         {{"v?", "one"},
          {"muster", "text"},
          {"event", "number"},
          {"level", "text"},
          {"container", "text"},
          {"percent", "number?"},
          {"begun_by", "text"},
          {"begun", "time"},
          {"expected", "number"},
          {"uncounted", "number"},
          {"missing", "number"},
          {"closed", "time?"},
          {"copies?", "counted[]"}}},
        {"counted",
         {{"copy", "text"},
          {"item", "text"},
          {"number", "text"},
          {"place", "text"},
          {"finding", "uncounted|present|missing"},
          {"by", "text?"},
          {"minute", "time?"}}},
        {"people", {{"v", "one"}, {"people", "person[]"}}},
        {"person",
         {{"person", "text"},
          {"key", "base64"},
          {"roles", "text[]"},
          {"clearance", "clearance?"},
          {"absence", "absence?"},
          {"briefed", "time?"},
          {"transferred", "time?"},
          {"active", "flag"}}},
        {"facilities", {{"v", "one"}, {"facilities", "facility[]"}}},
        {"facility",
         {{"facility", "text"},
          {"officer", "text"},
          {"officer_in_office", "flag"},
          {"deputy", "text"},
          {"deputy_acts", "flag"}}},
        {"absence", {{"from", "time"}, {"until", "time"}}},
        {"clearance", {{"level", "text"}, {"until", "time"}, {"authority", "text"}}},
        {"status",
         {{"v", "one"},
          {"party", "text"},
          {"authority", "text"},
          {"agreement", "agreement"},
          {"test_mode", "flag"},
          {"banner", "text{}"},
          {"peer", "peer?"},
          {"link", "text"},
          {"client_url", "text"},
          {"accreditations", "accreditation[]"},
          {"assurances", "accreditation[]"},
          {"adopted", "adoption?"},
          {"peer_adopted", "adoption?"},
          {"ends", "text"},
          {"behind", "behind?"},
          {"events", "number"},
          {"items", "number"},
          {"dispatches", "number"},
          {"open_permits", "number"}}},
        {"agreement",
         {{"id", "text"},
          {"version", "number"},
          {"title", "text{}"},
          {"status", "draft|confirmed"},
          {"digest", "hash"}}},
        {"adoption", {{"terms", "hash"}, {"as", "amendment|arrangement"}, {"from", "time"}}},
        {"peer", {{"party", "text"}, {"paired", "flag"}, {"endpoint", "text"}}},
        {"accreditation", {{"peer", "text"}, {"level", "text"}, {"until", "time"}}},
        {"health", {{"v", "one"}, {"ready", "flag"}, {"checks", "check[]"}, {"link?", "text"}}},
        {"check", {{"name", "text"}, {"ok", "flag"}, {"text", "text"}}},
        {"alive", {{"v", "one"}, {"alive", "flag"}}},
        {"keys", {{"v", "one"}, {"key_list", "base64"}}},
        {"clients", {{"v", "one"}, {"clients", "client[]"}}},
        {"client",
         {{"client", "text"},
          {"person", "text"},
          {"class", "strict|relaxed|bearer"},
          {"subject", "text"},
          {"added", "time"}}},
        {"client-secret", {{"v", "one"}, {"client", "text"}, {"secret", "text"}}},
        {"client-removed", {{"v", "one"}, {"client", "text"}}},
        {"checkpoints",
         {{"v", "one"},
          {"private", "log"},
          {"shared", "log"},
          {"witness", "witness"},
          {"mirror?", "witness"}}},
        {"recons", {{"v", "one"}, {"recons", "recon[]"}}},
        {"recon-answer", {{"v", "one"}, {"recon", "recon"}}},
        {"recon",
         {{"recon", "text"},
          {"ours", "flag"},
          {"signed_here", "flag"},
          {"signed_there", "flag"},
          {"differs", "flag"},
          {"exceptions", "number"},
          {"statement", "object"}, // docs/formats/recon.md
          {"content", "object"}}},
        {"log", {{"checkpoint", "text"}, {"origin", "text"}, {"vkeys", "text[]"}}},
        {"witness", {{"name", "text"}, {"vkeys", "text[]"}}},
        {"acceptance",
         {{"v", "one"},
          {"peer", "text"},
          {"endpoint", "text"},
          {"fingerprint", "text"},
          {"pair_content", "pair-content"}}},
        {"pair-content",
         {{"peer", "text"},
          {"fingerprint", "text"},
          {"confirmation", "base64"},
          {"peer_root", "base64"}}},
        {"form-answer",
         {{"v", "one"},
          {"form", "object"}, // docs/formats/forms.md
          {"digest", "hash"},
          {"code", "text"},
          {"event", "event"},
          {"evidence", "E0|E1|E2|E3|E4"}}},
        {"blob", {{"v", "one"}, {"blob", "text"}}},
        {"accounts", {{"v", "one"}, {"accounts", "account[]"}}},
        {"account",
         {{"person", "text"},
          {"name", "text"},
          {"way", "password|openid|certificate"},
          {"initial", "flag"}}},
        {"account-made",
         {{"v", "one"},
          {"person", "text"},
          {"name", "text"},
          {"way", "password|openid|certificate"},
          {"password?", "text"},
          {"secret?", "text"},
          {"uri?", "text"}}},
        {"account-ended", {{"v", "one"}, {"person", "text"}}},
        {"prepared-act", {{"v", "one"}, {"act", "base64"}}},
        {"reading", {{"v", "one"}, {"outcome", "done|failed"}}},
        {"problem",
         {{"type", "text"},
          {"title", "text"},
          {"status", "number"},
          {"detail", "text"},
          {"code", "text"},
          {"kind", "text"}}},
    };
    return all;
}

Json reference(std::string_view schema) {
    return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

Json words_of(std::string_view type) {
    Json words = Json::array();
    while (true) {
        const auto end = type.find('|');
        words.push_back(std::string(type.substr(0, end)));
        if (end == std::string_view::npos)
            return {{"type", "string"}, {"enum", std::move(words)}};
        type.remove_prefix(end + 1);
    }
}

Json type_schema(std::string_view type) {
    if (type.ends_with('?'))
        return {{"anyOf", {type_schema(type.substr(0, type.size() - 1)), {{"type", "null"}}}}};
    if (type.ends_with("[]"))
        return {{"type", "array"}, {"items", type_schema(type.substr(0, type.size() - 2))}};
    if (type.ends_with("{}"))
        return {{"type", "object"},
                {"additionalProperties", type_schema(type.substr(0, type.size() - 2))}};
    if (type.find('|') != std::string_view::npos)
        return words_of(type);
    if (type == "text")
        return {{"type", "string"}};
    if (type == "number")
        return {{"type", "integer"}, {"minimum", 0}};
    if (type == "flag")
        return {{"type", "boolean"}};
    if (type == "time")
        return {{"type", "string"}, {"format", "date-time"}};
    if (type == "base64")
        return {{"type", "string"}, {"contentEncoding", "base64"}};
    if (type == "hash")
        return {{"type", "string"},
                {"contentEncoding", "base64"},
                {"minLength", 44},
                {"maxLength", 44}};
    if (type == "object")
        return {{"type", "object"}, {"additionalProperties", Json::object()}};
    if (type == "one")
        return {{"const", 1}};
    return reference(type);
}

// What a route takes or gives: a media type, or the name of a schema.
Json content(std::string_view what) {
    if (what.find('/') != std::string_view::npos)
        return {{std::string(what), Json::object()}};
    return {{"application/json", {{"schema", reference(what)}}}};
}

Json parameters_of(const Route& route) {
    Json out = Json::array();
    const auto add = [&](std::string name, const char* place) {
        const bool needed = !name.ends_with('?');
        name.resize(name.size() - (needed ? 0 : 1));
        out.push_back({{"name", std::move(name)},
                       {"in", place},
                       {"required", needed},
                       {"schema", {{"type", "string"}}}});
    };
    const std::string_view pattern = route.pattern;
    for (auto open = pattern.find('{'); open != std::string_view::npos;
         open = pattern.find('{', open + 1))
        add(std::string(pattern.substr(open + 1, pattern.find('}', open) - open - 1)), "path");
    std::string_view names = route.query == nullptr ? "" : route.query;
    while (!names.empty()) {
        const auto end = std::min(names.find(' '), names.size());
        add(std::string(names.substr(0, end)), "query");
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return out;
}

Json operation_of(const Route& route) {
    const Json failed = {
        {"description", "RFC 9457 problem"},
        {"content", {{"application/problem+json", {{"schema", reference("problem")}}}}}};
    Json responses = {{"200", {{"description", "done"}, {"content", content(route.gives)}}},
                      {"default", failed}};
    if (std::string_view(route.gives) == "act-answer")
        responses["200"]["description"] = "permitted, or refused by the agreement: see outcome";
    // The one answer that is no problem and no 200.
    if (std::string_view(route.pattern) == "/readyz")
        responses["503"] = {{"description", "not ready"}, {"content", content(route.gives)}};
    Json out = {{"summary", route.summary}, {"responses", std::move(responses)}};
    if (Json parameters = parameters_of(route); !parameters.empty())
        out["parameters"] = std::move(parameters);
    if (route.takes != nullptr)
        out["requestBody"] = {{"required", true}, {"content", content(route.takes)}};
    return out;
}

} // namespace

Json answer_schemas() {
    Json out = Json::object();
    for (const Schema& schema : table()) {
        Json properties = Json::object();
        Json required = Json::array();
        for (const Member& member : schema.members) {
            const std::string_view name = member.name;
            const bool optional = name.ends_with('?');
            const std::string plain(name.substr(0, name.size() - (optional ? 1 : 0)));
            properties[plain] = type_schema(member.type);
            if (!optional)
                required.push_back(plain);
        }
        out[schema.name] = {{"type", "object"},
                            {"properties", std::move(properties)},
                            {"required", std::move(required)},
                            {"additionalProperties", false}};
    }
    return out;
}

Json openapi_document() {
    Json paths = Json::object();
    for (const Route& route : routes())
        paths[route.pattern][std::string_view(route.method) == "GET" ? "get" : "post"] =
            operation_of(route);
    return {{"openapi", "3.1.0"},
            {"info", {{"title", "Valise"}, {"version", "1"}}},
            {"paths", std::move(paths)},
            {"components", {{"schemas", answer_schemas()}}}};
}

} // namespace valise::desk
