// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"

namespace valise::desk {

// That the browser holds the key, the handshake proved; names, issuers and dates in the certificate
// say nothing here, as between the registries (design 7): the pin counts until the officers take
// the account away. By a button and not by itself, or nobody could sign out.
Answer sign_in_by_certificate(Visit& visit) {
    House& house = visit.house;
    const auto& shown = visit.request.peer_key;
    if (!house.setting.certificates || !shown)
        return turned_away(visit, visit.say("This browser showed no certificate."));
    const auto account = house.accounts.by_certificate(*shown);
    const auto state = house.registry.state();
    const logbook::Person* person = account ? state.person(account->person) : nullptr;
    if (person == nullptr || !person->active) {
        house.setting.noted({"sign-in-refused", account ? account->name : std::string(),
                             visit.request.address, account ? "desk.revoked" : "desk.certificate"});
        return turned_away(visit, visit.say("The certificate belongs to no account here."));
    }
    return let_in(visit, *account, "sign-in-certificate");
}

} // namespace valise::desk
