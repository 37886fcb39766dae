// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/texts.h"

#include "base/codec/json_text.h"
#include "envelope/internal/form.h"

namespace valise::envelope {
namespace {

// `name` has its quotes, its colon and the comma before it.
void member(std::string& out, std::string_view name, std::string_view text) {
    out += name;
    append_json_string(out, text);
}

void optional_member(std::string& out, std::string_view name, std::string_view text) {
    if (!text.empty())
        member(out, name, text);
}

void append_rest(std::string& out, const Assertion& assertion) {
    if (assertion.text != nullptr) {
        out.append(*assertion.text, 1);
        return;
    }
    member(out, R"("id":)", assertion.id);
    member(out, R"(,"scope":)", assertion.scope);
    member(out, R"(,"statement":{"format":)", assertion.format);
    member(out, R"(,"schema":)", assertion.schema);
    member(out, R"(,"value":)", assertion.value);
    member(out, R"(},"type":)", assertion.type);
    out += '}';
}

} // namespace

void append_key_access(std::string& out, const KeyAccess& access) {
    out += '{';
    optional_member(out, R"("alg":)", access.alg);
    if (!access.alg.empty())
        out += ',';
    optional_member(out, R"("encryptedMetadata":)", access.metadata);
    if (!access.metadata.empty())
        out += ',';
    optional_member(out, R"("ephemeralPublicKey":)", access.ephemeral_key);
    if (!access.ephemeral_key.empty())
        out += ',';
    member(out, R"("kid":)", access.kid);
    member(out, R"(,"policyBinding":{"alg":"HS256","hash":)", access.policy_binding);
    out += R"(},"protocol":"kas","schemaVersion":"1.0")";
    optional_member(out, R"(,"sid":)", access.sid); // facts/tdf.md 1.3: omitted when there is one
    member(out, R"(,"type":)", access.type);
    member(out, R"(,"url":)", access.url);
    out += R"(,"wrappedKey":")";
    append_base64(out, access.wrapped_key);
    out += "\"}";
}

void append_all_key_access(std::string& out, const std::vector<KeyAccess>& all) {
    out += '[';
    for (const KeyAccess& one : all) {
        append_key_access(out, one);
        out += ',';
    }
    if (!all.empty())
        out.pop_back();
    out += ']';
}

void append_assertion(std::string& out, const Assertion& assertion) {
    member(out, R"({"binding":{"method":"jws","signature":)", assertion.binding);
    out += "},";
    append_rest(out, assertion);
}

void append_unbound(std::string& out, const Assertion& assertion) {
    out += '{';
    append_rest(out, assertion);
}

std::shared_ptr<const std::string> unbound_text(const Assertion& assertion) {
    auto out = std::make_shared<std::string>();
    out->reserve(assertion.value.size() + assertion.value.size() / 8 + 256); // with its escapes
    append_unbound(*out, assertion);
    return out;
}

void append_payload_section(std::string& out, std::string_view mime_type) {
    member(out, R"({"isEncrypted":true,"mimeType":)", mime_type);
    member(out, R"(,"protocol":"zip","type":"reference","url":)", kPayloadEntry);
    out += '}';
}

std::string_view method_section_text() {
    return R"({"algorithm":"AES-256-GCM","isStreamable":true,"iv":""})";
}

} // namespace valise::envelope
