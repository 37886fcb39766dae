// SPDX-License-Identifier: Apache-2.0
#include "desk/pages.h"

#include "base/text.h"
#include "crypto/equal.h"
#include "crypto/random.h"
#include "desk/internal/desks.h"
#include "desk/internal/embedded.h"
#include "desk/internal/form_body.h"
#include "desk/internal/routes.h"
#include "desk/internal/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace valise::desk {

namespace {

constexpr const char* kLanguageCookie = "valise-language";
constexpr const char* kVisitorCookie = "valise-visitor";

enum class For { anybody, signed_in };

struct PageRoute {
    const char* method;
    const char* pattern;
    For whom;
    Answer (*answer)(Visit&);
};

constexpr PageRoute kRoutes[] = {
    {"GET", "/sign-in", For::anybody, sign_in_page},
    {"POST", "/sign-in", For::anybody, sign_in},
    {"GET", "/sign-in/openid", For::anybody, begin_openid},
    {"GET", "/sign-in/openid/back", For::anybody, end_openid},
    {"POST", "/sign-in/certificate", For::anybody, sign_in_by_certificate},
    {"POST", "/sign-in/passkey", For::anybody, sign_in_by_passkey},
    {"POST", "/sign-out", For::signed_in, sign_out},
    {"POST", "/account/passkeys", For::signed_in, add_passkey},
    {"POST", "/account/passkeys/remove", For::signed_in, remove_passkey},
    {"POST", "/account/told", For::signed_in, account_told},
    {"GET", "/account", For::signed_in, account_page},
    {"POST", "/account", For::signed_in, change_password},
    {"GET", "/", For::signed_in, overview},
    {"GET", "/reading", For::signed_in, reading_page},
    {"GET", "/reading/{permit}", For::signed_in, document_page},
    {"GET", "/reading/{permit}/{page}", For::signed_in, page_image},
    {"POST", "/reading/{permit}", For::signed_in, show_document},
    {"POST", "/reading/{permit}/close", For::signed_in, close_document},
    {"GET", "/prints/{permit}", For::signed_in, print_page},
    {"POST", "/prints/{permit}", For::signed_in, print_document},
    {"GET", "/register", For::signed_in, register_page},
    {"GET", "/register/{item}", For::signed_in, item_page},
    {"GET", "/in", For::signed_in, in_tray},
    {"GET", "/out", For::signed_in, out_tray},
    {"GET", "/progress", For::signed_in, progress_stream},
    {"GET", "/release", For::signed_in, release_page},
    {"GET", "/duties", For::signed_in, duties_page},
    {"GET", "/forms", For::signed_in, forms_page},
    {"GET", "/forms/{form}/{subject}", For::signed_in, form_file},
    {"GET", "/incidents", For::signed_in, incidents_page},
    {"GET", "/musters", For::signed_in, musters_page},
    {"GET", "/musters/{muster}", For::signed_in, muster_page},
    {"GET", "/inspector", For::signed_in, inspector_page},
    {"GET", "/inspector/{book}", For::signed_in, book_page},
    {"GET", "/inspector/{book}/lines", For::signed_in, book_file},
    {"GET", "/agreement", For::signed_in, agreement_page},
    {"GET", "/log", For::signed_in, log_page},
    {"GET", "/peers", For::signed_in, peers_page},
    {"GET", "/people", For::signed_in, people_page},
    {"GET", "/health", For::signed_in, health_page},
    {"GET", "/acts", For::signed_in, acts_page},
    {"GET", "/enter-document", For::signed_in, enter_document_page},
    {"POST", "/enter-document", For::signed_in, enter_document},
    {"GET", "/acts/{kind}", For::signed_in, act_page},
    {"POST", "/acts/{kind}", For::signed_in, prepare_act},
    {"GET", "/prepared/{code}", For::signed_in, prepared_page},
    {"POST", "/prepared/{code}", For::signed_in, hand_in},
    {"POST", "/prepared/{code}/passkey", For::signed_in, hand_in_by_passkey},
};

const std::string& header(const HttpRequest& request, const char* name) {
    static const std::string kNone;
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? kNone : found->second;
}

// The colours of the levels of both schemes, from the terms; the letters in whichever of black and
// white stands out more.
std::string level_rules(const agreement::Terms& terms) {
    std::string out;
    for (const auto& party : terms.parties())
        for (const label::Level& level : party.scheme.levels) {
            const auto rgb = level.color.size() == 7 ? from_hex(level.color.substr(1)) : Bytes();
            if (!rgb || rgb->size() != 3)
                continue;
            const auto linear = [](Byte value) { //= WCAG 2.2 relative luminance
                const double s = value / 255.0;
                return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
            };
            const double light = 0.2126 * linear((*rgb)[0]) + 0.7152 * linear((*rgb)[1]) +
                                 0.0722 * linear((*rgb)[2]);
            const std::string name = level_class(party.code, level.code);
            out += fmt::format(".banner.{0}, td.{0} > span:first-child, dd.{0} > span:first-child "
                               "{{ background: #{1} !important; color: {2}; }}\n",
                               name, to_hex(*rgb), light > 0.179 ? "#000" : "#fff");
        }
    return out;
}

HttpResponse text_response(std::string_view text, const char* type, unsigned status = 200) {
    HttpResponse out;
    out.status = status;
    out.content_type = type;
    out.body = to_bytes(text);
    return out;
}

std::optional<HttpResponse> fixed_file(const House& house, const std::string& path) {
    if (path == "/page.css")
        return text_response(embedded("page.css"), "text/css; charset=utf-8");
    if (path == "/page.js")
        return text_response(embedded("page.js"), "text/javascript; charset=utf-8");
    if (path == "/icon.svg")
        return text_response(embedded("icon.svg"), "image/svg+xml");
    if (path == "/levels.css")
        return text_response(level_rules(house.registry.terms()), "text/css; charset=utf-8");
    return std::nullopt;
}

void harden(const House& house, HttpResponse& response) {
    auto& headers = response.headers;
    headers["content-security-policy"] =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src "
        "'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    headers["x-content-type-options"] = "nosniff";
    headers["x-frame-options"] = "DENY";
    // Not "no-referrer": browsers then send "Origin: null" with every form, our own too.
    headers["referrer-policy"] = "same-origin";
    headers["cross-origin-opener-policy"] = "same-origin";
    headers["cross-origin-embedder-policy"] = "require-corp";
    headers["cross-origin-resource-policy"] = "same-origin";
    headers["permissions-policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
    headers.try_emplace("cache-control", "no-store");
    if (house.setting.tls)
        headers["strict-transport-security"] = "max-age=31536000";
}

const Phrases& language_of(const HttpRequest& request) {
    const auto cookie = cookie_in(header(request, "cookie"), kLanguageCookie);
    if (cookie && *cookie && !(*cookie)->empty())
        return Phrases::of(**cookie);
    std::string_view rest = header(request, "accept-language");
    while (!rest.empty()) {
        std::string_view one = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        one.remove_prefix(std::min(one.size(), one.find_first_not_of(' ')));
        for (const char* known : kLanguages)
            if (one.substr(0, 2) == known)
                return Phrases::of(known);
    }
    return Phrases::of("en");
}

// A form that another site sent in the person's browser: refused by where it says that it comes
// from, and by the token that it cannot know.
Result<void> same_site(const House& house, const HttpRequest& request) {
    const std::string& origin = header(request, "origin");
    const std::string own = (house.setting.tls ? "https://" : "http://") + header(request, "host");
    const std::string& site = header(request, "sec-fetch-site");
    if ((!origin.empty() && origin != own) || (!site.empty() && site != "same-origin"))
        return fail(Code::refused, "desk.cross_site", "this form was not sent from these pages");
    return {};
}

Result<void> read_form(Visit& visit) {
    TRY(same_site(visit.house, visit.request));
    const std::string& type = header(visit.request, "content-type");
    if (type.substr(0, type.find(';')) != "application/x-www-form-urlencoded")
        return fail(Code::invalid, "desk.form_body", "a form is sent as urlencoded fields");
    TRY_ASSIGN(visit.form, parse_form_body(visit.request.body));
    const std::string wanted =
        visit.who ? visit.who->token : visitor_token(visit.house, visit.visitor);
    if (!crypto::constant_time_equal(view(visit.entered("token")), view(wanted)))
        return fail(Code::refused, "desk.cross_site", "the form is out of date: load it again");
    return {};
}

Result<void> read_own_form(Visit& visit) {
    auto read = read_form(visit);
    if (!read)
        visit.house.setting.noted({"form-refused", visit.who ? visit.who->name : std::string(),
                                   visit.request.address, read.error().reason()});
    return read;
}

// Whoever was revoked, or whose account ended, is out at their next request.
void recognise(Visit& visit) {
    House& house = visit.house;
    const std::string& cookies = header(visit.request, "cookie");
    const auto session = cookie_in(cookies, cookie_name(house));
    if (session && *session)
        visit.who = house.sessions.find(**session, visit.request.address,
                                        header(visit.request, "user-agent"), house.clock.now(),
                                        house.accounts, visit.request.peer_key);
    if (visit.who) {
        const auto state = house.registry.state();
        const logbook::Person* person = state.person(visit.who->person);
        if (person == nullptr || !person->active) {
            house.sessions.end_of(visit.who->person);
            house.readings.end_of(visit.who->person);
            visit.who.reset();
        }
    }
    const auto visitor = cookie_in(cookies, kVisitorCookie);
    if (visitor && *visitor && (*visitor)->size() == 64)
        visit.visitor = **visitor;
}

Answer answer_route(const PageRoute& route, Visit& visit) {
    if (visit.visitor.empty() && !visit.who)
        visit.visitor = to_hex(crypto::random_array<32>());
    const bool posted = std::string_view(route.method) == "POST";
    if (!visit.who && route.whom == For::signed_in)
        return redirect("/sign-in");
    if (posted)
        TRY(read_own_form(visit));
    if (visit.who && !visit.path.starts_with("/account") && visit.path != "/sign-out") {
        const auto account = visit.house.accounts.of(visit.who->person);
        if (account && account->initial) // what the operator saw is no password
            return redirect("/account");
    }
    return route.answer(visit);
}

std::optional<HttpResponse> switch_language(const Visit& visit) {
    const auto wanted = visit.query.find("lang");
    if (wanted == visit.query.end() ||
        std::ranges::find(kLanguages, wanted->second) == std::end(kLanguages))
        return std::nullopt;
    std::string back = visit.path;
    char mark = '?';
    for (const auto& [name, value] : visit.query)
        if (name != "lang") {
            back += mark + url_part(name) + "=" + url_part(value);
            mark = '&';
        }
    HttpResponse response = redirect(back);
    response.headers["set-cookie"] =
        cookie_line(visit.house, kLanguageCookie, wanted->second, 365 * 86400);
    return response;
}

HttpResponse answer_page(House& house, const HttpRequest& request) {
    const auto mark = request.target.find('?');
    Visit visit{house, request, request.target.substr(0, mark), {}, {}, language_of(request)};
    recognise(visit);
    auto query =
        parse_query(mark == std::string::npos ? std::string_view()
                                              : std::string_view(request.target).substr(mark + 1));
    if (!query)
        return error_page(visit, query.error());
    visit.query = std::move(*query);
    bool known = false;
    for (const PageRoute& route : kRoutes) {
        auto parts = match(route.pattern, visit.path);
        if (!parts)
            continue;
        known = true;
        if (request.method != route.method &&
            !(request.method == "HEAD" && std::string_view(route.method) == "GET"))
            continue;
        if (request.method == "GET")
            if (auto switched = switch_language(visit))
                return std::move(*switched);
        visit.parts = std::move(*parts);
        auto response = answer_route(route, visit);
        if (!response)
            return error_page(visit, response.error());
        if (!visit.who && !visit.visitor.empty() && !response->headers.contains("set-cookie"))
            response->headers["set-cookie"] =
                cookie_line(house, kVisitorCookie, visit.visitor, 3600);
        return std::move(*response);
    }
    if (!visit.who)
        return redirect("/sign-in");
    HttpResponse response =
        error_page(visit, known ? Error(Code::invalid, "desk.method", request.method)
                                : Error(Code::not_found, "desk.no_path", visit.path));
    if (known)
        response.status = 405;
    return response;
}

} // namespace

const std::string& Visit::asked(const std::string& name) const {
    static const std::string kNone;
    const auto found = query.find(name);
    return found == query.end() ? kNone : found->second;
}

const std::string& Visit::entered(const std::string& name) const {
    static const std::string kNone;
    const auto found = form.find(name);
    return found == form.end() ? kNone : found->second;
}

Pages::Pages(registry::Registry& registry, Accounts& accounts, const Clock& clock, Setting setting)
    : house_(new House{registry, accounts, clock, std::move(setting)}) {
    house_->secret = crypto::random_bytes(32);
}

Pages::~Pages() = default;

void Pages::set_hosts(std::vector<std::string> hosts) {
    house_->setting.hosts = std::move(hosts);
}

void Pages::wipe_what_ran_out() const {
    house_->readings.wipe(house_->clock.now(),
                          [this](const Readings::Place& place, const Readings::Known& known) {
                              return house_->sessions.lives(place.session) &&
                                     house_->registry.still_readable(known.signed_for).has_value();
                          });
}

void Pages::close() const {
    house_->closing = true;
}

HttpResponse Pages::answer(const HttpRequest& request) const {
    HttpResponse response;
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (std::ranges::find(house_->setting.hosts, header(request, "host")) ==
        house_->setting.hosts.end()) {
        house_->setting.noted({"request-refused", "", request.address, "desk.host"});
        response = text_response("desk.host: this registry does not answer under that name\n",
                                 "text/plain; charset=utf-8", 421);
    } else if (auto file = fixed_file(*house_, path);
               file && (request.method == "GET" || request.method == "HEAD"))
        response = std::move(*file);
    else
        response = answer_page(*house_, request);
    harden(*house_, response);
    return response;
}

Result<Json> Pages::make_account(const PersonId& person, GivenAccount given) const {
    const auto state = house_->registry.state();
    const logbook::Person* known = state.person(person);
    if (known == nullptr || !known->active)
        return fail(Code::not_found, "desk.no_person",
                    "nobody who is active in the register is " + person.text());
    // A slash too much, and the account would let nobody in and have ended the former one.
    const auto& openid = house_->setting.openid;
    if (given.way == Way::openid && (!openid || given.issuer != openid->issuer->name() ||
                                     given.subject.empty() || given.subject.size() > 255))
        return fail(Code::invalid, "desk.account_issuer",
                    openid ? "people sign in at '" + openid->issuer->name() +
                                 "', as a subject of 1 to 255 bytes"
                           : std::string("no issuer is configured here"));
    given.at = house_->clock.now();
    const bool anew = house_->accounts.of(person).has_value();
    TRY_ASSIGN(const auto told, house_->accounts.make(person, given));
    house_->sessions.end_of(person);
    house_->readings.end_of(person);
    house_->throttle.forget(given.name);
    house_->setting.noted({"account-made", given.name, "",
                           std::string(to_string(given.way)) + (anew ? ", anew" : "")});
    Json out = {{"v", 1},
                {"person", person.text()},
                {"name", given.name},
                {"way", std::string(to_string(given.way))}};
    if (given.way == Way::password) {
        const std::string issuer = "Valise%20" + url_part(house_->registry.party());
        out.update({{"password", told.password},
                    {"secret", told.secret},
                    {"uri", "otpauth://totp/" + issuer + ":" + url_part(given.name) +
                                "?secret=" + told.secret + "&issuer=" + issuer}});
    }
    return out;
}

Result<void> Pages::end_account(const PersonId& person) const {
    TRY(house_->accounts.end(person));
    house_->sessions.end_of(person);
    house_->readings.end_of(person);
    house_->setting.noted({"account-ended", person.text(), "", ""});
    return {};
}

std::vector<Account> Pages::accounts() const {
    return house_->accounts.all();
}

Result<logbook::Act> Pages::prepared(const std::string& code) const {
    const auto found = house_->sessions.prepared_as(code, house_->clock.now());
    if (!found)
        return fail(Code::not_found, "desk.no_prepared", "no page shows an act under this code");
    return found->second.act;
}

Result<Json> Pages::hand_in(const std::string& code, ByteView signed_act) const {
    Sessions& sessions = house_->sessions;
    const auto found = sessions.prepared_as(code, house_->clock.now());
    if (!found)
        return fail(Code::not_found, "desk.no_prepared", "no page shows an act under this code");
    TRY_ASSIGN(const auto parsed, logbook::SignedAct::parse(signed_act));
    if (!(parsed.act() == found->second.act))
        return fail(Code::refused, "desk.other_act", "this is not the act that was prepared");
    TRY(parsed.verify());
    if (found->second.answer)
        return *found->second.answer;
    const auto done = house_->registry.perform(signed_act);
    if (!done) { // the page may have taken it meanwhile
        const auto again = sessions.prepared(found->first, code);
        if (again && again->answer)
            return *again->answer;
        return fail(done.error());
    }
    Json answer = answer_json(*done);
    sessions.answered(found->first, code, answer);
    return answer;
}

} // namespace valise::desk
