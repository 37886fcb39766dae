// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/replay.h"
#include "base/codec/json.h"
#include "verifying/keys.h"
#include "verifying/logs.h"

namespace valise::verifying {

using audit::Decided;
using audit::Step;

// Why an opening is not in the file.
struct Withheld {
    std::string ground;
    std::optional<std::uint64_t> shredded_by; // event of this log; none: kept back by the giver
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
    std::map<std::uint64_t, Withheld> withheld_openings; // by event
    std::optional<Fault> found;                          // none: verified

    bool verified() const { return !found; }
};

Json report_json(const Report& report);
// One line an event, then what holds and what does not.
std::string report_text(const Report& report);

} // namespace valise::verifying
