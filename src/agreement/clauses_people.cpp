// SPDX-License-Identifier: Apache-2.0
// Who may give what to whom. Nobody gives anything to themselves.
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {

using logbook::Role;

//= O-22
//= O-27
Verdict control_officer(const Situation& s) {
    if (s.founding())
        return pass();
    // What the registry itself may attest, the clause "actor" decides.
    if (s.act.attested_by_registry())
        return not_applicable();
    return refuse_if(!s.actor_has(Role::control_officer), "agreement.control_officer");
}

//= O-04
//= O-23
Verdict clearance_officer(const Situation& s) {
    return refuse_if(!s.actor_has(Role::clearance_officer), "agreement.clearance_officer");
}

//= O-23
// Taking away takes effect at once, so more than one office may do it.
Verdict revoking_officer(const Situation& s) {
    const std::string what = s.text("what");
    const bool may = s.actor_has(Role::control_officer) ||
                     (what == "clearance" && s.actor_has(Role::clearance_officer)) ||
                     (what == "release" && s.actor_has(Role::releasing_authority));
    return refuse_if(!may, "agreement.revoking_officer");
}

//= O-24
Verdict person_known(const Situation& s) {
    if (s.text("person").empty())
        return not_applicable();
    return refuse_if(s.subject == nullptr || !s.subject->active, "agreement.person_unknown");
}

//= O-21
Verdict no_self_grant(const Situation& s) {
    if (s.founding())
        return pass();
    return refuse_if(s.actor != nullptr && s.subject == s.actor, "agreement.self_grant");
}

//= O-24
// "Two different persons" means two different keys: one key under two names would let one person
// release alone. A revoked person's key stays theirs.
Verdict one_key_one_person(const Situation& s) {
    const auto key = s.act.bytes_field("key");
    const bool taken = key && std::ranges::any_of(s.state.persons(), [&](const auto& entry) {
                           return entry.second.key == *key;
                       });
    if (taken)
        return refuse("agreement.key_taken");
    return refuse_if(s.subject != nullptr, "agreement.person_exists");
}

//= O-21
// Who runs the system neither grants access nor releases.
Verdict role_separation(const Situation& s) {
    const auto role = logbook::parse_role(s.text("role"));
    if (!role)
        return refuse("agreement.role_unknown");
    if (s.subject == nullptr)
        return not_applicable();
    const auto grants = [](Role r) {
        return r == Role::control_officer || r == Role::clearance_officer ||
               r == Role::releasing_authority;
    };
    const bool clash = *role == Role::administrator
                           ? std::ranges::any_of(s.subject->roles, grants)
                           : grants(*role) && s.subject->roles.contains(Role::administrator);
    return refuse_if(clash, "agreement.role_separation");
}

//= O-23
// A grant that has already run out is a mistake in the form, not a grant.
Verdict until_ahead(const Situation& s) {
    const auto until = s.act.time_field("until");
    return refuse_if(!until || *until <= s.now, "agreement.until_past");
}

} // namespace valise::agreement
