// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

#include <algorithm>

namespace valise::logbook {

Result<void> Fold::found() {
    s_.party_ = fact("party");
    s_.authority_ = fact("authority");
    return {};
}

Result<void> Fold::pair() {
    const std::string party = fact("peer");
    if (party == s_.party_)
        return known_id("the party itself");
    // A second pairing replaces the root: this is how a party starts again after losing its key,
    // and it takes the same comparison of fingerprints by two officers.
    s_.peers_[party] = {party, true, hash_fact("root")};
    return {};
}

Result<Person*> Fold::active_person() {
    const auto found = s_.persons_.find(id_as<PersonId>("person"));
    if (found == s_.persons_.end() || !found->second.active)
        return unknown_id("the person");
    return &found->second;
}

Result<void> Fold::enrol() {
    const auto person = id_as<PersonId>("person");
    const Hash32 key = hash_fact("key");
    const Bytes key_bytes(key.begin(), key.end());
    if (s_.persons_.contains(person))
        return known_id("the person");
    // Not even a revoked person's key comes back: its acts would get a second author.
    for (const auto& [other_id, other] : s_.persons_)
        if (other.key == key_bytes)
            return known_id("the key");
    Person& entry = s_.persons_[person];
    entry.id = person;
    entry.key = key_bytes;
    return {};
}

Result<void> Fold::appoint() {
    TRY_ASSIGN(Person* const person, active_person());
    TRY_ASSIGN(const Role role, parse_role(fact("role")));
    person->roles.insert(role);
    return {};
}

Result<void> Fold::clear() {
    TRY_ASSIGN(Person* const person, active_person());
    person->clearance = Clearance{fact("level"), time_fact("until"), fact("authority")};
    person->transferred.reset();
    return {};
}

Result<void> Fold::brief() {
    TRY_ASSIGN(Person* const person, active_person());
    if (actor() != person->id)
        return unknown_id("an acknowledgement by the person briefed");
    person->briefed = e_.minute();
    return {};
}

// //= O-25: whoever leaves is told what stays secret, and reads nothing after that.
Result<void> Fold::debrief() {
    TRY_ASSIGN(Person* const person, active_person());
    person->briefed.reset();
    const PersonId gone = person->id;
    erase_if(s_.grants_, [&](const auto& entry) { return entry.second.person == gone; });
    return {};
}

Result<void> Fold::transfer() {
    TRY_ASSIGN(Person* const person, active_person());
    person->transferred = e_.minute();
    return {};
}

// A second record replaces the one before.
Result<void> Fold::facility() {
    Facility entry{fact("facility"), person_fact("officer"), person_fact("deputy")};
    for (const PersonId& person : {entry.officer, entry.deputy})
        if (!s_.persons_.contains(person))
            return unknown_id("the officer or deputy");
    s_.facilities_[entry.code] = std::move(entry);
    return {};
}

Result<void> Fold::absence() {
    TRY_ASSIGN(Person* const person, active_person());
    person->absence = Absence{time_fact("from"), time_fact("until")};
    return {};
}

Result<void> Fold::grant() {
    TRY_ASSIGN(const Person* const person, active_person());
    const auto item = id_as<ItemId>("item");
    TRY(usable_item());
    const std::string purpose = fact("purpose");
    s_.grants_[{person->id, item, purpose}] = {person->id, item, purpose, time_fact("until")};
    return {};
}

Result<void> Fold::accredit() {
    const std::string peer = fact("peer");
    s_.accreditations_[peer] = {peer, fact("level"), time_fact("until")};
    return {};
}

Result<void> Fold::record_assurance() {
    const std::string peer = fact("peer");
    s_.assurances_[peer] = {peer, fact("level"), time_fact("until"), e_.seq()};
    return {};
}

Result<void> Fold::revoke() {
    const std::string what = fact("what");
    if (what == "grant")
        return revoke_grant();
    if (what == "release")
        return revoke_release();
    if (what == "assurance")
        return revoke_assurance();
    if (what == "accreditation") {
        if (s_.accreditations_.erase(fact("peer")) == 0)
            return unknown_id("the accreditation");
        return {};
    }
    TRY_ASSIGN(Person* const person, active_person());
    if (what == "role") {
        TRY_ASSIGN(const Role role, parse_role(fact("role")));
        if (person->roles.erase(role) == 0)
            return unknown_id("the role");
    } else if (what == "clearance") {
        if (!person->clearance)
            return unknown_id("the clearance");
        person->clearance.reset();
    } else if (what == "passkey") {
        return end_passkeys(*person);
    } else { // person
        person->active = false;
        person->roles.clear();
        person->clearance.reset();
        const PersonId gone = person->id;
        erase_if(s_.grants_, [&](const auto& entry) { return entry.second.person == gone; });
    }
    return {};
}

Result<void> Fold::revoke_grant() {
    const auto person = id_as<PersonId>("person");
    const auto item = id_as<ItemId>("item");
    const std::string purpose = fact("purpose");
    const auto erased = erase_if(s_.grants_, [&](const auto& entry) {
        const Grant& grant = entry.second;
        return grant.person == person && grant.item == item &&
               (purpose.empty() || grant.purpose == purpose);
    });
    if (erased == 0)
        return unknown_id("the grant");
    return {};
}

Result<void> Fold::revoke_release() {
    const auto found = s_.releases_.find(id_as<ReleaseId>("release"));
    if (found == s_.releases_.end())
        return unknown_id("the release");
    TRY_ASSIGN(found->second.state, next(found->second.state, ReleaseEvent::withdraw));
    return {};
}

} // namespace valise::logbook
