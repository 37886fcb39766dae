// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/aead_steps.h"
#include "envelope/internal/pipeline.h"
#include "envelope/internal/recipe.h"

namespace valise::envelope {

// The writing half, one segment at a time; seal(), reseal() and BatchSealer feed it.
class Sealer {
public:
    // Makes the key, wraps it and refuses a request that could not become a readable file, before a
    // byte is written. `recipe`, `inputs` (null at rest) and `out` must outlive it. Errors: see
    // seal().
    static Result<Sealer> create(Recipe& recipe, const StatementInputs* inputs, ByteSink& out,
                                 unsigned workers);

    Result<void> begin();
    // slot.plain() becomes a sealed segment in place. Any worker, any order. With `from` it is read
    // from there first, from where the segment stands in the document.
    Result<void> encrypt(unsigned worker, Slot& slot, const RandomSource* from = nullptr);
    Result<void> emit(const Slot& slot); // in order
    // After the last segment: what the sender has to sign; empty at rest.
    Result<Bytes> close();
    // With the signature over it; null at rest.
    Result<SealResult> finish(const SenderSignature* signature);

    std::uint64_t segments() const { return manifest_.segment_count(); }

private:
    Sealer(Recipe& recipe, const StatementInputs* inputs, ByteSink& out)
        : recipe_(&recipe), inputs_(inputs), out_(&out) {}
    Result<void> prepare();
    void bind(Assertion assertion, const Hash32& hash);
    Result<void> write_rest();
    Result<void> write(ByteView bytes);

    Recipe* recipe_;
    const StatementInputs* inputs_;
    ByteSink* out_;
    SecretBytes key_;
    std::vector<std::optional<crypto::GcmSteps>> ciphers_; // one per worker, made when it works
    Manifest manifest_;
    std::vector<Hash32> leaves_;
    SealResult result_;
    std::uint32_t crc_ = 0;
    std::uint64_t written_ = 0;
};

// close(), the request's signer, finish().
Result<SealResult> sign_and_finish(Sealer& sealer, const SealRequest& request);

} // namespace valise::envelope
