// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/opener.h"

#include "base/codec/crc32.h"
#include "crypto/equal.h"
#include "crypto/kem.h"
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
        TRY_ASSIGN(crypto::Aes256Gcm cipher, crypto::Aes256Gcm::create(out.key_));
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
    const Bytes joined = joined_hashes(manifest().segment_hashes);
    if (!crypto::constant_time_equal(root_signature(key_, joined), manifest().root_signature))
        return fail(Code::integrity, "envelope.root_signature",
                    "the root signature does not hold under the document key");
    for (const Assertion& one : manifest().assertions)
        if (!crypto::constant_time_equal(view(assertion_binding(key_, one, joined)),
                                         view(one.binding)))
            return fail(Code::integrity, "envelope.assertion_binding", one.id);
    return {};
}

Result<bool> Opener::fill(Slot& slot) const {
    if (slot.index >= manifest().segment_count())
        return false;
    slot.buffer.resize(manifest().segment_cipher(slot.index));
    TRY(container_.read_segment(slot.index, slot.buffer));
    return true;
}

Result<void> Opener::decrypt(unsigned worker, Slot& slot) {
    TRY(check_segment(result_.payload, slot.index, slot.buffer));
    if (!std::equal(slot.buffer.end() - 16, slot.buffer.end(),
                    manifest().segment_hashes[slot.index].begin()))
        return fail(Code::integrity, "envelope.segment_hash",
                    "segment " + std::to_string(slot.index) + ": tag");
    slot.crc = crc32(slot.buffer);
    crypto::GcmNonce nonce{};
    std::copy_n(slot.buffer.begin(), nonce.size(), nonce.begin());
    return ciphers_[worker].open(nonce, {}, std::span(slot.buffer).subspan(12), slot.plain());
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
