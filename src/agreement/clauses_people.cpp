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
    return refuse_if(!s.actor_controls(), s.actor_has(Role::control_officer)
                                              ? "agreement.officer_absent"
                                              : "agreement.control_officer");
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
    const bool may = s.actor_controls() ||
                     (what == "passkey" && s.actor != nullptr && s.subject == s.actor) ||
                     (what == "clearance" && s.actor_has(Role::clearance_officer)) ||
                     (what == "release" && s.actor_has(Role::releasing_authority));
    if (!may)
        return refuse("agreement.revoking_officer");
    const auto lives = [](const logbook::SigningPasskey& one) {
        return one.state != logbook::PasskeyState::ended;
    };
    return refuse_if(what == "passkey" && s.subject != nullptr &&
                         std::ranges::none_of(s.subject->passkeys, lives),
                     "agreement.passkey_none");
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

//= O-27
// Officer and deputy are two, and the deputy can take the office over at once.
Verdict facility_officers(const Situation& s) {
    const auto id = [&](const char* name) {
        return PersonId::parse(s.text(name)).value_or(PersonId());
    };
    if (!s.state.has_role(id("officer"), Role::control_officer))
        return refuse("agreement.facility_officer");
    const logbook::Person* deputy = s.state.person(id("deputy"));
    return refuse_if(deputy == nullptr || !deputy->active ||
                         deputy->roles.contains(Role::administrator) ||
                         id("deputy") == id("officer"),
                     "agreement.facility_deputy");
}

//= O-27
// Somebody qualified answers for what comes in, at the moment when it comes.
Verdict facility_office(const Situation& s) {
    if (!s.terms.facility().before_receiving)
        return not_applicable();
    if (s.state.facilities().empty())
        return refuse("agreement.facility_missing");
    return refuse_if(std::ranges::none_of(s.state.facilities(),
                                          [&](const auto& entry) {
                                              const logbook::Facility& f = entry.second;
                                              return s.state.in_office(f.officer, s.now) ||
                                                     s.state.deputises(f.deputy, f.officer, s.now);
                                          }),
                     "agreement.facility_office");
}

//= O-27
// Who is away says so, also from there: an officer who came back early ends the absence.
Verdict absence_officer(const Situation& s) {
    if (s.actor == nullptr)
        return not_applicable();
    return refuse_if(s.subject != s.actor && !s.actor_controls(), "agreement.absence_officer");
}

//= O-27
Verdict absence_dates(const Situation& s) {
    const auto from = s.act.time_field("from");
    const auto until = s.act.time_field("until");
    return refuse_if(!from || !until || *until < *from, "agreement.absence_dates");
}

//= O-25
// Who was told says so; nobody acknowledges for somebody else.
Verdict own_word(const Situation& s) {
    if (s.actor == nullptr)
        return not_applicable();
    return refuse_if(s.subject != s.actor, "agreement.own_word");
}

//= O-25
Verdict debriefing_officer(const Situation& s) {
    if (s.actor == nullptr)
        return not_applicable();
    return refuse_if(s.subject != s.actor && !s.actor_controls(), "agreement.debriefing_officer");
}

//= O-24
// Whoever keeps the register of individuals, and whoever clears, can hear of it first.
Verdict transfer_officer(const Situation& s) {
    if (s.actor == nullptr)
        return not_applicable();
    return refuse_if(!s.actor_controls() && !s.actor_has(Role::clearance_officer),
                     "agreement.transfer_officer");
}

} // namespace valise::agreement
