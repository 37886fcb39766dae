// SPDX-License-Identifier: Apache-2.0
// Loss and compromise: told at once, frozen, investigated, reported, closed.
#include "agreement/internal/clauses.h"

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::CopyState;
using logbook::IncidentState;
using logbook::NoticeState;
using logbook::NoticeType;

bool of_other_party(const Situation& s) {
    const logbook::Item* item = s.state.item(s.incident->item);
    return item != nullptr && item->direction == logbook::Direction::in;
}

const logbook::NoticeEntry* first_notice(const Situation& s) {
    for (const auto& [id, notice] : s.state.notices())
        if (notice.ours && notice.type == NoticeType::incident && notice.incident == s.incident->id)
            return &notice;
    return nullptr;
}

} // namespace

//= O-43
// Until the incident is closed: no reading of an affected copy, nothing leaves of the item. Silent
// where nothing is frozen, so that older decisions stay what they were.
Verdict frozen(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    const CopyId copy = s.copy != nullptr ? s.copy->id : CopyId();
    // What is read is one copy, what becomes of it another.
    const auto print =
        s.kind() == ActKind::print ? s.act.id_field<CopyId>("print") : Result<CopyId>(CopyId());
    if (print && *print != CopyId() && s.state.freezing(s.item->id, *print) != nullptr)
        return refuse("agreement.frozen");
    return s.state.freezing(s.item->id, copy) == nullptr ? not_applicable()
                                                         : refuse("agreement.frozen");
}

//= O-42
Verdict incident_known(const Situation& s) {
    return refuse_if(s.incident == nullptr || !s.incident->ours, "agreement.incident_unknown");
}

//= O-42
// Immediately, before any facts are known.
Verdict incident_notice(const Situation& s) {
    return s.received() ? duty("agreement.incident_notice", "incident-notice", s.now)
                        : not_applicable();
}

//= O-42
//= I11
// The originator's notice is on its way before anything is investigated, and has arrived before
// anything is reported on. A link that is down must not keep anybody from investigating.
Verdict notice_before(const Situation& s) {
    if (s.incident == nullptr || !of_other_party(s))
        return not_applicable();
    const logbook::NoticeEntry* notice = first_notice(s);
    if (notice == nullptr)
        return refuse("agreement.notice_first");
    return refuse_if(s.kind() == ActKind::report && notice->state == NoticeState::given,
                     "agreement.notice_not_taken");
}

//= O-43
Verdict findings_first(const Situation& s) {
    if (s.incident == nullptr)
        return not_applicable();
    if (s.incident->state == IncidentState::frozen)
        return refuse("agreement.findings_missing");
    return refuse_if(s.kind() == ActKind::report &&
                         s.incident->state != IncidentState::investigated,
                     "agreement.report_given");
}

//= O-44
Verdict report_to_originator(const Situation& s) {
    if (s.incident == nullptr)
        return not_applicable();
    return refuse_if(!of_other_party(s), "agreement.report_to_nobody");
}

//= O-43
//= I6
// Given up for lost is one copy that somebody answers for here: a thing, not a sealed file, and not
// one that the other party has receipted or that is destroyed.
Verdict loss_copy(const Situation& s) {
    if (s.incident == nullptr || s.text("finding") != to_string(logbook::IncidentFinding::lost))
        return not_applicable();
    const logbook::CopyHolding* copy = s.state.copy(s.incident->copy);
    if (copy == nullptr || copy->form == logbook::Form::electronic)
        return refuse("agreement.loss_copy");
    if (copy->state == CopyState::away) {
        const auto* by = std::get_if<DispatchId>(&copy->place);
        const logbook::Dispatch* dispatch = by == nullptr ? nullptr : s.state.dispatch(*by);
        if (dispatch == nullptr || dispatch->state != logbook::DispatchState::sent)
            return refuse("agreement.loss_received");
        // Announced as coming back, which says that it arrived there.
        return refuse_if(std::ranges::any_of(s.state.dispatches(),
                                             [&](const auto& entry) {
                                                 return entry.second.returns == dispatch->id &&
                                                        entry.second.state ==
                                                            logbook::DispatchState::offered;
                                             }),
                         "agreement.loss_returning");
    }
    return refuse_if(copy->state != CopyState::held && copy->state != CopyState::issued,
                     "agreement.copy_gone");
}

//= O-44
//= I11
Verdict report_acknowledged(const Situation& s) {
    if (s.incident == nullptr || s.incident->state == IncidentState::frozen)
        return not_applicable(); // findings-first refuses
    if (s.incident->state == IncidentState::closed)
        return refuse("agreement.incident_closed");
    return refuse_if(of_other_party(s) && s.incident->state != IncidentState::report_acknowledged,
                     "agreement.report_unacknowledged");
}

} // namespace valise::agreement
