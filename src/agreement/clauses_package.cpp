// SPDX-License-Identifier: Apache-2.0
// What goes by hand: sealed twice, handed on without a gap, delivered, returned.
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::CopyState;
using logbook::Direction;
using logbook::DispatchState;
using logbook::Form;
using logbook::SealFinding;

// The dispatch by which a received item came; null for what was entered here.
const logbook::Dispatch* brought(const Situation& s) {
    return s.received() ? s.state.dispatch(s.item->dispatch) : nullptr;
}

} // namespace

//= O-35
//= I6
// What can be held in the hand goes as one numbered copy that lies here, in two sealed envelopes.
// Silent on what goes by wire.
Verdict package(const Situation& s) {
    if (s.item == nullptr || s.text("seals").empty())
        return not_applicable(); // "form" refuses what has no sealed file
    if (s.copy == nullptr || s.copy->item != s.item->id || s.copy->form == Form::electronic)
        return refuse("agreement.package_copy");
    if (s.copy->state == CopyState::issued)
        return refuse("agreement.copy_issued");
    return refuse_if(s.copy->state != CopyState::held, "agreement.copy_gone");
}

//= O-29
// Back to its originator goes the very copy that came: a sealed file that is sent back is still
// here, and is destroyed instead.
Verdict return_form(const Situation& s) {
    if (!s.received())
        return not_applicable();
    if (s.item->origin != s.text("recipient"))
        return not_applicable(); // third-party refuses
    const logbook::Dispatch* by = brought(s);
    if (by == nullptr || !by->package())
        return refuse("agreement.return_electronic");
    return refuse_if(s.text("copy") != by->copy.text(), "agreement.return_copy");
}

//= O-29
//= I6
// Taken back as returned is what left in a package and has not come back.
Verdict return_known(const Situation& s) {
    if (s.text("returns").empty())
        return not_applicable();
    const auto id = DispatchId::parse(s.text("returns"));
    const logbook::Dispatch* sent = id ? s.state.dispatch(*id) : nullptr;
    const bool left = sent != nullptr && sent->direction == Direction::out && s.item != nullptr &&
                      s.copy != nullptr && sent->item == s.item->id && sent->copy == s.copy->id &&
                      s.copy->place == logbook::Whereabouts(*id) &&
                      s.text("level") == s.item->level;
    const bool announced = std::ranges::any_of(s.state.dispatches(), [&](const auto& one) {
        return one.second.state == DispatchState::offered && one.second.returns == *id;
    });
    return refuse_if(!left || announced, "agreement.return_unknown");
}

//= O-34
//= O-37
// From hand to hand without a gap in time: each leg begins where the one before it ended, and none
// in the future. The first begins when the receiver accepted what was announced.
Verdict custody_chain(const Situation& s) {
    if (s.dispatch == nullptr)
        return not_applicable();
    const logbook::Dispatch& d = *s.dispatch;
    if (!d.package() || d.direction != Direction::out)
        return refuse("agreement.no_package");
    if (d.state == DispatchState::failed)
        return refuse("agreement.package_withdrawn");
    const auto at = s.act.time_field("at");
    if (!at || *at > s.now || (!d.legs.empty() && *at < d.legs.back().at) ||
        (d.legs.empty() && at->truncated_to_minute() < d.since) ||
        (d.receipted != Time{} && at->truncated_to_minute() > d.receipted))
        return refuse("agreement.custody_gap");
    return pass();
}

//= O-34
//= O-48
// Between the permit and the courier lie days: what the dispatch rested on is asked again before
// the package leaves, and of what has left no more.
Verdict still_leaves(const Situation& s) {
    if (s.dispatch == nullptr || !s.dispatch->legs.empty())
        return not_applicable();
    const logbook::Dispatch& d = *s.dispatch;
    const auto sending = logbook::Act::make(
        ActKind::dispatch, s.act.party(), s.terms.digest(), s.act.at(), s.act.signer(),
        {{"item", d.item.text()},
         {"recipient", d.peer},
         {"copy", d.copy.text()},
         {"seals", d.seals.empty() ? std::string("0") : d.seals}},
        s.act.nonce());
    if (!sending || !d.package())
        return not_applicable(); // "custody-chain" refuses
    const Situation again = Situation::of(s.terms, s.state, *sending, s.now);
    for (const auto asks :
         {terms_in_force, channel, link_accreditation, assurance, label_current, still_needed})
        if (asks(again).finding == Finding::refuse)
            return refuse("agreement.leaves_no_more");
    return pass();
}

//= O-34
// What has not left can be kept back; what has, is traced, returned or reported.
Verdict still_here(const Situation& s) {
    if (s.dispatch == nullptr)
        return not_applicable();
    const logbook::Dispatch& d = *s.dispatch;
    if (!d.package() || d.direction != Direction::out)
        return refuse("agreement.no_package");
    if (d.state != DispatchState::permitted)
        return refuse(d.state == DispatchState::failed ? "agreement.package_withdrawn"
                                                       : "agreement.package_left");
    return refuse_if(!d.legs.empty(), "agreement.package_left");
}

//= O-43
// What is frozen does not leave; what is under way is handed on all the same.
Verdict package_frozen(const Situation& s) {
    if (s.dispatch == nullptr || !s.dispatch->legs.empty())
        return not_applicable();
    return s.state.freezing(s.dispatch->item, s.dispatch->copy) == nullptr
               ? not_applicable()
               : refuse("agreement.frozen");
}

//= O-34
// Custody of a package begins with the officer who takes it from the courier.
Verdict delivery(const Situation& s) {
    if (s.dispatch == nullptr)
        return not_applicable();
    const logbook::Dispatch& d = *s.dispatch;
    if (!d.package() || d.direction != Direction::in)
        return refuse("agreement.no_package");
    if (d.withdrawn || d.state == DispatchState::arrival_failed)
        return refuse("agreement.package_withdrawn");
    return refuse_if(d.delivered || d.state != DispatchState::offered,
                     "agreement.package_delivered");
}

//= O-35
//= O-42
// A package that was opened on its way may have been read: custody is taken all the same, and the
// originator hears of it at once.
Verdict seals_intact(const Situation& s) {
    const auto finding = logbook::parse_seal_finding(s.text("finding"));
    if (!finding || *finding == SealFinding::intact)
        return pass();
    return duty("agreement.seals_broken", "report-incident", s.now);
}

//= O-15
// A consent is about somebody who is neither of the two.
Verdict consent_third(const Situation& s) {
    const std::string recipient = s.text("recipient");
    const bool party = (s.own != nullptr && recipient == s.own->code) ||
                       (s.other != nullptr && recipient == s.other->code);
    return refuse_if(party, "agreement.consent_party");
}

} // namespace valise::agreement
