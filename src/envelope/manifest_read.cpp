// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "envelope/internal/form.h"
#include "envelope/internal/metadata.h"
#include "envelope/manifest.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace valise::envelope {
namespace {

std::unexpected<Error> bad(const char* reason, std::string what) {
    return fail(Code::invalid, reason, std::move(what));
}

// Form errors of base become ours; those that already have a reason of this room keep it.
template<class T> Result<T> as(const char* reason, Result<T> result) {
    if (!result && !result.error().reason().starts_with("envelope."))
        return bad(reason, result.error().text());
    return result;
}

bool is_plain_ascii(std::string_view text, std::size_t max) {
    return !text.empty() && text.size() <= max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (hyphen ? text[i] != '-' : !hex)
            return false;
    }
    return true;
}

struct Row {
    SegmentTag hash{};
    std::uint64_t plain = 0;
    std::uint64_t cipher = 0;
};

// The rows of "segments", in the one form that the writer gives them.
class RowReader {
public:
    explicit RowReader(std::string_view text) : text_(text) {}

    Result<Row> row() {
        Row out;
        TRY(word(R"({"encryptedSegmentSize":)"));
        TRY_ASSIGN(out.cipher, number());
        TRY(word(R"(,"hash":")"));
        TRY_ASSIGN(const Bytes hash, from_base64(text_.substr(0, 24)));
        TRY_ASSIGN(out.hash, fixed<16>(hash, "envelope.manifest"));
        text_.remove_prefix(24);
        TRY(word(R"(","segmentSize":)"));
        TRY_ASSIGN(out.plain, number());
        TRY(word("}"));
        return out;
    }
    bool more() { return taken(","); }
    bool closed() const { return text_.starts_with("]"); }
    std::size_t left() const { return text_.size(); }

private:
    bool taken(std::string_view expected) {
        if (!text_.starts_with(expected))
            return false;
        text_.remove_prefix(expected.size());
        return true;
    }
    Result<void> word(std::string_view expected) {
        if (!taken(expected))
            return bad("envelope.manifest", "segment rows");
        return {};
    }
    Result<std::uint64_t> number() {
        std::uint64_t value = 0;
        const char* end = text_.data() + std::min<std::size_t>(text_.size(), 12);
        // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): it is given the end as well
        const auto [stop, error] = std::from_chars(text_.data(), end, value);
        if (error != std::errc())
            return bad("envelope.manifest", "segment rows");
        text_.remove_prefix(static_cast<std::size_t>(stop - text_.data()));
        return value;
    }

    std::string_view text_;
};

// Takes the rows out of the text; what remains is small enough for a tree of values. Sizes: all
// 2 MiB but the last, none empty but the only one, so that one document has one set of segments.
Result<std::string> cut_rows(std::string_view text, Manifest& out) {
    const std::size_t found = text.find(kSegmentsOpen);
    if (found == std::string_view::npos ||
        text.find(kSegmentsOpen, found + 1) != std::string_view::npos)
        return bad("envelope.manifest", "not one list of segments");
    const std::size_t at = found + kSegmentsOpen.size();
    RowReader rows(text.substr(at));
    std::uint64_t last = kSegmentPlain;
    do {
        if (out.segment_hashes.size() == kMaxSegments)
            return fail(Code::limit, "envelope.manifest_limit", "too many segments");
        TRY_ASSIGN(const Row row, rows.row());
        if (last != kSegmentPlain || row.plain > kSegmentPlain ||
            row.cipher != row.plain + kSegmentOverhead)
            return bad("envelope.sizes", "segment sizes");
        out.segment_hashes.push_back(row.hash);
        out.plain_bytes += row.plain;
        last = row.plain;
    } while (rows.more());
    if (!rows.closed())
        return bad("envelope.manifest", "segment rows");
    if (last == 0 && out.segment_count() > 1)
        return bad("envelope.sizes", "an empty segment after others");
    std::string frame(text.substr(0, at));
    frame += text.substr(text.size() - rows.left());
    return frame;
}

Result<void> expect(ObjectReader& in, const char* name, std::string_view value,
                    const char* reason) {
    TRY_ASSIGN(const std::string found, as(reason, in.text(name, 256)));
    if (found != value)
        return bad(reason, std::string(name) + ": expected " + std::string(value));
    return {};
}

Result<void> read_integrity(const Json& value, Manifest& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "integrityInformation"));
    TRY_ASSIGN(const Json* root, in.member("rootSignature"));
    TRY_ASSIGN(ObjectReader signature, ObjectReader::over(*root, "rootSignature"));
    // "GMAC" would make the root the last segment's tag: no key, any order (facts/tdf.md 7.1).
    TRY(expect(signature, "alg", "HS256", "envelope.root_algorithm"));
    TRY_ASSIGN(out.root_signature, signature.base64("sig", 32));
    if (out.root_signature.size() != 32)
        return bad("envelope.manifest", "length of the root signature");
    TRY(signature.done());
    TRY(expect(in, "segmentHashAlg", "GMAC", "envelope.hash_algorithm"));
    TRY(as("envelope.sizes", in.integer("segmentSizeDefault", kSegmentPlain, kSegmentPlain)));
    TRY(as("envelope.sizes",
           in.integer("encryptedSegmentSizeDefault", kSegmentCipher, kSegmentCipher)));
    TRY_ASSIGN(const Json* rows, in.member("segments"));
    if (!rows->is_array() || !rows->empty())
        return bad("envelope.manifest", "not one list of segments");
    return in.done();
}

// One wrap, one text: which members stand beside the wrapped share follows from its type.
Result<void> check_wrap(const KeyAccess& access, TdfVersion version) {
    const auto& all = crypto::wrap_schemes();
    const bool known = std::any_of(all.begin(), all.end(), [&](crypto::WrapScheme scheme) {
        return crypto::wrap_type(scheme) == access.type;
    });
    if (!known)
        return bad("envelope.key_access", "type");
    if (version == TdfVersion::v4_4_0 ? type_of_alg(access.alg) != access.type
                                      : !access.alg.empty())
        return bad("envelope.key_access", "alg");
    if (access.type != "ec-wrapped")
        return access.ephemeral_key.empty() ? Result<void>()
                                            : bad("envelope.key_access", "ephemeralPublicKey");
    const auto key = crypto::WrapPublicKey::parse_pem(access.ephemeral_key, crypto::WrapKeys::any);
    if (!key || crypto::wrap_type(key->scheme()) != access.type ||
        key->pem() != access.ephemeral_key)
        return bad("envelope.key_access", "ephemeralPublicKey");
    return {};
}

// An optional member is there with a text or not at all.
Result<std::string> text_or_none(ObjectReader& in, const char* name, std::size_t max) {
    TRY_ASSIGN(std::optional<std::string> text, in.optional_text(name, max));
    if (text && text->empty())
        return bad("envelope.key_access", std::string(name) + ": empty");
    return text.value_or("");
}

Result<KeyAccess> read_key_access(const Json& value, TdfVersion version) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "keyAccess"));
    KeyAccess out;
    TRY_ASSIGN(out.type, in.text("type", 64));
    TRY_ASSIGN(out.alg, text_or_none(in, "alg", 64));
    TRY_ASSIGN(out.ephemeral_key, text_or_none(in, "ephemeralPublicKey", 1024));
    TRY_ASSIGN(out.metadata, text_or_none(in, "encryptedMetadata", 3 * kMaxMetadata));
    TRY(expect(in, "protocol", "kas", "envelope.key_access"));
    TRY(expect(in, "schemaVersion", "1.0", "envelope.key_access"));
    TRY_ASSIGN(out.url, in.text("url", 256));
    TRY_ASSIGN(out.kid, in.text("kid", 32));
    TRY_ASSIGN(out.sid, text_or_none(in, "sid", 64));
    TRY_ASSIGN(out.wrapped_key, in.base64("wrappedKey", 8192));
    TRY_ASSIGN(const Json* member, in.member("policyBinding"));
    TRY_ASSIGN(ObjectReader binding, ObjectReader::over(*member, "policyBinding"));
    TRY(expect(binding, "alg", "HS256", "envelope.key_access"));
    TRY_ASSIGN(out.policy_binding, binding.text("hash", 88));
    TRY(binding.done());
    TRY(in.done());
    if (!is_plain_ascii(out.url, 256) || !is_plain_ascii(out.kid, 32) ||
        (!out.sid.empty() && !is_plain_ascii(out.sid, 64)))
        return bad("envelope.key_access", "url, kid or sid");
    if (!out.metadata.empty() && !metadata_form(out.metadata))
        return bad("envelope.key_access", "encryptedMetadata");
    TRY(check_wrap(out, version));
    return out;
}

Result<void> read_all_key_access(const Json& value, Manifest& out) {
    if (!value.is_array() || value.empty() || value.size() > kMaxKeyAccess)
        return bad("envelope.key_access", "not 1 to 16 key access objects");
    std::set<std::pair<std::string, std::string>> places;
    for (const Json& one : value) {
        TRY_ASSIGN(KeyAccess access, as("envelope.key_access", read_key_access(one, out.version)));
        // facts/tdf.md 1.5: stock clients refuse the same place twice.
        if (!places.insert({access.url, access.sid}).second)
            return bad("envelope.key_access", "two for one url and sid");
        out.key_access.push_back(std::move(access));
    }
    return {};
}

Result<void> read_policy(Manifest& out) {
    TRY_ASSIGN(const Bytes text, from_base64(out.policy));
    TRY_ASSIGN(const Json value,
               parse_json(text, {.bytes = std::size_t{128} * 1024, .depth = 5, .values = 4096}));
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "policy"));
    TRY_ASSIGN(out.policy_uuid, in.text("uuid", 36));
    TRY_ASSIGN(const Json* member, in.member("body"));
    TRY_ASSIGN(ObjectReader body, ObjectReader::over(*member, "policy.body"));
    TRY_ASSIGN(const Json* attributes, body.member("dataAttributes"));
    if (!attributes->is_array() || attributes->size() > kMaxAttributes)
        return bad("envelope.policy", "dataAttributes");
    for (const Json& one : *attributes) {
        TRY_ASSIGN(ObjectReader attribute, ObjectReader::over(one, "attribute"));
        TRY_ASSIGN(out.attributes.emplace_back(), attribute.text("attribute", 512));
        TRY(attribute.done());
    }
    // The rest of the form, an empty dissem first, follows from the text that we would write.
    if (!is_uuid(out.policy_uuid) || make_policy(out.policy_uuid, out.attributes) != out.policy)
        return bad("envelope.policy", "not the form that is written");
    return {};
}

Result<void> read_encryption(const Json& value, Manifest& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "encryptionInformation"));
    TRY_ASSIGN(const Json* integrity, in.member("integrityInformation"));
    TRY(read_integrity(*integrity, out));
    TRY_ASSIGN(const Json* keys, in.member("keyAccess"));
    TRY(read_all_key_access(*keys, out));
    TRY_ASSIGN(const Json* method, in.member("method"));
    if (*method != Manifest::method_section())
        return bad("envelope.manifest", "method");
    TRY(expect(in, "type", "split", "envelope.manifest"));
    TRY_ASSIGN(out.policy, in.text("policy", std::size_t{256} * 1024));
    TRY(as("envelope.policy", read_policy(out)));
    return in.done();
}

Result<void> read_payload(const Json& value, Manifest& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "payload"));
    // With it, readers in the field hand out bytes that no key protects (facts/tdf.md 7.1).
    const auto encrypted = in.boolean("isEncrypted");
    if (!encrypted || !*encrypted)
        return bad("envelope.not_encrypted", "isEncrypted is not true");
    TRY_ASSIGN(out.mime_type, in.text("mimeType", 127));
    if (!is_plain_ascii(out.mime_type, 127))
        return bad("envelope.manifest", "mimeType");
    if (value != out.payload_section())
        return bad("envelope.manifest", "payload");
    return {};
}

Result<Assertion> read_assertion(const Json& value) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "assertion"));
    TRY_ASSIGN(const std::string id, in.text("id", 64));
    const bool known = std::any_of(kAssertionForms.begin(), kAssertionForms.end(),
                                   [&](const AssertionForm& form) { return form.id == id; });
    if (!known)
        return bad("envelope.assertion", "an unknown assertion");
    TRY_ASSIGN(const Json* statement, in.member("statement"));
    TRY_ASSIGN(ObjectReader words, ObjectReader::over(*statement, "assertion.statement"));
    TRY_ASSIGN(std::string text, words.text("value", kManifestLimit));
    Assertion out = make_assertion(id, std::move(text));
    TRY_ASSIGN(const Json* binding, in.member("binding"));
    TRY_ASSIGN(ObjectReader jws, ObjectReader::over(*binding, "assertion.binding"));
    TRY_ASSIGN(out.binding, jws.text("signature", kManifestLimit));
    if (value != out.json())
        return bad("envelope.assertion", "not the form of " + id);
    return out;
}

Result<void> read_assertions(const Json& value, Manifest& out) {
    if (!value.is_array() || value.size() > kAssertionForms.size())
        return bad("envelope.assertion", "not a list of our assertions");
    for (const Json& one : value) {
        TRY_ASSIGN(Assertion assertion, as("envelope.assertion", read_assertion(one)));
        out.assertions.push_back(std::move(assertion));
    }
    // Present ones in their order, each once.
    std::size_t next = 0;
    for (const Assertion& one : out.assertions) {
        while (next < kAssertionForms.size() && kAssertionForms[next].id != one.id)
            ++next;
        if (next++ == kAssertionForms.size())
            return bad("envelope.assertion", "assertions twice or out of order");
    }
    const bool xml = out.assertion(kLabelXmlId) != nullptr;
    const bool json = out.assertion(kLabelJsonId) != nullptr;
    if (xml != json || (out.is_signed() && !xml))
        return bad("envelope.label_missing", "the label is missing or only one of its two forms");
    if (out.assertion(kPayloadTreeId) == nullptr)
        return bad("envelope.payload_tree", "no leaf hashes");
    return {};
}

Result<void> read_frame(const Json& value, Manifest& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "manifest"));
    TRY_ASSIGN(const std::string version,
               as("envelope.schema_version", in.text("schemaVersion", 256)));
    if (version == to_string(TdfVersion::v4_4_0))
        out.version = TdfVersion::v4_4_0;
    else if (version != to_string(TdfVersion::v4_3_0))
        return bad("envelope.schema_version", "neither 4.3.0 nor 4.4.0");
    TRY_ASSIGN(const Json* payload, in.member("payload"));
    TRY(read_payload(*payload, out));
    TRY_ASSIGN(const Json* encryption, in.member("encryptionInformation"));
    TRY(read_encryption(*encryption, out));
    TRY_ASSIGN(const Json* assertions, in.member("assertions"));
    TRY(read_assertions(*assertions, out));
    TRY(in.done());
    if (out.is_signed() && out.attributes.empty())
        return bad("envelope.policy", "a dispatch without data attributes");
    return {};
}

} // namespace

Result<Manifest> Manifest::parse(ByteView bytes) {
    if (bytes.size() > kManifestLimit)
        return fail(Code::limit, "envelope.manifest_limit", "the manifest is too long");
    Manifest out;
    {
        TRY_ASSIGN(std::string frame, as("envelope.manifest", cut_rows(text_view(bytes), out)));
        TRY_ASSIGN(
            const Json value,
            as("envelope.manifest",
               parse_json(view(frame), {.bytes = kManifestLimit, .depth = 8, .values = 4096})));
        frame = {};
        TRY(as("envelope.manifest", read_frame(value, out)));
    }
    // One manifest, one text: white space, escapes, member order and anything not looked at above.
    std::string_view left = text_view(bytes);
    bool same = true;
    out.write([&](std::string_view piece) {
        same = same && left.starts_with(piece);
        left.remove_prefix(std::min(piece.size(), left.size()));
    });
    if (!same || !left.empty())
        return bad("envelope.manifest", "not in the form that is written");
    return out;
}

} // namespace valise::envelope
