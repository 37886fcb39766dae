// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "logbook/event.h"
#include "verifying/keys.h"
#include "verifying/logs.h"

namespace valise::verifying {

// How far an event was decided again.
enum class Decided {
    permit,   // decided again from its act: permitted, by the clauses that the skeleton lists
    refuse,   // the same, refused
    follows,  // the outcome of an earlier permit; the fold takes it
    founding, // the registry and its officers
    withheld, // its act is not in the file; commitment, log and fold hold
};
std::string_view to_string(Decided decided);

struct Step {
    std::uint64_t index = 0;
    Time minute;
    logbook::ActKind kind = logbook::ActKind::found;
    logbook::Stage stage = logbook::Stage::permitted;
    std::string actor;
    Decided decided = Decided::withheld;
    std::vector<logbook::ConsultedClause> clauses;
};

struct Report {
    std::string party;
    std::string terms; // id and version
    std::string banner;
    std::optional<Identity> identity;
    std::optional<CheckedLog> private_log;
    std::optional<CheckedLog> shared_log;
    std::vector<Step> steps;
    std::uint64_t withheld = 0;
    std::optional<Fault> found; // none: verified

    bool verified() const { return !found; }
};

Json report_json(const Report& report);
// One line an event, then what holds and what does not.
std::string report_text(const Report& report);

} // namespace valise::verifying
