// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"
#include "desk/internal/protobuf.h"

namespace valise::desk {

// What a method answers, in both codecs.
struct ConnectReply {
    Json json;
    Bytes proto;
};

// One unary call of the Connect protocol: POST, or GET for methods that change nothing; JSON or
// binary; its body may be packed with gzip, as some clients do unasked. Messages are flat, so a
// text of one of their members, or several, is all that a method asks for.
class ConnectCall {
public:
    ConnectCall(ConnectCall&&) = default;
    ConnectCall& operator=(ConnectCall&&) = default;
    ConnectCall(const ConnectCall&) = delete; // fields_ would look into the other's message
    ConnectCall& operator=(const ConnectCall&) = delete;
    // Errors: not_found desk.no_method, invalid desk.connect, desk.protobuf.
    static Result<ConnectCall> read(const HttpRequest& request, std::string_view path);
    // A POST of JSON, whatever else it says: what came before Connect.
    static Result<ConnectCall> read_json(const HttpRequest& request, std::string_view path);

    const std::string& path() const { return path_; }
    // By its name in JSON and its number; empty when absent. Errors: invalid desk.connect.
    Result<std::string> text(const char* name, std::uint32_t number) const;
    // All of them, of a member that may stand several times. Errors: the same.
    Result<std::vector<std::string>> texts(const char* name, std::uint32_t number) const;
    HttpResponse answer(const ConnectReply& reply) const;

private:
    ConnectCall() = default;
    Result<void> take(ByteView message, bool proto);

    std::string path_;
    bool proto_ = false;
    Json json_ = Json::object();
    Bytes message_;
    std::vector<ProtoField> fields_; // into message_, which moves with them
};

// The status and code that the protocol gives to an error of ours, and a text that tells nothing.
HttpResponse connect_error(const Error& error);

} // namespace valise::desk
