// SPDX-License-Identifier: Apache-2.0
#include "desk/issuer.h"

#include "base/text.h"
#include "desk/internal/jwt.h"

#include <algorithm>

namespace valise::desk {

namespace {

constexpr std::int64_t kFresh = 3600;     // after which both documents are fetched anew
constexpr std::int64_t kKept = 24 * 3600; // how long the old ones count where that fails
constexpr std::int64_t kAgain = 30;       // from the end of an attempt to the next
constexpr std::size_t kMostKeys = 32;
constexpr std::size_t kMaxUrl = 1024;
constexpr const char* kDiscovery = "/.well-known/openid-configuration";

std::unexpected<Error> unusable(const std::string& what) {
    return fail(Code::unavailable, "desk.issuer", what);
}

std::string text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

class Issuer::Out {
public:
    Out(Issuer& issuer, bool fetching) : issuer_(issuer), fetching_(fetching) {
        ++issuer_.out_; // the lock is held
        issuer_.fetching_ = issuer_.fetching_ || fetching;
    }
    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;
    ~Out() {
        const std::scoped_lock lock(issuer_.mutex_);
        --issuer_.out_;
        if (!fetching_)
            return;
        issuer_.fetching_ = false;
        issuer_.tried_ = issuer_.clock_.now();
    }

private:
    Issuer& issuer_;
    const bool fetching_;
};

Issuer::Issuer(std::string name, WebCaller call, const Clock& clock)
    : name_(std::move(name)), call_(std::move(call)), clock_(clock) {}

// An issuer under TLS leads nowhere without it.
bool Issuer::is_place(const std::string& url) const {
    const bool secure = url.starts_with("https://");
    const bool as_named =
        name_.starts_with("http://127.0.0.1:") && url.starts_with("http://127.0.0.1:");
    return (secure || as_named) && url.size() <= kMaxUrl && std::ranges::all_of(url, [](char c) {
               return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' &&
                      c != '#';
           });
}

Result<Json> Issuer::document(const std::string& url) const {
    WebCall call;
    call.url = url;
    call.headers["accept"] = "application/json";
    auto answer = call_(call);
    if (!answer)
        return unusable(url + ": " + answer.error().reason());
    if (answer->status != 200) // led elsewhere, it would be another one's word
        return unusable(url + " answers " + std::to_string(answer->status));
    auto value = parse_json(answer->body, {.bytes = 256 << 10, .depth = 16, .values = 5000});
    if (!value || !value->is_object())
        return unusable(url + " is no JSON object");
    return std::move(*value);
}

Result<std::vector<Issuer::Key>> Issuer::keys_at(const std::string& url) const {
    TRY_ASSIGN(const Json set, document(url));
    const auto list = set.find("keys");
    if (list == set.end() || !list->is_array() || list->size() > kMostKeys)
        return unusable(url + " is no JSON Web Key Set of at most 32 keys");
    std::vector<Key> out;
    for (const Json& jwk : *list) {
        if (!jwk.is_object() || (jwk.contains("use") && text_in(jwk, "use") != "sig"))
            continue;
        // One of a kind that is not taken here is no fault of the others.
        if (auto key = crypto::JwsKey::from_jwk(jwk))
            out.push_back({text_in(jwk, "kid"), text_in(jwk, "alg"), std::move(*key)});
    }
    return out;
}

//= OpenID Connect Discovery 1.0 4.3
Result<Issuer::Known> Issuer::fetched() const {
    std::string base = name_;
    while (base.ends_with('/'))
        base.pop_back();
    TRY_ASSIGN(const Json found, document(base + kDiscovery));
    if (text_in(found, "issuer") != name_)
        return unusable("who answers calls itself '" + printable(text_in(found, "issuer"), 200) +
                        "'");
    Known out;
    out.places = {text_in(found, "authorization_endpoint"), text_in(found, "token_endpoint"),
                  found.value("authorization_response_iss_parameter_supported", Json()) == true};
    const std::string keys = text_in(found, "jwks_uri");
    for (const std::string& url : {out.places.authorization, out.places.token, keys})
        if (!is_place(url))
            return unusable("'" + printable(url, 200) + "' is no address under TLS");
    const auto methods = found.find("code_challenge_methods_supported");
    if (methods != found.end() &&
        (!methods->is_array() || std::ranges::find(*methods, Json("S256")) == methods->end()))
        return unusable("it takes no code challenge of S256");
    TRY_ASSIGN(out.keys, keys_at(keys));
    out.at = clock_.now();
    return out;
}

Result<Issuer::Known> Issuer::kept() const {
    const Time now = clock_.now();
    if (!known_ || now < known_->at || known_->at.plus_seconds(kKept) <= now)
        return unusable("it could not be reached just now");
    return *known_;
}

// Asked for a key that it does not know, an issuer may just have begun to use it. That is asked
// seldom, and by one at a time: anybody can write a token with a key id of their own.
Result<Issuer::Known> Issuer::known(const std::string* kid) {
    std::optional<Out> out;
    {
        const std::scoped_lock lock(mutex_);
        const Time now = clock_.now();
        const bool fresh = known_ && known_->at <= now && now < known_->at.plus_seconds(kFresh);
        const bool missing = fresh && kid != nullptr &&
                             std::ranges::find(known_->keys, *kid, &Key::kid) == known_->keys.end();
        if (fresh && !missing)
            return *known_;
        const bool due = !tried_ || tried_->plus_seconds(kAgain) <= now || now < *tried_;
        if (!due || fetching_ || out_ >= kMostOut)
            return kept();
        out.emplace(*this, true);
    }
    auto next = fetched();
    const std::scoped_lock lock(mutex_);
    if (next)
        known_ = std::move(*next);
    else if (!known_)
        return fail(std::move(next).error());
    return kept();
}

Result<HttpResponse> Issuer::call(const WebCall& what) {
    std::optional<Out> out;
    {
        const std::scoped_lock lock(mutex_);
        if (out_ >= kMostOut)
            return unusable("many are signing in there: try again");
        out.emplace(*this, false);
    }
    auto answer = call_(what);
    if (!answer)
        return unusable(answer.error().reason());
    return answer;
}

Result<Issuer::Places> Issuer::places() {
    TRY_ASSIGN(Known out, known(nullptr));
    return std::move(out.places);
}

Result<void> Issuer::verify(const Jwt& token) {
    const auto named = token.header.find("kid");
    const std::string kid = text_in(token.header, "kid");
    TRY_ASSIGN(const Known current, known(named == token.header.end() ? nullptr : &kid));
    for (const Key& one : current.keys) {
        if (named != token.header.end() && one.kid != kid)
            continue;
        if ((one.algorithm.empty() || one.algorithm == token.algorithm) && token.verify(one.key))
            return {};
    }
    return token_refused();
}

} // namespace valise::desk
