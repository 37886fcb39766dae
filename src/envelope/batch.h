// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/codec/json.h"
#include "crypto/hybrid_sign.h"

namespace valise::envelope {

// One hybrid signature covers a batch of statements of one sender for one receiver, because
// ML-DSA-87 signs some 800 times a second on a core. Each statement carries its own path.
struct SenderSignature {
    std::int64_t index = 0;
    std::int64_t size = 1;    // statements in the batch, at most kMaxBatch
    std::vector<Hash32> path; // RFC 9162 inclusion path, empty for a batch of one
    Bytes signature;          // ed25519 (64) || ml-dsa-87 (4627)

    Json json() const;
    // Errors: envelope.signature_form.
    static Result<SenderSignature> from_json(const Json& value);

    bool operator==(const SenderSignature&) const = default;
};

inline constexpr std::int64_t kMaxBatch = 1 << 20;

// SHA-256(0x00 || "valise/statement/v1\0" || statement).
Hash32 batch_leaf(ByteView statement);

// "valise/batch/v1\0" || u16 len sender || u16 len recipient || u64 size || root. Party codes are
// inside, so that a batch for one receiver cannot be shown to another.
Bytes batch_bytes(std::string_view sender, std::string_view recipient, std::uint64_t size,
                  const Hash32& root);

// Signs all statements with one signature, in order. Errors: envelope.batch, those of the signer.
Result<std::vector<SenderSignature>> sign_batch(const std::vector<Bytes>& statements,
                                                std::string_view sender, std::string_view recipient,
                                                const crypto::HybridSigner& signer);

// Both halves of the signature must hold. Errors: integrity envelope.signature.
Result<void> verify_batch(ByteView statement, const SenderSignature& signature,
                          std::string_view sender, std::string_view recipient,
                          const crypto::HybridVerifier& verifier);

} // namespace valise::envelope
