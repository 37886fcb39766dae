// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/rewrap.h"

#include "crypto/hash.h"
#include "crypto/kem.h"

#include <algorithm>

namespace valise::desk {
namespace {

constexpr std::size_t kMaxSigned = 768 << 10;
constexpr std::size_t kMaxKeys = 32;
constexpr std::size_t kMaxAsked =
    4; // different shares in one request for which originators are asked
constexpr std::int64_t kLongestLife = 7200; // of a signed request; the longest that clients write
constexpr std::int64_t kRequestSkew = 60;

std::unexpected<Error> malformed() {
    return fail(Code::invalid, "desk.rewrap", "bad request");
}

// A member under the name of JSON or the one of the protocol's definition, both of which the JSON
// form of Protocol Buffers admits.
const Json* member(const Json& object, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto found = object.find(name); found != object.end() && !found->is_null())
            return &*found;
    return nullptr;
}

Result<std::string> text(const Json& object, std::initializer_list<const char*> names) {
    const Json* found = member(object, names);
    if (found == nullptr)
        return std::string();
    if (!found->is_string())
        return malformed();
    return found->get<std::string>();
}

// Scheme, host and port: clients drop the rest, or keep it.
std::string_view origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(0, url.find('/', scheme + 3));
}

// The registry itself reads its key list at its start.
std::string kid_of(const registry::Registry& registry) {
    const auto key = crypto::WrapPublicKey::parse_der(registry.key_list().unwrapping);
    return key ? key->kid() : std::string();
}

Fate fate_of(const Error& error) {
    switch (error.code()) {
    case Code::refused:
        return Fate::forbidden;
    case Code::unavailable:
    case Code::internal:
    case Code::conflict:
        return Fate::unavailable;
    default:
        return Fate::bad_request;
    }
}

} // namespace

std::string_view error_text(Fate fate) {
    switch (fate) {
    case Fate::permit:
        return "";
    case Fate::forbidden:
        return "rpc error: code = PermissionDenied desc = forbidden";
    case Fate::bad_request:
        return "rpc error: code = InvalidArgument desc = bad request";
    case Fate::unavailable:
        break;
    }
    return "rpc error: code = Unavailable desc = unavailable";
}

Rewrap::Rewrap(registry::Registry& registry, const OpenTdfSetup& setup)
    : registry_(registry), setup_(setup), kid_(kid_of(registry)) {}

Result<Json> Rewrap::body_of(const Caller& caller, const std::string& signed_request) {
    TRY_ASSIGN(const Jwt jwt, Jwt::parse(signed_request, kMaxSigned));
    const std::int64_t now = registry_.now().seconds;
    const auto from = jwt.time("iat");
    const auto until = jwt.time("exp");
    if (!from || !until || *from > now + kRequestSkew || *until + kRequestSkew < now ||
        *until < *from || *until - *from > kLongestLife)
        return token_refused();
    // Signed by the key of which the caller just proved possession. Who proves none is of class
    // bearer, where the signature has no key to be held against.
    if (caller.key)
        TRY(jwt.verify(*caller.key));
    const Hash32 digest = crypto::sha256(view(signed_request));
    if (!requests_.first(digest, *until + kRequestSkew, now))
        return token_refused();
    const std::string body = jwt.text("requestBody");
    auto parsed = parse_json(view(body), {.bytes = kMaxSigned, .depth = 12, .values = 4000});
    if (!parsed || !parsed->is_object())
        return malformed();
    return std::move(*parsed);
}

Result<Rewrap::Asked> Rewrap::asked_of(const Json& object, std::string id,
                                       const std::string& policy) {
    if (!object.is_object())
        return malformed();
    Asked out;
    out.id = std::move(id);
    out.share.policy = policy;
    TRY_ASSIGN(out.url, text(object, {"url", "kasUrl", "kas_url"}));
    TRY_ASSIGN(out.kid, text(object, {"kid"}));
    TRY_ASSIGN(out.share.ephemeral_key,
               text(object, {"ephemeralPublicKey", "ephemeral_public_key"}));
    TRY_ASSIGN(const std::string wrapped, text(object, {"wrappedKey", "wrapped_key"}));
    auto key = from_base64(wrapped);
    const Json* binding = member(object, {"policyBinding", "policy_binding"});
    if (!key || key->empty() || binding == nullptr)
        return malformed();
    out.share.wrapped_key = std::move(*key);
    if (binding->is_object()) {
        TRY_ASSIGN(out.share.binding, text(*binding, {"hash"}));
    } else if (binding->is_string()) {
        out.share.binding = binding->get<std::string>();
    } else {
        return malformed();
    }
    return out;
}

KeyResult Rewrap::ask(const Caller& caller, const Bytes& session_key, const Asked& asked,
                      std::string& ephemeral) const {
    KeyResult out{asked.id, Fate::bad_request, {}};
    if (origin_of(asked.url) != setup_.url || (!asked.kid.empty() && asked.kid != kid_))
        return out;
    auto answer =
        registry_.export_share({caller.client.id, caller.client.person, session_key, asked.share});
    if (!answer) {
        out.fate = fate_of(answer.error());
        return out;
    }
    if (!answer->decision.permitted()) {
        out.fate = Fate::forbidden;
        return out;
    }
    // One answer holds one key of ours on the client's curve: a second share has no place in it.
    if (!answer->share.ephemeral_key.empty() && !ephemeral.empty())
        return out;
    ephemeral = std::move(answer->share.ephemeral_key);
    out.fate = Fate::permit;
    out.wrapped = std::move(answer->share.wrapped);
    return out;
}

// One share, in the form of before there were several.
Result<void> Rewrap::read_single(const Json& body, Question& out) {
    const Json* object = member(body, {"keyAccess", "key_access"});
    TRY_ASSIGN(const std::string policy, text(body, {"policy"}));
    if (object == nullptr)
        return malformed();
    TRY_ASSIGN(Asked one, asked_of(*object, "", policy));
    out.policies.push_back({"", {std::move(one)}});
    out.single = true;
    out.count = 1;
    return {};
}

Result<void> Rewrap::read_request(const Json& request, Question& out) {
    const Json* policy = request.is_object() ? member(request, {"policy"}) : nullptr;
    if (policy == nullptr || !policy->is_object())
        return malformed();
    TRY_ASSIGN(std::string id, text(*policy, {"id"}));
    TRY_ASSIGN(const std::string text_of_policy, text(*policy, {"body"}));
    const Json* objects = member(request, {"keyAccessObjects", "key_access_objects"});
    if (objects == nullptr || !objects->is_array() || objects->empty())
        return malformed();
    auto& keys = out.policies.emplace_back(std::move(id), std::vector<Asked>()).second;
    for (const Json& entry : *objects) {
        if (!entry.is_object() || ++out.count > kMaxKeys)
            return malformed();
        TRY_ASSIGN(std::string key_id, text(entry, {"keyAccessObjectId", "key_access_object_id"}));
        const Json* object = member(entry, {"keyAccessObject", "key_access_object"});
        if (object == nullptr)
            return malformed();
        TRY_ASSIGN(keys.emplace_back(), asked_of(*object, std::move(key_id), text_of_policy));
    }
    return {};
}

Result<Rewrap::Question> Rewrap::read(const Json& body) {
    Question out;
    TRY_ASSIGN(const std::string pem, text(body, {"clientPublicKey", "client_public_key"}));
    const auto key = crypto::WrapPublicKey::parse_pem(pem, crypto::WrapKeys::any);
    const auto type = key ? crypto::wrap_type(key->scheme()) : std::string_view();
    if (type != "wrapped" && type != "ec-wrapped")
        return malformed();
    out.session_key = key->der();
    out.curve = type == "ec-wrapped";
    const Json* requests = member(body, {"requests"});
    if (requests == nullptr || requests->empty()) {
        TRY(read_single(body, out));
        return out;
    }
    if (!requests->is_array())
        return malformed();
    for (const Json& request : *requests)
        TRY(read_request(request, out));
    return out;
}

Result<RewrapAnswer> Rewrap::answer(const Caller& caller, const std::string& signed_request) {
    TRY_ASSIGN(const Json body, body_of(caller, signed_request));
    TRY_ASSIGN(const Question question, read(body));
    RewrapAnswer out;
    out.single = question.single;
    // More than one share to a curve is not asked at all, so that no export is recorded in vain.
    const bool too_many = question.curve && question.count > 1;
    std::vector<std::pair<const Asked*, KeyResult>> asked;
    std::size_t originators = 0;
    for (const auto& [id, keys] : question.policies) {
        auto& results = out.policies.emplace_back(PolicyResult{id, {}}).results;
        for (const Asked& one : keys) {
            KeyResult& result = results.emplace_back(KeyResult{one.id, Fate::bad_request, {}});
            if (too_many)
                continue;
            // One opening, however often one request names it.
            const auto same = std::ranges::find_if(
                asked, [&](const auto& before) { return before.first->same_share(one); });
            if (same != asked.end())
                result = same->second;
            else if (registry_.asks_originator(one.share) && ++originators > kMaxAsked)
                result.fate = Fate::unavailable; // in vain for minutes, where the link is slow
            else
                result = ask(caller, question.session_key, one, out.session_key);
            if (same == asked.end())
                asked.emplace_back(&one, result);
            result.id = one.id;
        }
    }
    return out;
}

} // namespace valise::desk
