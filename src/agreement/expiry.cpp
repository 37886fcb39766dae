// SPDX-License-Identifier: Apache-2.0
#include "agreement/internal/expiry.h"

namespace valise::agreement::internal {
namespace {

// [own proposal] A month for what needs another authority, a week for what needs a meeting, a day
// for whoever was away.
constexpr std::pair<int, const char*> kAhead[] = {
    {1, "expires-day"}, {7, "expires-week"}, {30, "expires-month"}};

// Empty: it is too early to say anything.
const char* stage_of(Time until, Time now) {
    if (now > until)
        return "expired";
    for (const auto& [days, word] : kAhead)
        if (now.plus_days(days) >= until)
            return word;
    return "";
}

} // namespace

std::vector<StandingDuty> expiring(const Terms& terms, const logbook::State& state, Time now) {
    std::vector<StandingDuty> out;
    const auto runs_out = [&](const char* clause, const char* row, const std::string& subject,
                              Time until, bool ours = true) {
        const std::string what = stage_of(until, now);
        if (!what.empty())
            out.push_back({clause, row, what, subject, {}, until, now > until, ours, {}, {}});
    };
    for (const auto& [peer, link] : state.accreditations())
        runs_out("link-accreditation", "O-38", peer, link.until);
    for (const auto& [id, person] : state.persons())
        if (person.active && person.clearance)
            runs_out("clearance-in-date", "O-23", id.text(), person.clearance->until);
    for (const auto& [peer, assurance] : state.assurances())
        runs_out("assurance", "O-19", peer, assurance.until, false);
    for (const auto& [peer, assurance] : state.given_assurances())
        runs_out("assurance", "O-19", peer, assurance.until);
    for (const auto& [third, consent] : state.consents())
        if (now <= consent.until) // of what was consented once, nobody need ask again
            runs_out("third-party", "O-15", third.first.text(), consent.until, false);
    // Of both ends the earlier one. Nobody renews an agreement that has ended, so that this would
    // be said for ever and hide what can still be done.
    std::optional<Time> end;
    if (const auto& last = terms.validity().to) // the last second of the last day
        end = last->plus_days(1).plus_seconds(-1);
    if (const auto& noticed = state.termination(); noticed && (!end || noticed->ends < *end))
        end = noticed->ends;
    if (end && now <= *end)
        runs_out("terms-in-force", "O-48", "", *end);
    return out;
}

} // namespace valise::agreement::internal
