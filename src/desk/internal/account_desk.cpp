// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"

namespace valise::desk {

// It stays until the person says so, since whoever sat here first may have been somebody else.
std::vector<Block> given_note(const Visit& visit) {
    const auto account = visit.house.accounts.of(visit.who->person);
    if (!account || account->told || account->given.seconds == 0)
        return {};
    return {
        Note{"warn",
             visit.say("An account was given to you"),
             {visit.p.say("It was made on %1. If you did not ask for it, tell a control officer at "
                          "once: somebody else may have signed in as you.",
                          account->given.text())}},
        Form{.caption = "",
             .action = "/account/told",
             .submit = visit.say("I know of it"),
             .fields = {}}};
}

Answer account_told(Visit& visit) {
    TRY(visit.house.accounts.told(visit.who->person));
    return redirect("/");
}

} // namespace valise::desk
