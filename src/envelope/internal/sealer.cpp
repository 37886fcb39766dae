// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/sealer.h"

#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "crypto/merkle.h"
#include "crypto/random.h"
#include "envelope/container.h"
#include "envelope/internal/blocks.h"
#include "envelope/internal/digests.h"
#include "envelope/internal/form.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/shares.h"
#include "envelope/internal/texts.h"

#include <algorithm>

namespace valise::envelope {

Result<Sealer> Sealer::create(Recipe& recipe, const StatementInputs* inputs, ByteSink& out,
                              unsigned workers) {
    Sealer sealer(recipe, inputs, out);
    TRY(sealer.prepare());
    sealer.ciphers_.resize(workers);
    return sealer;
}

Result<void> Sealer::prepare() {
    const SealRequest& request = recipe_->request();
    key_ = crypto::random_secret(32);
    manifest_.version = request.version;
    manifest_.policy_uuid = request.policy_uuid.empty() ? random_uuid() : request.policy_uuid;
    manifest_.attributes = request.attributes;
    manifest_.policy = make_policy(manifest_.policy_uuid, manifest_.attributes);
    manifest_.mime_type =
        request.mime_type.empty() ? "application/octet-stream" : request.mime_type;
    TRY_ASSIGN(manifest_.key_access, wrap_key(key_, recipe_->recipients(), manifest_.policy,
                                              manifest_.version, request.metadata));
    // As a draft, which goes before anything is written.
    manifest_.root_signature.resize(32);
    manifest_.segment_hashes.resize(1);
    TRY(recipe_->admit(manifest_, inputs_));
    manifest_.segment_hashes.clear();
    return {};
}

Result<void> Sealer::write(ByteView bytes) {
    written_ += bytes.size();
    return out_->write(bytes);
}

Result<void> Sealer::begin() {
    return write(StoredZipWriter(kAfterPayload).begin_streamed(kPayloadEntry));
}

Result<void> Sealer::encrypt(unsigned worker, Slot& slot, const RandomSource* from) {
    if (slot.index >= kMaxSegments)
        return fail(Code::limit, "envelope.manifest_limit", "the document is too long");
    // Counter from 1, 0 being reserved for metadata; safe because the key is fresh (facts/tdf.md
    // 1.2).
    crypto::GcmNonce nonce{};
    for (std::size_t i = 0; i < 8; ++i)
        nonce[4 + i] = static_cast<Byte>((slot.index + 1) >> (8 * (7 - i)));
    std::copy(nonce.begin(), nonce.end(), slot.buffer.begin());
    auto& cipher = ciphers_[worker];
    if (!cipher) {
        TRY_ASSIGN(cipher, crypto::GcmSteps::create(key_));
    }
    TRY(cipher->seal_begin(nonce));
    SegmentSums sums;
    sums.add(nonce);
    const std::uint64_t at = slot.index * kSegmentPlain;
    const auto each = [&](std::size_t offset, std::span<Byte> block) -> Result<void> {
        if (from != nullptr)
            TRY(from->read_at(at + offset, block));
        TRY(cipher->step(block));
        sums.add(block);
        return {};
    };
    TRY(in_blocks(slot.plain(), each));
    const auto tag = std::span(slot.buffer).last<crypto::kGcmTagSize>();
    TRY(cipher->seal_end(tag));
    sums.add(tag);
    slot.leaf = sums.leaf();
    slot.crc = sums.crc();
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

// Beyond so many segments what grows with the document is kept short: see long_text.h.
constexpr std::uint64_t kShortFrom = 256;

void Sealer::bind(Assertion assertion, const Hash32& hash) {
    const ByteView joined = joined_view(manifest_.segment_hashes);
    if (segments() < kShortFrom)
        assertion.binding = assertion_binding(key_, hash, joined);
    else
        assertion.mac = assertion_mac(key_, hash, joined);
    manifest_.assertions.push_back(std::move(assertion));
}

Result<Bytes> Sealer::close() {
    ciphers_.clear(); // their key schedules need not wait for the signature
    manifest_.root_signature = root_signature(key_, joined_view(manifest_.segment_hashes));
    result_.payload_root = crypto::tree_root(leaves_);
    result_.plain_bytes = manifest_.plain_bytes;
    const auto& labels = recipe_->labels();
    for (std::size_t i = 0; i < labels.size(); ++i)
        bind(labels[i], recipe_->label_hash(i));
    const bool in_short = segments() >= kShortFrom;
    Assertion tree =
        make_assertion(kPayloadTreeId, tree_value(in_short ? std::vector<Hash32>() : leaves_,
                                                  manifest_.frame_digest()));
    if (in_short)
        manifest_.leaves = std::make_shared<const std::vector<Hash32>>(std::move(leaves_));
    else
        tree.text = unbound_text(tree);
    const Hash32 hash = in_short ? long_hash(manifest_, tree) : assertion_hash(tree);
    bind(std::move(tree), hash);
    if (inputs_ != nullptr) {
        const Statement statement{*inputs_, digests_of(manifest_, result_.payload_root)};
        TRY(statement.check());
        result_.statement = statement.bytes();
    }
    return result_.statement;
}

Result<SealResult> Sealer::finish(const SenderSignature* signature) {
    if ((signature == nullptr) != (inputs_ == nullptr))
        return fail(Code::internal, "envelope.request", "a signature without a statement");
    if (signature != nullptr) {
        Assertion sender = make_assertion(kSenderId, sender_value(result_.statement, *signature));
        sender.text = unbound_text(sender);
        const Hash32 hash = assertion_hash(sender);
        bind(std::move(sender), hash);
    }
    TRY(write_rest());
    result_.container_bytes = written_;
    return std::move(result_);
}

// The zip names length and checksum before the manifest. A small one is made once; a long one that
// nobody wants is made twice rather than kept.
Result<void> Sealer::write_rest() {
    const bool whole = recipe_->request().manifest_wanted || segments() < kShortFrom;
    Bytes text = whole ? manifest_.bytes() : Bytes();
    std::uint64_t size = text.size();
    std::uint32_t crc = crc32(text);
    if (!whole)
        manifest_.write([&](std::string_view piece) {
            size += piece.size();
            crc = crc32(view(piece), crc);
        });
    TRY_ASSIGN(const ContainerTail tail,
               container_tail_around(size, crc, manifest_.payload_bytes(), crc_));
    TRY(write(tail.before));
    Result<void> done = whole ? write(text) : Result<void>();
    if (!whole)
        manifest_.write([&](std::string_view piece) {
            if (done)
                done = write(view(piece));
        });
    TRY(std::move(done));
    manifest_ = {};
    if (recipe_->request().manifest_wanted)
        result_.manifest = std::move(text);
    return write(tail.after);
}

Result<SealResult> sign_and_finish(Sealer& sealer, const SealRequest& request) {
    TRY_ASSIGN(const Bytes statement, sealer.close());
    if (!request.statement)
        return sealer.finish(nullptr);
    TRY_ASSIGN(const SenderSignature signature, request.sign(statement));
    return sealer.finish(&signature);
}

} // namespace valise::envelope
