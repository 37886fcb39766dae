// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/digests.h"

#include "crypto/hash.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/texts.h"
#include "label/json5636.h"
#include "label/label_xml.h"

#include <algorithm>

namespace valise::envelope {
namespace {

// SHA-384 of what `append` writes.
template<class Append> Hash48 text_digest(Append&& append) {
    std::string text;
    append(text);
    return crypto::sha384(view(text));
}

Hash48 assertion_digest(const Manifest& manifest, const Assertion& one) {
    if (!is_long(manifest, one))
        return text_digest([&](auto& text) { append_assertion(text, one); });
    crypto::Sha384 hash;
    write_long(manifest, one, [&](std::string_view text) { hash.update(view(text)); });
    return hash.finish();
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

// What the data attributes must be for that level and that list of parties, sorted, under the
// namespace that the first of them names.
Result<std::vector<std::string>> expected_attributes(const Manifest& manifest,
                                                     std::string_view level_code,
                                                     const label::Label& label) {
    if (manifest.attributes.empty())
        return std::vector<std::string>();
    const std::string& first = manifest.attributes.front();
    const std::size_t end = first.find("/attr/");
    if (!first.starts_with("https://") || end == std::string::npos)
        return fail(Code::integrity, "envelope.label", "not a data attribute");
    const std::string place = first.substr(0, end);
    std::vector<std::string> out{place + "/attr/classification/value/" + std::string(level_code)};
    for (const std::string& party : label::releasable_to(label))
        out.push_back(place + "/attr/relto/value/" + lower(party));
    std::sort(out.begin(), out.end());
    return out;
}

Result<void> agree(const Manifest& manifest, const ClassificationSummary* summary) {
    const auto differs = [](const char* what) {
        return fail(Code::integrity, "envelope.label", what);
    };
    const Assertion* xml = manifest.assertion(kLabelXmlId);
    const Assertion* json = manifest.assertion(kLabelJsonId);
    if (xml == nullptr || json == nullptr)
        return fail(Code::integrity, "envelope.label_missing", "no label");
    TRY_ASSIGN(const label::ReadLabel read, label::read_4774(view(xml->value)));
    if (read.root != label::LabelRoot::originator)
        return differs("not the originator's label");
    TRY_ASSIGN(const label::Summary5636 other, label::read_5636(json->value));
    if (other != label::summary_5636(read.label))
        return differs("the XML and the JSON label differ");
    if (summary == nullptr)
        return {};
    if (summary->policy_id != read.label.policy_id ||
        summary->level_native != read.label.classification)
        return differs("the label and the signed summary differ");
    if (summary->attributes != manifest.attributes)
        return differs("the data attributes and the signed summary differ");
    TRY_ASSIGN(const std::vector<std::string> expected,
               expected_attributes(manifest, summary->level_code, read.label));
    std::vector<std::string> present = manifest.attributes;
    std::sort(present.begin(), present.end());
    if (present != expected)
        return differs("the data attributes and the label differ");
    return {};
}

} // namespace

ContainerDigests digests_of(const Manifest& manifest, const Hash32& payload_root) {
    ContainerDigests out;
    out.payload_root = payload_root;
    out.plain_bytes = static_cast<std::int64_t>(manifest.plain_bytes);
    out.cipher_bytes = static_cast<std::int64_t>(manifest.payload_bytes());
    out.segments = static_cast<std::int64_t>(manifest.segment_count());
    crypto::Sha384 hashes;
    crypto::Sha384 sizes;
    Bytes row;
    for (std::uint64_t n = 0; n < manifest.segment_count(); ++n) {
        hashes.update(manifest.segment_hashes[n]);
        row.clear();
        append_u32(row, manifest.segment_plain(n));
        append_u32(row, manifest.segment_cipher(n));
        sizes.update(row);
    }
    out.segment_hashes = hashes.finish();
    out.segment_sizes = sizes.finish();
    out.root_signature = crypto::sha384(manifest.root_signature);
    out.policy = crypto::sha384(view(manifest.policy));
    for (const KeyAccess& one : manifest.key_access)
        out.key_access.push_back(text_digest([&](auto& text) { append_key_access(text, one); }));
    for (const Assertion& one : manifest.assertions)
        if (one.id != kSenderId)
            out.assertions.push_back(assertion_digest(manifest, one));
    out.payload_section =
        text_digest([&](auto& text) { append_payload_section(text, manifest.mime_type); });
    static const Hash48 method = crypto::sha384(view(method_section_text()));
    out.method_section = method;
    out.schema_version = to_string(manifest.version);
    return out;
}

Result<void> labels_agree(const Manifest& manifest, const ClassificationSummary* summary,
                          Code code) {
    const auto result = agree(manifest, summary);
    if (result)
        return {};
    const std::string& reason = result.error().reason();
    return fail(code, reason.starts_with("envelope.") ? reason : "envelope.label",
                result.error().context());
}

} // namespace valise::envelope
