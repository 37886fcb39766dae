// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/hash.h"
#include "crypto/jws.h"
#include "crypto/random.h"
#include "desk/opentdf.h"
#include "envelope/container.h"
#include "envelope/internal/macs.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

// The listener for clients of the OpenTDF world, in front of a registry with its vault.
namespace valise::testing {

using logbook::ActKind;
using logbook::Stage;

inline constexpr const char* kUrl = "https://kas.tokyo.example:8443";
inline constexpr const char* kRewrap = "/kas.AccessService/Rewrap";
inline constexpr const char* kForbidden = "rpc error: code = PermissionDenied desc = forbidden";
inline constexpr const char* kBad = "rpc error: code = InvalidArgument desc = bad request";

// A client as its makers' programs behave; what each test makes it say wrongly is a member.
struct Program {
    std::string id;
    std::string secret;
    crypto::Es256Key key = crypto::Es256Key::generate();
    crypto::WrapPrivateKey session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::rsa2048);
    std::string token;
    std::string nonce; // that the service asked for

    static std::string jwt(const Json& header, const Json& claims, const crypto::Es256Key& by) {
        std::string text =
            to_base64url(view(header.dump())) + "." + to_base64url(view(claims.dump()));
        return text + "." + to_base64url(*by.sign(view(text)));
    }
    Json proof_claims(const std::string& path, Time now) const {
        Json out = {{"htm", "POST"},
                    {"htu", kUrl + path},
                    {"iat", now.seconds},
                    {"jti", to_base64url(crypto::random_bytes(12))}};
        if (!nonce.empty())
            out["nonce"] = nonce;
        if (!token.empty())
            out["ath"] = to_base64url(crypto::sha256(view(token)));
        return out;
    }
    std::string proof(const Json& claims) const {
        return jwt({{"alg", "ES256"}, {"typ", "dpop+jwt"}, {"jwk", key.public_jwk()}}, claims, key);
    }
};

class OpenTdf : public ::testing::Test {
protected:
    OpenTdf() : tokyo("JPN", read_terms("jpn-ukr.toml")) {
        for (Someone* who : {&author, &reader, &other}) {
            tokyo.enrol(*who);
            tokyo.clear(*who, "kimitsu", later);
            tokyo.brief(*who);
        }
        tokyo.appoint(author, "originator");
        item = tokyo.enter(author, to_bytes("the text"), "hi", purpose);
        tokyo.grant(reader, item, purpose, later);
        desk =
            std::make_unique<desk::OpenTdfDesk>(*tokyo.registry, desk::OpenTdfSetup{kUrl, {}, {}});
    }

    Program program(const std::string& id, const Someone& person, const char* rule = "strict") {
        Program out;
        out.id = id;
        out.secret = to_base64url(crypto::random_bytes(32));
        registry::Client client{
            id, person.id(), *registry::parse_client_class(rule), crypto::sha256(view(out.secret)),
            "", {}};
        EXPECT_TRUE(tokyo.registry->add_client(client));
        return out;
    }
    CopyId copy() const { return tokyo.registry->state().copies_of(item).front().id; }
    registry::ActAnswer take(const Someone& who, const std::string& client) {
        auto answer = tokyo.act(who, ActKind::export_copy,
                                {{"item", item.text()},
                                 {"copy", copy().text()},
                                 {"purpose", purpose},
                                 {"client", client}});
        EXPECT_TRUE(answer.decision.permitted()) << answer.decision.reason();
        EXPECT_TRUE(tokyo.registry->opened(answer.seq, true));
        return answer;
    }
    envelope::Manifest manifest() const {
        const auto source = *tokyo.blobs.open(tokyo.registry->state().item(item)->blob);
        return envelope::Container::open(*source)->manifest();
    }
    Json key_access() const {
        Json out = manifest().key_access.front().json();
        out["url"] = kUrl;
        return out;
    }
    Json body(const Program& of) const {
        return {{"clientPublicKey", of.session.public_key().pem()},
                {"requests",
                 Json::array({Json{{"policy", {{"id", "policy"}, {"body", manifest().policy}}},
                                   {"keyAccessObjects",
                                    Json::array({Json{{"keyAccessObjectId", "kao-0"},
                                                      {"keyAccessObject", key_access()}}})}}})}};
    }
    Json srt(const Json& request) const {
        const auto now = tokyo.clock.now().seconds;
        return {{"requestBody", request.dump()}, {"iat", now}, {"exp", now + 60}};
    }
    HttpResponse call(const std::string& path, std::map<std::string, std::string> headers,
                      const std::string& text, const char* type = "application/json") const {
        headers.emplace("content-type", type);
        return desk->answer({"POST", path, std::move(headers), to_bytes(text), {}, "", ""});
    }
    static Json json(const HttpResponse& response) {
        return parse_json(response.body).value_or(Json(to_text(response.body)));
    }

    HttpResponse ask_token(Program& of, std::optional<Json> claims = {}) {
        of.token.clear();
        std::map<std::string, std::string> headers = {
            {"authorization", "Basic " + to_base64(view(of.id + ":" + of.secret))}};
        headers["dpop"] = of.proof(claims ? *claims : of.proof_claims("/token", tokyo.clock.now()));
        const auto response = call("/token", headers, "grant_type=client_credentials",
                                   "application/x-www-form-urlencoded");
        // As programs do: what the service asks for is taken along the next time.
        const auto nonce = response.headers.find("dpop-nonce");
        if (response.status == 400 && nonce != response.headers.end() &&
            of.nonce != nonce->second) {
            of.nonce = nonce->second;
            return ask_token(of);
        }
        if (response.status == 200)
            of.token = json(response).at("access_token").get<std::string>();
        return response;
    }
    std::map<std::string, std::string> proven(const Program& of, const Json& claims) const {
        return {{"authorization", "DPoP " + of.token}, {"dpop", of.proof(claims)}};
    }
    HttpResponse rewrap(const Program& of, const Json& claims_of_request,
                        std::optional<Json> proof = {}) const {
        const std::string signed_request =
            Program::jwt({{"alg", "ES256"}}, claims_of_request, of.key);
        return call(kRewrap,
                    proven(of, proof ? *proof : of.proof_claims(kRewrap, tokyo.clock.now())),
                    Json{{"signedRequestToken", signed_request}}.dump());
    }
    // "permit", or the error of the only key access object, or the HTTP status.
    std::string fate(const HttpResponse& response) const {
        if (response.status != 200)
            return std::to_string(response.status);
        const Json result = json(response).at("responses").at(0).at("results").at(0);
        return result.at("status") == "permit" ? "permit" : result.at("error").get<std::string>();
    }
    std::string fate(const Program& of, const Json& request) const {
        return fate(rewrap(of, srt(request)));
    }
    std::uint64_t events() const { return tokyo.registry->state().next_seq(); }
    logbook::Skeleton last(std::uint64_t back = 1) const {
        return tokyo.registry->skeletons(events() - back, 1)->front();
    }

    Someone author{"Tanaka"}, reader{"Nakamura"}, other{"Kato"};
    Side tokyo;
    Time later = tokyo.clock.now().plus_days(50);
    std::string purpose = tokyo.terms.purposes().front().code;
    ItemId item;
    std::unique_ptr<desk::OpenTdfDesk> desk;
};

} // namespace valise::testing
