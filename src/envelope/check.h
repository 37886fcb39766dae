// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/open.h"

namespace valise::envelope {

// What a guard, an archive or a receiver can say of a file without its key.

struct CheckedFile {
    std::optional<Verified> verified; // for a dispatch
    VerifiedPayload payload;
};

// The whole of it: container, sender or payload root, every segment, the checksum. Errors: those of
// Container::open() and verify.h; envelope.expectation, .segment_hash, .checksum.
Result<CheckedFile> verify_file(const RandomSource& file, const Expectation& expectation,
                                unsigned threads = 0);

struct SegmentRange {
    std::uint64_t first = 0;
    std::uint64_t count = 0;

    bool operator==(const SegmentRange&) const = default;
};

// Of a file that came in part: what is there and right, and what is still wanted.
struct CheckedParts {
    std::uint64_t segments = 0;
    std::uint64_t held = 0;
    std::vector<SegmentRange> wanted; // in order: missing, or not what was sealed

    bool whole() const { return wanted.empty(); }
};

// `file` holds segments at their places from `payload_offset` on, in whatever state; it may end
// anywhere. The offer's manifest, verified, says what they must be, so that a transfer goes on
// after a crash with what it has. Errors: those of the source.
Result<CheckedParts> check_parts(const VerifiedPayload& payload, const RandomSource& file,
                                 std::uint64_t payload_offset, unsigned threads = 0);

} // namespace valise::envelope
