// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"

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
};

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
        lines += fmt::format("{}  {}  {}{}\n", shown(person, "person"),
                             cleared ? shown(*held, "level") + " until " + shown(*held, "until")
                                     : std::string("not cleared"),
                             roles.empty() ? "no role" : roles,
                             person.value("active", true) ? "" : "  REVOKED");
    }
    answer(value, lines.empty() ? "nobody is enrolled" : lines);
    return Exit::done;
}

constexpr const char* kPersonHelp = "id (per-…) or key file of the person";

void add_revoke(Command& person, Options& options) {
    Command command = person.sub("revoke", "take back a role, clearance, grant or the person");
    command.option("person", options.person, kPersonHelp, Need::required)
        .option("--what WHAT", options.what, "role, clearance, grant or person", Need::required)
        .one_of("--what", {"role", "clearance", "grant", "person"})
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
    add_revoke(person, options);
    person.sub("list", "persons by id, without names").runs(list);
}

} // namespace valise::cli
