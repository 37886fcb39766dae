// SPDX-License-Identifier: Apache-2.0
#include "envelope/check.h"

#include "base/codec/crc32.h"
#include "envelope/internal/opener.h"
#include "envelope/internal/pipeline.h"

namespace valise::envelope {

Result<CheckedFile> verify_file(const RandomSource& file, const Expectation& expectation,
                                unsigned threads) {
    TRY_ASSIGN(const Container container, Container::open(file));
    TRY_ASSIGN(Opened met, meet(container.manifest(), expectation));
    std::uint32_t crc = 0;
    const PipelineSteps steps{.fill = [&](Slot& slot) -> Result<bool> {
                                  if (slot.index >= met.payload.leaves().size())
                                      return false;
                                  slot.buffer.resize(met.payload.segment_cipher(slot.index));
                                  TRY(container.read_segment(slot.index, slot.buffer));
                                  return true;
                              },
                              .work = [&](unsigned, Slot& slot) -> Result<void> {
                                  slot.crc = crc32(slot.buffer);
                                  return check_segment(met.payload, slot.index, slot.buffer);
                              },
                              .drain = [&](Slot& slot) -> Result<void> {
                                  crc = crc32_join(crc, slot.crc, slot.buffer.size());
                                  return {};
                              }};
    TRY(run_pipeline(worker_count(threads), steps));
    if (crc != container.payload_crc())
        return fail(Code::integrity, "envelope.checksum", "checksum of the payload");
    return CheckedFile{std::move(met.verified), std::move(met.payload)};
}

Result<CheckedParts> check_parts(const VerifiedPayload& payload, const RandomSource& file,
                                 std::uint64_t payload_offset, unsigned threads) {
    CheckedParts out;
    out.segments = payload.leaves().size();
    const std::uint64_t there = file.size() > payload_offset ? file.size() - payload_offset : 0;
    const auto want = [&](std::uint64_t n) {
        if (!out.wanted.empty() && out.wanted.back().first + out.wanted.back().count == n)
            ++out.wanted.back().count;
        else
            out.wanted.push_back({n, 1});
    };
    const PipelineSteps steps{.fill = [&](Slot& slot) -> Result<bool> {
                                  if (slot.index >= out.segments)
                                      return false;
                                  const std::uint64_t at = slot.index * kSegmentCipher;
                                  const std::uint32_t size = payload.segment_cipher(slot.index);
                                  slot.buffer.resize(at + size <= there ? size : 0);
                                  if (!slot.buffer.empty())
                                      TRY(file.read_at(payload_offset + at, slot.buffer));
                                  return true;
                              },
                              .work = [&](unsigned, Slot& slot) -> Result<void> {
                                  slot.crc =
                                      check_segment(payload, slot.index, slot.buffer) ? 1 : 0;
                                  return {};
                              },
                              .drain = [&](Slot& slot) -> Result<void> {
                                  if (slot.crc == 1)
                                      ++out.held;
                                  else
                                      want(slot.index);
                                  return {};
                              }};
    TRY(run_pipeline(worker_count(threads), steps));
    return out;
}

} // namespace valise::envelope
