// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/connect.h"

#include "base/codec/gzip.h"
#include "desk/internal/problem.h"
#include "desk/internal/routes.h"
#include "desk/opentdf.h"

namespace valise::desk {
namespace {

std::unexpected<Error> bad(const char* why) {
    return fail(Code::invalid, "desk.connect", why);
}

std::string header_of(const HttpRequest& request, const char* name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
}

// "application/json; charset=utf-8" and the like.
std::string media_type(const std::string& header) {
    return header.substr(0, header.find_first_of("; "));
}

} // namespace

Result<void> ConnectCall::take(ByteView message, bool proto) {
    proto_ = proto;
    if (proto) {
        message_ = to_bytes(message);
        TRY_ASSIGN(fields_, read_proto(message_));
        return {};
    }
    if (message.empty())
        return {};
    auto json = parse_json(message, {.bytes = 1 << 20, .depth = 8, .values = 1000});
    if (!json || !json->is_object())
        return bad("the body is no JSON object");
    json_ = std::move(*json);
    return {};
}

Result<ConnectCall> ConnectCall::read(const HttpRequest& request, std::string_view path) {
    ConnectCall out;
    out.path_ = std::string(path);
    if (path.find('/', 1) == std::string_view::npos || path.find('.') == std::string_view::npos)
        return fail(Code::not_found, "desk.no_method", "not served here");
    if (request.method == "GET") {
        const auto mark = request.target.find('?');
        TRY_ASSIGN(auto query,
                   parse_query(mark == std::string::npos
                                   ? std::string_view()
                                   : std::string_view(request.target).substr(mark + 1)));
        const bool proto = query["encoding"] == "proto";
        if ((!proto && query["encoding"] != "json") || !query["compression"].empty())
            return bad("an encoding that is not served");
        std::string text = query["message"];
        if (query["base64"] == "1") {
            text.erase(text.find_last_not_of('=') + 1);
            TRY_ASSIGN(const Bytes message, from_base64url(text));
            TRY(out.take(message, proto));
        } else {
            TRY(out.take(view(text), proto));
        }
        return out;
    }
    const std::string type = media_type(header_of(request, "content-type"));
    const std::string encoding = header_of(request, "content-encoding");
    if (request.method != "POST" || (type != "application/json" && type != "application/proto") ||
        (!encoding.empty() && encoding != "identity" && encoding != "gzip"))
        return bad("expected a POST of application/json or application/proto");
    if (encoding == "gzip") {
        TRY_ASSIGN(const Bytes body, gunzip(request.body, kMaxOpenTdfBody));
        TRY(out.take(body, type == "application/proto"));
    } else {
        TRY(out.take(request.body, type == "application/proto"));
    }
    return out;
}

Result<ConnectCall> ConnectCall::read_json(const HttpRequest& request, std::string_view path) {
    ConnectCall out;
    out.path_ = std::string(path);
    if (request.method != "POST")
        return bad("expected a POST");
    TRY(out.take(request.body, false));
    return out;
}

Result<std::string> ConnectCall::text(const char* name, std::uint32_t number) const {
    if (proto_)
        return proto_text(fields_, number);
    std::string other; // proto3 JSON admits the name of the definition too
    for (const char* at = name; *at != 0; ++at)
        if (*at >= 'A' && *at <= 'Z')
            (other += '_') += static_cast<char>(*at - 'A' + 'a');
        else
            other += *at;
    auto found = json_.find(name);
    if (found == json_.end())
        found = json_.find(other);
    if (found == json_.end() || found->is_null())
        return std::string();
    if (!found->is_string())
        return bad("a member of another type");
    return found->get<std::string>();
}

Result<std::vector<std::string>> ConnectCall::texts(const char* name, std::uint32_t number) const {
    std::vector<std::string> out;
    if (proto_) {
        for (const ProtoField& field : fields_) {
            if (field.number != number)
                continue;
            TRY_ASSIGN(out.emplace_back(), proto_text({field}, number));
        }
        return out;
    }
    const auto found = json_.find(name);
    if (found == json_.end() || found->is_null())
        return out;
    if (!found->is_array())
        return bad("a member of another type");
    for (const Json& one : *found) {
        if (!one.is_string())
            return bad("a member of another type");
        out.push_back(one.get<std::string>());
    }
    return out;
}

HttpResponse ConnectCall::answer(const ConnectReply& reply) const {
    HttpResponse response = json_response(reply.json);
    if (proto_) {
        response.content_type = "application/proto";
        response.body = reply.proto;
    }
    return response;
}

HttpResponse connect_error(const Error& error) {
    struct Answer {
        unsigned status;
        const char* code;
        const char* message;
    };
    const Answer answer = [&]() -> Answer {
        if (error.reason() == "desk.token" || error.reason() == "desk.nonce")
            return {401, "unauthenticated", "unauthenticated"};
        switch (error.code()) {
        case Code::refused:
            return {403, "permission_denied", "forbidden"};
        case Code::not_found:
            return error.reason() == "desk.no_method" ? Answer{501, "unimplemented", "not served"}
                                                      : Answer{404, "not_found", "not found"};
        case Code::unavailable:
            return {503, "unavailable", "unavailable"};
        case Code::internal:
        case Code::conflict:
            return {500, "internal", "internal"};
        default:
            return {400, "invalid_argument", "bad request"};
        }
    }();
    HttpResponse response =
        json_response({{"code", answer.code}, {"message", answer.message}}, answer.status);
    if (answer.status == 401)
        response.headers["www-authenticate"] =
            std::string(R"(DPoP algs="ES256 ES384 RS256 PS256")") +
            (error.reason() == "desk.nonce" ? R"(, error="use_dpop_nonce")" : "");
    return response;
}

} // namespace valise::desk
