// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/plain_tdf.h"

#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "envelope/internal/form.h"

namespace valise::envelope {
namespace {

constexpr std::size_t kPlainManifestLimit =
    std::size_t{10} * 1024 * 1024; // as the clients in the field
constexpr std::uint64_t kMaxPlainSegment = std::uint64_t{16} * 1024 * 1024;

std::unexpected<Error> bad(const char* reason, std::string what) {
    return fail(Code::invalid, reason, std::move(what));
}

template<class T> Result<T> as_import(Result<T> result) {
    if (!result && result.error().reason().starts_with("base."))
        return bad("envelope.import", result.error().text());
    return result;
}

Result<std::string> algorithm(ObjectReader& in, const char* name, const char* reason) {
    const auto text = in.text(name, 32);
    if (!text)
        return bad(reason, text.error().context());
    return *text;
}

Result<void> read_segments(const Json& list, std::uint64_t plain_default,
                           std::uint64_t cipher_default, PlainTdf& out) {
    if (!list.is_array())
        return bad("envelope.import", "segments");
    std::uint64_t sum = 0;
    for (const Json& one : list) {
        TRY_ASSIGN(ObjectReader in, ObjectReader::over(one, "segment"));
        PlainTdf::Segment& segment = out.segments.emplace_back();
        TRY_ASSIGN(segment.hash, in.base64("hash", 64));
        std::uint64_t plain = plain_default;
        std::uint64_t cipher = cipher_default;
        // Some writers leave out a size that is the default.
        for (const auto& [name, size] :
             {std::pair("segmentSize", &plain), std::pair("encryptedSegmentSize", &cipher)}) {
            if (!one.contains(name))
                continue;
            TRY_ASSIGN(const std::int64_t value,
                       in.integer(name, 0, kMaxPlainSegment + kSegmentOverhead));
            *size = static_cast<std::uint64_t>(value);
        }
        if (plain > kMaxPlainSegment || cipher != plain + kSegmentOverhead)
            return bad("envelope.sizes", "segment sizes");
        segment.plain = static_cast<std::uint32_t>(plain);
        segment.cipher = static_cast<std::uint32_t>(cipher);
        sum += cipher;
    }
    if (sum != out.payload_bytes)
        return bad("envelope.sizes", "the segments are not as long as the payload");
    return {};
}

Result<void> read_integrity(const Json& value, PlainTdf& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "integrityInformation"));
    TRY_ASSIGN(const Json* root, in.member("rootSignature"));
    TRY_ASSIGN(ObjectReader signature, ObjectReader::over(*root, "rootSignature"));
    TRY_ASSIGN(const std::string root_alg, algorithm(signature, "alg", "envelope.root_algorithm"));
    if (root_alg != "HS256")
        return bad("envelope.root_algorithm", "only HS256 has a key");
    TRY_ASSIGN(out.root_signature, signature.base64("sig", 64));
    TRY_ASSIGN(const std::string hash_alg,
               algorithm(in, "segmentHashAlg", "envelope.hash_algorithm"));
    if (hash_alg != "GMAC" && hash_alg != "HS256")
        return bad("envelope.hash_algorithm", "neither GMAC nor HS256");
    out.gmac = hash_alg == "GMAC";
    TRY_ASSIGN(const std::int64_t plain, in.integer("segmentSizeDefault", 0, kMaxPlainSegment));
    TRY_ASSIGN(const std::int64_t cipher,
               in.integer("encryptedSegmentSizeDefault", 0, kMaxPlainSegment + kSegmentOverhead));
    TRY_ASSIGN(const Json* list, in.member("segments"));
    return read_segments(*list, static_cast<std::uint64_t>(plain),
                         static_cast<std::uint64_t>(cipher), out);
}

// 4.4.0 has new names for some members and keeps the old ones readable.
Result<std::string> either(ObjectReader& in, const char* name, const char* other, std::size_t max) {
    TRY_ASSIGN(const std::optional<std::string> newer, in.optional_text(other, max));
    TRY_ASSIGN(const std::optional<std::string> older, in.optional_text(name, max));
    return newer.value_or(older.value_or(""));
}

Result<KeyAccess> read_one_key(const Json& value) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "keyAccess"));
    KeyAccess out;
    TRY_ASSIGN(out.type, either(in, "type", "type", 64));
    TRY_ASSIGN(out.alg, either(in, "alg", "alg", 64));
    if (out.type.empty())
        out.type = type_of_alg(out.alg);
    TRY_ASSIGN(out.url, either(in, "url", "kas", 1024));
    TRY_ASSIGN(out.kid, either(in, "kid", "kid", 256));
    TRY_ASSIGN(out.sid, either(in, "sid", "sid", 128));
    TRY_ASSIGN(const std::string wrapped, either(in, "wrappedKey", "protectedKey", 16384));
    TRY_ASSIGN(out.wrapped_key, from_base64(wrapped));
    TRY_ASSIGN(out.ephemeral_key, either(in, "ephemeralPublicKey", "ephemeralKey", 4096));
    TRY_ASSIGN(out.metadata,
               either(in, "encryptedMetadata", "encryptedMetadata", 3 * kMaxMetadata));
    TRY_ASSIGN(const Json* binding, in.member("policyBinding"));
    // Older writers: the hash itself instead of an object.
    const Json object = binding->is_object() ? *binding : Json{{"hash", *binding}};
    TRY_ASSIGN(ObjectReader hash, ObjectReader::over(object, "policyBinding"));
    TRY_ASSIGN(out.policy_binding, hash.text("hash", 88));
    return out;
}

Result<void> read_key_access(const Json& list, PlainTdf& out) {
    if (!list.is_array() || list.empty() || list.size() > kMaxKeyAccess)
        return bad("envelope.import", "not 1 to 16 key access objects");
    for (const Json& one : list) {
        TRY_ASSIGN(KeyAccess access, read_one_key(one));
        out.key_access.push_back(std::move(access));
    }
    return {};
}

Result<void> read_manifest(const Json& value, PlainTdf& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "manifest"));
    for (const char* name : {"tdf_spec_version", "schemaVersion"}) {
        TRY_ASSIGN(const std::optional<std::string> version, in.optional_text(name, 32));
        if (version && !version->empty())
            out.schema_version = *version;
    }
    out.hex_mode = out.schema_version.empty() || out.schema_version == "4.2.2";
    TRY_ASSIGN(const Json* payload, in.member("payload"));
    TRY_ASSIGN(ObjectReader reader, ObjectReader::over(*payload, "payload"));
    const auto encrypted = reader.boolean("isEncrypted");
    if (!encrypted || !*encrypted)
        return bad("envelope.not_encrypted", "isEncrypted is not true");
    TRY_ASSIGN(const std::optional<std::string> mime, reader.optional_text("mimeType", 255));
    out.mime_type = mime.value_or("");
    TRY_ASSIGN(const Json* encryption, in.member("encryptionInformation"));
    TRY_ASSIGN(ObjectReader how, ObjectReader::over(*encryption, "encryptionInformation"));
    TRY_ASSIGN(out.policy, how.text("policy", kPlainManifestLimit));
    TRY_ASSIGN(const Json* method, how.member("method"));
    TRY_ASSIGN(ObjectReader cipher, ObjectReader::over(*method, "method"));
    TRY_ASSIGN(const std::string name, cipher.text("algorithm", 32));
    if (name != "AES-256-GCM")
        return bad("envelope.import", "only AES-256-GCM is read");
    TRY_ASSIGN(const Json* keys, how.member("keyAccess"));
    TRY(read_key_access(*keys, out));
    TRY_ASSIGN(const Json* integrity, how.member("integrityInformation"));
    TRY(read_integrity(*integrity, out));
    const Json* assertions = in.optional_member("assertions");
    if (assertions != nullptr && !assertions->is_null()) {
        if (!assertions->is_array() || assertions->size() > 64)
            return bad("envelope.import", "assertions");
        out.assertions = *assertions;
    }
    return {};
}

} // namespace

Bytes PlainTdf::joined_hashes() const {
    Bytes out;
    for (const Segment& segment : segments)
        append(out, segment.hash);
    return out;
}

std::uint64_t PlainTdf::plain_bytes() const {
    std::uint64_t sum = 0;
    for (const Segment& segment : segments)
        sum += segment.plain;
    return sum;
}

Result<PlainTdf> PlainTdf::read(const RandomSource& source) {
    const auto entries = read_stored_zip(source, {.form = ZipForm::tolerant});
    if (!entries)
        return fail(zip_error(entries.error()));
    PlainTdf out;
    Bytes text;
    for (const ZipEntry& entry : *entries) {
        if (entry.name == kPayloadEntry) {
            out.payload_offset = entry.offset;
            out.payload_bytes = entry.size;
        } else if (entry.name == kManifestEntry) {
            if (entry.size > kPlainManifestLimit)
                return fail(Code::limit, "envelope.manifest_limit", "the manifest is too long");
            text.resize(entry.size);
            TRY(source.read_at(entry.offset, text));
            if (crc32(text) != entry.crc)
                return bad("envelope.zip", "checksum of the manifest");
        } else {
            return bad("envelope.zip", "an entry that is neither payload nor manifest");
        }
    }
    TRY_ASSIGN(const Json value,
               as_import(parse_json(text, {.bytes = kPlainManifestLimit, .values = 1'000'000})));
    TRY(as_import(read_manifest(value, out)));
    return out;
}

} // namespace valise::envelope
