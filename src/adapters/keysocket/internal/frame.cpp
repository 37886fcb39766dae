// SPDX-License-Identifier: Apache-2.0
#include "adapters/keysocket/internal/frame.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::adapters::keysocket {

std::unexpected<Error> bad_frame(std::string_view what) {
    return fail(Code::invalid, "adapters.keys_frame", std::string(what));
}

Result<SecretBytes> FrameWriter::bytes(Json header) const {
    if (refused_ != nullptr)
        return bad_frame(refused_);
    Json sizes = Json::array();
    std::size_t total = 0;
    for (const ByteView part : parts_) {
        sizes.push_back(part.size());
        total += part.size();
    }
    header["parts"] = std::move(sizes);
    const std::string text = canonical_json(header);
    total += 4 + text.size();
    if (total > kMaxFrame || text.size() > kMaxHeader)
        return fail(Code::limit, "adapters.keys_limit",
                    fmt::format("a frame has at most {} bytes, this one {}", kMaxFrame, total));
    Bytes front;
    append_u32(front, static_cast<std::uint32_t>(total));
    append_u32(front, static_cast<std::uint32_t>(text.size()));
    append(front, text);
    // Sized once: a vector that grows would leave copies of secrets behind.
    SecretBytes frame(4 + total);
    auto out = frame.write(SecretAccess::because("frame")).begin();
    out = std::ranges::copy(front, out).out;
    for (const ByteView part : parts_)
        out = std::ranges::copy(part, out).out;
    return frame;
}

Result<FrameReader> FrameReader::over(ByteView payload) {
    if (payload.size() < 4)
        return bad_frame("too short");
    const std::uint32_t header_size = read_u32(payload.first<4>());
    ByteView rest = payload.subspan(4);
    if (header_size > rest.size() || header_size > kMaxHeader)
        return bad_frame("size of the header");
    auto header = parse_canonical_json(rest.first(header_size),
                                       {.bytes = kMaxHeader, .depth = 8, .values = 100'000});
    if (!header)
        return bad_frame(header.error().context());
    rest = rest.subspan(header_size);
    FrameReader reader;
    reader.header_ = std::move(*header);
    if (!reader.header_.is_object() || !reader.header_.contains("parts") ||
        !reader.header_["parts"].is_array())
        return bad_frame("no list of parts");
    for (const Json& size : reader.header_["parts"]) {
        const std::int64_t number = size.is_number_integer() ? size.get<std::int64_t>() : -1;
        const auto count = static_cast<std::uint64_t>(number);
        if (number < 0 || count > rest.size())
            return bad_frame("size of a part");
        reader.parts_.push_back(rest.first(static_cast<std::size_t>(count)));
        rest = rest.subspan(static_cast<std::size_t>(count));
    }
    if (!rest.empty())
        return bad_frame("bytes behind the last part");
    reader.header_.erase("parts");
    return reader;
}

Result<ByteView> FrameReader::take(std::int64_t index) {
    if (index < 0 || static_cast<std::size_t>(index) != next_ || next_ >= parts_.size())
        return bad_frame("parts out of order");
    return parts_[next_++];
}

Result<void> FrameReader::done() const {
    if (next_ != parts_.size())
        return bad_frame("a part that nobody names");
    return {};
}

} // namespace valise::adapters::keysocket
