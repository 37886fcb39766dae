// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "commands.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string item;
    std::string copy;
    std::string what = "suspected";
    std::string incident;
    std::string note;
    std::string finding;
};

Json with_note(Json content, const Options& options) {
    if (!options.note.empty())
        content["note"] = options.note;
    return content;
}

//= O-42: no facts are needed to say that something may be wrong.
Result<Exit> report_incident(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    Json content = {{"item", id}, {"what", options.what}};
    if (!options.copy.empty())
        content["copy"] = options.copy;
    TRY_ASSIGN(Json value,
               acting.act(ActKind::report_incident, with_note(std::move(content), options)));
    value["item"] = id;
    const std::string incident =
        value.value("result", Json::object()).value("incident", std::string());
    value["incident"] = incident;
    return conclude(std::move(value),
                    fmt::format("incident  {}\nfrozen    {} {}", incident, id,
                                options.copy.empty() ? "every copy" : options.copy));
}

Result<Exit> act_on(ActKind kind, const Options& options, std::string_view what) {
    Json content = {{"incident", options.incident}};
    if (kind == ActKind::close_incident && !options.finding.empty())
        content["finding"] = options.finding;
    return act_and_conclude(kind, with_note(std::move(content), options),
                            fmt::format("{} {}", what, options.incident));
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/incidents"));
    std::string lines;
    for (const Json& incident : value.value("incidents", Json::array()))
        lines +=
            fmt::format("{}  {}  {} {}  {}  {}  since {}\n", shown(incident, "incident"),
                        incident.value("direction", "") == "in" ? "there" : "here",
                        shown(incident, "item"), shown(incident, "copy"), shown(incident, "what"),
                        shown(incident, "state"), shown(incident, "since"));
    answer(value, lines.empty() ? "no incidents" : lines);
    return Exit::done;
}

} // namespace

void add_incident(Command& root) {
    static Options options;
    Command incident = root.sub("incident", "loss or compromise, actual or possible");
    Command reporting =
        incident.sub("report", "freeze the copies and tell the originator, before anything else");
    reporting.option("item", options.item, "id or register number", Need::required)
        .option("--what WHAT", options.what, "loss, compromise or suspected (suspected)")
        .one_of("--what", {"loss", "compromise", "suspected"})
        .option("--copy COPY", options.copy, "id of the copy; else every copy")
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    reporting.runs([] { return report_incident(options); });
    incident.sub("list", "all incidents, here and told by the other party").runs(list);
    struct Verb {
        const char* name;
        const char* help;
        ActKind kind;
        const char* did;
        Need note;
    };
    static constexpr Verb kVerbs[] = {{"investigate", "write down what was found",
                                       ActKind::investigate, "findings on", Need::required},
                                      {"measures", "report result and measures to the originator",
                                       ActKind::report, "report on", Need::required},
                                      {"close", "close it and unfreeze the copies",
                                       ActKind::close_incident, "closed", Need::optional}};
    for (const Verb& verb : kVerbs) {
        Command command = incident.sub(verb.name, verb.help);
        command.option("incident", options.incident, "id", Need::required)
            .option("--note TEXT", options.note, "kept apart, can be shredded", verb.note);
        if (verb.kind == ActKind::close_incident)
            command
                .option("--finding FINDING", options.finding,
                        "of its one copy: found, or lost, which ends its custody")
                .one_of("--finding", {"found", "lost"});
        command.runs([&verb] { return act_on(verb.kind, options, verb.did); });
    }
}

} // namespace valise::cli
