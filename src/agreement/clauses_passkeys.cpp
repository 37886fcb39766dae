// SPDX-License-Identifier: Apache-2.0
// What a passkey may sign, and how one comes to sign at all (decision 28).
#include "agreement/internal/clauses.h"
#include "crypto/webauthn.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::PasskeyState;
using logbook::SigningPasskey;

constexpr std::ptrdiff_t kMostPasskeys = 8;
// With those that ended, which are searched for every act and never come back.
constexpr std::size_t kMostEver = 64;

// What asks or hinders, and the half of what two persons decide. Nothing that gives, shows, sends,
// destroys, ends a duty or is told to the peer: whoever holds the desk's server chooses what an
// authenticator signs, since a browser shows nothing of an act.
bool reaches(ActKind kind) {
    switch (kind) {
    case ActKind::ask_release:
    case ActKind::approve_release:
    case ActKind::refuse_release:
    case ActKind::witness_destruction:
    case ActKind::store:
    case ActKind::begin_muster:
        return true;
    default:
        return false;
    }
}

Bytes passkey_in(const Situation& s) {
    return s.act.bytes_field("passkey").value_or(Bytes());
}

const SigningPasskey* known_passkey(const Situation& s) {
    if (s.subject == nullptr)
        return nullptr;
    const auto found =
        std::ranges::find(s.subject->passkeys, passkey_in(s), &SigningPasskey::signer);
    return found == s.subject->passkeys.end() ? nullptr : &*found;
}

} // namespace

//= O-24
//= O-05
// A passkey signs what the desk's server asked of it. It is the second signature, never the first:
// somebody read the act on a machine of their own. One of a round: the peer counts all of them as
// one. Of a sealed file nobody certifies the end: it is gone with the second signature.
Verdict by_passkey(const Situation& s) {
    if (!s.act.by_passkey())
        return not_applicable();
    if (!reaches(s.kind()))
        return refuse("agreement.passkey_reach");
    if (s.kind() == ActKind::witness_destruction)
        return refuse_if(s.copy != nullptr && s.copy->form == logbook::Form::electronic,
                         "agreement.passkey_witness");
    if (s.kind() != ActKind::approve_release)
        return pass();
    const bool round =
        s.release != nullptr && !next(s.release->state, logbook::ReleaseEvent::ask).has_value();
    if (!round || s.release->approvals.size() == s.release->by_passkey.size())
        return refuse("agreement.passkey_first");
    return refuse_if(std::ranges::any_of(s.release->by_passkey,
                                         [&](const PersonId& id) {
                                             return s.actor == nullptr || id != s.actor->id;
                                         }),
                     "agreement.passkey_once");
}

//= O-24
// One authenticator is one person's, and what ended stays ended.
Verdict passkey_free(const Situation& s) {
    const Bytes signer = passkey_in(s);
    const SigningPasskey* known = known_passkey(s);
    if (known != nullptr)
        return refuse_if(known->state != PasskeyState::asked, "agreement.passkey_taken");
    const auto taken = [&](const SigningPasskey& one) {
        return crypto::PasskeySigner::same_key(one.signer, signer);
    };
    if (std::ranges::any_of(s.state.persons(), [&](const auto& entry) {
            return std::ranges::any_of(entry.second.passkeys, taken);
        }))
        return refuse("agreement.passkey_taken");
    if (s.subject != nullptr && s.subject->passkeys.size() >= kMostEver)
        return refuse("agreement.passkeys_spent");
    const auto lives = [](const SigningPasskey& one) { return one.state != PasskeyState::ended; };
    return refuse_if(s.subject != nullptr &&
                         std::ranges::count_if(s.subject->passkeys, lives) >= kMostPasskeys,
                     "agreement.passkeys_full");
}

//= O-24
// First its person, with the key that the registry has of them.
Verdict passkey_own_word(const Situation& s) {
    if (known_passkey(s) != nullptr || s.actor == nullptr)
        return not_applicable();
    return refuse_if(s.subject != s.actor, "agreement.passkey_own_word");
}

//= O-24
//= O-27
// Then a control officer who is somebody else, as for every key.
Verdict passkey_officer(const Situation& s) {
    if (known_passkey(s) == nullptr || s.actor == nullptr)
        return not_applicable();
    return refuse_if(s.subject == s.actor || !s.actor_controls(), "agreement.passkey_officer");
}

} // namespace valise::agreement
