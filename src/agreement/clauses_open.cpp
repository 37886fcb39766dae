// SPDX-License-Identifier: Apache-2.0
// Who may read (I5). Everything is looked at again at each reading.
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::Role;

std::vector<logbook::Grant> grants(const Situation& s) {
    if (s.item == nullptr || s.reader() == nullptr)
        return {};
    return s.state.grants(s.reader()->id, s.item->id, s.now);
}

// Whether a clearance of this level, whatever its date, reaches the item's.
bool reaches(const Situation& s, const std::optional<logbook::Clearance>& held) {
    return held && s.covers(held->level, s.own_level());
}

} // namespace

//= O-26
Verdict copy_known(const Situation& s) {
    if (s.item == nullptr ||
        (s.kind() == logbook::ActKind::report_incident && s.text("copy").empty()))
        return not_applicable();
    return refuse_if(s.copy == nullptr || s.copy->item != s.item->id, "agreement.copy_unknown");
}

//= O-21
// No role reads. Said apart from the clauses below, so that the book shows when somebody who runs
// the system tried to read by the power of that.
Verdict no_access_by_role(const Situation& s) {
    const logbook::Person* reader = s.reader();
    if (reader == nullptr || s.item == nullptr)
        return not_applicable();
    if (!s.state.has_role(reader->id, Role::administrator))
        return pass();
    const bool entitled = !grants(s).empty() && reaches(s, s.state.clearance_at(reader->id, s.now));
    return refuse_if(!entitled, "agreement.no_access_by_role");
}

//= O-22
//= O-04
//= I5
Verdict clearance(const Situation& s) {
    const logbook::Person* reader = s.reader();
    if (reader == nullptr || s.item == nullptr || s.own_level().empty())
        return not_applicable();
    if (!reader->clearance)
        return refuse("agreement.clearance_missing");
    return refuse_if(!reaches(s, reader->clearance), "agreement.clearance_level");
}

//= O-23
//= I5
Verdict clearance_in_date(const Situation& s) {
    const logbook::Person* reader = s.reader();
    if (reader == nullptr || !reader->clearance)
        return not_applicable();
    return refuse_if(s.now > reader->clearance->until, "agreement.clearance_expired");
}

//= O-23
//= O-24
//= I5
// A clearance was given on what one employer knew. Whoever moves is vetted anew, however long the
// old one would still have run.
Verdict revalidated(const Situation& s) {
    const logbook::Person* reader = s.reader();
    if (reader == nullptr || !reader->clearance)
        return not_applicable();
    return refuse_if(reader->transferred.has_value(), "agreement.clearance_transfer");
}

//= O-25
//= I5
Verdict briefed(const Situation& s) {
    const logbook::Person* reader = s.reader();
    if (reader == nullptr || !s.terms.briefing().before_reading)
        return not_applicable();
    return refuse_if(!reader->briefed, "agreement.not_briefed");
}

//= O-22
//= I5
Verdict need_to_know(const Situation& s) {
    if (s.reader() == nullptr || s.item == nullptr)
        return not_applicable();
    return refuse_if(grants(s).empty(), "agreement.need_to_know");
}

//= O-16
//= I5
// For a grant: the item's purpose. For a reading or a copy: the item's and that of a grant in date.
Verdict purpose(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    const std::string stated = s.text("purpose");
    if (stated != s.item->purpose)
        return refuse("agreement.purpose");
    if (s.kind() == logbook::ActKind::grant)
        return pass();
    const auto held = grants(s);
    if (held.empty())
        return not_applicable(); // need-to-know refuses
    return refuse_if(
        std::ranges::none_of(held, [&](const logbook::Grant& g) { return g.purpose == stated; }),
        "agreement.purpose_of_grant");
}

//= O-15
//= I5
// A received item was released to us by the signed statement that brought it; where the label says
// for whom, it must say us.
Verdict open_release_set(const Situation& s) {
    if (s.item == nullptr || s.own == nullptr || !s.received())
        return not_applicable();
    return refuse_if(!s.item->release.empty() && !s.item->release.contains(s.own->code),
                     "agreement.release_set");
}

//= O-10
//= I15
Verdict marked_first(const Situation& s) {
    if (!s.received())
        return not_applicable();
    if (s.item->own_level.empty())
        return refuse("agreement.unmarked");
    //= O-13: the originator's new class is on the item before anybody reads it.
    return refuse_if(!s.item->change.empty(), "agreement.remark_pending");
}

} // namespace valise::agreement
