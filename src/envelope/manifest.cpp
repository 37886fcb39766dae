// SPDX-License-Identifier: Apache-2.0
#include "envelope/manifest.h"

#include "crypto/hash.h"
#include "envelope/internal/form.h"
#include "envelope/statement.h"

#include <fmt/format.h>

namespace valise::envelope {

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
    Json list = Json::array();
    for (const std::string& attribute : attributes)
        list.push_back(Json{{"attribute", attribute}});
    const Json policy = {{"body", {{"dataAttributes", list}, {"dissem", Json::array()}}},
                         {"uuid", uuid}};
    return to_base64(view(canonical_json(policy)));
}

std::string sender_value(ByteView statement, const SenderSignature& signature) {
    return canonical_json(
        Json{{"signature", signature.json()}, {"statement", to_base64(statement)}});
}

std::string tree_value(const std::vector<Hash32>& leaves, const Hash48& frame) {
    Bytes all;
    all.reserve(leaves.size() * sizeof(Hash32));
    for (const Hash32& leaf : leaves)
        append(all, leaf);
    return canonical_json(Json{{"frame", to_base64(frame)}, {"leaves", to_base64(all)}});
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

Result<std::vector<Hash32>> Manifest::claimed_leaves() const {
    const auto bad = [](const char* what) {
        return fail(Code::integrity, "envelope.payload_tree", what);
    };
    const Assertion* found = assertion(kPayloadTreeId);
    if (found == nullptr)
        return bad("no leaf hashes");
    const auto read = [&](Bytes& leaves, Bytes& frame) -> Result<void> {
        TRY_ASSIGN(const Json value,
                   parse_canonical_json(view(found->value), {.bytes = kManifestLimit}));
        TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "payload-tree"));
        TRY_ASSIGN(leaves, in.base64("leaves", kManifestLimit));
        TRY_ASSIGN(frame, in.base64("frame", sizeof(Hash48)));
        return in.done();
    };
    Bytes bytes;
    Bytes frame;
    if (!read(bytes, frame))
        return bad("not the form that is written");
    if (bytes.size() != segment_count() * sizeof(Hash32))
        return bad("not one leaf hash per segment");
    if (frame != to_bytes(frame_digest()))
        return fail(Code::integrity, "envelope.frame",
                    "policy, key access, labels or payload{} are not those it was sealed with");
    std::vector<Hash32> out(segment_count());
    for (std::size_t i = 0; i < out.size(); ++i)
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * sizeof(Hash32)), sizeof(Hash32),
                    out[i].begin());
    return out;
}

Hash48 Manifest::frame_digest() const {
    Json keys = Json::array();
    for (const KeyAccess& one : key_access)
        keys.push_back(one.json());
    Json labels = Json::array();
    for (const std::string_view id : {kLabelXmlId, kLabelJsonId})
        if (const Assertion* label = assertion(id))
            labels.push_back(label->json_without_binding());
    return crypto::sha384(view(canonical_json(Json{{"keyAccess", std::move(keys)},
                                                   {"labels", std::move(labels)},
                                                   {"payload", payload_section()},
                                                   {"policy", policy}})));
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

namespace {

// One assertion at a time: of a tebibyte its texts have tens of mebibytes, and a tree of values
// over all of them would hold each twice.
void write_assertion(const Assertion& one, const Manifest::Writer& out) {
    out(R"({"binding":{"method":"jws","signature":)");
    out(canonical_json(Json(one.binding)));
    out("},");
    Assertion frame = one;
    frame.value.clear();
    frame.binding.clear();
    const std::string rest = canonical_json(frame.json_without_binding());
    constexpr std::string_view kEmptyValue = R"("value":"")";
    const std::size_t at = rest.find(kEmptyValue) + kEmptyValue.size() - 2;
    out(std::string_view(rest).substr(1, at - 1));
    out(canonical_json(Json(one.value)));
    out(std::string_view(rest).substr(at + 2));
}

} // namespace

void Manifest::write(const Writer& out) const {
    out(R"({"assertions":[)");
    for (std::size_t i = 0; i < assertions.size(); ++i) {
        out(i == 0 ? "" : ",");
        write_assertion(assertions[i], out);
    }
    Json keys = Json::array();
    for (const KeyAccess& one : key_access)
        keys.push_back(one.json());
    const Json integrity = {
        {"encryptedSegmentSizeDefault", kSegmentCipher},
        {"rootSignature", {{"alg", "HS256"}, {"sig", to_base64(root_signature)}}},
        {"segmentHashAlg", "GMAC"},
        {"segmentSizeDefault", kSegmentPlain},
        {"segments", Json::array()}};
    const Json encryption = {{"integrityInformation", integrity},
                             {"keyAccess", std::move(keys)},
                             {"method", method_section()},
                             {"policy", policy},
                             {"type", "split"}};
    const std::string frame = canonical_json(encryption);
    // A quote inside any text is escaped, so the words stand here once.
    const std::size_t at = frame.find(kSegmentsOpen) + kSegmentsOpen.size();
    out(R"(],"encryptionInformation":)");
    out(std::string_view(frame).substr(0, at));
    for (std::uint64_t n = 0; n < segment_count(); ++n)
        out(fmt::format(R"({}{{"encryptedSegmentSize":{},"hash":"{}","segmentSize":{}}})",
                        n == 0 ? "" : ",", segment_cipher(n), to_base64(segment_hashes[n]),
                        segment_plain(n)));
    out(std::string_view(frame).substr(at));
    out(R"(,"payload":)");
    out(canonical_json(payload_section()));
    out(R"(,"schemaVersion":)");
    out(canonical_json(Json(to_string(version))));
    out("}");
}

Bytes Manifest::bytes() const {
    Bytes out;
    std::size_t texts = 4096 + segment_count() * 90;
    for (const Assertion& one : assertions)
        texts += one.value.size() + one.binding.size() + 512;
    out.reserve(texts);
    write([&](std::string_view piece) { append(out, piece); });
    return out;
}

} // namespace valise::envelope
