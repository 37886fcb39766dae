// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/aead_steps.h"
#include "envelope/internal/pipeline.h"
#include "envelope/open.h"

namespace valise::envelope {

// What is known beforehand holds for this manifest; needs no key. Errors: see open().
Result<Opened> meet(const Manifest& manifest, const Expectation& expectation);

// The reading half, one segment at a time; open() and reseal() drive it.
class Opener {
public:
    // Everything that can be checked before a segment is read has been checked when it returns.
    // `source` must outlive it. Errors: see open().
    static Result<Opener> create(const RandomSource& source, const ShareProvider& shares,
                                 const Expectation& expectation, unsigned workers);

    Result<bool> fill(Slot& slot) const;
    // The sealed segment in the slot becomes plaintext in place. Any worker, any order.
    Result<void> decrypt(unsigned worker, Slot& slot);
    // The same, read by the worker itself; the slot has the segment's size.
    Result<void> read_and_decrypt(unsigned worker, Slot& slot);
    bool place(Slot& slot) const; // makes room for segment slot.index; false at the end
    void count(std::uint32_t crc, std::size_t cipher_bytes); // in order
    Result<void> finish() const;

    const Opened& result() const { return result_; }
    Opened take_result() { return std::move(result_); }
    const Manifest& manifest() const { return container_.manifest(); }

private:
    explicit Opener(Container container) : container_(std::move(container)) {}
    Result<void> unwrap(const ShareProvider& shares);
    Result<void> check_macs() const;
    Result<void> decrypt(unsigned worker, Slot& slot, const Container* from);

    Container container_;
    Opened result_;
    SecretBytes key_;
    std::vector<crypto::GcmSteps> ciphers_; // one per worker
    std::uint32_t crc_ = 0;
};

} // namespace valise::envelope
