// SPDX-License-Identifier: Apache-2.0
// What an item must have before it stands in the register (I1).
#include "agreement/internal/clauses.h"

namespace valise::agreement {

using logbook::ActKind;
using logbook::Role;

//= O-26
Verdict entering_role(const Situation& s) {
    return refuse_if(!s.actor_has(Role::originator) && !s.actor_has(Role::control_officer),
                     "agreement.entering_role");
}

//= O-02
// What is entered here originates here; what the other party originated arrives by a dispatch.
Verdict origin(const Situation& s) {
    return refuse_if(s.own == nullptr || s.act.party() != s.own->code, "agreement.origin");
}

//= O-09
// The level is one that the terms list for the party whose level it is: the sender's own for an
// arrival, ours for everything else.
Verdict classification(const Situation& s) {
    const Party* whose = s.kind() == ActKind::arrive ? s.terms.party(s.text("peer")) : s.own;
    if (whose == nullptr)
        return not_applicable(); // "channel" or "own-party" refuses
    return refuse_if(whose->scheme.by_code(s.text("level")) == nullptr, "agreement.classification");
}

//= O-01
// Oral, visual and equipment items are in the agreement and not yet in this program: an item that
// would be recorded under the wrong form is refused.
Verdict form(const Situation& s) {
    return refuse_if(s.text("form") != "electronic", "agreement.form");
}

//= O-03
//= O-04
Verdict authority(const Situation& s) {
    if (s.own == nullptr)
        return not_applicable();
    const Authority* found = s.terms.authority(s.own->code, s.text("authority"));
    if (found == nullptr)
        return refuse("agreement.authority_unknown");
    return refuse_if(!found->valid.contains(s.now), "agreement.authority_out_of_date");
}

//= O-16
Verdict purpose_known(const Situation& s) {
    return refuse_if(s.terms.purpose(s.text("purpose")) == nullptr, "agreement.purpose_unknown");
}

//= O-26
Verdict item_known(const Situation& s) {
    if (s.kind() == ActKind::revoke && s.text("item").empty())
        return not_applicable();
    return refuse_if(s.item == nullptr, "agreement.item_unknown");
}

} // namespace valise::agreement
