// SPDX-License-Identifier: Apache-2.0
// How long the desks take to make their pages of a large register, and what the pages weigh.
#include "crypto/random.h"
#include "desk/internal/one_time_code.h"
#include "desk/pages.h"
#include "register.h"
#include "world.h"

#include <ctime>

namespace valise::bench {

namespace {

constexpr const char* kHost = "127.0.0.1:1";
constexpr int kTimes = 20;

Bytes from_base32(std::string_view text) {
    Bytes out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        bits = bits << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
        if ((held += 5) >= 8)
            out.push_back(static_cast<Byte>(bits >> (held -= 8)));
    }
    return out;
}

class Officer {
public:
    Officer(const desk::Pages& pages, const Clock& clock) : pages_(pages), clock_(clock) {}

    void sign_in(const PersonId& person) {
        const Json told = must(pages_.make_account(person, "officer"));
        const auto password = told.at("password").get<std::string>();
        const Bytes secret = from_base32(told.at("secret").get<std::string>());
        const std::string fresh = "a phrase of twenty letters";
        send("/sign-in", "name=officer&password=" + password + "&code=" +
                             desk::one_time_code(secret, desk::code_period(clock_.now())));
        send("/account", "password=" + password + "&fresh=" + fresh + "&again=" + fresh);
    }

    HttpResponse get(const std::string& path) { return ask("GET", path, ""); }

private:
    void send(const std::string& path, std::string fields) {
        std::ranges::replace(fields, ' ', '+');
        const std::string page = to_text(get(path).body);
        const std::string mark = "name=\"token\" value=\"";
        const std::size_t at = page.rfind(mark) + mark.size();
        fields += "&token=" + page.substr(at, page.find('"', at) - at);
        if (const auto answer = ask("POST", path, fields); answer.status != 303) {
            std::fputs((to_text(answer.body) + "\n").c_str(), stderr);
            std::abort();
        }
    }

    HttpResponse ask(const std::string& method, const std::string& target,
                     const std::string& body) {
        HttpRequest request;
        request.method = method;
        request.target = target;
        request.body = to_bytes(body);
        request.address = "127.0.0.1";
        request.headers = {{"host", kHost},
                           {"origin", std::string("http://") + kHost},
                           {"content-type", "application/x-www-form-urlencoded"},
                           {"user-agent", "a benchmark"},
                           {"cookie", cookies_}};
        HttpResponse out = pages_.answer(request);
        if (const auto cookie = out.headers.find("set-cookie"); cookie != out.headers.end())
            cookies_ = cookie->second.substr(0, cookie->second.find(';'));
        return out;
    }

    const desk::Pages& pages_;
    const Clock& clock_;
    std::string cookies_;
};

} // namespace

Json measure_pages(registry::Registry& registry, const Clock& clock, const PersonId& person,
                   const logbook::Item& item) {
    NoStateStore store;
    const auto accounts = must(desk::Accounts::open(store, crypto::random_secret(32)));
    const desk::Pages pages(registry, *accounts, clock,
                            {.hosts = {kHost},
                             .link = [] { return std::string(); },
                             .print = [](const forms::Sheet&) { return Result<Bytes>(Bytes()); }});
    Officer officer(pages, clock);
    officer.sign_in(person);
    Json out = Json::array();
    for (const std::string& path : {std::string("/"),
                                    std::string("/reading"),
                                    std::string("/register"),
                                    "/register?number=" + item.number,
                                    std::string("/register?level=crown&purpose=exercise"),
                                    "/register/" + item.id.text(),
                                    std::string("/in"),
                                    std::string("/out"),
                                    std::string("/release"),
                                    std::string("/duties"),
                                    std::string("/forms"),
                                    std::string("/incidents"),
                                    std::string("/musters"),
                                    std::string("/inspector"),
                                    std::string("/inspector/register"),
                                    std::string("/agreement"),
                                    std::string("/log"),
                                    std::string("/peers"),
                                    std::string("/people"),
                                    std::string("/health"),
                                    std::string("/acts"),
                                    std::string("/acts/grant"),
                                    std::string("/acts/destroy")}) {
        std::vector<double> spent;
        std::size_t bytes = 0;
        unsigned status = 0;
        const std::clock_t began = std::clock();
        for (int i = 0; i < kTimes; ++i)
            spent.push_back(1000 * seconds_of([&] {
                                const auto answer = officer.get(path);
                                bytes = answer.body.size();
                                status = answer.status;
                            }));
        Json one = times_of(std::move(spent));
        one["cpu_ms"] =
            1000.0 * static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC / kTimes;
        one["page"] = path;
        one["status"] = status;
        one["kib"] = bytes / 1024;
        std::fprintf(stderr, "%s\n", one.dump().c_str());
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace valise::bench
