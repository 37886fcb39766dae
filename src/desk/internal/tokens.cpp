// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/tokens.h"

#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "desk/internal/problem.h"
#include "desk/internal/routes.h"

#include <algorithm>

namespace valise::desk {
namespace {

using registry::ClientClass;

constexpr std::int64_t kLifetime = 300;  // of an access token
constexpr std::int64_t kSkew = 60;       // between the clocks of two machines
constexpr std::int64_t kProofAge = 60;   // after which a proof is none
constexpr std::int64_t kNonceLife = 120; // and as long again until it is refused
constexpr std::size_t kMaxToken = 8 << 10;

Hash32 hash_of(std::string_view text) {
    return crypto::sha256(view(text));
}

// "Basic" as RFC 6749 2.3.1 has it: both halves form-encoded before they are joined.
std::optional<std::pair<std::string, std::string>> basic(const HttpRequest& request) {
    const auto header = request.headers.find("authorization");
    if (header == request.headers.end() || !header->second.starts_with("Basic "))
        return std::nullopt;
    const auto decoded = from_base64(std::string_view(header->second).substr(6));
    if (!decoded)
        return std::nullopt;
    const std::string text = to_text(*decoded);
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return std::nullopt;
    const auto pair = parse_query("a=" + text.substr(0, colon) + "&b=" + text.substr(colon + 1));
    if (!pair)
        return std::nullopt;
    return std::pair(pair->at("a"), pair->at("b"));
}

HttpResponse oauth_error(unsigned status, const char* error) {
    HttpResponse response = json_response({{"error", error}}, status);
    if (status == 401)
        response.headers["www-authenticate"] = "Basic realm=\"valise\"";
    return response;
}

bool holds(const Json& audience, const std::string& wanted) {
    return audience == wanted ||
           (audience.is_array() && std::ranges::find(audience, Json(wanted)) != audience.end());
}

} // namespace

Tokens::Tokens(registry::Registry& registry, const OpenTdfSetup& setup)
    : registry_(registry), setup_(setup), key_(crypto::Es256Key::generate()),
      public_jwk_(key_.public_jwk()), own_(*crypto::JwsKey::from_jwk(public_jwk_)),
      nonce_key_(crypto::random_array<32>()), started_(registry.now().seconds) {}

// The same for everybody within its minutes, so nothing has to be remembered; nobody foretells the
// next one, so nobody makes proofs ahead.
std::string Tokens::nonce_of(std::int64_t second) const {
    Bytes text = to_bytes(std::string_view("valise/dpop-nonce/v1"));
    append_u64(text, static_cast<std::uint64_t>(second / kNonceLife));
    return to_base64url(ByteView(crypto::hmac_sha256(nonce_key_, text)).first(16));
}

Json Tokens::keys() const {
    Json key = public_jwk_;
    key.update({{"alg", "ES256"}, {"use", "sig"}, {"kid", own_.thumbprint()}});
    return {{"keys", Json::array({key})}};
}

// The hash is computed whether or not there is such a client, and compared in constant time: who
// guesses learns neither a name nor a prefix.
Result<registry::Client> Tokens::by_secret(const std::string& id, const std::string& secret) const {
    TRY_ASSIGN(const auto clients, registry_.clients());
    const Hash32 offered = hash_of(secret);
    const auto found = std::ranges::find(clients, id, &registry::Client::id);
    const Hash32 kept = found == clients.end() ? Hash32{} : found->secret;
    if (!crypto::constant_time_equal(offered, kept) || found == clients.end())
        return token_refused();
    return *found;
}

Result<std::string> Tokens::make(const registry::Client& client,
                                 const std::optional<crypto::JwsKey>& bound) const {
    const std::int64_t now = registry_.now().seconds;
    Json claims = {{"iss", setup_.url},
                   {"aud", setup_.url},
                   {"sub", client.id},
                   {"client_id", client.id},
                   {"iat", now},
                   {"exp", now + kLifetime},
                   {"jti", to_base64url(crypto::random_bytes(16))}};
    if (bound)
        claims["cnf"] = {{"jkt", bound->thumbprint()}};
    const Json header = {{"alg", "ES256"}, {"typ", "at+jwt"}, {"kid", own_.thumbprint()}};
    std::string text = to_base64url(view(canonical_json(header))) + "." +
                       to_base64url(view(canonical_json(claims)));
    TRY_ASSIGN(const Bytes signature, key_.sign(view(text)));
    return text + "." + to_base64url(signature);
}

HttpResponse Tokens::issue(const HttpRequest& request, std::string_view path) {
    const auto form = parse_query(text_view(request.body));
    if (request.method != "POST" || !form)
        return oauth_error(400, "invalid_request");
    const auto member = [&](const char* name) {
        const auto found = form->find(name);
        return found == form->end() ? std::string() : found->second;
    };
    if (member("grant_type") != "client_credentials")
        return oauth_error(400, "unsupported_grant_type");
    auto named = basic(request);
    if (!named) // some send them in the body
        named = std::pair(member("client_id"), member("client_secret"));
    const auto client = by_secret(named->first, named->second);
    if (!client) {
        setup_.noted({"token-refused", "", request.address, "desk.client"});
        return oauth_error(401, "invalid_client");
    }
    std::optional<crypto::JwsKey> bound;
    // Class bearer cannot prove possession later, so its token must not ask for it.
    if (client->rule != ClientClass::bearer) {
        auto key = proof(request, path, client->rule, {});
        if (!key && key.error().reason() == "desk.nonce") {
            HttpResponse again = oauth_error(400, "use_dpop_nonce");
            again.headers["dpop-nonce"] = nonce();
            return again;
        }
        if (!key) {
            setup_.noted({"token-refused", client->id, request.address, "desk.proof"});
            return oauth_error(400, "invalid_dpop_proof");
        }
        bound = std::move(*key);
    }
    const auto token = make(*client, bound);
    if (!token)
        return oauth_error(500, "server_error");
    setup_.noted({"token", client->id, request.address, ""});
    return json_response({{"access_token", *token},
                          {"token_type", bound ? "DPoP" : "Bearer"},
                          {"expires_in", kLifetime}});
}

// Signed by us, or by the external issuer with one of the keys in its file.
Result<Jwt> Tokens::trusted(std::string_view text) const {
    TRY_ASSIGN(Jwt token, Jwt::parse(text, kMaxToken));
    const std::int64_t now = registry_.now().seconds;
    const auto expires = token.time("exp");
    const auto from = token.time("nbf");
    if (!expires || *expires + kSkew < now || (from && *from - kSkew > now))
        return token_refused();
    const auto audience = token.claims.value("aud", Json());
    if (token.text("iss") == setup_.url) {
        TRY(token.verify(own_));
        if (!holds(audience, setup_.url))
            return token_refused();
        return token;
    }
    if (!setup_.issuer || token.text("iss") != setup_.issuer->name ||
        !holds(audience, setup_.issuer->audience))
        return token_refused();
    if (setup_.issuer->fetched) {
        TRY(setup_.issuer->fetched->verify(token));
        return token;
    }
    const auto kid = token.header.value("kid", Json());
    for (const Json& jwk : setup_.issuer->keys.at("keys")) {
        if (!kid.is_null() && jwk.is_object() && jwk.value("kid", Json()) != kid)
            continue;
        const auto key = crypto::JwsKey::from_jwk(jwk);
        if (key && token.verify(*key))
            return token;
    }
    return token_refused();
}

Result<registry::Client> Tokens::client_of(const Jwt& token) const {
    TRY_ASSIGN(const auto clients, registry_.clients());
    const bool ours = token.text("iss") == setup_.url;
    const std::string who = ours ? token.text("client_id") : token.text("sub");
    const auto found =
        std::ranges::find(clients, who, ours ? &registry::Client::id : &registry::Client::subject);
    if (who.empty() || found == clients.end())
        return token_refused();
    return *found;
}

//= RFC 9449 4.3
Result<crypto::JwsKey> Tokens::proof(const HttpRequest& request, std::string_view path,
                                     ClientClass rule, std::string_view token) {
    const auto header = request.headers.find("dpop"); // two of them are joined by a comma
    if (header == request.headers.end())
        return token_refused();
    TRY_ASSIGN(const Jwt jwt, Jwt::parse(header->second, kMaxToken));
    if (jwt.header.value("typ", Json()) != "dpop+jwt" || !jwt.header.contains("jwk"))
        return token_refused();
    auto key = crypto::JwsKey::from_jwk(jwt.header.at("jwk"));
    if (!key)
        return token_refused();
    TRY(jwt.verify(*key));
    const std::int64_t now = registry_.now().seconds;
    const auto at = jwt.time("iat");
    const std::string jti = jwt.text("jti");
    if (!at || *at < started_ || *at > now + kProofAge || *at + kProofAge < now || jti.empty() ||
        jti.size() > 256 || jwt.text("htm") != request.method)
        return token_refused();
    std::string address = jwt.text("htu");
    address = address.substr(0, address.find_first_of("?#"));
    const bool whole = address == setup_.url + std::string(path);
    if (!whole && (rule != ClientClass::relaxed || address != path))
        return token_refused();
    const std::string ath = jwt.text("ath");
    const bool of_token = ath == to_base64url(hash_of(token));
    if (!token.empty() && !of_token && (rule != ClientClass::relaxed || !ath.empty()))
        return token_refused();
    const std::string offered = jwt.text("nonce");
    if (rule == ClientClass::strict && offered != nonce_of(now) &&
        offered != nonce_of(now - kNonceLife))
        return fail(Code::refused, "desk.nonce", "the proof lacks the nonce of these minutes");
    if (!proofs_.first(hash_of(key->thumbprint() + " " + jti), *at + 2 * kProofAge, now))
        return token_refused();
    return std::move(*key);
}

Result<Caller> Tokens::caller(const HttpRequest& request, std::string_view path) {
    auto out = checked_caller(request, path);
    if (!out && out.error().reason() != "desk.nonce")
        setup_.noted({"call-refused", "", request.address, out.error().reason()});
    return out;
}

Result<Caller> Tokens::checked_caller(const HttpRequest& request, std::string_view path) {
    const auto header = request.headers.find("authorization");
    if (header == request.headers.end())
        return token_refused();
    std::string_view text = header->second;
    const bool bound = text.starts_with("DPoP ");
    if (!bound && !text.starts_with("Bearer "))
        return token_refused();
    text.remove_prefix(bound ? 5 : 7);
    TRY_ASSIGN(const Jwt token, trusted(text));
    TRY_ASSIGN(Caller out, [&]() -> Result<Caller> {
        TRY_ASSIGN(auto client, client_of(token));
        return Caller{std::move(client), std::nullopt};
    }());
    const auto cnf = token.claims.value("cnf", Json::object());
    const auto jkt = cnf.is_object() ? cnf.value("jkt", Json()) : Json();
    if (out.client.rule == ClientClass::bearer && jkt.is_null())
        return out;
    // A token that is bound to a key is worth nothing without it, whoever shows it.
    if (out.client.rule == ClientClass::strict && !bound)
        return token_refused();
    TRY_ASSIGN(auto key, proof(request, path, out.client.rule, text));
    if (jkt != key.thumbprint())
        return token_refused();
    out.key = std::move(key);
    return out;
}

} // namespace valise::desk
