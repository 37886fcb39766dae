// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    std::string facility;
    std::string name;
    std::string officer;
    std::string deputy;
};

//= O-27
Result<Exit> record(const Options& options) {
    TRY_ASSIGN(const std::string officer, person_named(options.officer));
    TRY_ASSIGN(const std::string deputy, person_named(options.deputy));
    return act_and_conclude(logbook::ActKind::facility,
                            {{"facility", options.facility},
                             {"name", options.name},
                             {"officer", officer},
                             {"deputy", deputy}},
                            fmt::format("{}: control officer {}, deputy {}",
                                        printable(options.facility), officer, deputy));
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/facilities"));
    std::string lines;
    for (const Json& facility : value.value("facilities", Json::array()))
        lines += fmt::format("{}  control officer {}{}, deputy {}{}\n", shown(facility, "facility"),
                             shown(facility, "officer"),
                             facility.value("officer_in_office", false) ? "" : " (not in office)",
                             shown(facility, "deputy"),
                             facility.value("deputy_acts", false) ? " (acts)" : "");
    answer(value, lines.empty() ? "no facility is recorded" : lines);
    return Exit::done;
}

} // namespace

void add_facility(Command& root) {
    static Options options;
    Command facility = root.sub("facility", "where items are kept, and who answers for it");
    Command recording = facility.sub("record", "control officer and deputy of a facility");
    recording.option("facility", options.facility, "code, as kasumigaseki-1", Need::required)
        .option("--name NAME", options.name, "name; kept apart, can be shredded", Need::required)
        .option("--officer PERSON", options.officer, "id or key file of the control officer",
                Need::required)
        .option("--deputy PERSON", options.deputy, "id or key file of the deputy", Need::required);
    recording.runs([] { return record(options); });
    facility.sub("list", "facilities, and who is in office").runs(list);
}

} // namespace valise::cli
