// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/incident_states.h"
#include "logbook/notice.h"
#include "logbook/notice_states.h"

namespace valise::logbook {

// A notice as the book holds it, ours or the other party's.
struct NoticeEntry {
    NoticeId id;
    bool ours = true;
    std::uint64_t seq = 0; // of its first event here: the order in which they were given or taken
    NoticeType type = NoticeType::tracer;
    std::string peer;
    DispatchId dispatch; // empty: about the agreement
    NoticeId about;
    IncidentId incident;
    std::string level;
    std::optional<IncidentWhat> what;
    std::optional<Time> until;
    std::optional<Time> from;
    Hash32 adopted{}; // zero: none
    std::string third;
    std::string law;
    std::string edition;
    Hash32 text{}; // zero: none
    bool affects = false;
    std::string answer; // of a recall: as it came, or was given; of its answer the same
    NoticeState state = NoticeState::none;
    Time at;    // minute of that first event
    Time since; // minute of the newest change of state
    bool operator==(const NoticeEntry&) const = default;
};

//= O-43
// What became of the one copy that an incident is about.
enum class IncidentFinding : std::uint8_t { found, lost };
std::string_view to_string(IncidentFinding finding);
Result<IncidentFinding> parse_incident_finding(std::string_view text); // Errors: logbook.finding

struct Incident {
    IncidentId id;
    bool ours = true; // reported here; else the other party told us
    ItemId item;
    CopyId copy; // empty: every copy
    IncidentWhat what = IncidentWhat::suspected;
    IncidentState state = IncidentState::none;
    Hash32 enclosed{}; // of the newest report
    Time at;
    Time since;
    std::uint64_t event = 0; // number of its newest event here
    bool operator==(const Incident&) const = default;
};

} // namespace valise::logbook
