// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/open.h"

#include <memory>

namespace valise::envelope {

// The plaintext of one sealed file at any place, without reading what lies before. All that open()
// checks before its first byte is checked by create(); each segment is checked before a byte of it
// is given. One segment is kept in memory, and wiped. One thread at a time.
class SealedReader {
public:
    // `source` must outlive it. Errors: those of open().
    static Result<SealedReader> create(const RandomSource& source, const ShareProvider& shares,
                                       const Expectation& expectation);
    SealedReader(SealedReader&&) noexcept;
    SealedReader& operator=(SealedReader&&) noexcept;
    ~SealedReader();

    const Opened& opened() const;
    std::uint64_t size() const; // of the plaintext
    // Fills all of `out`. Errors: invalid envelope.range (past the end); integrity
    // envelope.segment_hash, crypto.aead; those of the source.
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out);

private:
    struct State;
    explicit SealedReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace valise::envelope
