// SPDX-License-Identifier: Apache-2.0
#include "envelope/export.h"

#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "envelope/internal/form.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/shares.h"

namespace valise::envelope {
namespace {

constexpr std::size_t kFieldManifest = std::size_t{10} * 1024 * 1024;
constexpr std::uint32_t kSmallest = 16 * 1024;
constexpr std::uint32_t kLargest = 4 * 1024 * 1024 - kSegmentOverhead;

const SecretAccess kMac = SecretAccess::because("a plain TDF is made under its key");

class Exporter {
public:
    Exporter(const ExportRequest& request, ByteSink& out) : request_(request), out_(out) {}

    Result<std::uint64_t> run(ByteSource& plain) {
        TRY(prepare());
        TRY(write(zip_.begin_streamed(kPayloadEntry)));
        TRY(segments(plain));
        TRY(write(zip_.end_streamed(payload_bytes_, crc_)));
        const Bytes text = to_bytes(canonical_json(manifest()));
        if (text.size() > kFieldManifest)
            return fail(Code::limit, "envelope.manifest_limit", "no client would read it");
        TRY(write(zip_.add(kManifestEntry, text.size(), crc32(text))));
        TRY(write(text));
        TRY(write(zip_.finish()));
        return written_;
    }

private:
    Result<void> prepare() {
        if (request_.recipients.empty() || request_.recipients.size() > kMaxKeyAccess ||
            request_.segment_plain < kSmallest || request_.segment_plain > kLargest ||
            request_.metadata.size() > kMaxMetadata)
            return fail(Code::invalid, "envelope.request", "recipients, segment size or metadata");
        policy_ = make_policy(request_.policy_uuid.empty() ? random_uuid() : request_.policy_uuid,
                              request_.attributes);
        TRY_ASSIGN(const auto wrapped,
                   wrap_key(key_, request_.recipients, policy_,
                            request_.raw_binding ? TdfVersion::v4_4_0 : TdfVersion::v4_3_0,
                            request_.metadata));
        for (KeyAccess one : wrapped) {
            one.alg.clear(); // 4.4.0's binding alone: some writers of 4.3.0 have it already
            key_access_.push_back(one.json());
        }
        return {};
    }

    Result<void> write(ByteView bytes) {
        written_ += bytes.size();
        return out_.write(bytes);
    }

    Result<std::size_t> fill(ByteSource& plain, std::span<Byte> out) {
        std::size_t held = 0;
        while (held < out.size()) {
            TRY_ASSIGN(const std::size_t count, plain.read(out.subspan(held)));
            if (count == 0)
                break;
            held += count;
        }
        return held;
    }

    Result<void> segments(ByteSource& plain) {
        TRY_ASSIGN(crypto::Aes256Gcm cipher, crypto::Aes256Gcm::create(key_));
        SecretBytes buffer(request_.segment_plain);
        for (std::uint64_t n = 0;; ++n) {
            TRY_ASSIGN(const std::size_t held, fill(plain, buffer.write(kMac)));
            if (held == 0 && n > 0)
                return {};
            TRY(segment(cipher, n, buffer.read(kMac).first(held)));
            if (held < buffer.size())
                return {};
        }
    }

    Result<void> segment(crypto::Aes256Gcm& cipher, std::uint64_t n, ByteView plain) {
        crypto::GcmNonce nonce{};
        for (std::size_t i = 0; i < 8; ++i)
            nonce[4 + i] = static_cast<Byte>((n + 1) >> (8 * (7 - i)));
        Bytes sealed = to_bytes(nonce);
        sealed.resize(plain.size() + kSegmentOverhead);
        TRY(cipher.seal(nonce, {}, plain, std::span(sealed).subspan(nonce.size())));
        const Bytes hash = request_.segment_hmac
                               ? to_bytes(crypto::hmac_sha256(key_.read(kMac), sealed))
                               : to_bytes(ByteView(sealed).last(crypto::kGcmTagSize));
        const Bytes shown = in_mode(hash);
        append(joined_, shown);
        rows_.push_back(Json{{"hash", to_base64(shown)},
                             {"segmentSize", plain.size()},
                             {"encryptedSegmentSize", sealed.size()}});
        if (rows_.size() * 80 > kFieldManifest)
            return fail(Code::limit, "envelope.manifest_limit", "no client would read it");
        payload_bytes_ += sealed.size();
        crc_ = crc32_join(crc_, crc32(sealed), sealed.size());
        return write(sealed);
    }

    Bytes in_mode(ByteView hash) const {
        return request_.hex_mode ? to_bytes(to_hex(hash)) : to_bytes(hash);
    }

    void add_label(Json& list, std::string_view id, const std::string& value) const {
        if (value.empty())
            return;
        Assertion assertion = make_assertion(id, value);
        assertion.binding = request_.hex_mode ? assertion_binding_hex(key_, assertion, joined_)
                                              : assertion_binding(key_, assertion, joined_);
        list.push_back(assertion.json());
    }

    Json manifest() const {
        Json assertions = Json::array();
        add_label(assertions, kLabelXmlId, request_.label_xml);
        add_label(assertions, kLabelJsonId, request_.label_5636);
        const Bytes root = in_mode(crypto::hmac_sha256(key_.read(kMac), joined_));
        const Json integrity = {
            {"encryptedSegmentSizeDefault", request_.segment_plain + kSegmentOverhead},
            {"rootSignature", {{"alg", "HS256"}, {"sig", to_base64(root)}}},
            {"segmentHashAlg", request_.segment_hmac ? "HS256" : "GMAC"},
            {"segmentSizeDefault", request_.segment_plain},
            {"segments", rows_}};
        Manifest section;
        section.mime_type =
            request_.mime_type.empty() ? "application/octet-stream" : request_.mime_type;
        Json out = {{"assertions", std::move(assertions)},
                    {"encryptionInformation",
                     {{"integrityInformation", integrity},
                      {"keyAccess", key_access_},
                      {"method", Manifest::method_section()},
                      {"policy", policy_},
                      {"type", "split"}}},
                    {"payload", section.payload_section()}};
        if (!request_.hex_mode) // its absence is what turns readers to hexadecimal text
            out["schemaVersion"] = to_string(TdfVersion::v4_3_0);
        return out;
    }

    const ExportRequest& request_;
    ByteSink& out_;
    SecretBytes key_ = crypto::random_secret(crypto::kShareSize);
    std::string policy_;
    Json key_access_ = Json::array();
    Json rows_ = Json::array();
    Bytes joined_;
    StoredZipWriter zip_{kAfterPayload};
    std::uint64_t payload_bytes_ = 0;
    std::uint64_t written_ = 0;
    std::uint32_t crc_ = 0;
};

} // namespace

Result<std::uint64_t> export_tdf(ByteSource& plain, ByteSink& out, const ExportRequest& request) {
    return Exporter(request, out).run(plain);
}

} // namespace valise::envelope
