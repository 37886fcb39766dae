// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/crc32.h"
#include "crypto/hash.h"

#include <algorithm>

namespace valise::envelope {

// A block is read, encrypted and hashed before the next: it stays in a core's own cache between
// the three, which a segment of 2 MiB with its neighbours does not.
inline constexpr std::size_t kBlock = std::size_t{64} * 1024;

template<class Work> Result<void> in_blocks(std::span<Byte> whole, Work&& work) {
    for (std::size_t offset = 0; offset < whole.size(); offset += kBlock)
        TRY(work(offset, whole.subspan(offset, std::min(kBlock, whole.size() - offset))));
    return {};
}

// Leaf hash and checksum of a sealed segment that goes by in pieces.
class SegmentSums {
public:
    SegmentSums() {
        const Byte leaf = 0x00; //= RFC 9162 2.1.1
        hash_.update({&leaf, 1});
    }
    void add(ByteView bytes) {
        hash_.update(bytes);
        crc_ = crc32(bytes, crc_);
    }
    Hash32 leaf() { return hash_.finish(); } // once
    std::uint32_t crc() const { return crc_; }

private:
    crypto::Sha256 hash_;
    std::uint32_t crc_ = 0;
};

} // namespace valise::envelope
