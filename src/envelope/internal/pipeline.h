// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/manifest.h"

#include <functional>

namespace valise::envelope {

// One segment on its way. Sealed it fills the buffer: IV 12 || ciphertext || tag 16; plaintext lies
// where the ciphertext does, so that both directions work in place.
struct Slot {
    std::uint64_t index = 0;
    Bytes buffer;                 // plain size + 28
    std::uint32_t crc = 0;        // of the sealed segment; where it is only checked, 1 when right
    std::uint32_t opened_crc = 0; // when resealing, of the one before
    Hash32 leaf{};

    std::span<Byte> plain() {
        return std::span(buffer).subspan(12, buffer.size() - kSegmentOverhead);
    }
};

struct PipelineSteps {
    std::function<Result<bool>(Slot&)> fill;                  // caller's thread; false at the end
    std::function<Result<void>(unsigned worker, Slot&)> work; // any worker, any order
    std::function<Result<void>(Slot&)> drain;                 // caller's thread, in order
};

// Workers for `wanted` threads; 0 means one per core.
unsigned worker_count(unsigned wanted);

// Runs all segments through the steps with at most kMaxSlots buffers. A failed segment is reported
// when its turn comes, so the same input fails in the same place on any number of cores. Buffers
// are wiped before it returns. One segment alone starts no thread. Beside the 24 MiB that a
// tebibyte needs for its tags and leaf hashes they keep a program below 64 MiB.
inline constexpr std::size_t kMaxSlots = 12; // 24 MiB
Result<void> run_pipeline(unsigned workers, const PipelineSteps& steps);

} // namespace valise::envelope
