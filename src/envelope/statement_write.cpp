// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json_text.h"
#include "envelope/statement.h"

// The statement in canonical JSON, written straight: members in their order, no tree of values.
namespace valise::envelope {
namespace {

void text(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    append_json_string(out, value);
}

void number(std::string& out, std::string_view name, std::int64_t value) {
    out += name;
    out += std::to_string(value);
}

void base64(std::string& out, std::string_view name, ByteView value) {
    out += name;
    out += '"';
    append_base64(out, value);
    out += '"';
}

// `[` stands before, `]` comes after.
template<class List, class Write> void listed(std::string& out, const List& all, Write&& write) {
    for (const auto& one : all) {
        write(one);
        out += ',';
    }
    if (!all.empty())
        out.pop_back();
    out += ']';
}

void classification(std::string& out, const ClassificationSummary& summary) {
    out += R"({"attributes":[)";
    listed(out, summary.attributes, [&](const auto& one) { append_json_string(out, one); });
    text(out, R"(,"level":)", summary.level_code);
    text(out, R"(,"native":)", summary.level_native);
    text(out, R"(,"policy_id":)", summary.policy_id);
    out += '}';
}

void append_container(std::string& out, const ContainerDigests& container) {
    out += R"({"assertions":[)";
    listed(out, container.assertions, [&](const auto& one) { base64(out, "", one); });
    out += R"(,"key_access":[)";
    listed(out, container.key_access, [&](const auto& one) { base64(out, "", one); });
    base64(out, R"(,"method_section":)", container.method_section);
    number(out, R"(,"payload":{"cipher_bytes":)", container.cipher_bytes);
    number(out, R"(,"plain_bytes":)", container.plain_bytes);
    base64(out, R"(,"root":)", container.payload_root);
    number(out, R"(,"segments":)", container.segments);
    base64(out, R"(},"payload_section":)", container.payload_section);
    base64(out, R"(,"policy":)", container.policy);
    base64(out, R"(,"root_signature":)", container.root_signature);
    text(out, R"(,"schema_version":)", container.schema_version);
    base64(out, R"(,"segment_hashes":)", container.segment_hashes);
    base64(out, R"(,"segment_sizes":)", container.segment_sizes);
    out += '}';
}

void append_package(std::string& out, const Package& package) {
    number(out, R"({"copy":)", package.copy);
    text(out, R"(,"form":)", package.form);
    if (package.pages != 0)
        number(out, R"(,"pages":)", package.pages);
    if (!package.returns.empty())
        text(out, R"(,"returns":)", package.returns);
    text(out, R"(,"seals":)", package.seals);
    if (package.sheets != 0)
        number(out, R"(,"sheets":)", package.sheets);
    out += '}';
}

} // namespace

Bytes Statement::bytes() const {
    std::string out = R"({"classification":)";
    classification(out, inputs.classification);
    out += R"(,"container":)";
    append_container(out, container);
    if (inputs.control)
        text(out, R"(,"control":)", kOriginatorSid);
    text(out, R"(,"exchange":)", inputs.exchange);
    text(out, R"(,"inspection":)", inputs.inspection);
    text(out, R"(,"item":)", inputs.item);
    if (inputs.package) {
        out += R"(,"package":)";
        append_package(out, *inputs.package);
    }
    text(out, R"(,"profile":)", kProfile);
    text(out, R"(,"recipient":)", inputs.recipient);
    out += R"(,"release":{"acts":[)";
    listed(out, inputs.release, [&](const auto& act) { base64(out, "", act.signed_act); });
    out += R"(,"digests":[)";
    listed(out, inputs.release, [&](const auto& act) { base64(out, "", act.digest); });
    text(out, R"(},"sender":)", inputs.sender);
    number(out, R"(,"serial":)", inputs.serial);
    text(out, R"(,"time":)", inputs.time.text());
    base64(out, R"(,"transfer_secret":)", inputs.transfer_secret);
    out += R"(,"v":1})";
    return to_bytes(out);
}

} // namespace valise::envelope
