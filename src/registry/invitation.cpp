// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/invitation.h"

#include "base/codec/json.h"

namespace valise::registry {

namespace {

constexpr std::size_t kMaxInvitation = std::size_t{64} * 1024;
constexpr const char* kType = "valise-invitation";

} // namespace

std::string Invitation::text() const {
    const Json json = {{"v", 1},
                       {"type", kType},
                       {"agreement", agreement},
                       {"terms", to_base64(terms)},
                       {"endpoint", endpoint},
                       {"key_list", to_base64(key_list)},
                       {"key_list_signature", to_base64(key_list_signature)}};
    return json.dump(2) + "\n";
}

Result<Invitation> Invitation::parse(std::string_view text) {
    TRY_ASSIGN(const Json json, parse_json(view(text), {.bytes = kMaxInvitation}));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "invitation"));
    Invitation out;
    TRY(reader.integer("v", 1, 1));
    TRY_ASSIGN(const std::string type, reader.text("type", 32));
    TRY_ASSIGN(out.agreement, reader.text("agreement", 128));
    TRY_ASSIGN(out.terms, reader.hash("terms"));
    TRY_ASSIGN(out.endpoint, reader.text("endpoint", 256));
    TRY_ASSIGN(out.key_list, reader.base64("key_list", kMaxInvitation));
    TRY_ASSIGN(out.key_list_signature, reader.base64("key_list_signature", 8192));
    TRY(reader.done());
    if (type != kType)
        return fail(Code::invalid, "registry.invitation", "not an invitation");
    return out;
}

} // namespace valise::registry
