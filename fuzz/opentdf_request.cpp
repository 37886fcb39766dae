// SPDX-License-Identifier: Apache-2.0
// What strangers send to the listener for OpenTDF clients before anybody knows who they are: binary
// messages, tokens with the keys in them, GET calls. The first byte says which.
#include "crypto/jws.h"
#include "desk/internal/connect.h"
#include "desk/internal/jwt.h"
#include "desk/internal/protobuf.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::desk;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

// What is read is written back as fields that read the same.
void message(ByteView bytes) {
    const auto fields = read_proto(bytes);
    if (!fields) {
        hold(fields.error().reason() == "desk.protobuf");
        return;
    }
    ProtoWriter out;
    for (const ProtoField& field : *fields)
        if (field.delimited)
            out.bytes(field.number, field.bytes);
        else
            out.number(field.number, field.value);
    const auto again = read_proto(out.out());
    hold(again && again->size() == fields->size());
    for (std::size_t i = 0; i < fields->size(); ++i) {
        const ProtoField& a = (*fields)[i];
        const ProtoField& b = (*again)[i];
        hold(a.number == b.number && a.value == b.value && a.delimited == b.delimited &&
             text_view(a.bytes) == text_view(b.bytes));
    }
    (void)proto_text(*fields, 1);
}

void token(std::string_view text) {
    const auto jwt = Jwt::parse(text, 1 << 16);
    if (!jwt)
        return;
    hold(text.starts_with(jwt->signed_part) && !jwt->header.contains("crit"));
    (void)jwt->time("exp");
    if (const auto jwk = jwt->header.find("jwk"); jwk != jwt->header.end())
        if (const auto key = crypto::JwsKey::from_jwk(*jwk))
            (void)jwt->verify(*key);
}

void call(std::string_view target) {
    HttpRequest request;
    request.method = "GET";
    request.target = std::string(target);
    const auto read = ConnectCall::read(request, target.substr(0, target.find('?')));
    if (read)
        (void)read->text("signedRequestToken", 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const ByteView rest(data + 1, size - 1);
    if (data[0] == 'm')
        message(rest);
    else if (data[0] == 't')
        token(text_view(rest));
    else
        call(text_view(rest));
    return 0;
}
