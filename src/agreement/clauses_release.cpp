// SPDX-License-Identifier: Apache-2.0
// Nothing leaves unless persons decided it, for this item and this recipient.
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::Role;

bool is_originator(const Situation& s, const PersonId& person) {
    return s.item != nullptr && s.item->entered_by && *s.item->entered_by == person;
}

bool signs_by_passkey(const logbook::Person& person) {
    return std::ranges::any_of(person.passkeys, [](const logbook::SigningPasskey& one) {
        return one.state == logbook::PasskeyState::signing;
    });
}

} // namespace

//= O-05
// A decision is about one item as it lies in the register; there is none in blank or by class.
Verdict case_by_case(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(s.text("level") != s.item->level, "agreement.case_by_case");
}

//= O-05
// A releasing authority signs; the originator may give one of the signatures, and refuses nothing.
Verdict releasing_authority(const Situation& s) {
    if (s.actor == nullptr)
        return not_applicable();
    if (s.kind() == ActKind::refuse_release || s.kind() == ActKind::consent ||
        s.kind() == ActKind::recall || s.kind() == ActKind::narrow)
        return refuse_if(!s.actor_has(Role::releasing_authority), "agreement.releasing_authority");
    return refuse_if(!s.actor_has(Role::releasing_authority) && !is_originator(s, s.actor->id),
                     "agreement.releasing_authority");
}

//= O-05
// Within one round: what was used, refused or taken back is signed anew, also by those who signed
// before.
Verdict release_distinct_persons(const Situation& s) {
    if (s.release == nullptr || s.actor == nullptr ||
        next(s.release->state, logbook::ReleaseEvent::ask))
        return not_applicable();
    return refuse_if(s.release->approvals.contains(s.actor->id),
                     "agreement.release_distinct_persons");
}

//= O-05
// What was signed is this item with this label, for this recipient, under these terms: if one of
// them has changed since, the signature is for something else.
Verdict release_digest_matches(const Situation& s) {
    if (!s.release_digest)
        return not_applicable();
    const Hash32& expected = *s.release_digest;
    if (s.kind() == ActKind::dispatch) {
        if (s.release == nullptr)
            return not_applicable();
        return refuse_if(s.release->digest != expected || s.release->item != s.item->id ||
                             s.release->recipient != s.text("recipient"),
                         "agreement.release_digest");
    }
    const auto signed_digest = s.act.hash_field("release_digest");
    const auto signed_terms = s.act.hash_field("terms");
    return refuse_if(!signed_digest || *signed_digest != expected || !signed_terms ||
                         *signed_terms != s.terms.digest(),
                     "agreement.release_digest");
}

//= O-05
// As many persons as the terms say for the level, at least one of them a releasing authority who is
// not the originator, and who read it on a machine of their own: a passkey signs what the desk's
// server chose. A person revoked since no longer counts, nor a passkey ended since: their signature
// may be the reason. All passkeys together are one person here, as they are for the peer.
Verdict release_separation(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    if (s.release == nullptr)
        return refuse("agreement.release_missing");
    if (s.release->state == logbook::ReleaseState::refused ||
        s.release->state == logbook::ReleaseState::withdrawn)
        return refuse("agreement.release_withdrawn");
    int keys = 0;
    bool passkey = false;
    bool independent = false;
    for (const PersonId& id : s.release->approvals) {
        const bool authority = s.state.has_role(id, Role::releasing_authority);
        const logbook::Person* person = s.state.person(id);
        if (person == nullptr || !person->active || (!authority && !is_originator(s, id)))
            continue;
        if (s.release->by_passkey.contains(id)) {
            passkey = passkey || signs_by_passkey(*person);
            continue;
        }
        ++keys;
        independent = independent || (authority && !is_originator(s, id));
    }
    const int persons = keys + (passkey ? 1 : 0);
    if (passkey && keys == 0)
        return refuse("agreement.passkey_alone");
    const int needed = s.terms.release_persons(s.act.party(), s.own_level());
    if (needed == 0 || persons < needed)
        return refuse("agreement.release_persons");
    return refuse_if(!independent, "agreement.release_separation");
}

//= O-05
Verdict asking_role(const Situation& s) {
    if (s.actor == nullptr)
        return not_applicable();
    return refuse_if(!s.actor_has(Role::originator) && !s.actor_controls(),
                     "agreement.asking_role");
}

//= O-05
// One authority's no is not passed over by the next one's yes: somebody has to ask again.
Verdict asked_again(const Situation& s) {
    if (s.release == nullptr)
        return not_applicable();
    return refuse_if(s.release->state == logbook::ReleaseState::refused,
                     "agreement.release_refused");
}

//= O-05
Verdict release_asked(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(s.release == nullptr || !next(s.release->state, logbook::ReleaseEvent::refuse),
                     "agreement.release_not_asked");
}

//= O-15
//= I4
// No third country, whoever asks and whatever was approved here, unless the originator consented
// for this item, this recipient and this day. Nothing is sent there all the same: these terms know
// two parties and no channel to another; it goes under an agreement with that one.
Verdict third_party(const Situation& s) {
    if (s.kind() != ActKind::dispatch && s.consented())
        return pass();
    const bool names_peer = s.kind() == ActKind::pair || s.kind() == ActKind::accredit ||
                            s.kind() == ActKind::record_assurance;
    const std::string recipient = names_peer ? s.text("peer") : s.text("recipient");
    return refuse_if(s.other == nullptr || recipient != s.other->code, "agreement.third_party");
}

//= O-15
//= O-20
//= I4
// The originator's own limit on the label. An item that names nobody goes to nobody.
Verdict release_set(const Situation& s) {
    if (s.item == nullptr || s.text("recipient") == s.item->origin)
        return not_applicable();
    if (s.consented())
        return pass();
    return refuse_if(!s.item->release.contains(s.text("recipient")), "agreement.release_set");
}

} // namespace valise::agreement
