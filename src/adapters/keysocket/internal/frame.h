// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/codec/json.h"
#include "base/secret.h"

#include <vector>

namespace valise::adapters::keysocket {

// A frame on the socket: u32 size of the rest | u32 size of the header | header, canonical JSON |
// parts. The header's "parts" lists the sizes of the parts; every binary value or text of the
// message is a part, and the header holds its number. Numbers count up in the order in which the
// protocol names the values, so one message has one form.
inline constexpr std::size_t kMaxFrame = 80 << 20; // without the size in front
inline constexpr std::size_t kMaxHeader = 1 << 20;
inline constexpr std::int64_t kMaxNumber = (std::int64_t{1} << 53) - 1;

// Collects the parts of a frame; they are borrowed until bytes().
class FrameWriter {
public:
    std::int64_t add(ByteView part) {
        parts_.push_back(part);
        return static_cast<std::int64_t>(parts_.size()) - 1;
    }
    void refuse(const char* why) { refused_ = why; }
    // The whole frame, size in front. Errors: limit adapters.keys_limit; invalid
    // adapters.keys_frame where a value could not be written.
    Result<SecretBytes> bytes(Json header) const;

private:
    std::vector<ByteView> parts_;
    const char* refused_ = nullptr;
};

// The frame without the size in front, as views into `payload`. Errors: invalid
// adapters.keys_frame.
class FrameReader {
public:
    static Result<FrameReader> over(ByteView payload);

    const Json& header() const { return header_; }
    // The next part, which must be number `index`.
    Result<ByteView> take(std::int64_t index);
    // Every part was taken.
    Result<void> done() const;

private:
    Json header_; // without "parts"
    std::vector<ByteView> parts_;
    std::size_t next_ = 0;
};

std::unexpected<Error> bad_frame(std::string_view what);

} // namespace valise::adapters::keysocket
