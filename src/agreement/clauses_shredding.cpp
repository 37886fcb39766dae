// SPDX-License-Identifier: Apache-2.0
// Openings that go before their registry does: who may, on what ground, and not too early.
#include "agreement/internal/clauses.h"
#include "logbook/shredding.h"

#include <algorithm>

namespace valise::agreement {
namespace {

std::vector<std::uint64_t> events_of(const Situation& s) {
    const auto events = logbook::parse_event_numbers(s.text("events"));
    return events ? *events : std::vector<std::uint64_t>();
}

bool under_way(const logbook::Dispatch& dispatch) {
    using S = logbook::DispatchState;
    constexpr S kEnds[] = {
        S::closed,          S::failed, S::lost, S::arrival_failed, S::contents_receipt_sent,
        S::discrepancy_sent};
    return std::ranges::find(kEnds, dispatch.state) == std::end(kEnds);
}

// Events that name a dispatch, a notice or an incident and no item: the act cannot say which, so
// that nobody could tell whether it is over.
bool of_a_dossier(const std::string& of) {
    using K = logbook::ActKind;
    constexpr K kDossiers[] = {
        K::dispatch,         K::arrive,      K::hand_over,      K::take_delivery,
        K::withdraw,         K::trace,       K::narrow,         K::custody_receipt,
        K::contents_receipt, K::give_notice, K::take_notice,    K::investigate,
        K::answer_recall,    K::report,      K::close_incident, K::permit_opening};
    const auto kind = logbook::parse_act_kind(of);
    return kind && std::ranges::find(kDossiers, *kind) != std::end(kDossiers);
}

// A copy in this party's keeping, or one that is on its way.
bool still_held(const logbook::State& state, const ItemId& item) {
    for (const logbook::CopyHolding& copy : state.copies_of(item))
        if (held_here(copy.state))
            return true;
    return std::ranges::any_of(state.dispatches(), [&](const auto& entry) {
        const logbook::Dispatch& dispatch = entry.second;
        return dispatch.item == item && under_way(dispatch);
    });
}

} // namespace

//= O-26
Verdict shredding_officer(const Situation& s) {
    const auto& terms = s.terms.shredding();
    if (!terms)
        return refuse("agreement.shredding_none");
    const bool may = terms->by == to_string(logbook::Role::control_officer)
                         ? s.actor_controls()
                         : s.actor_has(logbook::Role::clearance_officer);
    return refuse_if(!may, "agreement.shredding_officer");
}

//= O-26
Verdict shredding_basis(const Situation& s) {
    const auto& terms = s.terms.shredding();
    return refuse_if(!terms ||
                         std::ranges::find(terms->bases, s.text("basis")) == terms->bases.end(),
                     "agreement.shredding_basis");
}

//= O-26
// What is evidence is never purged before the day that the terms set, counted from the end of the
// day on which the newest of the events was recorded.
Verdict shredding_term(const Situation& s) {
    const auto& terms = s.terms.shredding();
    const auto events = events_of(s);
    const auto kind = logbook::parse_act_kind(s.text("of"));
    if (!terms || events.empty() || !kind)
        return refuse("agreement.shredding_none");
    if (logbook::never_shredded(*kind) || terms->never.contains(*kind))
        return refuse("agreement.shredding_never");
    if (events.back() >= s.state.next_seq())
        return refuse("agreement.shredding_unknown");
    const int months = terms->months_of(*kind);
    return refuse_if(months > 0 && s.now <= plus_months(s.state.recorded_by(events.back()), months),
                     "agreement.shredding_early");
}

//= O-26
//= O-42
// What still goes on rests on its openings: a copy that is held, a dispatch under way, an incident
// that is looked into, a permit without its outcome.
Verdict shredding_settled(const Situation& s) {
    for (const std::uint64_t event : events_of(s)) {
        if (s.state.open_permits().contains(event))
            return refuse("agreement.shredding_open");
        if (s.state.shredded().contains(event))
            return refuse("agreement.shredding_twice");
    }
    if (s.text("item").empty())
        return refuse_if(of_a_dossier(s.text("of")), "agreement.shredding_subject");
    if (s.item == nullptr)
        return refuse("agreement.item_unknown");
    if (still_held(s.state, s.item->id))
        return refuse("agreement.shredding_held");
    const bool open = std::ranges::any_of(s.state.incidents(), [&](const auto& entry) {
        return entry.second.item == s.item->id &&
               entry.second.state != logbook::IncidentState::closed &&
               entry.second.state != logbook::IncidentState::report_answered;
    });
    return refuse_if(open, "agreement.shredding_incident");
}

} // namespace valise::agreement
