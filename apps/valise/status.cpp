// SPDX-License-Identifier: Apache-2.0
#include "client.h"
#include "commands.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

Json member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? Json::object() : *found;
}

Result<Exit> status() {
    TRY_ASSIGN(const auto client, Client::connect());
    const Json& value = client.status();
    const Json agreement = member(value, "agreement");
    const Json peer = member(value, "peer");
    std::string lines =
        fmt::format("party       {} (authority {})\n", shown(value, "party"),
                    shown(value, "authority")) +
        fmt::format("agreement   {} version {}, {}\n", shown(agreement, "id"),
                    shown(agreement, "version"), shown(agreement, "status")) +
        fmt::format("terms       sha256 {}\n", shown(agreement, "digest")) +
        fmt::format("peer        {} at {}\n", shown(peer, "party"), shown(peer, "endpoint")) +
        fmt::format("link        {}\n", shown(value, "link"));
    for (const Json& one : member(value, "accreditations"))
        lines += fmt::format("accredited  {} up to {} until {}\n", shown(one, "peer"),
                             shown(one, "level"), shown(one, "until"));
    for (const auto& [name, who] : {std::pair("adopted", "countersigned here"),
                                    {"peer_adopted", "countersigned by the other party"}})
        if (const Json one = member(value, name); !one.empty())
            lines += fmt::format("other terms {} from {}: {}\n", shown(one, "as"),
                                 shown(one, "from"), who);
    if (!value.value("ends", std::string()).empty())
        lines += fmt::format("ends        {}\n", shown(value, "ends"));
    if (const Json behind = member(value, "behind"); !behind.empty())
        lines += fmt::format("BEHIND      restored from a backup: {} of {} signed events; closed "
                             "until `valise log recover`\n",
                             shown(behind, "held"), shown(behind, "signed"));
    lines += fmt::format("register    {} items, {} dispatches, {} events\n", shown(value, "items"),
                         shown(value, "dispatches"), shown(value, "events"));
    answer(value, lines);
    return Exit::done;
}

Result<Exit> doctor() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/doctor"));
    std::string lines;
    for (const Json& check : member(value, "checks"))
        lines += fmt::format("{:4} {:8} {}\n", check.value("ok", false) ? "ok" : "BAD",
                             shown(check, "name"), shown(check, "text"));
    const bool ready = value.value("ready", false);
    lines += ready ? "ready: it can sign and deliver now" : "not ready";
    answer(value, lines);
    return ready ? Exit::done : Exit::partly;
}

} // namespace

void add_status(Command& root) {
    root.sub("status", "party, agreement, peer and register of the registry").runs(status);
    root.sub("doctor", "clock, keys, peer, disk and log of the registry").runs(doctor);
}

} // namespace valise::cli
