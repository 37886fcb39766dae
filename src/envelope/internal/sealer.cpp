// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/sealer.h"

#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "crypto/merkle.h"
#include "crypto/random.h"
#include "envelope/container.h"
#include "envelope/internal/digests.h"
#include "envelope/internal/form.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/shares.h"

#include <algorithm>

namespace valise::envelope {

Result<Sealer> Sealer::create(const SealRequest& request, ByteSink& out, unsigned workers) {
    Sealer sealer(request, out);
    TRY(sealer.prepare());
    for (unsigned i = 0; i < workers; ++i) {
        TRY_ASSIGN(crypto::Aes256Gcm cipher, crypto::Aes256Gcm::create(sealer.key_));
        sealer.ciphers_.push_back(std::move(cipher));
    }
    return sealer;
}

Result<void> Sealer::prepare() {
    if (request_->recipients.empty() || request_->recipients.size() > kMaxKeyAccess)
        return fail(Code::invalid, "envelope.request", "1 to 16 recipients");
    if (request_->statement.has_value() != static_cast<bool>(request_->sign))
        return fail(Code::invalid, "envelope.request", "a statement needs a signer");
    if (request_->metadata.size() > kMaxMetadata)
        return fail(Code::invalid, "envelope.request", "the metadata is too long");
    key_ = crypto::random_secret(32);
    manifest_.version = request_->version;
    manifest_.policy_uuid = request_->policy_uuid.empty() ? random_uuid() : request_->policy_uuid;
    manifest_.attributes = request_->attributes;
    manifest_.policy = make_policy(manifest_.policy_uuid, manifest_.attributes);
    manifest_.mime_type =
        request_->mime_type.empty() ? "application/octet-stream" : request_->mime_type;
    TRY_ASSIGN(manifest_.key_access, wrap_key(key_, request_->recipients, manifest_.policy,
                                              manifest_.version, request_->metadata));
    return check_request();
}

// The reader's own rules on the file that this request would become.
Result<void> Sealer::check_request() const {
    if (request_->label_xml.empty() != request_->label_5636.empty() ||
        (request_->statement && request_->label_xml.empty()))
        return fail(Code::invalid, "envelope.label_missing", "a label needs both of its forms");
    if (request_->statement && request_->attributes.empty())
        return fail(Code::invalid, "envelope.policy", "a dispatch without data attributes");
    Manifest draft = manifest_;
    draft.root_signature.resize(32);
    draft.segment_hashes.resize(1);
    if (!request_->label_xml.empty()) {
        draft.assertions.push_back(make_assertion(kLabelXmlId, request_->label_xml));
        draft.assertions.push_back(make_assertion(kLabelJsonId, request_->label_5636));
    }
    draft.assertions.push_back(
        make_assertion(kPayloadTreeId, tree_value({Hash32{}}, draft.frame_digest())));
    const auto read = Manifest::parse(draft.bytes());
    if (!read)
        return fail(Code::invalid, "envelope.request", read.error().text());
    if (!request_->label_xml.empty())
        TRY(labels_agree(draft,
                         request_->statement ? &request_->statement->classification : nullptr,
                         Code::invalid));
    if (request_->statement)
        TRY(Statement::make(*request_->statement, digests_of(draft, Hash32{})));
    return {};
}

Result<void> Sealer::write(ByteView bytes) {
    written_ += bytes.size();
    return out_->write(bytes);
}

Result<void> Sealer::begin() {
    return write(StoredZipWriter(kAfterPayload).begin_streamed(kPayloadEntry));
}

Result<void> Sealer::encrypt(unsigned worker, Slot& slot) {
    if (slot.index >= kMaxSegments)
        return fail(Code::limit, "envelope.manifest_limit", "the document is too long");
    // Counter from 1, 0 being reserved for metadata; safe because the key is fresh (facts/tdf.md
    // 1.2).
    crypto::GcmNonce nonce{};
    for (std::size_t i = 0; i < 8; ++i)
        nonce[4 + i] = static_cast<Byte>((slot.index + 1) >> (8 * (7 - i)));
    std::copy(nonce.begin(), nonce.end(), slot.buffer.begin());
    TRY(ciphers_[worker].seal(nonce, {}, slot.plain(), std::span(slot.buffer).subspan(12)));
    slot.leaf = crypto::leaf_hash(slot.buffer);
    slot.crc = crc32(slot.buffer);
    return {};
}

Result<void> Sealer::emit(const Slot& slot) {
    leaves_.push_back(slot.leaf);
    SegmentTag& tag = manifest_.segment_hashes.emplace_back();
    std::copy(slot.buffer.end() - 16, slot.buffer.end(), tag.begin());
    manifest_.plain_bytes += slot.buffer.size() - kSegmentOverhead;
    crc_ = crc32_join(crc_, slot.crc, slot.buffer.size());
    return write(slot.buffer);
}

void Sealer::bind(Assertion assertion, ByteView joined) {
    assertion.binding = assertion_binding(key_, assertion, joined);
    manifest_.assertions.push_back(std::move(assertion));
}

Result<Bytes> Sealer::sign(const Hash32& payload_root) {
    TRY_ASSIGN(const Statement statement,
               Statement::make(*request_->statement, digests_of(manifest_, payload_root)));
    Bytes bytes = statement.bytes();
    TRY_ASSIGN(const SenderSignature signature, request_->sign(bytes));
    bind(make_assertion(kSenderId, sender_value(bytes, signature)),
         joined_hashes(manifest_.segment_hashes));
    return bytes;
}

Result<SealResult> Sealer::finish() {
    SealResult out;
    const Bytes joined = joined_hashes(manifest_.segment_hashes);
    manifest_.root_signature = root_signature(key_, joined);
    out.payload_root = crypto::tree_root(leaves_);
    out.plain_bytes = manifest_.plain_bytes;
    if (!request_->label_xml.empty()) {
        bind(make_assertion(kLabelXmlId, request_->label_xml), joined);
        bind(make_assertion(kLabelJsonId, request_->label_5636), joined);
    }
    bind(make_assertion(kPayloadTreeId, tree_value(leaves_, manifest_.frame_digest())), joined);
    if (request_->statement) {
        TRY_ASSIGN(out.statement, sign(out.payload_root));
    }
    out.manifest = manifest_.bytes();
    const std::uint64_t payload_bytes = manifest_.payload_bytes();
    manifest_ = {}; // its texts stand in the bytes
    TRY_ASSIGN(const ContainerTail tail, container_tail_around(out.manifest, payload_bytes, crc_));
    TRY(write(tail.before));
    TRY(write(out.manifest));
    TRY(write(tail.after));
    out.container_bytes = written_;
    return out;
}

} // namespace valise::envelope
