// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/opener.h"

#include "base/codec/crc32.h"
#include "crypto/equal.h"
#include "crypto/kem.h"
#include "envelope/internal/blocks.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/shares.h"

#include <algorithm>

namespace valise::envelope {

Result<Opener> Opener::create(const RandomSource& source, const ShareProvider& shares,
                              const Expectation& expectation, unsigned workers) {
    TRY_ASSIGN(Container container, Container::open(source));
    Opener out(std::move(container));
    TRY_ASSIGN(out.result_, meet(out.manifest(), expectation));
    TRY(out.unwrap(shares));
    TRY(out.check_macs());
    for (unsigned i = 0; i < workers; ++i) {
        TRY_ASSIGN(crypto::GcmSteps cipher, crypto::GcmSteps::create(out.key_));
        out.ciphers_.push_back(std::move(cipher));
    }
    return out;
}

Result<Opened> meet(const Manifest& manifest, const Expectation& expectation) {
    if (expectation.sender == nullptr && !expectation.payload_root)
        return fail(Code::invalid, "envelope.expectation", "neither a sender nor a payload root");
    Opened out;
    if (expectation.sender != nullptr) {
        TRY_ASSIGN(Verified verified,
                   verify_statement(manifest, *expectation.sender, expectation.sender_party,
                                    expectation.recipient_party));
        out.payload = verified.payload();
        out.verified = std::move(verified);
    }
    if (expectation.payload_root) {
        TRY_ASSIGN(out.payload, expect_root(manifest, *expectation.payload_root));
    }
    out.mime_type = manifest.mime_type;
    return out;
}

Result<void> Opener::unwrap(const ShareProvider& shares) {
    const auto bound = [&](const KeyAccess& access, const SecretBytes& share) {
        return crypto::constant_time_equal(
            view(policy_binding(share, manifest().policy, manifest().version)),
            view(access.policy_binding));
    };
    TRY_ASSIGN(key_, join_shares(manifest().key_access, shares, bound, result_.metadata));
    return {};
}

// The root also commits to the key: no second key opens the same segments to something else.
Result<void> Opener::check_macs() const {
    const ByteView joined = joined_view(manifest().segment_hashes);
    if (!crypto::constant_time_equal(root_signature(key_, joined), manifest().root_signature))
        return fail(Code::integrity, "envelope.root_signature",
                    "the root signature does not hold under the document key");
    return check_bindings(key_, manifest());
}

bool Opener::place(Slot& slot) const {
    if (slot.index >= manifest().segment_count())
        return false;
    slot.buffer.resize(manifest().segment_cipher(slot.index));
    return true;
}

Result<bool> Opener::fill(Slot& slot) const {
    if (!place(slot))
        return false;
    TRY(container_.read_segment(slot.index, slot.buffer));
    return true;
}

Result<void> Opener::decrypt(unsigned worker, Slot& slot) {
    return decrypt(worker, slot, nullptr);
}

Result<void> Opener::read_and_decrypt(unsigned worker, Slot& slot) {
    return decrypt(worker, slot, &container_);
}

// The slot is plaintext only when leaf hash, tag and AEAD hold; else it is wiped.
Result<void> Opener::decrypt(unsigned worker, Slot& slot, const Container* from) {
    const auto refuse = [&](Error error) -> Result<void> {
        wipe(slot.buffer);
        return fail(std::move(error));
    };
    const auto sealed = std::span(slot.buffer);
    const std::uint64_t n = slot.index;
    if (n >= result_.payload.leaves().size() || sealed.size() != result_.payload.segment_cipher(n))
        return fail(Code::integrity, "envelope.segment_hash", "segment " + std::to_string(n));
    const auto tag = sealed.last<crypto::kGcmTagSize>();
    if (from != nullptr) {
        TRY(from->read_part(n, 0, sealed.first(crypto::kGcmNonceSize)));
        TRY(from->read_part(n, sealed.size() - tag.size(), tag));
    }
    SegmentSums sums;
    sums.add(sealed.first(crypto::kGcmNonceSize));
    crypto::GcmSteps& cipher = ciphers_[worker];
    TRY(cipher.open_begin(sealed.first<crypto::kGcmNonceSize>()));
    const auto each = [&](std::size_t offset, std::span<Byte> block) -> Result<void> {
        if (from != nullptr)
            TRY(from->read_part(n, crypto::kGcmNonceSize + offset, block));
        sums.add(block);
        return cipher.step(block);
    };
    if (auto done = in_blocks(slot.plain(), each); !done)
        return refuse(std::move(done).error());
    sums.add(tag);
    slot.crc = sums.crc();
    const Error hash(Code::integrity, "envelope.segment_hash", "segment " + std::to_string(n));
    if (sums.leaf() != result_.payload.leaves()[n] ||
        !std::equal(tag.begin(), tag.end(), manifest().segment_hashes[n].begin()))
        return refuse(hash);
    if (auto done = cipher.open_end(tag); !done)
        return refuse(std::move(done).error());
    return {};
}

void Opener::count(std::uint32_t crc, std::size_t cipher_bytes) {
    crc_ = crc32_join(crc_, crc, cipher_bytes);
}

Result<void> Opener::finish() const {
    if (crc_ != container_.payload_crc())
        return fail(Code::integrity, "envelope.checksum", "checksum of the payload");
    return {};
}

} // namespace valise::envelope
