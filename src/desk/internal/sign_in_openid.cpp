// SPDX-License-Identifier: Apache-2.0
// Sign-in at an OpenID Connect issuer: authorization code with a code verifier. What belongs to one
// attempt is made of one random cookie, so that nothing is kept for people who never come back.
#include "base/text.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "desk/internal/desks.h"
#include "desk/internal/form_body.h"
#include "desk/internal/jwt.h"

#include <algorithm>
#include <charconv>

namespace valise::desk {

namespace {

constexpr std::int64_t kAttempt = 600; // seconds from going there to coming back
constexpr std::int64_t kSkew = 60;     // between the clocks of two machines
constexpr std::size_t kMaxIdToken = 16 << 10;
constexpr std::size_t kMaxCode = 1024;
constexpr const char* kBack = "/sign-in/openid/back";

struct Attempt {
    std::string text; // the cookie's value
    std::int64_t begun = 0;
};

std::unexpected<Error> refused(const char* why) {
    return fail(Code::refused, "desk.openid", why);
}

const char* attempt_cookie(const House& house) {
    return house.setting.tls ? "__Host-valise-openid" : "valise-openid";
}

// "Lax": the way back begins at another site, and no stricter cookie would come along.
std::string attempt_line(const House& house, const std::string& value, std::int64_t seconds) {
    std::string out = std::string(attempt_cookie(house)) + "=" + value +
                      "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
    return house.setting.tls ? out + "; Secure" : out;
}

// state, nonce and code verifier: whoever has one of them finds none of the others.
std::string derived(const House& house, const char* what, const std::string& attempt) {
    const std::string text = std::string("valise/openid/v1/") + what + "/" + attempt;
    return to_base64url(crypto::hmac_sha256(house.secret, view(text)));
}

// One of the names that this desk answers under, or the request would not be here.
std::string way_back(const Visit& visit) {
    const auto host = visit.request.headers.find("host");
    return (visit.house.setting.tls ? "https://" : "http://") +
           (host == visit.request.headers.end() ? std::string() : host->second) + kBack;
}

std::string text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

//= RFC 6749 2.3.1
// Both halves form-encoded before they are joined.
std::string basic(const OpenIdSetting& setting) {
    const ByteView secret =
        setting.secret.read(SecretAccess::because("exchanging a code at the issuer"));
    return "Basic " + to_base64(view(url_part(setting.client) + ":" + url_part(to_text(secret))));
}

//= RFC 6749 4.1.3 //= RFC 7636 4.5
Result<std::string> id_token_for(const Visit& visit, const std::string& code,
                                 const std::string& attempt) {
    const OpenIdSetting& setting = *visit.house.setting.openid;
    TRY_ASSIGN(const Issuer::Places places, setting.issuer->places());
    std::string body = "grant_type=authorization_code&code=" + url_part(code) +
                       "&redirect_uri=" + url_part(way_back(visit)) +
                       "&code_verifier=" + derived(visit.house, "verifier", attempt);
    WebCall call;
    call.url = places.token;
    call.method = "POST";
    call.headers = {{"content-type", "application/x-www-form-urlencoded"},
                    {"accept", "application/json"}};
    if (setting.secret.empty())
        body += "&client_id=" + url_part(setting.client);
    else
        call.headers["authorization"] = basic(setting);
    call.body = to_bytes(body);
    TRY_ASSIGN(const HttpResponse answer, setting.issuer->call(call));
    if (answer.status != 200)
        return refused("the issuer does not take the code");
    const auto said = parse_json(answer.body, {.bytes = 64 << 10, .depth = 8, .values = 1000});
    const std::string token = said && said->is_object() ? text_in(*said, "id_token") : "";
    if (token.empty())
        return refused("the issuer gives no ID token");
    return token;
}

//= OpenID Connect Core 1.0 3.1.3.7
Result<std::string> subject_of(const Visit& visit, const std::string& text,
                               const Attempt& attempt) {
    const House& house = visit.house;
    const OpenIdSetting& setting = *house.setting.openid;
    TRY_ASSIGN(const Jwt token, Jwt::parse(text, kMaxIdToken));
    TRY(setting.issuer->verify(token));
    if (token.text("iss") != setting.issuer->name())
        return refused("another issuer's token");
    const Json audience = token.claims.value("aud", Json());
    const bool for_us = audience == setting.client ||
                        (audience.is_array() &&
                         std::ranges::find(audience, Json(setting.client)) != audience.end());
    const bool many = audience.is_array() && audience.size() > 1;
    if (!for_us || ((many || token.claims.contains("azp")) && token.text("azp") != setting.client))
        return refused("a token for somebody else");
    const std::int64_t now = house.clock.now().seconds;
    const auto expires = token.time("exp");
    const auto issued = token.time("iat");
    const auto from = token.time("nbf");
    if (!expires || *expires + kSkew < now || !issued || *issued - kSkew > now ||
        (token.claims.contains("nbf") && (!from || *from - kSkew > now)))
        return refused("a token of another time");
    if (!crypto::constant_time_equal(view(token.text("nonce")),
                                     view(derived(house, "nonce", attempt.text))))
        return refused("a token of another attempt");
    // A screen that was left signed in there lets nobody in here: who came before signed in before
    // this attempt began.
    const auto signed_in = token.time("auth_time");
    if (!signed_in || *signed_in + kSkew < attempt.begun || *signed_in - kSkew > now)
        return refused("the issuer does not say that the person has just signed in");
    if (!setting.context.empty() && token.text("acr") != setting.context)
        return refused("the issuer asked for less than this desk needs");
    std::string subject = token.text("sub");
    if (subject.empty() || subject.size() > 255)
        return refused("a token about nobody");
    return subject;
}

// The attempt that this browser began, once, and what came back belongs to it.
Result<Attempt> attempt_of(const Visit& visit) {
    House& house = visit.house;
    const auto header = visit.request.headers.find("cookie");
    const auto cookie = cookie_in(header == visit.request.headers.end() ? "" : header->second,
                                  attempt_cookie(house));
    if (!cookie || !*cookie || (*cookie)->size() < 65 || (*cookie)->size() > 80)
        return refused("this browser began no sign-in, or too long ago");
    const std::string attempt(**cookie);
    std::int64_t begun = 0;
    const char* const end = attempt.data() + attempt.size();
    const auto [stop, error] = std::from_chars(attempt.data() + 65, end, begun);
    const std::int64_t now = house.clock.now().seconds;
    if (error != std::errc() || stop != end || attempt[64] != '.' || begun > now ||
        begun + kAttempt < now)
        return refused("this browser began no sign-in, or too long ago");
    if (!crypto::constant_time_equal(view(visit.asked("state")),
                                     view(derived(house, "state", attempt))))
        return refused("the answer belongs to another sign-in");
    if (!house.flows_once.first(crypto::sha256(view(attempt)), begun + kAttempt, now))
        return refused("this sign-in was finished before");
    return Attempt{attempt, begun};
}

// Whom the issuer named, whether or not they are let in: for the security log.
struct Named {
    std::string account;
    std::string subject;
};

Result<Account> account_of(const Visit& visit, const Attempt& attempt, Named& named_there) {
    const OpenIdSetting& setting = *visit.house.setting.openid;
    TRY_ASSIGN(const Issuer::Places places, setting.issuer->places());
    //= RFC 9207 2.4
    const bool named = visit.query.contains("iss");
    if ((places.names_itself && !named) || (named && visit.asked("iss") != setting.issuer->name()))
        return refused("another issuer answers");
    if (visit.query.contains("error"))
        return fail(Code::refused, "desk.openid", printable(visit.asked("error"), 60));
    const std::string& code = visit.asked("code");
    if (code.empty() || code.size() > kMaxCode)
        return refused("the issuer gives no code");
    TRY_ASSIGN(const std::string token, id_token_for(visit, code, attempt.text));
    TRY_ASSIGN(const std::string subject, subject_of(visit, token, attempt));
    const auto account = visit.house.accounts.by_openid(setting.issuer->name(), subject);
    const auto state = visit.house.registry.state();
    const logbook::Person* person = account ? state.person(account->person) : nullptr;
    named_there = {account ? account->name : std::string(), subject};
    if (person == nullptr || !person->active)
        return fail(Code::refused, account ? "desk.revoked" : "desk.openid",
                    "nobody here has an account of theirs");
    return *account;
}

// Not a redirection: the browser would take it for a part of the way from the issuer, and keep back
// the cookie of the session, which is for requests from these pages alone.
HttpResponse go_on(const Visit& visit, HttpResponse let_in) {
    const std::string where = let_in.headers["location"];
    Page page{.title = visit.say("You are signed in")};
    page.blocks.push_back(Links{"", {{visit.say("Go on"), where}}});
    HttpResponse out = page_response(visit, page);
    out.headers["set-cookie"] = let_in.headers["set-cookie"];
    out.headers["refresh"] = "0; url=" + where;
    return out;
}

} // namespace

Answer begin_openid(Visit& visit) {
    House& house = visit.house;
    const auto& setting = house.setting.openid;
    if (visit.who || !setting)
        return redirect(visit.who ? "/" : "/sign-in");
    const auto places = setting->issuer->places();
    if (!places)
        return turned_away(visit, visit.p.say("%1 cannot be reached just now.", setting->shown),
                           503);
    const std::string attempt =
        to_hex(crypto::random_array<32>()) + "." + std::to_string(house.clock.now().seconds);
    const std::string challenge =
        to_base64url(crypto::sha256(view(derived(house, "verifier", attempt))));
    std::string where = places->authorization;
    where += where.find('?') == std::string::npos ? '?' : '&';
    where += "response_type=code&scope=openid&client_id=" + url_part(setting->client) +
             "&redirect_uri=" + url_part(way_back(visit)) +
             "&state=" + derived(house, "state", attempt) +
             "&nonce=" + derived(house, "nonce", attempt) + "&code_challenge=" + challenge +
             "&code_challenge_method=S256&prompt=login&max_age=0&ui_locales=" + visit.p.language();
    if (!setting->context.empty())
        where += "&acr_values=" + url_part(setting->context);
    HttpResponse response = redirect(where);
    response.headers["set-cookie"] = attempt_line(house, attempt, kAttempt);
    return response;
}

// What another site has the browser ask for belongs to no attempt: it is not counted, or that site
// would lock the whole network out, and leaves no line.
Answer end_openid(Visit& visit) {
    House& house = visit.house;
    if (!house.setting.openid)
        return redirect("/sign-in");
    const auto away = [&](const Error& error) {
        return turned_away(visit,
                           visit.p.say("%1 did not sign you in here (%2).",
                                       house.setting.openid->shown, error.context()),
                           error.code() == Code::unavailable ? 503 : 403);
    };
    const auto attempt = attempt_of(visit);
    if (!attempt)
        return away(attempt.error());
    if (auto wait = held_up(visit, {}))
        return std::move(*wait);
    Named named;
    const auto account = account_of(visit, *attempt, named);
    if (!account) {
        std::string why = account.error().reason();
        if (named.account.empty() && !named.subject.empty())
            why += ", subject " + printable(named.subject, 60);
        house.setting.noted({"sign-in-refused", named.account, visit.request.address, why});
        HttpResponse response = away(account.error());
        response.headers["set-cookie"] = attempt_line(house, "", 0);
        return response;
    }
    house.throttle.succeeded({}, visit.request.address);
    TRY_ASSIGN(auto in, let_in(visit, *account, "sign-in-openid"));
    return go_on(visit, std::move(in));
}

} // namespace valise::desk
