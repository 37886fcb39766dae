// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/passkey_acts.h"

#include "crypto/webauthn.h"
#include "desk/internal/desks.h"
#include "desk/internal/verdict.h"

#include <algorithm>

// Passkeys that sign acts. The act is the one that was prepared, but for its signer; what the
// authenticator is asked is its digest (decision 28).
namespace valise::desk {

using logbook::ActKind;
using logbook::PasskeyState;
using logbook::SigningPasskey;

namespace {

// As the book names a passkey of this account; none for one that this page could not ask.
std::optional<crypto::PasskeySigner> signer_of(const Visit& visit, const Passkey& passkey) {
    if (passkey_host(visit).empty() || passkey.may_leave)
        return std::nullopt;
    auto made = crypto::PasskeySigner::make(passkey.key, passkey_origin(visit));
    return made ? std::optional(std::move(*made)) : std::nullopt;
}

PasskeyState state_of(const logbook::State& state, const PersonId& id,
                      const crypto::PasskeySigner& signer) {
    const logbook::Person* person = state.person(id);
    if (person == nullptr)
        return PasskeyState::none;
    const auto found = std::ranges::find(person->passkeys, signer.bytes(), &SigningPasskey::signer);
    return found == person->passkeys.end() ? PasskeyState::none : found->state;
}

Result<logbook::Act> named(const logbook::Act& act, const crypto::PasskeySigner& signer) {
    return logbook::Act::make(act.kind(), act.party(), act.terms(), act.at(), signer.bytes(),
                              act.content(), act.nonce());
}

// Whether the agreement has a passkey sign this at all: what else it would say stands above.
Result<std::string> objection(const Visit& visit, const logbook::Act& act) {
    TRY_ASSIGN(const auto considered, visit.house.registry.consider(act));
    for (const auto& consulted : considered.asked.consulted)
        if (consulted.clause == "by-passkey" && consulted.finding == agreement::Finding::refuse)
            return clause_words(visit, "by-passkey");
    return std::string();
}

Form signing_form(const Visit& visit, const Prepared& prepared, const Passkey& passkey,
                  const logbook::Act& act) {
    Form out{.caption = "",
             .action = "/prepared/" + prepared.code + "/passkey",
             .submit = visit.p.say("Sign with the passkey %1", passkey.name),
             .fields = {},
             .style = "passkey-get"};
    for (const auto& [name, value] :
         {std::pair("challenge", to_base64url(logbook::SignedAct::challenge(act))),
          std::pair("host", passkey_host(visit)), std::pair("known", to_base64url(passkey.id)),
          std::pair("id", std::string()), std::pair("client_data", std::string()),
          std::pair("authenticator_data", std::string()), std::pair("signature", std::string()),
          std::pair("user", std::string())})
        out.fields.push_back({.name = name, .label = "", .type = "hidden", .value = value});
    return out;
}

Result<registry::ActAnswer> signed_by_passkey(Visit& visit, const logbook::Act& prepared) {
    House& house = visit.house;
    const auto sent = [&](const char* name) {
        return from_base64url(visit.entered(name)).value_or(Bytes());
    };
    const auto mine = house.accounts.passkeys(visit.who->person);
    const auto passkey = std::ranges::find(mine, sent("id"), &Passkey::id);
    const auto signer = passkey == mine.end() ? std::nullopt : signer_of(visit, *passkey);
    // Nor one that the book has as somebody else's: the act would be theirs.
    if (!signer ||
        state_of(house.registry.state(), visit.who->person, *signer) != PasskeyState::signing)
        return fail(Code::refused, "desk.passkey", "no passkey of yours that signs here");
    TRY_ASSIGN(logbook::Act act, named(prepared, *signer));
    const Hash32 challenge = logbook::SignedAct::challenge(act);
    logbook::PasskeyAnswer answer{sent("authenticator_data"), sent("client_data"), {}};
    const auto said = [&]() -> Result<crypto::PasskeySaid> {
        TRY_ASSIGN(answer.signature, crypto::plain_signature(passkey->key, sent("signature")));
        return signer->verify(challenge, answer.client_data, answer.authenticator_data,
                              answer.signature);
    }();
    if (!said)
        return fail(Code::refused, "desk.passkey", said.error().context());
    TRY(house.accounts.passkey_signed(passkey->id, said->count, said->left));
    TRY_ASSIGN(const auto whole, logbook::SignedAct::make(std::move(act), std::move(answer)));
    return house.registry.perform(whole.bytes());
}

} // namespace

std::vector<Block> passkey_signing(const Visit& visit, const Prepared& prepared) {
    const auto state = visit.house.registry.state();
    std::vector<Block> out;
    std::vector<std::string> lines;
    for (const Passkey& passkey : visit.house.accounts.passkeys(visit.who->person)) {
        const auto signer = signer_of(visit, passkey);
        if (!signer || state_of(state, visit.who->person, *signer) != PasskeyState::signing)
            continue;
        const auto act = named(prepared.act, *signer);
        if (!act)
            continue;
        const auto why = objection(visit, *act);
        if (why && why->empty())
            out.emplace_back(signing_form(visit, prepared, passkey, *act));
        else if (lines.empty() && why)
            lines = {visit.say("This act is not one that a passkey signs now:"), *why};
    }
    if (!out.empty())
        lines = {
            visit.say("A browser shows nothing of the act: what the passkey signs is what this "
                      "registry's server asks. `valise sign` shows it on your own machine."),
            visit.say("A passkey needs scripts in this browser; without them, `valise sign` "
                      "signs.")};
    else if (lines.empty())
        lines = {
            visit.say("None of your passkeys signs acts here; the page of your account says why.")};
    out.insert(out.begin(), Note{"plain", visit.say("Or with a passkey"), std::move(lines)});
    return out;
}

Answer hand_in_by_passkey(Visit& visit) {
    const auto prepared = visit.house.sessions.prepared(visit.who->key, visit.parts[0]);
    if (!prepared)
        return fail(Code::not_found, "desk.no_prepared", "no act is prepared under this code");
    if (prepared->answer)
        return redirect("/prepared/" + prepared->code);
    return handed_in(visit, *prepared, signed_by_passkey(visit, prepared->act));
}

Cell passkey_signs(const Visit& visit, const Passkey& passkey) {
    if (passkey.may_leave)
        return {.text = visit.say("no: it may be copied")};
    const auto signer = signer_of(visit, passkey);
    if (!signer)
        return {.text = visit.say("not from this page")};
    const std::string end =
        act_path(ActKind::revoke, {{"what", "passkey"}, {"person", visit.who->person.text()}});
    switch (state_of(visit.house.registry.state(), visit.who->person, *signer)) {
    case PasskeyState::asked: // its person may take the request back
        return {.text = visit.say("waits for a control officer"), .href = end};
    case PasskeyState::signing:
        return {.text = visit.word("yes"), .href = end};
    case PasskeyState::ended:
        return {.text = visit.say("no more")};
    case PasskeyState::none:
        break;
    }
    return {.text = visit.say("let it sign acts"),
            .href = act_path(ActKind::passkey, {{"person", visit.who->person.text()},
                                                {"passkey", to_base64(signer->bytes())}})};
}

std::vector<Block> passkeys_to_confirm(const Visit& visit) {
    const auto state = visit.house.registry.state();
    if (!state.in_office(visit.who->person, visit.house.clock.now()))
        return {};
    Table out{visit.say("Passkeys to confirm"),
              {visit.say("Person"), visit.say("Page"), visit.say("Since"), visit.say("Next")},
              {},
              ""};
    for (const auto& [id, person] : state.persons())
        for (const SigningPasskey& one : person.passkeys) {
            const auto signer = crypto::PasskeySigner::parse(one.signer);
            if (one.state != PasskeyState::asked || !person.active || !signer ||
                id == visit.who->person)
                continue;
            out.rows.push_back(
                {person_cell(visit, id.text()),
                 {signer->origin()},
                 time_cell(one.since),
                 {visit.word("passkey"),
                  act_path(ActKind::passkey,
                           {{"person", id.text()}, {"passkey", to_base64(one.signer)}})}});
        }
    if (out.rows.empty())
        return {};
    return {std::move(out)};
}

} // namespace valise::desk
