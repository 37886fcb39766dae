// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "desk/internal/accounts_file.h"
#include "desk/internal/desks.h"
#include "desk/internal/passkey_acts.h"
#include "desk/internal/webauthn.h"

#include <algorithm>

// Passkeys sign in; what they sign of acts stands in passkey_acts.cpp.
namespace valise::desk {

std::string passkey_host(const Visit& visit) {
    const auto found = visit.request.headers.find("host");
    std::string out = found == visit.request.headers.end() ? std::string() : found->second;
    if (out.starts_with('['))
        return {};
    out = out.substr(0, out.find(':'));
    const bool number =
        std::ranges::all_of(out, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return number ? std::string() : out;
}

std::string passkey_origin(const Visit& visit) {
    const auto found = visit.request.headers.find("host");
    return (visit.house.setting.tls ? "https://" : "http://") +
           (found == visit.request.headers.end() ? std::string() : found->second);
}

namespace {

constexpr std::int64_t kAnswered = 300; // seconds for a person and their authenticator
constexpr std::int64_t kJustNow = 600;  // a session in which a passkey is added was begun
constexpr std::size_t kRandom = 16;
constexpr std::size_t kStamp = 8;
constexpr const char* kSignIn = "sign-in";
constexpr const char* kAdd = "add";

// Of this browser or session, for this purpose, from this moment: nothing has to be kept for who
// never answers.
Bytes seal_of(const Visit& visit, const char* purpose, ByteView head) {
    Bytes text = to_bytes(std::string_view("valise/passkey/v1/"));
    append(text, purpose);
    append(text, "/" + (visit.who ? visit.who->token : visit.visitor) + "/");
    append(text, head);
    return to_bytes(crypto::hmac_sha256(visit.house.secret, text));
}

std::string fresh_challenge(const Visit& visit, const char* purpose) {
    Bytes out = crypto::random_bytes(kRandom);
    append_u64(out, static_cast<std::uint64_t>(visit.house.clock.now().seconds));
    append(out, seal_of(visit, purpose, out));
    return to_base64url(out);
}

// Counts once.
Result<PasskeyAsked> asked_of(Visit& visit, const char* purpose) {
    const auto wrong = [](const char* why) { return fail(Code::refused, "desk.passkey", why); };
    const std::string host = passkey_host(visit);
    auto challenge = from_base64url(visit.entered("challenge"));
    if (host.empty() || !challenge || challenge->size() != kRandom + kStamp + 32)
        return wrong("this page asked nothing");
    const ByteView head = ByteView(*challenge).first(kRandom + kStamp);
    if (!crypto::constant_time_equal(ByteView(*challenge).subspan(head.size()),
                                     seal_of(visit, purpose, head)))
        return wrong("this page asked something else");
    std::uint64_t made = 0;
    for (const Byte byte : head.subspan(kRandom))
        made = (made << 8) | byte;
    const auto at = static_cast<std::int64_t>(made);
    const std::int64_t now = visit.house.clock.now().seconds;
    if (at > now || at + kAnswered < now ||
        !visit.house.challenges_once.first(crypto::sha256(*challenge), at + kAnswered, now))
        return wrong("it was asked too long ago, or answered before");
    return PasskeyAsked{std::move(*challenge), passkey_origin(visit), host};
}

Bytes sent(const Visit& visit, const char* name) {
    return from_base64url(visit.entered(name)).value_or(Bytes());
}

std::vector<Field> hidden(std::initializer_list<std::pair<const char*, std::string>> values) {
    std::vector<Field> out;
    for (const auto& [name, value] : values)
        out.push_back({.name = name, .label = "", .type = "hidden", .value = value});
    return out;
}

std::string needs_script(const Visit& visit) {
    return visit.say(
        "A passkey needs scripts in this browser; everything else here works without.");
}

} // namespace

std::vector<Block> passkey_sign_in(const Visit& visit) {
    const std::string host = passkey_host(visit);
    if (host.empty())
        return {};
    auto fields = hidden({{"token", visitor_token(visit.house, visit.visitor)},
                          {"challenge", fresh_challenge(visit, kSignIn)},
                          {"host", host},
                          {"id", ""},
                          {"client_data", ""},
                          {"authenticator_data", ""},
                          {"signature", ""},
                          {"user", ""}});
    return {Form{.caption = visit.say("Passkey"),
                 .action = "/sign-in/passkey",
                 .submit = visit.say("Sign in with a passkey"),
                 .fields = std::move(fields),
                 .style = "passkey-get"},
            Note{"plain", "", {needs_script(visit)}}};
}

std::vector<Block> passkey_desk(const Visit& visit) {
    const House& house = visit.house;
    Table table{visit.say("Passkeys"),
                {visit.say("Name"), visit.say("Since"), visit.say("Kept"), visit.say("Signs acts")},
                {},
                visit.say("None yet.")};
    std::string known;
    std::vector<Choice> choices;
    for (const Passkey& one : house.accounts.passkeys(visit.who->person)) {
        const std::string id = to_base64url(one.id);
        known += (known.empty() ? "" : " ") + id;
        choices.push_back({id, one.name});
        table.rows.push_back({{.text = one.name, .style = "names"},
                              time_cell(one.made),
                              {one.left        ? visit.say("copied to other machines")
                               : one.may_leave ? visit.say("may be copied")
                                               : visit.say("in one authenticator")},
                              passkey_signs(visit, one)});
    }
    std::vector<Block> out{std::move(table)};
    if (!choices.empty())
        out.emplace_back(Form{.caption = visit.say("Remove a passkey"),
                              .action = "/account/passkeys/remove",
                              .submit = visit.say("Remove"),
                              .fields = {{.name = "id",
                                          .label = visit.say("Passkey"),
                                          .type = "select",
                                          .required = true,
                                          .choices = std::move(choices)}}});
    const std::string host = passkey_host(visit);
    if (host.empty()) {
        out.emplace_back(Note{
            "plain", "", {visit.say("Passkeys need a page under a name; this one has a number.")}});
        return out;
    }
    auto fields = hidden({{"challenge", fresh_challenge(visit, kAdd)},
                          {"host", host},
                          {"user", to_base64url(view(visit.who->person.text()))},
                          {"user_name", visit.who->name},
                          {"known", known},
                          {"client_data", ""},
                          {"authenticator_data", ""}});
    fields.push_back({.name = "name",
                      .label = visit.say("Name of the passkey"),
                      .hint = needs_script(visit),
                      .required = true});
    out.emplace_back(Form{.caption = visit.say("Add a passkey"),
                          .action = "/account/passkeys",
                          .submit = visit.say("Add a passkey"),
                          .fields = std::move(fields),
                          .style = "passkey-create"});
    return out;
}

namespace {

// What is too long is cut and not refused: the authenticator has made the key already.
std::string name_of(const std::string& entered) {
    std::string out = printable(entered, kMaxPasskeyName);
    std::size_t end = std::min(out.size(), kMaxPasskeyName);
    while (end > 0 && end < out.size() && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80)
        --end;
    out.resize(end);
    return out;
}

// Whoever sits down at a session that was left open is not to make a way back for later.
Result<void> added_passkey(Visit& visit) {
    House& house = visit.house;
    if (visit.who->begun.plus_seconds(kJustNow) < house.clock.now())
        return fail(Code::refused, "desk.sign_in_again",
                    "sign out and in again, then add the passkey");
    TRY_ASSIGN(const PasskeyAsked asked, asked_of(visit, kAdd));
    TRY_ASSIGN(Passkey made, read_new_passkey(sent(visit, "client_data"),
                                              sent(visit, "authenticator_data"), asked));
    made.name = name_of(visit.entered("name"));
    made.made = house.clock.now();
    return house.accounts.add_passkey(visit.who->person, std::move(made));
}

} // namespace

Answer add_passkey(Visit& visit) {
    House& house = visit.house;
    const auto account = house.accounts.of(visit.who->person);
    if (!account || account->initial)
        return redirect("/account");
    if (const auto done = added_passkey(visit); !done) {
        house.setting.noted(
            {"passkey-refused", visit.who->name, visit.request.address, done.error().reason()});
        return fail(done.error());
    }
    house.setting.noted({"passkey-added", visit.who->name, visit.request.address, ""});
    return redirect("/account");
}

Answer remove_passkey(Visit& visit) {
    House& house = visit.house;
    TRY(house.accounts.remove_passkey(visit.who->person, sent(visit, "id")));
    house.setting.noted({"passkey-removed", visit.who->name, visit.request.address, ""});
    house.sessions.end_of(visit.who->person);
    house.readings.end_of(visit.who->person);
    return redirect("/sign-in");
}

Answer sign_in_by_passkey(Visit& visit) {
    House& house = visit.house;
    if (auto wait = held_up(visit, "passkey/" + visit.visitor))
        return std::move(*wait);
    const auto known = house.accounts.by_passkey(sent(visit, "id"));
    const auto checked = [&]() -> Result<Account> {
        TRY_ASSIGN(const PasskeyAsked asked, asked_of(visit, kSignIn));
        const auto state = house.registry.state();
        const logbook::Person* person = known ? state.person(known->first.person) : nullptr;
        if (person == nullptr || !person->active)
            return fail(Code::refused, known ? "desk.revoked" : "desk.passkey", "nobody's");
        const Bytes user = sent(visit, "user");
        //= WebAuthn 7.2 step 6
        if (to_text(user) != known->first.person.text())
            return fail(Code::refused, "desk.passkey", "somebody else's");
        TRY_ASSIGN(const PasskeySigned said,
                   read_passkey_signature(known->second, sent(visit, "client_data"),
                                          sent(visit, "authenticator_data"),
                                          sent(visit, "signature"), asked));
        TRY(house.accounts.passkey_signed(known->second.id, said.count, said.left));
        return known->first;
    }();
    if (!checked) {
        // Removed while it signed, it is refused like any that is not known.
        if (checked.error().code() != Code::refused && checked.error().code() != Code::not_found)
            return fail(checked.error());
        house.setting.noted({"sign-in-refused", known ? known->first.name : std::string(),
                             visit.request.address, checked.error().reason()});
        return turned_away(visit, visit.say("The passkey does not sign you in here.") + " " +
                                      needs_script(visit));
    }
    house.throttle.succeeded("passkey/" + visit.visitor, visit.request.address);
    return let_in(visit, *checked, "sign-in-passkey");
}

} // namespace valise::desk
