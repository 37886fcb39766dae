// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"

#include <algorithm>
#include <array>

namespace valise {

// The ten bytes of an id, for where a million of them are held; zeros of an empty one. Id::of() is
// the way back.
using RawId = std::array<Byte, 10>;

template<class Tag> RawId raw_id(const Id<Tag>& id) {
    RawId out{};
    const std::string_view prefix = Tag::kPrefix;
    if (id.empty())
        return out;
    // Sixteen symbols, as every id that exists has: without taking memory for each.
    std::uint64_t bits = 0;
    std::size_t at = 0;
    unsigned held = 0;
    for (const char c : std::string_view(id.text()).substr(prefix.size())) {
        bits = bits << 5U | static_cast<std::uint64_t>(c <= '7' ? c - '2' + 26 : c - 'a');
        held += 5;
        if (held >= 8 && at < out.size()) {
            held -= 8;
            out[at++] = static_cast<Byte>(bits >> held);
        }
    }
    return out;
}

} // namespace valise
