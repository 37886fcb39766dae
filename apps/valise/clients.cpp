// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    std::string id;
    std::string person;
    std::string rule = "strict";
    std::string subject;
};

Result<Exit> add(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const std::string person, person_named(options.person));
    Json body = {{"client", options.id}, {"person", person}, {"class", options.rule}};
    if (!options.subject.empty())
        body["subject"] = options.subject;
    TRY_ASSIGN(const Json value, client.post("/api/v1/clients", view(body.dump())));
    answer(value, fmt::format("client {} acts for {} ({})\n  secret, shown this once: {}",
                              printable(options.id), person, options.rule, shown(value, "secret")));
    return Exit::done;
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/clients"));
    std::string lines;
    for (const Json& one : value.value("clients", Json::array()))
        lines += fmt::format("{}  for {}  {}  since {}\n", shown(one, "client"),
                             shown(one, "person"), shown(one, "class"), shown(one, "added"));
    answer(value, lines.empty() ? "no client is registered" : lines);
    return Exit::done;
}

Result<Exit> remove(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value,
               client.post("/api/v1/clients/" + percent_encoded(options.id) + "/remove"));
    answer(value, fmt::format("client {} is forgotten", printable(options.id)));
    return Exit::done;
}

} // namespace

void add_clients(Command& root) {
    static Options options;
    Command clients = root.sub("client", "programs that open exported copies for a person");
    Command adding = clients.sub("add", "register a client; it confers nothing by itself");
    adding
        .option("client", options.id, "code, as otdfctl-1; it stays in the book: no person's name",
                Need::required)
        .option("--for-person PERSON", options.person, "id or key file of whom it acts for",
                Need::required)
        .option("--class WORD", options.rule, "what it must prove (strict)")
        .one_of("--class", {"strict", "relaxed", "bearer"})
        .option("--subject TEXT", options.subject, "its name at the external issuer");
    adding.runs([] { return add(options); });
    clients.sub("list", "the clients, and for whom each acts").runs(list);
    Command removing = clients.sub("remove", "forget a client; its tokens end with it");
    removing.option("client", options.id, "name of the client", Need::required);
    removing.runs([] { return remove(options); });
}

} // namespace valise::cli
