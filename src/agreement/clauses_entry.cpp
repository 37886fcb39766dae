// SPDX-License-Identifier: Apache-2.0
// What an item must have before it stands in the register (I1).
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {

using logbook::ActKind;
using logbook::Form;
using logbook::Role;

//= O-26
Verdict entering_role(const Situation& s) {
    return refuse_if(!s.actor_has(Role::originator) && !s.actor_controls(),
                     "agreement.entering_role");
}

//= O-02
// What is entered here originates here; what the other party originated arrives by a dispatch.
Verdict origin(const Situation& s) {
    return refuse_if(s.own == nullptr || s.act.party() != s.own->code, "agreement.origin");
}

//= O-09
//= I1
// The level is one that the terms list for the party whose level it is: the sender's own for an
// arrival, ours for everything else.
Verdict classification(const Situation& s) {
    // What comes back has the level that we gave it.
    const bool theirs = (s.kind() == ActKind::arrive && s.text("returns").empty()) ||
                        s.kind() == ActKind::record_assurance;
    const Party* whose = theirs ? s.terms.party(s.text("peer")) : s.own;
    if (whose == nullptr)
        return not_applicable(); // "channel" or "own-party" refuses
    return refuse_if(whose->scheme.by_code(s.text("level")) == nullptr, "agreement.classification");
}

//= O-01
// Which form has which members, the act itself knows. What was said or shown is entered afterwards,
// and there is nothing of it that could lie anywhere; only sealed files and sheets are copied; only
// what has a sealed file travels over the wire or is opened at the registry, and the rest goes as a
// package; and a correction says nothing that the form has not.
Verdict form(const Situation& s) {
    if (s.kind() == ActKind::enter) {
        const auto at = s.act.time_field("disclosed_at");
        return refuse_if(at && *at > s.now, "agreement.disclosed_ahead");
    }
    if (s.item == nullptr)
        return not_applicable();
    const bool disclosed = s.item->form == Form::oral || s.item->form == Form::visual;
    switch (s.kind()) {
    case ActKind::correct:
        break;
    case ActKind::copy: {
        const auto into = logbook::parse_form(s.text("form"));
        // Of sheets there is no sealed file that a further electronic copy could be.
        return refuse_if(!into || !copyable(*into) || !copyable(s.item->form) ||
                             (*into == Form::electronic && s.item->form != Form::electronic),
                         "agreement.form");
    }
    case ActKind::store:
    case ActKind::issue:
    case ActKind::take_back:
    case ActKind::witness_destruction:
    case ActKind::destroy:
        return refuse_if(disclosed, "agreement.form");
    case ActKind::dispatch:
        return refuse_if(disclosed || (s.item->form != Form::electronic && s.text("seals").empty()),
                         "agreement.form");
    default:
        return refuse_if(s.item->form != Form::electronic, "agreement.form");
    }
    const auto states = [&](std::initializer_list<const char*> names) {
        return std::ranges::any_of(
            names, [&](const char* name) { return s.act.content().contains(name); });
    };
    return refuse_if((s.item->form != Form::paper && states({"pages", "sheets"})) ||
                         (s.item->form != Form::equipment && states({"serial"})) ||
                         (!disclosed && states({"disclosed_by", "disclosed_to", "disclosed_at"})),
                     "agreement.form_member");
}

//= O-03
//= O-04
//= I1
Verdict authority(const Situation& s) {
    if (s.own == nullptr)
        return not_applicable();
    const Authority* found = s.terms.authority(s.own->code, s.text("authority"));
    if (found == nullptr)
        return refuse("agreement.authority_unknown");
    return refuse_if(!found->valid.contains(s.now), "agreement.authority_out_of_date");
}

//= O-16
//= I1
Verdict purpose_known(const Situation& s) {
    return refuse_if(s.terms.purpose(s.text("purpose")) == nullptr, "agreement.purpose_unknown");
}

//= O-26
Verdict item_known(const Situation& s) {
    if (s.kind() == ActKind::revoke && s.text("item").empty())
        return not_applicable();
    return refuse_if(s.item == nullptr, "agreement.item_unknown");
}

//= O-26
// The book keeps what was entered by mistake; nothing is done with it any more.
Verdict not_cancelled(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(s.item->entry == logbook::EntryState::cancelled, "agreement.cancelled");
}

//= O-02
//= I2
// What the other party sent was stated under its signature; our book does not correct that.
Verdict entered_here(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(s.received(), "agreement.not_entered_here");
}

//= O-26
Verdict correcting_role(const Situation& s) {
    if (s.item == nullptr || s.actor == nullptr)
        return not_applicable();
    return refuse_if(!s.actor_controls() && s.item->entered_by != s.actor->id,
                     "agreement.correcting_role");
}

//= O-36
//= I7
// What left the house is returned or destroyed, with a receipt or a certificate.
Verdict not_dispatched(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(s.state.dispatched(s.item->id), "agreement.dispatched");
}

} // namespace valise::agreement
