// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"

namespace valise::registry {

//= O-05
// Whose keys they are, the sender's log shows; that as many persons signed one release to us, of
// this level and under these terms, is seen here. One person may have a key and passkeys, so all of
// the passkeys are one signer, and the second. What was released before other terms came may
// still arrive: how many persons it takes, the terms in force say.
std::int64_t approving_persons(const envelope::StatementInputs& inputs,
                               const std::set<Hash32>& terms) {
    std::set<Bytes> signers;
    bool passkey = false;
    std::optional<Hash32> digest;
    for (const envelope::ReleaseAct& release : inputs.release) {
        const auto signed_act = logbook::SignedAct::parse(release.signed_act);
        if (!signed_act || !signed_act->verify())
            continue;
        const logbook::Act& act = signed_act->act();
        const auto approved = act.hash_field("release_digest");
        if (act.kind() != logbook::ActKind::approve_release || act.party() != inputs.sender ||
            !terms.contains(act.terms()) || !approved || digest.value_or(*approved) != *approved ||
            act.optional_field("recipient") != inputs.recipient ||
            act.optional_field("level") != inputs.classification.level_code)
            continue;
        digest = *approved;
        if (act.by_passkey())
            passkey = true;
        else
            signers.insert(act.signer());
    }
    if (passkey && !signers.empty())
        return static_cast<std::int64_t>(signers.size()) + 1;
    return static_cast<std::int64_t>(signers.size());
}

} // namespace valise::registry
