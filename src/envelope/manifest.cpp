// SPDX-License-Identifier: Apache-2.0
#include "envelope/manifest.h"

#include "base/codec/json_text.h"
#include "crypto/hash.h"
#include "envelope/internal/form.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/texts.h"
#include "envelope/statement.h"

#include <algorithm>

namespace valise::envelope {
namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024; // of text, before it is handed on

} // namespace

std::string_view to_string(TdfVersion version) {
    return version == TdfVersion::v4_4_0 ? "4.4.0" : "4.3.0";
}

Json KeyAccess::json() const {
    Json out = {{"kid", kid},
                {"policyBinding", {{"alg", "HS256"}, {"hash", policy_binding}}},
                {"protocol", "kas"},
                {"schemaVersion", "1.0"},
                {"type", type},
                {"url", url},
                {"wrappedKey", to_base64(wrapped_key)}};
    if (!sid.empty()) // facts/tdf.md 1.3: omitted when there is one share
        out["sid"] = sid;
    if (!alg.empty())
        out["alg"] = alg;
    if (!ephemeral_key.empty())
        out["ephemeralPublicKey"] = ephemeral_key;
    if (!metadata.empty())
        out["encryptedMetadata"] = metadata;
    return out;
}

Json Assertion::json_without_binding() const {
    return Json{{"id", id},
                {"scope", scope},
                {"statement", {{"format", format}, {"schema", schema}, {"value", value}}},
                {"type", type}};
}

Json Assertion::json() const {
    Json out = json_without_binding();
    out["binding"] = {{"method", "jws"}, {"signature", binding}};
    return out;
}

Assertion make_assertion(std::string_view id, std::string value) {
    Assertion out;
    for (const AssertionForm& form : kAssertionForms) {
        if (form.id != id)
            continue;
        out.id = form.id;
        out.type = form.type;
        out.scope = form.scope;
        out.format = form.format;
        out.schema = form.schema;
    }
    out.value = std::move(value);
    return out;
}

std::string make_policy(std::string_view uuid, const std::vector<std::string>& attributes) {
    std::string text = R"({"body":{"dataAttributes":[)";
    for (const std::string& attribute : attributes) {
        text += R"({"attribute":)";
        append_json_string(text, attribute);
        text += "},";
    }
    if (!attributes.empty())
        text.pop_back();
    text += R"(],"dissem":[]},"uuid":)";
    append_json_string(text, uuid);
    text += '}';
    return to_base64(view(text));
}

std::string sender_value(ByteView statement, const SenderSignature& signature) {
    std::string text = R"({"signature":{"index":)" + std::to_string(signature.index);
    text += R"(,"path":[)";
    for (const Hash32& hash : signature.path) {
        text += '"';
        append_base64(text, hash);
        text += "\",";
    }
    if (!signature.path.empty())
        text.pop_back();
    text += R"(],"signature":")";
    append_base64(text, signature.signature);
    text += R"(","size":)" + std::to_string(signature.size) + R"(},"statement":")";
    append_base64(text, statement);
    text += "\"}";
    return text;
}

std::string tree_value(const std::vector<Hash32>& leaves, const Hash48& frame) {
    std::string text = R"({"frame":")";
    append_base64(text, frame);
    text += R"(","leaves":")";
    static_assert(sizeof(Hash32) == 32); // side by side
    append_base64(text, {leaves.empty() ? nullptr : leaves.front().data(), leaves.size() * 32});
    text += "\"}";
    return text;
}

std::uint64_t segments_of(std::uint64_t plain_bytes) {
    return plain_bytes == 0 ? 1 : (plain_bytes - 1) / kSegmentPlain + 1;
}

std::uint32_t Manifest::segment_plain(std::uint64_t n) const {
    if (n + 1 < segment_count())
        return kSegmentPlain;
    return static_cast<std::uint32_t>(plain_bytes - (segment_count() - 1) * kSegmentPlain);
}

std::uint32_t Manifest::segment_cipher(std::uint64_t n) const {
    return segment_plain(n) + kSegmentOverhead;
}

std::uint64_t Manifest::segment_offset(std::uint64_t n) const {
    return n * kSegmentCipher;
}

std::uint64_t Manifest::payload_bytes() const {
    return plain_bytes + segment_count() * kSegmentOverhead;
}

const Assertion* Manifest::assertion(std::string_view id) const {
    for (const Assertion& one : assertions)
        if (one.id == id)
            return &one;
    return nullptr;
}

Result<SenderAssertion> Manifest::sender() const {
    const Assertion* found = assertion(kSenderId);
    if (found == nullptr)
        return fail(Code::integrity, "envelope.unsigned", "no sender has signed this file");
    const auto read = [&]() -> Result<SenderAssertion> {
        TRY_ASSIGN(const Json value,
                   parse_canonical_json(view(found->value), {.bytes = 2 * kStatementLimit}));
        TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "sender"));
        SenderAssertion out;
        TRY_ASSIGN(out.statement, in.base64("statement", kStatementLimit));
        TRY_ASSIGN(const Json* signature, in.member("signature"));
        TRY_ASSIGN(out.signature, SenderSignature::from_json(*signature));
        TRY(in.done());
        return out;
    };
    auto out = read();
    if (!out)
        return fail(Code::integrity, "envelope.signature_form", out.error().text());
    return out;
}

Result<Leaves> Manifest::claimed_leaves() const {
    const auto bad = [](const char* what) {
        return fail(Code::integrity, "envelope.payload_tree", what);
    };
    const Assertion* found = assertion(kPayloadTreeId);
    if (found == nullptr)
        return bad("no leaf hashes");
    const auto read = [&](Bytes& text, Bytes& frame) -> Result<void> {
        TRY_ASSIGN(const Json value,
                   parse_canonical_json(view(found->value), {.bytes = kManifestLimit}));
        TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "payload-tree"));
        TRY_ASSIGN(text, in.base64("leaves", kManifestLimit));
        TRY_ASSIGN(frame, in.base64("frame", sizeof(Hash48)));
        return in.done();
    };
    Bytes text;
    Bytes frame;
    if (!read(text, frame) || (leaves && !text.empty()))
        return bad("not the form that is written");
    const std::size_t count = leaves ? leaves->size() : text.size() / sizeof(Hash32);
    if (text.size() % sizeof(Hash32) != 0 || count != segment_count())
        return bad("not one leaf hash per segment");
    if (frame != to_bytes(frame_digest()))
        return fail(Code::integrity, "envelope.frame",
                    "policy, key access, labels or payload{} are not those it was sealed with");
    if (leaves)
        return leaves;
    auto out = std::make_shared<std::vector<Hash32>>(segment_count());
    for (std::size_t i = 0; i < out->size(); ++i)
        std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(i * sizeof(Hash32)), sizeof(Hash32),
                    (*out)[i].begin());
    return Leaves(std::move(out));
}

Hash48 Manifest::frame_digest() const {
    std::string text = R"({"keyAccess":)";
    append_all_key_access(text, key_access);
    text += R"(,"labels":[)";
    for (const std::string_view id : {kLabelXmlId, kLabelJsonId})
        if (const Assertion* label = assertion(id)) {
            text += text.ends_with('[') ? "" : ",";
            append_unbound(text, *label);
        }
    text += R"(],"payload":)";
    append_payload_section(text, mime_type);
    text += R"(,"policy":)";
    append_json_string(text, policy);
    text += '}';
    return crypto::sha384(view(text));
}

Json Manifest::payload_section() const {
    return Json{{"isEncrypted", true},
                {"mimeType", mime_type},
                {"protocol", "zip"},
                {"type", "reference"},
                {"url", kPayloadEntry}};
}

Json Manifest::method_section() {
    return Json{{"algorithm", "AES-256-GCM"}, {"isStreamable", true}, {"iv", ""}};
}

void Manifest::write(const Writer& out) const {
    std::string text;
    text.reserve(std::min(about(), 2 * kPiece));
    text = R"({"assertions":[)";
    // Of a tebibyte it has 123 MiB: what is collected goes out piece by piece.
    const auto pass = [&](std::size_t at_least) {
        if (text.size() < at_least)
            return;
        out(text);
        text.clear();
    };
    for (std::size_t i = 0; i < assertions.size(); ++i) {
        text += i == 0 ? "" : ",";
        if (!is_long(*this, assertions[i])) {
            append_assertion(text, assertions[i]);
            pass(kPiece);
            continue;
        }
        pass(0);
        write_long(*this, assertions[i], out);
    }
    text += R"(],"encryptionInformation":{"integrityInformation":{"encryptedSegmentSizeDefault":)";
    text += std::to_string(kSegmentCipher);
    text += R"(,"rootSignature":{"alg":"HS256","sig":")";
    append_base64(text, root_signature);
    text += R"("},"segmentHashAlg":"GMAC","segmentSizeDefault":)";
    text += std::to_string(kSegmentPlain);
    text += ',';
    text += kSegmentsOpen;
    for (std::uint64_t n = 0; n < segment_count(); ++n) {
        text += n == 0 ? R"({"encryptedSegmentSize":)" : R"(,{"encryptedSegmentSize":)";
        text += std::to_string(segment_cipher(n));
        text += R"(,"hash":")";
        append_base64(text, segment_hashes[n]);
        text += R"(","segmentSize":)";
        text += std::to_string(segment_plain(n));
        text += '}';
        pass(kPiece);
    }
    text += R"(]},"keyAccess":)";
    append_all_key_access(text, key_access);
    text += R"(,"method":)";
    text += method_section_text();
    text += R"(,"policy":)";
    append_json_string(text, policy);
    text += R"(,"type":"split"},"payload":)";
    append_payload_section(text, mime_type);
    text += R"(,"schemaVersion":)";
    append_json_string(text, to_string(version));
    text += '}';
    pass(0);
}

std::size_t Manifest::about() const {
    std::size_t out = 4096 + policy.size() + segment_count() * 90;
    for (const Assertion& one : assertions) {
        out += one.value.size() + one.binding.size() + 512;
        out += one.mac ? segment_count() * 29 + 256 : 0;
    }
    out += leaves ? leaves->size() * 43 : 0;
    for (const KeyAccess& one : key_access)
        out += one.wrapped_key.size() * 4 / 3 + one.metadata.size() + 1024;
    return out;
}

Bytes Manifest::bytes() const {
    Bytes out;
    out.reserve(about());
    write([&](std::string_view piece) { append(out, piece); });
    return out;
}

} // namespace valise::envelope
