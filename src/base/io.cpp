// SPDX-License-Identifier: Apache-2.0
#include "base/io.h"

#include <algorithm>

namespace valise {

Result<std::size_t> MemorySource::read(std::span<Byte> out) {
    const std::size_t count = std::min(out.size(), bytes_.size() - position_);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), count, out.begin());
    position_ += count;
    return count;
}

Result<void> MemorySource::read_at(std::uint64_t offset, std::span<Byte> out) const {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset)
        return fail(Code::invalid, "base.short_read", "past the end");
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
}

} // namespace valise
