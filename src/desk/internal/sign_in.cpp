// SPDX-License-Identifier: Apache-2.0
#include "crypto/mac.h"
#include "desk/internal/desks.h"

namespace valise::desk {

namespace {

const std::string& agent_of(const Visit& visit) {
    static const std::string kNone;
    const auto found = visit.request.headers.find("user-agent");
    return found == visit.request.headers.end() ? kNone : found->second;
}

HttpResponse form_page(const Visit& visit, std::vector<Block> before, unsigned status) {
    Page page{.title = visit.say("Sign in"),
              .lead = visit.say("With the name, the password and the one-time code of your "
                                "account. It opens the desks and confers nothing: every act is "
                                "signed with your own key.")};
    page.blocks = std::move(before);
    page.blocks.push_back(Form{
        .caption = "",
        .action = "/sign-in",
        .submit = visit.say("Sign in"),
        .fields = {{.name = "token",
                    .label = "",
                    .type = "hidden",
                    .value = visitor_token(visit.house, visit.visitor)},
                   {.name = "name",
                    .label = visit.say("Name"),
                    .required = true,
                    .autocomplete = "username"},
                   {.name = "password",
                    .label = visit.say("Password"),
                    .type = "password",
                    .required = true,
                    .autocomplete = "current-password"},
                   {.name = "code",
                    .label = visit.say("One-time code"),
                    .hint = visit.say("Six digits from your code generator; each counts once."),
                    .required = true,
                    .autocomplete = "one-time-code"}}});
    const House& house = visit.house;
    if (house.setting.openid)
        page.blocks.push_back(
            Links{visit.say("Other ways"),
                  {{.text = visit.p.say("Sign in with %1", house.setting.openid->shown),
                    .href = "/sign-in/openid"}}});
    if (house.setting.certificates && visit.request.peer_key)
        page.blocks.push_back(Form{.caption = visit.say("Certificate"),
                                   .action = "/sign-in/certificate",
                                   .submit = visit.say("Sign in with the certificate that this "
                                                       "browser showed"),
                                   .fields = {{.name = "token",
                                               .label = "",
                                               .type = "hidden",
                                               .value = visitor_token(house, visit.visitor)}}});
    for (Block& block : passkey_sign_in(visit))
        page.blocks.push_back(std::move(block));
    return page_response(visit, page, status);
}

} // namespace

std::string visitor_token(const House& house, const std::string& cookie) {
    return to_hex(crypto::hmac_sha256(house.secret, view("valise/visitor/v1/" + cookie)));
}

Answer sign_in_page(Visit& visit) {
    if (visit.who)
        return redirect("/");
    return form_page(visit, {}, 200);
}

HttpResponse turned_away(const Visit& visit, const std::string& why, unsigned status) {
    return form_page(visit, {Note{"bad", visit.say("You are not signed in"), {why}}}, status);
}

std::optional<HttpResponse> held_up(const Visit& visit, const std::string& name) {
    House& house = visit.house;
    const auto wait = house.throttle.admit(name, visit.request.address, house.clock.now());
    if (wait <= 0)
        return std::nullopt;
    house.setting.noted({"sign-in-delayed", house.accounts.has(name) ? name : std::string(),
                         visit.request.address, "desk.throttled"});
    HttpResponse response = turned_away(
        visit, visit.p.say("Too many attempts: try again in %1 seconds.", std::to_string(wait)),
        429);
    response.headers["retry-after"] = std::to_string(wait);
    return response;
}

Answer let_in(Visit& visit, const Account& account, const char* what) {
    House& house = visit.house;
    house.setting.noted({what, account.name, visit.request.address, ""});
    // A fresh value at every sign-in: one that was planted before is worth nothing.
    if (visit.who) {
        house.sessions.end(visit.who->key);
        house.readings.end_of_session(visit.who->key);
    }
    const bool by_certificate = std::string_view(what) == "sign-in-certificate";
    const std::string cookie =
        house.sessions.begin(account, visit.request.address, agent_of(visit), house.clock.now(),
                             by_certificate ? visit.request.peer_key : std::nullopt);
    HttpResponse response = redirect(account.initial ? "/account" : "/");
    response.headers["set-cookie"] = cookie_line(house, cookie_name(house), cookie, -1);
    return response;
}

Answer sign_in(Visit& visit) {
    House& house = visit.house;
    const std::string& name = visit.entered("name");
    if (auto wait = held_up(visit, name.substr(0, 64)))
        return std::move(*wait);
    const auto account = house.accounts.check(name, view(visit.entered("password")),
                                              visit.entered("code"), house.clock.now());
    if (!account && account.error().code() != Code::refused)
        return fail(account.error());
    // The same answer for a name that nobody has and for a person who was revoked.
    const auto state = house.registry.state();
    const logbook::Person* person = account ? state.person(account->person) : nullptr;
    if (person == nullptr || !person->active) {
        house.setting.noted({"sign-in-refused", house.accounts.has(name) ? name : std::string(),
                             visit.request.address, account ? "desk.revoked" : "desk.sign_in"});
        return turned_away(visit, visit.say("Name, password or code are not right."));
    }
    house.throttle.succeeded(name.substr(0, 64), visit.request.address);
    return let_in(visit, *account, "sign-in");
}

Answer sign_out(Visit& visit) {
    visit.house.sessions.end(visit.who->key);
    visit.house.readings.end_of_session(visit.who->key);
    HttpResponse response = redirect("/sign-in");
    response.headers["set-cookie"] = cookie_line(visit.house, cookie_name(visit.house), "", 0);
    return response;
}

namespace {

HttpResponse account_form(const Visit& visit, std::vector<Block> before, unsigned status) {
    const auto account = visit.house.accounts.of(visit.who->person);
    Page page{.title = visit.say("Your account")};
    page.blocks = std::move(before);
    if (account && account->initial)
        page.blocks.push_back(
            Note{"warn",
                 visit.say("Choose a password of your own"),
                 {visit.say("The present one was printed for whoever made the account. The desks "
                            "open when you have replaced it.")}});
    Facts facts{"",
                {{visit.say("Name"), {.text = visit.who->name, .style = "names"}},
                 {visit.say("Person"), {.text = visit.who->person.text(), .style = "id"}}}};
    if (account && account->given.seconds != 0) // for good, whoever said that they know of it
        facts.lines.push_back({visit.say("Account given"), time_cell(account->given)});
    page.blocks.push_back(std::move(facts));
    if (account && account->way == Way::password)
        page.blocks.push_back(
            Form{.caption = visit.say("Change the password"),
                 .action = "/account",
                 .submit = visit.say("Change the password"),
                 .fields = {{.name = "password",
                             .label = visit.say("Present password"),
                             .type = "password",
                             .required = true,
                             .autocomplete = "current-password"},
                            {.name = "fresh",
                             .label = visit.say("New password"),
                             .type = "password",
                             .hint = visit.say("At least 12 characters. All your sessions end with "
                                               "it, and your passkeys go."),
                             .required = true,
                             .autocomplete = "new-password"},
                            {.name = "again",
                             .label = visit.say("The new password again"),
                             .type = "password",
                             .required = true,
                             .autocomplete = "new-password"}}});
    if (account && !account->initial)
        for (Block& block : passkey_desk(visit))
            page.blocks.push_back(std::move(block));
    return page_response(visit, page, status);
}

} // namespace

Answer account_page(Visit& visit) {
    return account_form(visit, {}, 200);
}

Answer change_password(Visit& visit) {
    House& house = visit.house;
    const auto refuse = [&](const std::string& why) {
        return account_form(visit, {Note{"bad", visit.say("That was not done"), {why}}}, 400);
    };
    if (visit.entered("fresh") != visit.entered("again"))
        return refuse(visit.say("The two new passwords differ."));
    const Time now = house.clock.now();
    if (house.throttle.admit(visit.who->name, visit.request.address, now) > 0)
        return refuse(visit.say("Too many attempts: wait a minute."));
    const auto done = house.accounts.change_password(
        visit.who->person, view(visit.entered("password")), view(visit.entered("fresh")));
    if (!done && done.error().reason() == "desk.password")
        return refuse(visit.say("A password has at least 12 characters, five of them different, is "
                                "another than the present one, none that everybody uses, and does "
                                "not begin with your name."));
    if (!done && done.error().code() == Code::refused) {
        house.setting.noted(
            {"password-refused", visit.who->name, visit.request.address, done.error().reason()});
        return refuse(visit.say("The present password is another."));
    }
    if (!done)
        return fail(done.error());
    house.throttle.succeeded(visit.who->name, visit.request.address);
    house.setting.noted({"password-changed", visit.who->name, visit.request.address, ""});
    house.sessions.end_of(visit.who->person);
    house.readings.end_of(visit.who->person);
    const std::string cookie =
        house.sessions.begin(*done, visit.request.address, agent_of(visit), now);
    HttpResponse response = redirect("/");
    response.headers["set-cookie"] = cookie_line(house, cookie_name(house), cookie, -1);
    return response;
}

} // namespace valise::desk
