// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "base/text.h"
#include "commands.h"
#include "crypto/hash.h"
#include "crypto/webauthn.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string person;
    std::string name;
    std::string role;
    std::string level;
    std::string until;
    std::string authority;
    std::string item;
    std::string purpose;
    std::string reason;
    std::string what;
    std::string text;
    std::string reference;
    std::string employer;
    std::string from;
    std::string passkey;
};

constexpr std::size_t kBriefingMax = 16 << 20;

//= O-25
// What was told is named by its digest: the person signs that text and no other.
Result<Exit> brief(const Options& options) {
    TRY_ASSIGN(const Bytes text, adapters::read_file(options.text, kBriefingMax));
    TRY_ASSIGN(auto acting, Acting::begin());
    const std::string id = PersonId::of(crypto::sha256(acting.key.public_bytes())).text();
    Json content = {{"person", id}, {"briefing", to_base64(crypto::sha256(text))}};
    if (!options.reference.empty())
        content["reference"] = options.reference;
    TRY_ASSIGN(Json value, acting.act(ActKind::brief, std::move(content)));
    value["person"] = id;
    return conclude(std::move(value), fmt::format("{} acknowledged the briefing", id));
}

Result<Exit> debrief(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    Json content = {{"person", id}};
    if (!options.reason.empty())
        content["reason"] = options.reason;
    return act_and_conclude(ActKind::debrief, std::move(content),
                            fmt::format("{} was debriefed and reads nothing any more", id));
}

Result<Exit> transfer(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    Json content = {{"person", id}, {"employer", options.employer}};
    if (!options.reason.empty())
        content["reason"] = options.reason;
    return act_and_conclude(
        ActKind::transfer, std::move(content),
        fmt::format("{} moved; their clearance counts again when they are cleared anew", id));
}

Result<Exit> enrol(const Options& options) {
    TRY_ASSIGN(const auto file, PublicKeyFile::read(options.person, KeyKind::person));
    const std::string name = options.name.empty() ? file.name : options.name;
    if (name.empty())
        return fail(Code::invalid, "cli.name", "the key file holds no name: give --name");
    TRY_ASSIGN(const std::string id, file.id());
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json value,
               acting.act(ActKind::enrol,
                          {{"person", id}, {"key", to_base64(file.public_bytes)}, {"name", name}}));
    value["person"] = id;
    return conclude(std::move(value), fmt::format("enrolled {} as {}", printable(name), id));
}

Result<Exit> appoint(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    return act_and_conclude(ActKind::appoint, {{"person", id}, {"role", options.role}},
                            fmt::format("appointed {} {}", id, options.role));
}

Result<Exit> clear(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    TRY_ASSIGN(const Time until, parse_until(options.until));
    TRY_ASSIGN(auto acting, Acting::begin());
    std::string authority = options.authority;
    if (authority.empty()) {
        TRY_ASSIGN(authority, text_in(acting.client.status(), "authority"));
    }
    TRY_ASSIGN(Json value, acting.act(ActKind::clear, {{"person", id},
                                                       {"level", options.level},
                                                       {"until", until.text()},
                                                       {"authority", authority}}));
    return conclude(std::move(value),
                    fmt::format("cleared {} for {} until {}", id, options.level, until.text()));
}

Result<Exit> grant(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    TRY_ASSIGN(const Time until, parse_until(options.until));
    TRY_ASSIGN(auto acting, Acting::begin());
    std::string item = options.item;
    if (!ItemId::parse(item)) {
        TRY_ASSIGN(const Json found, acting.client.item(item));
        TRY_ASSIGN(item, text_in(found, "item"));
    }
    Json content = {
        {"person", id}, {"item", item}, {"purpose", options.purpose}, {"until", until.text()}};
    if (!options.reason.empty())
        content["reason"] = options.reason;
    TRY_ASSIGN(Json value, acting.act(ActKind::grant, std::move(content)));
    return conclude(std::move(value), fmt::format("{} may read {} for {} until {}", id, item,
                                                  options.purpose, until.text()));
}

Result<Exit> revoke(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    Json content = {{"what", options.what}, {"person", id}};
    for (const auto& [name, value] :
         {std::pair("role", &options.role), std::pair("item", &options.item),
          std::pair("purpose", &options.purpose), std::pair("reason", &options.reason)})
        if (!value->empty())
            content[name] = *value;
    return act_and_conclude(ActKind::revoke, std::move(content),
                            fmt::format("revoked the {} of {}", options.what, id));
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/people"));
    std::string lines;
    for (const Json& person : value.value("people", Json::array())) {
        std::string roles;
        for (const Json& role : person.value("roles", Json::array()))
            roles += (roles.empty() ? "" : ", ") + role.get<std::string>();
        const auto held = person.find("clearance");
        const bool cleared = held != person.end() && held->is_object();
        const auto known = [&](const char* name) {
            return person.contains(name) && person.at(name).is_string();
        };
        lines += fmt::format("{}  {}{}  {}{}{}\n", shown(person, "person"),
                             cleared ? shown(*held, "level") + " until " + shown(*held, "until")
                                     : std::string("not cleared"),
                             known("transferred") ? " (moved: not valid)" : "",
                             roles.empty() ? "no role" : roles, known("briefed") ? ", briefed" : "",
                             person.value("active", true) ? "" : "  REVOKED");
    }
    answer(value, lines.empty() ? "nobody is enrolled" : lines);
    return Exit::done;
}

// The same act twice: its person signs first, then a control officer.
Result<Exit> passkey(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    TRY_ASSIGN(const Bytes signer, from_base64(options.passkey));
    TRY_ASSIGN(const auto read, crypto::PasskeySigner::parse(signer));
    return act_and_conclude(
        ActKind::passkey, {{"person", id}, {"passkey", options.passkey}},
        fmt::format("a passkey of {} at {}; it signs when its person and a control officer have "
                    "both said so",
                    id, read.origin()));
}

constexpr const char* kPersonHelp = "id (per-…) or key file of the person";

Result<Exit> absence(const Options& options) {
    TRY_ASSIGN(const std::string id, person_named(options.person));
    TRY_ASSIGN(const Time from, parse_until(options.from));
    TRY_ASSIGN(const Time until, parse_until(options.until));
    Json content = {{"person", id}, {"from", from.text()}, {"until", until.text()}};
    if (!options.reason.empty())
        content["reason"] = options.reason;
    return act_and_conclude(
        ActKind::absence, std::move(content),
        fmt::format("{} is absent from {} until {}", id, from.text(), until.text()));
}

void add_duties(Command& person, Options& options) {
    Command briefing =
        person.sub("brief", "acknowledge, with your own key, what you were told of your duties");
    briefing.option("text", options.text, "file that you were told", Need::required)
        .option("--reference TEXT", options.reference, "what it is called");
    briefing.runs([&options] { return brief(options); });
    Command debriefing = person.sub("debrief", "the end of somebody's access");
    debriefing.option("person", options.person, kPersonHelp, Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    debriefing.runs([&options] { return debrief(options); });
    Command moving = person.sub("transfer", "a move to another employer: needs a new clearance");
    moving.option("person", options.person, kPersonHelp, Need::required)
        .option("--to EMPLOYER", options.employer, "kept apart, can be shredded", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    moving.runs([&options] { return transfer(options); });
    Command away =
        person.sub("absence", "from when until when somebody is away; replaces the last");
    away.option("person", options.person, kPersonHelp, Need::required)
        .option("--from TIME", options.from, "2027-01-31, a full time, or +0d", Need::required)
        .option("--until TIME", options.until, "2027-01-31, a full time, or +14d", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    away.runs([&options] { return absence(options); });
    Command signing = person.sub("passkey", "let a passkey sign acts: said by its person, then "
                                            "confirmed by a control officer");
    signing.option("person", options.person, kPersonHelp, Need::required)
        .option("--passkey TEXT", options.passkey, "as the page of the account gives it",
                Need::required);
    signing.runs([&options] { return passkey(options); });
}

void add_revoke(Command& person, Options& options) {
    Command command =
        person.sub("revoke", "take back a role, clearance, grant, all passkeys or the "
                             "person");
    command.option("person", options.person, kPersonHelp, Need::required)
        .option("--what WHAT", options.what, "role, clearance, grant, passkey or person",
                Need::required)
        .one_of("--what", {"role", "clearance", "grant", "passkey", "person"})
        .option("--role ROLE", options.role, "which role")
        .option("--item ITEM", options.item, "id of the item of the grant")
        .option("--purpose CODE", options.purpose, "purpose of the grant")
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    command.runs([&options] { return revoke(options); });
}

} // namespace

void add_person(Command& root) {
    static Options options;
    Command person = root.sub("person", "who may do what");
    Command enrolling = person.sub("enrol", "take a person with a key of their own into the book");
    enrolling.option("key", options.person, "FILE.pub of the person", Need::required)
        .option("--name NAME", options.name, "name; else the one in the key file");
    enrolling.runs([] { return enrol(options); });
    Command appointing = person.sub("appoint", "give a role; no role reads anything");
    appointing.option("person", options.person, kPersonHelp, Need::required)
        .option("--role ROLE", options.role, "role", Need::required)
        .one_of("--role", {"control-officer", "clearance-officer", "releasing-authority",
                           "originator", "reader", "administrator"});
    appointing.runs([] { return appoint(options); });
    Command clearing = person.sub("clear", "state up to which level a person is cleared");
    clearing.option("person", options.person, kPersonHelp, Need::required)
        .option("--level LEVEL", options.level, "code of the level, as gokuhi", Need::required)
        .option("--until TIME", options.until, "2027-01-31, a full time, or +365d", Need::required)
        .option("--authority ID", options.authority, "competent authority; else the registry's");
    clearing.runs([] { return clear(options); });
    Command granting = person.sub("grant", "need-to-know: one item, one purpose");
    granting.option("person", options.person, kPersonHelp, Need::required)
        .option("--item ITEM", options.item, "id or register number", Need::required)
        .option("--purpose CODE", options.purpose, "code of the purpose", Need::required)
        .option("--until TIME", options.until, "2027-01-31, a full time, or +30d", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    granting.runs([] { return grant(options); });
    add_duties(person, options);
    add_revoke(person, options);
    person.sub("list", "persons by id, without names").runs(list);
}

} // namespace valise::cli
