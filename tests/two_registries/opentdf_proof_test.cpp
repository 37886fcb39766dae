// SPDX-License-Identifier: Apache-2.0
#include "two_registries/opentdf.h"

// How a client proves who it is, and the forms in which it asks.
namespace valise::testing {
namespace {

TEST_F(OpenTdf, TheSignedRequestIsSignedFreshAndShownOnce) {
    Program client = program("otdf-1", reader);
    take(reader, "otdf-1");
    ASSERT_EQ(ask_token(client).status, 200U);
    const auto now = tokyo.clock.now().seconds;
    const Json good = srt(body(client));
    const auto with = [&](std::int64_t from, std::int64_t until) {
        Json claims = good;
        claims["iat"] = now + from;
        claims["exp"] = now + until;
        return fate(rewrap(client, claims));
    };
    EXPECT_EQ(with(-3600, 3600), "permit"); // as one of the clients writes it
    EXPECT_EQ(with(-3601, 3600), "401");
    EXPECT_EQ(with(-600, -120), "401");
    EXPECT_EQ(with(120, 180), "401");
    EXPECT_EQ(with(10, 5), "401");
    Json without = good;
    without.erase("exp");
    EXPECT_EQ(fate(rewrap(client, without)), "401");

    // Another's signature, and the same request a second time.
    const auto send = [&](const std::string& text) {
        return fate(call(kRewrap, proven(client, client.proof_claims(kRewrap, tokyo.clock.now())),
                         Json{{"signedRequestToken", text}}.dump()));
    };
    EXPECT_EQ(send(Program::jwt({{"alg", "ES256"}}, good, crypto::Es256Key::generate())), "401");
    const std::string once = Program::jwt({{"alg", "ES256"}}, good, client.key);
    EXPECT_EQ(send(once), "permit");
    EXPECT_EQ(send(once), "401");
    EXPECT_EQ(
        send(to_base64url(view(R"({"alg":"none"})")) + "." + to_base64url(view(good.dump())) + "."),
        "401");
}

TEST_F(OpenTdf, ATokenIsWorthNothingWithoutItsKey) {
    Program client = program("otdf-1", reader);
    take(reader, "otdf-1");
    ASSERT_EQ(ask_token(client).status, 200U);
    const auto now = tokyo.clock.now();
    const auto tried = [&](const std::function<void(Json&)>& change) {
        Json claims = client.proof_claims(kRewrap, now);
        change(claims);
        return fate(rewrap(client, srt(body(client)), claims));
    };
    EXPECT_EQ(tried([](Json&) {}), "permit");
    EXPECT_EQ(tried([](Json& c) { c["htm"] = "GET"; }), "401");
    EXPECT_EQ(tried([](Json& c) { c["htu"] = std::string(kUrl) + "/token"; }), "401");
    EXPECT_EQ(tried([](Json& c) { c["htu"] = kRewrap; }), "401");
    EXPECT_EQ(tried([](Json& c) { c.erase("ath"); }), "401");
    EXPECT_EQ(tried([](Json& c) { c["ath"] = to_base64url(crypto::sha256(view("x"))); }), "401");
    EXPECT_EQ(tried([](Json& c) { c.erase("jti"); }), "401");
    EXPECT_EQ(tried([](Json& c) { c.erase("nonce"); }), "401");
    EXPECT_EQ(tried([](Json& c) { c["nonce"] = "AAAAAAAAAAAAAAAAAAAAAA"; }), "401");
    EXPECT_EQ(tried([&](Json& c) { c["iat"] = now.seconds - 61; }), "401");
    EXPECT_EQ(tried([&](Json& c) { c["iat"] = now.seconds + 61; }), "401");
    EXPECT_EQ(tried([&](Json& c) { c["iat"] = now.seconds - 1; }), "401"); // before the start
    const Json once = client.proof_claims(kRewrap, now);
    EXPECT_EQ(fate(rewrap(client, srt(body(client)), once)), "permit");
    EXPECT_EQ(fate(rewrap(client, srt(body(client)), once)), "401");

    // As a bearer; with two proofs; with a proof of another key; with none.
    const std::string request = Json{
        {"signedRequestToken",
         Program::jwt({{"alg", "ES256"}}, srt(body(client)),
                      client.key)}}.dump();
    const auto proof = [&] { return client.proof(client.proof_claims(kRewrap, now)); };
    EXPECT_EQ(
        call(kRewrap, {{"authorization", "Bearer " + client.token}, {"dpop", proof()}}, request)
            .status,
        401U);
    EXPECT_EQ(call(kRewrap,
                   {{"authorization", "DPoP " + client.token}, {"dpop", proof() + ", " + proof()}},
                   request)
                  .status,
              401U);
    EXPECT_EQ(call(kRewrap, {{"authorization", "DPoP " + client.token}}, request).status, 401U);
    Program thief = program("thief", other);
    thief.token = client.token;
    EXPECT_EQ(fate(rewrap(thief, srt(body(thief)))), "401");

    // The token itself: changed, or run out, or of a client that is forgotten.
    const std::string kept = client.token;
    client.token[kept.size() / 2] ^= 1;
    EXPECT_EQ(fate(rewrap(client, srt(body(client)))), "401");
    client.token = kept;
    ASSERT_TRUE(tokyo.registry->remove_client("otdf-1"));
    EXPECT_EQ(fate(rewrap(client, srt(body(client)))), "401");
}

// A proof without our nonce is told so, and nobody makes proofs ahead of its minutes.
TEST_F(OpenTdf, ANonceIsAskedForAndChanges) {
    Program client = program("otdf-1", reader);
    const Json without = client.proof_claims("/token", tokyo.clock.now());
    const auto asked = ask_token(client);
    ASSERT_EQ(asked.status, 200U);
    const std::string first = client.nonce;
    ASSERT_FALSE(first.empty());
    const auto said =
        call("/token",
             {{"authorization", "Basic " + to_base64(view(client.id + ":" + client.secret))},
              {"dpop", client.proof(without)}},
             "grant_type=client_credentials", "application/x-www-form-urlencoded");
    EXPECT_EQ(said.status, 400U);
    EXPECT_EQ(json(said).at("error"), "use_dpop_nonce");
    EXPECT_EQ(said.headers.at("dpop-nonce"), first);
    const std::string list =
        "/policy.kasregistry.KeyAccessServerRegistryService/ListKeyAccessServers";
    const auto listed = [&] {
        return call(list, proven(client, client.proof_claims(list, tokyo.clock.now())), "{}");
    };
    EXPECT_EQ(listed().status, 200U);
    tokyo.clock.at = tokyo.clock.at.plus_seconds(120);
    EXPECT_EQ(listed().status, 200U); // for as long again
    tokyo.clock.at = tokyo.clock.at.plus_seconds(120);
    const auto late = listed();
    EXPECT_EQ(late.status, 401U);
    EXPECT_NE(late.headers.at("www-authenticate").find("use_dpop_nonce"), std::string::npos);
    EXPECT_NE(late.headers.at("dpop-nonce"), first);
    client.nonce = late.headers.at("dpop-nonce");
    EXPECT_EQ(listed().status, 200U);
}

TEST_F(OpenTdf, ATokenRunsOut) {
    Program client = program("otdf-1", reader);
    take(reader, "otdf-1");
    ASSERT_EQ(ask_token(client).status, 200U);
    tokyo.clock.at = tokyo.clock.at.plus_seconds(359);
    client.nonce = call(kRewrap, {}, "{}").headers.at("dpop-nonce");
    EXPECT_EQ(fate(client, body(client)), "permit");
    tokyo.clock.at = tokyo.clock.at.plus_seconds(2);
    EXPECT_EQ(fate(client, body(client)), "401");
}

TEST_F(OpenTdf, ASecretIsNeededAndTheClassSaysWhatElse) {
    Program client = program("otdf-1", reader);
    Program wrong = program("otdf-2", reader);
    wrong.secret = client.secret;
    EXPECT_EQ(ask_token(wrong).status, 401U);
    wrong.id = "nobody";
    EXPECT_EQ(ask_token(wrong).status, 401U);
    Json path_only = client.proof_claims("/token", tokyo.clock.now());
    path_only["htu"] = "/token";
    EXPECT_EQ(json(ask_token(client, path_only)).at("error"), "invalid_dpop_proof");

    // Relaxed: a path for an address, no digest of the token, and the word Bearer.
    take(reader, "old-js");
    Program relaxed = program("old-js", reader, "relaxed");
    path_only["jti"] = "another";
    ASSERT_EQ(ask_token(relaxed, path_only).status, 200U);
    Json claims = relaxed.proof_claims(kRewrap, tokyo.clock.now());
    claims.erase("ath");
    claims["htu"] = kRewrap;
    const auto request = [&](const Program& of) {
        return Json{{"signedRequestToken", Program::jwt({{"alg", "ES256"}}, srt(body(of)), of.key)}}
            .dump();
    };
    EXPECT_EQ(
        fate(call(kRewrap,
                  {{"authorization", "Bearer " + relaxed.token}, {"dpop", relaxed.proof(claims)}},
                  request(relaxed))),
        "permit");
    EXPECT_EQ(
        call(kRewrap, {{"authorization", "Bearer " + relaxed.token}}, request(relaxed)).status,
        401U);

    // Bearer: whoever holds the token is the client; it must be chosen by name.
    take(reader, "python");
    Program bearer = program("python", reader, "bearer");
    const auto token =
        call("/protocol/openid-connect/token", {},
             "grant_type=client_credentials&client_id=python&client_secret=" + bearer.secret,
             "application/x-www-form-urlencoded");
    ASSERT_EQ(token.status, 200U);
    EXPECT_EQ(json(token).at("token_type"), "Bearer");
    bearer.token = json(token).at("access_token").get<std::string>();
    const std::string asked = request(bearer);
    EXPECT_EQ(fate(call(kRewrap, {{"authorization", "Bearer " + bearer.token}}, asked)), "permit");
    EXPECT_EQ(call(kRewrap, {{"authorization", "Bearer " + bearer.token}}, asked).status, 401U);
}

TEST_F(OpenTdf, AnExternalIssuerIsTakenByItsKeysOnly) {
    const auto issuer_key = crypto::Es256Key::generate();
    Json jwk = issuer_key.public_jwk();
    jwk["kid"] = "i-1";
    desk = std::make_unique<desk::OpenTdfDesk>(
        *tokyo.registry,
        desk::OpenTdfSetup{
            kUrl, {}, {{"https://idp.example", "valise", {{"keys", Json::array({jwk})}}}}});
    Program client;
    client.id = "from-idp";
    EXPECT_TRUE(tokyo.registry->add_client(
        {client.id, reader.id(), registry::ClientClass::strict, Hash32{}, "subject-1", {}}));
    take(reader, client.id);
    client.nonce = call(kRewrap, {}, "{}").headers.at("dpop-nonce");
    const auto now = tokyo.clock.now().seconds;
    const Json good = {
        {"iss", "https://idp.example"},
        {"aud", Json::array({"account", "valise"})},
        {"sub", "subject-1"},
        {"exp", now + 300},
        {"cnf", {{"jkt", crypto::JwsKey::from_jwk(client.key.public_jwk())->thumbprint()}}}};
    const auto tried = [&](const std::function<void(Json&)>& change, const Json& kid,
                           const crypto::Es256Key& by) {
        Json claims = good;
        change(claims);
        client.token = Program::jwt({{"alg", "ES256"}, {"kid", kid}}, claims, by);
        return fate(client, body(client));
    };
    const auto nothing = [](Json&) {};
    EXPECT_EQ(tried(nothing, "i-1", issuer_key), "permit");
    EXPECT_EQ(tried(nothing, "i-2", issuer_key), "401");
    EXPECT_EQ(tried(nothing, "i-1", crypto::Es256Key::generate()), "401");
    EXPECT_EQ(tried([](Json& c) { c["aud"] = "account"; }, "i-1", issuer_key), "401");
    EXPECT_EQ(tried([](Json& c) { c["iss"] = "https://idp.example/"; }, "i-1", issuer_key), "401");
    EXPECT_EQ(tried([](Json& c) { c["sub"] = "subject-2"; }, "i-1", issuer_key), "401");
    EXPECT_EQ(tried([](Json& c) { c.erase("exp"); }, "i-1", issuer_key), "401");
    EXPECT_EQ(tried([&](Json& c) { c["nbf"] = now + 61; }, "i-1", issuer_key), "401");
    EXPECT_EQ(tried([](Json& c) { c.erase("cnf"); }, "i-1", issuer_key), "401");
    // In the name of our own issuer, with a key of the other.
    EXPECT_EQ(tried([](Json& c) { c["iss"] = c["aud"] = kUrl; }, "i-1", issuer_key), "401");
}

TEST_F(OpenTdf, BothCodecsAndTheFormsOfBefore) {
    Program client = program("otdf-1", reader);
    take(reader, "otdf-1");
    ASSERT_EQ(ask_token(client).status, 200U);
    // Binary: field 1 of the request; field 5 of the answer holds the policy's results.
    const std::string text = Program::jwt({{"alg", "ES256"}}, srt(body(client)), client.key);
    Bytes message = {0x0a, static_cast<Byte>(0x80 | (text.size() & 0x7f)),
                     static_cast<Byte>(text.size() >> 7)};
    append(message, text);
    const auto binary =
        call(kRewrap, proven(client, client.proof_claims(kRewrap, tokyo.clock.now())),
             to_text(message), "application/proto");
    ASSERT_EQ(binary.status, 200U);
    EXPECT_EQ(binary.content_type, "application/proto");
    ASSERT_FALSE(binary.body.empty());
    EXPECT_EQ(binary.body.front(), 5U << 3 | 2U);
    EXPECT_NE(to_text(binary.body).find("permit"), std::string::npos);

    // One share, as before there were several: by Connect, and by the path of before Connect.
    const Json single = {{"clientPublicKey", client.session.public_key().pem()},
                         {"policy", manifest().policy},
                         {"keyAccess", key_access()}};
    for (const char* path : {kRewrap, "/v2/rewrap", "/kas/v2/rewrap"}) {
        const auto ask = [&](const Json& request) {
            const std::string signed_request =
                Program::jwt({{"alg", "ES256"}}, srt(request), client.key);
            return call(path, proven(client, client.proof_claims(path, tokyo.clock.now())),
                        Json{{"signedRequestToken", signed_request}}.dump());
        };
        const auto response = ask(single);
        ASSERT_EQ(response.status, 200U) << path;
        EXPECT_TRUE(client.session.unwrap(
            *from_base64(json(response).at("entityWrappedKey").get<std::string>())));
        Json changed = single;
        changed["policy"] = to_base64(view("{}"));
        EXPECT_EQ(json(ask(changed)).at("code"), "invalid_argument");
        EXPECT_EQ(ask(changed).status, 400U);
    }
    EXPECT_EQ(call(kRewrap, {}, "", "application/grpc").status, 400U);
}

TEST_F(OpenTdf, WhatAnybodyMayAsk) {
    const auto get = [&](const std::string& target) {
        return desk->answer({"GET", target, {}, {}, {}, "", ""});
    };
    EXPECT_EQ(json(call("/grpc.health.v1.Health/Check", {}, "{}")).at("status"), "SERVING");
    EXPECT_EQ(call("/grpc.health.v1.Health/Check", {}, "", "application/proto").body,
              (Bytes{8, 1}));
    const std::string known = "/wellknownconfiguration.WellKnownService/GetWellKnownConfiguration";
    EXPECT_EQ(json(call(known, {}, "{}")).at("configuration").at("platform_issuer"), kUrl);
    EXPECT_EQ(get(known + "?connect=v1&encoding=proto&message=&base64=1").content_type,
              "application/proto");
    EXPECT_EQ(get(known + "?connect=v1&encoding=json&message=%7B%7D").status, 200U);
    EXPECT_EQ(get(known + "?connect=v1&encoding=yaml").status, 400U);
    EXPECT_EQ(json(get("/.well-known/opentdf-configuration")).at("idp").at("token_endpoint"),
              std::string(kUrl) + "/token");
    EXPECT_EQ(json(get("/.well-known/openid-configuration")).at("issuer"), kUrl);
    EXPECT_EQ(json(get("/jwks")).at("keys").at(0).at("alg"), "ES256");
    const Json key = json(
        call("/kas.AccessService/PublicKey", {}, R"({"algorithm":"hpqt:secp384r1-mlkem1024"})"));
    EXPECT_TRUE(crypto::WrapPublicKey::parse_pem(key.at("publicKey").get<std::string>()));
    EXPECT_EQ(key.at("kid"), manifest().key_access.front().kid);
    EXPECT_EQ(call("/kas.AccessService/PublicKey", {}, R"({"algorithm":"rsa:2048"})").status, 404U);
    EXPECT_EQ(
        call("/policy.attributes.AttributesService/GetAttributeValuesByFqns", {}, "{}").status,
        501U);
    EXPECT_EQ(call("/kas.AccessService/PublicKey", {}, "[]").status, 400U);
    EXPECT_EQ(call("/kas.AccessService/PublicKey", {}, "\x0a", "application/proto").status, 400U);
    EXPECT_EQ(call("/kas.AccessService/PublicKey", {{"content-encoding", "gzip"}}, "{}").status,
              400U);
    EXPECT_EQ(call("/kas.AccessService/PublicKey", {{"content-encoding", "br"}}, "{}").status,
              400U);
    EXPECT_EQ(get("/").status, 501U);
    // The list of servers is for clients who proved who they are.
    const std::string list =
        "/policy.kasregistry.KeyAccessServerRegistryService/ListKeyAccessServers";
    EXPECT_EQ(call(list, {}, "{}").status, 401U);
    Program client = program("otdf-1", reader);
    ASSERT_EQ(ask_token(client).status, 200U);
    const auto listed =
        call(list, proven(client, client.proof_claims(list, tokyo.clock.now())), "{}");
    EXPECT_EQ(json(listed).at("keyAccessServers").at(0).at("uri"), kUrl);
}

TEST_F(OpenTdf, OnlyPagesThatAreNamedMayCall) {
    desk = std::make_unique<desk::OpenTdfDesk>(
        *tokyo.registry, desk::OpenTdfSetup{kUrl, {"https://reader.example"}, {}});
    const auto asked = [&](const std::string& origin) {
        const auto response =
            desk->answer({"OPTIONS", kRewrap, {{"origin", origin}}, {}, {}, "", ""});
        EXPECT_EQ(response.status, 204U);
        const auto found = response.headers.find("access-control-allow-origin");
        return found == response.headers.end() ? std::string() : found->second;
    };
    EXPECT_EQ(asked("https://reader.example"), "https://reader.example");
    EXPECT_EQ(asked("https://elsewhere.example"), "");
    EXPECT_EQ(asked("null"), "");
}

} // namespace
} // namespace valise::testing
