// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/clock/system_clock.h"
#include "base/text.h"
#include "commands.h"
#include "crypto/random.h"
#include "sentences.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string act;
    std::vector<std::string> content; // name=value
    std::string person;
};

// The members that are numbers; all others are texts.
constexpr std::string_view kNumbers[] = {"pages", "sheets", "plain_bytes", "approvals"};

Result<Json> content_of(const std::vector<std::string>& words) {
    Json out = Json::object();
    for (const std::string& word : words) {
        const auto end = word.find('=');
        if (end == std::string::npos || end == 0)
            return fail(Code::invalid, "cli.content",
                        "'" + printable(word) + "' is no name=value of the act");
        const std::string name = word.substr(0, end);
        const std::string value = word.substr(end + 1);
        std::int64_t number = 0;
        const auto [stop, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        const bool whole = error == std::errc() && stop == value.data() + value.size();
        out[name] = whole && std::ranges::find(kNumbers, name) != std::end(kNumbers) ? Json(number)
                                                                                     : Json(value);
    }
    return out;
}

std::string no_hash() {
    return to_base64(Hash32{});
}

// What the register already knows about the item, and a stand-in for what is made with the act
// itself (a session key, a sealed file): no clause asks for more of it than that it is there.
Result<void> fill_in(Client& client, ActKind kind, Json& content) {
    const auto absent = [&](const char* name, const std::string& value) {
        if (!content.contains(name))
            content[name] = value;
    };
    if (kind == ActKind::enter) {
        TRY_ASSIGN(const std::string authority, text_in(client.status(), "authority"));
        absent("item", ItemId::of(crypto::random_bytes(10)).text());
        absent("authority", authority);
        absent("form", "electronic");
        absent("title", "-");
        absent("label", to_base64(to_bytes("-")));
        if (content["form"] == "electronic") {
            absent("blob", BlobId::of(crypto::random_bytes(10)).text());
            absent("payload_root", no_hash());
        }
        return {};
    }
    if (!content.contains("item"))
        return {};
    TRY_ASSIGN(const Json item, client.item(content["item"].get<std::string>()));
    TRY_ASSIGN(const std::string id_text, text_in(item, "item"));
    content["item"] = id_text;
    if (kind == ActKind::ask_release || kind == ActKind::approve_release ||
        kind == ActKind::refuse_release) {
        TRY_ASSIGN(const ItemId id, ItemId::parse(id_text));
        TRY_ASSIGN(const Hash32 root, hash_in(item, "payload_root"));
        TRY_ASSIGN(const Hash32 label, hash_in(item, "label_sha256"));
        TRY_ASSIGN(const std::string level, text_in(item, "level"));
        const Hash32 digest = logbook::release_digest(
            id, root, label, content.value("recipient", ""), client.terms_digest());
        if (kind != ActKind::refuse_release)
            absent("level", level);
        absent("release_digest", to_base64(digest));
        absent("terms", to_base64(client.terms_digest()));
    }
    if (kind == ActKind::open || kind == ActKind::export_copy) {
        const Json copies = item.value("copies", Json::array());
        absent("copy", copies.empty() ? std::string() : shown(copies.front(), "copy"));
        if (kind == ActKind::open)
            absent("session_key", no_hash());
        else
            absent("client", "-");
    }
    if (kind == ActKind::print) {
        const Json copies = item.value("copies", Json::array());
        absent("copy", copies.empty() ? std::string() : shown(copies.front(), "copy"));
        absent("print", CopyId::of(Bytes(10, 0)).text());
        absent("reason", "-");
    }
    return {};
}

// The public key of an active person; empty: nobody was named.
Result<Bytes> key_of(Client& client, const std::string& person) {
    if (person.empty())
        return Bytes();
    TRY_ASSIGN(const std::string id, person_named(person));
    TRY_ASSIGN(const Json answer, client.get("/api/v1/people"));
    for (const Json& known : answer.value("people", Json::array()))
        if (known.value("person", "") == id)
            return from_base64(known.value("key", ""));
    return fail(Code::not_found, "cli.no_person", "nobody in the register is " + printable(person));
}

std::string refusal_lines(const Json& clauses) {
    std::string out;
    for (const Json& clause : clauses)
        if (clause.value("finding", "") == "refuse")
            out += fmt::format(
                "    clause {} ({}): {}\n", shown(clause, "clause"), shown(clause, "row"),
                sentence_of_reason(shown(clause, "reason"), shown(clause, "clause")));
    return out;
}

std::string said(const Json& decision) {
    return permitted(decision) ? "would be permitted" : "would be REFUSED";
}

Result<Exit> why(const Options& options) {
    TRY_ASSIGN(const ActKind kind, logbook::parse_act_kind(options.act));
    TRY_ASSIGN(Json content, content_of(options.content));
    TRY_ASSIGN(auto client, Client::connect());
    TRY(fill_in(client, kind, content));
    TRY_ASSIGN(const Bytes key, key_of(client, options.person));
    TRY_ASSIGN(const auto act, logbook::Act::make(kind, client.party(), client.terms_digest(),
                                                  adapters::SystemClock().now(), key,
                                                  std::move(content), crypto::random_array<16>()));
    TRY_ASSIGN(Json value, client.post("/api/v1/acts/consider", act.bytes()));
    bool anybody = permitted(value);
    std::string lines;
    if (!options.person.empty()) {
        lines =
            fmt::format("{}: {}\n{}", options.act, said(value), refusal_lines(value["clauses"]));
        for (const Json& duty : value["duties"])
            lines += fmt::format("    duty: {} until {} (clause {})\n", shown(duty, "what"),
                                 shown(duty, "due"), shown(duty, "clause"));
    } else {
        for (const Json& person : value["people"]) {
            anybody = anybody || permitted(person);
            lines += fmt::format("{} by {}: {}\n{}", options.act, shown(person, "person"),
                                 said(person), refusal_lines(person["refusals"]));
        }
    }
    value["act"] = options.act;
    answer(std::move(value), lines + "nothing was recorded");
    return anybody ? Exit::done : Exit::refused;
}

} // namespace

void add_why(Command& agreement) {
    static Options options;
    Command asking = agreement.sub("why", "what would be decided about an act now, for whom, and "
                                          "which clause refuses; records nothing");
    asking.option("act", options.act, "kind of act, as dispatch", Need::required)
        .option("content", options.content,
                "its members, as item=JPN-2026-0001 recipient=UKR; what the register knows is "
                "filled in")
        .option("--person PERSON", options.person,
                "id or key file; none: every person in the register");
    asking.runs([] { return why(options); });
}

} // namespace valise::cli
