// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "commands.h"
#include "crypto/random.h"
#include "logbook/protection.h"

#include <fmt/core.h>

#include <set>

namespace valise::cli {

namespace {

struct Options {
    std::string container;
    std::string level;
    std::string name;
    std::vector<std::string> access;
    std::vector<std::string> controls;
};

Result<Exit> add(const Options& options) {
    std::set<std::string> persons;
    for (const std::string& one : options.access) {
        TRY_ASSIGN(const std::string id, person_named(one));
        persons.insert(id);
    }
    std::string access;
    for (const std::string& id : persons)
        access += (access.empty() ? "" : ",") + id;
    const std::string id = options.container.empty()
                               ? ContainerId::of(crypto::random_bytes(10)).text()
                               : options.container;
    TRY_ASSIGN(auto acting, Acting::begin());
    Json content = {
        {"container", id}, {"level", options.level}, {"access", access}, {"name", options.name}};
    if (!options.controls.empty())
        content["controls"] =
            logbook::words_text({options.controls.begin(), options.controls.end()});
    TRY_ASSIGN(Json value, acting.act(logbook::ActKind::container, std::move(content)));
    value["container"] = id;
    return conclude(std::move(value), fmt::format("container {} for {}, {} persons reach into it",
                                                  id, options.level, persons.size()));
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/containers"));
    std::string lines;
    for (const Json& one : value.value("containers", Json::array())) {
        lines += fmt::format("{}  up to {}\n", shown(one, "container"), shown(one, "level"));
        for (const Json& control : one.value("controls", Json::array()))
            lines += fmt::format("  has        {}\n", control.get<std::string>());
        for (const Json& person : one.value("access", Json::array()))
            lines += fmt::format("  reached by {}\n", person.get<std::string>());
        for (const Json& copy : one.value("copies", Json::array()))
            lines += fmt::format("  holds      {}\n", copy.get<std::string>());
    }
    answer(value, lines.empty() ? "no container is registered" : lines);
    return Exit::done;
}

} // namespace

void add_container(Command& root) {
    static Options options;
    Command container =
        root.sub("container", "storage places: how high, and who reaches into them");
    Command adding = container.sub("add", "register a container, or change a registered one");
    adding.option("name", options.name, "what people call it; kept apart", Need::required)
        .option("--level LEVEL", options.level, "code of the highest own level", Need::required)
        .option("--access PERSON", options.access,
                "id or key file of who reaches into it; may be repeated", Need::required)
        .option("--control CONTROL", options.controls,
                "what protects it; may be repeated; a change names all that are there")
        .one_of("--control", {"alarm", "guarded", "locked", "safe", "two-person"})
        .option("--container ID", options.container, "a registered one (cnt-…), to change it");
    adding.runs([] { return add(options); });
    container.sub("list", "containers and what lies in them, without names").runs(list);
}

} // namespace valise::cli
