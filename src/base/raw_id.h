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
    const auto raw = from_base32(std::string_view(id.text()).substr(prefix.size()));
    if (raw && raw->size() == out.size())
        std::copy(raw->begin(), raw->end(), out.begin());
    return out;
}

} // namespace valise
