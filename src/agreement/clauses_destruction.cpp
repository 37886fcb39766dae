// SPDX-License-Identifier: Apache-2.0
// The end of a copy: whether it is still needed, and how it is destroyed (I10).
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::Form;
using logbook::ReviewFinding;

const DestructionRule* rule_of(const Situation& s) {
    return s.own == nullptr ? nullptr : s.terms.destruction(s.own->code, s.own_level());
}

} // namespace

//= O-26
//= I10
// Destroyed is what lies here: not what a reader has, not what is being read or sealed. The state
// table and the fold make the rest impossible; here it is said as a refusal, with its reason.
Verdict copy_free(const Situation& s) {
    if (s.copy == nullptr || s.item == nullptr || s.copy->item != s.item->id)
        return not_applicable(); // "copy-known" refuses
    if (s.copy->state == logbook::CopyState::issued)
        return refuse("agreement.copy_issued");
    if (s.copy->state != logbook::CopyState::held)
        return refuse("agreement.copy_gone");
    const auto names = [](const logbook::OpenPermit& permit, const char* name,
                          const std::string& id) {
        const auto found = permit.ids.find(name);
        return found != permit.ids.end() && found->second == id;
    };
    for (const auto& [seq, permit] : s.state.open_permits())
        if (((permit.kind == logbook::ActKind::open ||
              permit.kind == logbook::ActKind::export_copy ||
              permit.kind == logbook::ActKind::print) &&
             (names(permit, "copy", s.copy->id.text()) ||
              names(permit, "print", s.copy->id.text()))) ||
            (permit.kind == logbook::ActKind::dispatch && s.copy->form == Form::electronic &&
             names(permit, "item", s.item->id.text())))
            return refuse("agreement.copy_in_use");
    return pass();
}

//= O-30
//= O-31
//= I10
Verdict destruction_method(const Situation& s) {
    if (s.item == nullptr || s.copy == nullptr)
        return not_applicable();
    const DestructionRule* rule = rule_of(s);
    if (rule == nullptr)
        return refuse("agreement.destruction_method");
    const auto methods = rule->methods.find(s.copy->form); // none for what was said or shown
    return refuse_if(methods == rule->methods.end() ||
                         std::ranges::find(methods->second, s.text("method")) ==
                             methods->second.end(),
                     "agreement.destruction_method");
}

//= O-30
//= I10
// As many persons as the terms ask for the level, each with a signature of their own: who destroys
// it, and who signed for this method today and is cleared for it still.
Verdict destruction_persons(const Situation& s) {
    const DestructionRule* rule = rule_of(s);
    if (s.copy == nullptr || s.actor == nullptr || rule == nullptr)
        return not_applicable(); // "copy-known", "actor" or "destruction-method" refuses
    int persons = 1;
    for (const auto& [person, witness] : s.copy->witnesses) {
        const auto clearance = s.state.clearance_at(person, s.now);
        if (person != s.actor->id && witness.method == s.text("method") &&
            s.now.seconds - witness.minute.seconds <= logbook::kWitnessSeconds && clearance &&
            s.covers(clearance->level, s.own_level()))
            ++persons;
    }
    return refuse_if(persons < rule->persons, "agreement.destruction_persons");
}

//= O-30
//= I10
// What became of the paper is said by somebody who was there; where the terms ask for more than one
// person, not by the one who destroyed it: that one may only say that it is still there. Of a
// sealed file the registry itself knows.
Verdict certifier(const Situation& s) {
    if (s.copy == nullptr || s.actor == nullptr)
        return not_applicable(); // "copy-known" or "actor" refuses
    const DestructionRule* rule = rule_of(s);
    if (rule == nullptr || s.copy->form == Form::electronic || !s.copy->destruction ||
        s.copy->state != logbook::CopyState::destroying)
        return refuse("agreement.certifier");
    const auto& destruction = *s.copy->destruction;
    if (destruction.destroyer == s.actor->id)
        return refuse_if(rule->persons > 1 && s.text("finding") != "kept", "agreement.certifier");
    const auto clearance = s.state.clearance_at(s.actor->id, s.now);
    return refuse_if(!destruction.witnesses.contains(s.actor->id) || !clearance ||
                         !s.covers(clearance->level, s.own_level()),
                     "agreement.certifier");
}

//= O-31
// Of what was modified something is left: only the report of who did it shows that nothing can be
// reconstructed from that. Of everything else nothing is left to report on.
Verdict modification_report(const Situation& s) {
    if (s.copy == nullptr || !s.copy->destruction)
        return not_applicable(); // "copy-known" or "certifier" refuses
    const bool modified = s.copy->destruction->method == kModification;
    const bool due = modified && s.text("finding") == "destroyed";
    if (s.text("modification_report").empty())
        return refuse_if(due, "agreement.modification_report");
    return refuse_if(!due, "agreement.modification_none");
}

//= O-29
// No item stays without a next question; one that is no longer needed goes back or is destroyed.
Verdict review_term(const Situation& s) {
    const auto finding = logbook::parse_review_finding(s.text("finding"));
    const auto next = s.act.time_field("next");
    if (!finding || (*finding == ReviewFinding::kept) != next.has_value())
        return refuse("agreement.review_term");
    if (*finding == ReviewFinding::give_back)
        return duty("agreement.review_due", "return", s.now);
    if (*finding == ReviewFinding::destroy)
        return duty("agreement.review_due", "destroy", s.now);
    if (*next <= s.now || *next > plus_months(s.now, s.terms.review().months))
        return refuse("agreement.review_term");
    return duty("agreement.review_due", "review-purpose", *next);
}

} // namespace valise::agreement
