// SPDX-License-Identifier: Apache-2.0
#include "crypto/webauthn.h"
#include "logbook/internal/fold.h"

#include <algorithm>
#include <utility>

namespace valise::logbook {

//= O-24
// Two persons' acts over the same bytes: who will sign with it, and an officer who saw them.
Result<void> Fold::passkey() {
    TRY_ASSIGN(Person* const person, active_person());
    const Bytes signer = from_base64(fact("passkey")).value_or(Bytes());
    const auto known = std::ranges::find(person->passkeys, signer, &SigningPasskey::signer);
    if (known != person->passkeys.end()) {
        TRY_ASSIGN(const PasskeyState state, next(known->state, PasskeyEvent::confirm));
        if (actor() == person->id)
            return unknown_id("a second person who confirms the passkey");
        *known = {signer, state, e_.minute()};
        return {};
    }
    if (actor() != person->id)
        return unknown_id("the passkey as its person's own");
    // Of one authenticator, whatever page asks it, and whether it signs yet.
    for (const auto& [id, other] : s_.persons_)
        if (std::ranges::any_of(other.passkeys, [&](const SigningPasskey& one) {
                return crypto::PasskeySigner::same_key(one.signer, signer);
            }))
            return known_id("the key of the passkey");
    TRY_ASSIGN(const PasskeyState state, next(PasskeyState::none, PasskeyEvent::ask));
    person->passkeys.push_back({signer, state, e_.minute()});
    return {};
}

// What it signed and nobody used yet ends with it: that signature may be the reason. Which witness
// signed by what, a copy does not know; the person says it again, by key.
Result<void> Fold::end_passkeys(Person& person) {
    bool ended = false;
    for (SigningPasskey& one : person.passkeys)
        if (const auto state = next(one.state, PasskeyEvent::end)) {
            one.state = *state;
            one.since = e_.minute();
            ended = true;
        }
    if (!ended)
        return unknown_id("a passkey that signs for the person");
    std::vector<ReleaseId> open;
    for (const auto& [id, release] : std::as_const(s_.releases_))
        if (next(release.state, ReleaseEvent::withdraw) && release.by_passkey.contains(person.id))
            open.push_back(id);
    for (const ReleaseId& id : open) {
        Release& release = s_.releases_.at(id);
        release.approvals.erase(person.id);
        release.by_passkey.erase(person.id);
    }
    std::vector<CopyId> witnessed;
    for (const auto& [id, copy] : std::as_const(s_.copies_))
        if (copy.witnesses.contains(person.id))
            witnessed.push_back(id);
    for (const CopyId& id : witnessed)
        s_.copies_.at(id).witnesses.erase(person.id);
    return {};
}

} // namespace valise::logbook
