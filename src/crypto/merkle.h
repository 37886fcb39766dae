// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <vector>

namespace valise::crypto {

// The Merkle tree hash over SHA-256. //= RFC 9162 2.1.1
// A leaf and a node are hashed under different first bytes: otherwise two leaf hashes side by side
// could be passed off as an entry.
Hash32 leaf_hash(ByteView entry);
Hash32 node_hash(const Hash32& left, const Hash32& right);
Hash32 empty_root();
Hash32 tree_root(std::span<const Hash32> leaf_hashes);

// The roots of the complete subtrees that a tree of `size` leaves consists of, largest first: all
// that appending needs, in memory that grows with log2 of the size.
class CompactRange {
public:
    CompactRange() = default;
    // From what size() and peaks() gave before. Errors: crypto.merkle_peaks.
    static Result<CompactRange> restore(std::uint64_t size, std::vector<Hash32> peaks);

    void append(const Hash32& leaf_hash);
    std::uint64_t size() const { return size_; }
    Hash32 root() const;
    const std::vector<Hash32>& peaks() const { return peaks_; }

private:
    std::uint64_t size_ = 0;
    std::vector<Hash32> peaks_;
};

// The inclusion path of leaf `index` in a tree held in memory, deepest sibling first.
// //= RFC 9162 2.1.3.1
// Errors: crypto.merkle_index.
Result<std::vector<Hash32>> inclusion_path(std::span<const Hash32> leaf_hashes,
                                           std::uint64_t index);

// The root that a path leads to; the caller compares it with a root that is signed.
// //= RFC 9162 2.1.3.2
// Errors: crypto.merkle_index (index not below size), crypto.merkle_path (wrong length).
Result<Hash32> root_from_path(std::uint64_t index, std::uint64_t size, const Hash32& leaf_hash,
                              std::span<const Hash32> path);

} // namespace valise::crypto
