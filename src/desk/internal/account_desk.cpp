// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"

namespace valise::desk {

namespace {

constexpr std::int64_t kShownFor = std::int64_t{14} * 24 * 3600;

// Whoever added one in a session that was left open comes back by it; nobody sends this away.
std::vector<Block> passkey_notes(const Visit& visit) {
    std::vector<Block> out;
    for (const Passkey& one : visit.house.accounts.passkeys(visit.who->person))
        if (visit.house.clock.now() < one.made.plus_seconds(kShownFor))
            out.emplace_back(
                Note{"plain",
                     visit.say("A passkey was added to your account"),
                     {visit.p.say("%1, on %2. If it was not you, remove it on the page of your "
                                  "account and tell a control officer.",
                                  one.name, one.made.text())}});
    return out;
}

} // namespace

// It stays until the person says so, since whoever sat here first may have been somebody else.
std::vector<Block> given_note(const Visit& visit) {
    std::vector<Block> out = passkey_notes(visit);
    const auto account = visit.house.accounts.of(visit.who->person);
    if (!account || account->told || account->given.seconds == 0)
        return out;
    out.emplace_back(
        Note{"warn",
             visit.say("An account was given to you"),
             {visit.p.say("It was made on %1. If you did not ask for it, tell a control officer at "
                          "once: somebody else may have signed in as you.",
                          account->given.text())}});
    out.emplace_back(Form{.caption = "",
                          .action = "/account/told",
                          .submit = visit.say("I know of it"),
                          .fields = {}});
    return out;
}

// Whom the note is to betray can send it away as well: that leaves a line, and the date stays on
// the page of the account.
Answer account_told(Visit& visit) {
    const auto account = visit.house.accounts.of(visit.who->person);
    if (!account || account->initial)
        return redirect("/account");
    TRY(visit.house.accounts.told(visit.who->person));
    visit.house.setting.noted({"account-told", visit.who->name, visit.request.address, ""});
    return redirect("/");
}

} // namespace valise::desk
