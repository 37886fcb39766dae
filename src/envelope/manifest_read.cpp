// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "envelope/internal/form.h"
#include "envelope/internal/manifest_text.h"
#include "envelope/internal/metadata.h"
#include "envelope/manifest.h"

#include <algorithm>
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

Result<void> read_members(const Json& value, Manifest& out) {
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

class ViewSource : public RandomSource {
public:
    explicit ViewSource(ByteView bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        if (offset > bytes_.size() || out.size() > bytes_.size() - offset)
            return bad("envelope.manifest", "past the end of the text");
        std::ranges::copy(bytes_.subspan(offset, out.size()), out.begin());
        return {};
    }

private:
    ByteView bytes_;
};

// One manifest, one text: white space, escapes, member order and anything not looked at before. Of
// a `cut` one, long texts were not kept but follow from what they claim: another text is tampering
// rather than another form, as it is found to be in a short one.
Result<void> expect_text(const Manifest& manifest, TextWindow text, bool cut) {
    Result<void> done;
    bool same = true;
    manifest.write([&](std::string_view piece) {
        while (same && done && !piece.empty()) {
            done = text.want();
            const std::string_view seen = text.seen().substr(0, piece.size());
            same = !seen.empty() && piece.starts_with(seen);
            text.drop(seen.size());
            piece.remove_prefix(seen.size());
        }
    });
    TRY(std::move(done));
    if (same && text.left() == 0)
        return {};
    if (cut)
        return fail(Code::integrity, "envelope.assertion_binding",
                    "what is bound is not what stands in this file");
    return bad("envelope.manifest", "not in the form that is written");
}

} // namespace

Result<void> read_frame(std::string_view text, Manifest& out) {
    TRY_ASSIGN(const Json value,
               as("envelope.manifest",
                  parse_json(view(text), {.bytes = kFrameLimit, .depth = 8, .values = 4096})));
    return as("envelope.manifest", read_members(value, out));
}

Result<Manifest> read_manifest(const RandomSource& source, std::uint64_t offset, std::uint64_t size,
                               std::size_t long_text) {
    if (size > kManifestLimit)
        return fail(Code::limit, "envelope.manifest_limit", "the manifest is too long");
    Manifest out;
    bool cut = false;
    {
        TRY_ASSIGN(ManifestFrame frame, cut_frame({source, offset, size}, long_text, out));
        TRY(read_frame(frame.text, out));
        // By order: were they another assertion's, the text would not be the same.
        for (std::size_t i = 0; i < std::min(frame.macs.size(), out.assertions.size()); ++i)
            out.assertions[i].mac = frame.macs[i];
        cut = out.leaves != nullptr || std::ranges::any_of(out.assertions, [](const auto& one) {
                  return one.mac.has_value();
              });
    }
    TRY(expect_text(out, {source, offset, size}, cut));
    return out;
}

Result<Manifest> Manifest::read(const RandomSource& source, std::uint64_t offset,
                                std::uint64_t size) {
    return read_manifest(source, offset, size, kLongText);
}

Result<Manifest> Manifest::parse(ByteView bytes) {
    return read_manifest(ViewSource(bytes), 0, bytes.size(), kLongText);
}

} // namespace valise::envelope
