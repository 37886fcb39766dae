// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    std::string person;
    std::string name;
};

// What is printed here is printed nowhere else and kept by nobody: it goes to the person at once.
Result<Exit> account(const Options& options) {
    TRY_ASSIGN(const std::string person, person_named(options.person));
    TRY_ASSIGN(auto client, Client::connect());
    const std::string body = canonical_json({{"person", person}, {"name", options.name}});
    TRY_ASSIGN(Json value, client.post("/api/v1/desk/accounts", view(body)));
    const std::string lines = fmt::format(
        "account of  {}\nname        {}\npassword    {}\ncode key    {}\nas a link   {}\n"
        "Tell them to the person now: they are kept nowhere. The first sign-in asks for a password "
        "of their own.",
        shown(value, "person"), shown(value, "name"), shown(value, "password"),
        shown(value, "secret"), shown(value, "uri"));
    answer(std::move(value), lines);
    return Exit::done;
}

Result<Exit> end(const Options& options) {
    TRY_ASSIGN(const std::string person, person_named(options.person));
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(Json value,
               client.post("/api/v1/desk/accounts/" + percent_encoded(person) + "/end"));
    answer(std::move(value),
           fmt::format("{} signs in no more; their sessions are over", printable(person)));
    return Exit::done;
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(Json value, client.get("/api/v1/desk/accounts"));
    std::string lines;
    for (const Json& one : value.value("accounts", Json::array()))
        lines += fmt::format("{}  {}{}\n", shown(one, "person"), shown(one, "name"),
                             one.value("initial", false) ? "  (not signed in yet)" : "");
    answer(std::move(value), lines.empty() ? "nobody has an account" : lines);
    return Exit::done;
}

} // namespace

void add_desk(Command& root) {
    static Options options;
    Command desk = root.sub("desk", "who can sign in at the desks in a browser");
    Command making = desk.sub("account", "make a person's account, or make it anew; it confers "
                                         "nothing but a way to sign in");
    making.option("person", options.person, "id or key file", Need::required)
        .option("--name NAME", options.name, "what the person types, as ishikawa", Need::required);
    making.runs([] { return account(options); });
    Command ending = desk.sub("end", "take a person's account away");
    ending.option("person", options.person, "id or key file", Need::required);
    ending.runs([] { return end(options); });
    desk.sub("list", "accounts, without their secrets").runs(list);
}

} // namespace valise::cli
