// SPDX-License-Identifier: Apache-2.0
#include "desk/opentdf.h"

#include "crypto/hash.h"
#include "crypto/kem.h"
#include "desk/internal/connect.h"
#include "desk/internal/data_attributes.h"
#include "desk/internal/problem.h"
#include "desk/internal/rewrap.h"

#include <algorithm>

namespace valise::desk {
namespace {

constexpr const char* kToken = "/token";
// Where clients look that were made for one particular identity provider.
constexpr const char* kOldToken = "/protocol/openid-connect/token";
constexpr std::string_view kHeaders =
    "Authorization, Content-Type, Connect-Protocol-Version, Connect-Timeout-Ms, DPoP, "
    "X-Rewrap-Additional-Context, X-VirtruPubKey, Virtru-Ntdf-Version";

std::string_view path_of(const HttpRequest& request) {
    return std::string_view(request.target).substr(0, request.target.find('?'));
}

} // namespace

class OpenTdfDesk::Impl {
public:
    Impl(registry::Registry& registry, OpenTdfSetup setup)
        : registry_(registry), setup_(std::move(setup)), tokens_(registry, setup_),
          rewrap_(registry, setup_), intake_(intake_of(setup_)) {}

    HttpResponse answer(const HttpRequest& request) {
        HttpResponse response;
        if (request.method == "OPTIONS")
            response.status = 204;
        else
            response = answer_from_anywhere(request);
        if (response.status == 401)
            response.headers["dpop-nonce"] = tokens_.nonce();
        const auto origin = request.headers.find("origin");
        response.headers["vary"] = "Origin";
        if (origin != request.headers.end() &&
            std::ranges::find(setup_.origins, origin->second) != setup_.origins.end()) {
            response.headers["access-control-allow-origin"] = origin->second;
            response.headers["access-control-allow-methods"] = "GET, POST";
            response.headers["access-control-allow-headers"] = std::string(kHeaders);
            response.headers["access-control-expose-headers"] = "DPoP-Nonce, WWW-Authenticate";
        }
        return response;
    }

private:
    HttpResponse answer_from_anywhere(const HttpRequest& request) {
        const std::string_view path = path_of(request);
        if (path == kToken || path == kOldToken)
            return tokens_.issue(request, path);
        if (path == "/jwks")
            return json_response(tokens_.keys());
        if (path == "/.well-known/openid-configuration")
            return json_response(discovery());
        if (path == "/.well-known/opentdf-configuration")
            return json_response(configuration());
        if (path == "/healthz")
            return json_response(Json{{"status", "SERVING"}});
        if (path == "/v2/rewrap" || path == "/kas/v2/rewrap")
            return old_rewrap(request, path);
        const auto call = ConnectCall::read(request, path);
        if (!call)
            return connect_error(call.error());
        const auto reply = method(request, *call);
        return reply ? call->answer(*reply) : connect_error(reply.error());
    }

    Result<ConnectReply> method(const HttpRequest& request, const ConnectCall& call) {
        const std::string_view path = call.path();
        if (path == "/grpc.health.v1.Health/Check")
            return ConnectReply{Json{{"status", "SERVING"}}, ProtoWriter().number(1, 1).out()};
        if (path == "/wellknownconfiguration.WellKnownService/GetWellKnownConfiguration")
            return ConnectReply{Json{{"configuration", configuration()}},
                                ProtoWriter().bytes(1, proto_struct(configuration())).out()};
        if (path == "/kas.AccessService/PublicKey")
            return public_key(call);
        if (path == "/policy.kasregistry.KeyAccessServerRegistryService/ListKeyAccessServers") {
            TRY(tokens_.caller(request, path));
            return servers();
        }
        if (path == "/policy.attributes.AttributesService/GetAttributeValuesByFqns" && intake_) {
            TRY_ASSIGN(const Caller caller, tokens_.caller(request, path));
            TRY_ASSIGN(const auto fqns, call.texts("fqns", 1));
            return attribute_values(registry_, setup_, *intake_, caller.client.person, fqns);
        }
        if (path == "/kas.AccessService/Rewrap") {
            TRY_ASSIGN(const Caller caller, tokens_.caller(request, path));
            TRY_ASSIGN(const std::string signed_request, call.text("signedRequestToken", 1));
            TRY_ASSIGN(const RewrapAnswer answer, rewrap_.answer(caller, signed_request));
            return rewrapped(answer);
        }
        return fail(Code::not_found, "desk.no_method", "not served here");
    }

    // The way of clients of before the service spoke Connect: one share, and a status for a reason.
    HttpResponse old_rewrap(const HttpRequest& request, std::string_view path) {
        const auto reply = [&]() -> Result<ConnectReply> {
            TRY_ASSIGN(const Caller caller, tokens_.caller(request, path));
            TRY_ASSIGN(const auto call, ConnectCall::read_json(request, path));
            TRY_ASSIGN(const std::string signed_request, call.text("signedRequestToken", 1));
            TRY_ASSIGN(const RewrapAnswer answer, rewrap_.answer(caller, signed_request));
            return rewrapped(answer);
        }();
        return reply ? json_response(reply->json) : connect_error(reply.error());
    }

    // //= facts/tdf.md 2.3: a single one fails as a whole, several each by themselves
    static Result<ConnectReply> rewrapped(const RewrapAnswer& answer) {
        ProtoWriter proto;
        Json json = Json::object();
        if (answer.single) {
            const KeyResult& only = answer.policies.front().results.front();
            if (only.fate == Fate::forbidden)
                return fail(Code::refused, "desk.forbidden", "forbidden");
            if (only.fate == Fate::unavailable)
                return fail(Code::unavailable, "desk.unavailable", "unavailable");
            if (only.fate != Fate::permit)
                return fail(Code::invalid, "desk.rewrap", "bad request");
            json["entityWrappedKey"] = to_base64(only.wrapped);
            proto.bytes(2, only.wrapped);
        }
        if (!answer.session_key.empty())
            json["sessionPublicKey"] = answer.session_key;
        proto.text(3, answer.session_key);
        for (const PolicyResult& policy : answer.policies) {
            if (answer.single)
                break;
            Json results = Json::array();
            ProtoWriter of_policy;
            of_policy.text(1, policy.id);
            for (const KeyResult& key : policy.results) {
                const bool permitted = key.fate == Fate::permit;
                Json one = {{"keyAccessObjectId", key.id},
                            {"status", permitted ? "permit" : "fail"}};
                ProtoWriter of_key;
                of_key.text(2, key.id).text(3, permitted ? "permit" : "fail");
                if (permitted) {
                    one["kasWrappedKey"] = to_base64(key.wrapped);
                    of_key.bytes(4, key.wrapped);
                } else {
                    one["error"] = std::string(error_text(key.fate));
                    of_key.text(5, error_text(key.fate));
                }
                results.push_back(std::move(one));
                of_policy.bytes(2, of_key.out());
            }
            json["responses"].push_back({{"policyId", policy.id}, {"results", results}});
            proto.bytes(5, of_policy.out());
        }
        return ConnectReply{std::move(json), proto.out()};
    }

    Result<ConnectReply> public_key(const ConnectCall& call) const {
        TRY_ASSIGN(std::string algorithm, call.text("algorithm", 1));
        TRY_ASSIGN(auto key, own_key());
        if (intake_ && algorithm == crypto::to_string(intake_->scheme()))
            key = *intake_;
        if (algorithm != crypto::to_string(key.scheme()))
            return fail(Code::not_found, "desk.no_key", "no key of this algorithm");
        return ConnectReply{Json{{"publicKey", key.pem()}, {"kid", key.kid()}},
                            ProtoWriter().text(1, key.pem()).text(2, key.kid()).out()};
    }

    Result<ConnectReply> servers() const {
        const std::string id = "valise-" + registry_.party();
        const Bytes entry = ProtoWriter().text(1, id).text(2, setup_.url).out();
        return ConnectReply{
            Json{{"keyAccessServers", Json::array({Json{{"id", id}, {"uri", setup_.url}}})},
                 {"pagination", Json{{"total", 1}}}},
            ProtoWriter().bytes(1, entry).bytes(10, ProtoWriter().number(3, 1).out()).out()};
    }

    Result<crypto::WrapPublicKey> own_key() const {
        return crypto::WrapPublicKey::parse_der(registry_.key_list().unwrapping);
    }

    Json discovery() const {
        const Json algorithms =
            Json::array({"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256"});
        return {{"issuer", setup_.url},
                {"authorization_endpoint", setup_.url + "/authorize"}, // asked for, never used
                {"token_endpoint", setup_.url + kToken},
                {"jwks_uri", setup_.url + "/jwks"},
                {"grant_types_supported", Json::array({"client_credentials"})},
                {"response_types_supported", Json::array()},
                {"subject_types_supported", Json::array({"public"})},
                {"token_endpoint_auth_methods_supported",
                 Json::array({"client_secret_basic", "client_secret_post"})},
                {"id_token_signing_alg_values_supported", Json::array({"ES256"})},
                {"dpop_signing_alg_values_supported", algorithms}};
    }

    Json configuration() const {
        Json out = {{"platform_issuer", setup_.url},
                    {"idp", discovery()},
                    {"health", {{"endpoint", "/healthz"}}},
                    {"supports_dpop", true},
                    {"dpop_nonce_required", true},
                    {"kas",
                     {{"uri", setup_.url},
                      {"connect_rewrap_url", setup_.url + "/kas.AccessService/Rewrap"},
                      {"connect_public_key_url", setup_.url + "/kas.AccessService/PublicKey"}}}};
        // What a client seals to by default: never the registry's own, which opens no stranger's
        // file.
        if (intake_)
            out["base_key"] = {{"kas_uri", setup_.url},
                               {"public_key",
                                {{"algorithm", std::string(crypto::to_string(intake_->scheme()))},
                                 {"kid", intake_->kid()},
                                 {"pem", intake_->pem()}}}};
        return out;
    }

    // The daemon reads it at its start and refuses one that is none.
    static std::optional<crypto::WrapPublicKey> intake_of(const OpenTdfSetup& setup) {
        auto key = crypto::WrapPublicKey::parse_pem(setup.intake, crypto::WrapKeys::any);
        return key ? std::optional(std::move(*key)) : std::nullopt;
    }

    registry::Registry& registry_;
    const OpenTdfSetup setup_;
    Tokens tokens_; // refers to the setup
    Rewrap rewrap_; // the same
    const std::optional<crypto::WrapPublicKey> intake_;
};

OpenTdfDesk::OpenTdfDesk(registry::Registry& registry, OpenTdfSetup setup)
    : impl_(std::make_unique<Impl>(registry, std::move(setup))) {}
OpenTdfDesk::~OpenTdfDesk() = default;

HttpResponse OpenTdfDesk::answer(const HttpRequest& request) const {
    return impl_->answer(request);
}

} // namespace valise::desk
