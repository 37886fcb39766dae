// SPDX-License-Identifier: Apache-2.0
// The books against what is there.
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

std::vector<CopyId> copies_named(const Situation& s) {
    return logbook::ids_in<CopyId>(s.text("copies"));
}

} // namespace

using logbook::CountFinding;

//= O-26
Verdict muster_known(const Situation& s) {
    return refuse_if(s.muster == nullptr || s.muster->closed.has_value(),
                     "agreement.muster_unknown");
}

//= O-26
// A share of a hundred is a spot check; all of it is a muster.
Verdict muster_scope(const Situation& s) {
    const auto percent = s.act.optional_integer("percent");
    if (!s.text("container").empty() && s.container == nullptr)
        return refuse("agreement.container_unknown");
    return refuse_if(percent && *percent > 99, "agreement.muster_scope");
}

//= O-26
// Who counts sees the copy: that is access to what lies in the container, though not to what it
// says.
Verdict muster_access(const Situation& s) {
    if (s.actor == nullptr || s.muster == nullptr)
        return not_applicable();
    const auto clearance = s.state.clearance_at(s.actor->id, s.now);
    for (const CopyId& id : copies_named(s)) {
        const logbook::CopyHolding* copy = s.state.copy(id);
        const logbook::Item* item = copy == nullptr ? nullptr : s.state.item(copy->item);
        if (item == nullptr)
            continue; // "muster-copy" refuses
        const std::string& level = protected_level(*item);
        if (!clearance || (!level.empty() && !s.covers(clearance->level, level)))
            return refuse("agreement.muster_access");
    }
    return pass();
}

//= O-26
// A count says something of copies that the muster looks for, and of no others.
Verdict muster_copy(const Situation& s) {
    if (s.muster == nullptr)
        return not_applicable();
    const auto copies = copies_named(s);
    const bool all = std::ranges::all_of(
        copies, [&](const CopyId& id) { return s.muster->copies.contains(id); });
    return refuse_if(copies.empty() || !all, "agreement.muster_copy");
}

//= O-26
//= O-42
// A copy that is not there is a loss until it is found, and the originator hears of it at once.
Verdict muster_missing(const Situation& s) {
    if (s.text("finding") != "missing")
        return not_applicable();
    return duty("agreement.report_missing", "report-incident", s.now);
}

//= O-26
// No muster is closed over a copy that nobody looked for.
Verdict muster_complete(const Situation& s) {
    if (s.muster == nullptr)
        return not_applicable();
    return refuse_if(s.muster->uncounted != 0, "agreement.muster_incomplete");
}

//= O-26
// Who answers for the holdings does not alone say that they are there. [own proposal]
Verdict muster_second_person(const Situation& s) {
    if (s.muster == nullptr || s.actor == nullptr || s.muster->copies.empty())
        return not_applicable();
    const bool another = std::ranges::any_of(s.muster->copies, [&](const auto& one) {
        return one.second.finding != CountFinding::uncounted && one.second.by != s.actor->id;
    });
    return refuse_if(!another, "agreement.muster_second_person");
}

//= O-42
// What is missing is reported before the book is closed over it.
Verdict muster_losses_reported(const Situation& s) {
    if (s.muster == nullptr)
        return not_applicable();
    const auto reported = [&](const CopyId& id) {
        const logbook::CopyHolding* copy = s.state.copy(id);
        return copy == nullptr || std::ranges::any_of(s.state.incidents(), [&](const auto& one) {
                   const logbook::Incident& incident = one.second;
                   const bool of_it = incident.ours && incident.item == copy->item &&
                                      (incident.copy == CopyId() || incident.copy == id);
                   return of_it && (incident.state != logbook::IncidentState::closed ||
                                    incident.at >= s.muster->begun);
               });
    };
    for (const auto& [id, counted] : s.muster->copies)
        if (counted.finding == CountFinding::missing && !reported(id))
            return refuse("agreement.loss_unreported");
    return pass();
}

} // namespace valise::agreement
