// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <vector>

namespace valise::tlog {

//= RFC 9162 2.1 (SHA-256): the shape of the tree. Indexes and sizes count leaves from 0.

// Larger trees are refused: other people's tools hold sizes in signed 64-bit integers.
inline constexpr std::uint64_t kMaxTreeSize = (std::uint64_t{1} << 63) - 1;

// Where complete subtrees come from: memory, database rows or tiles.
class NodeSource {
public:
    virtual ~NodeSource() = default;

    // The hash of the complete subtree over the leaves [index << level, (index + 1) << level).
    // Level 0 are the leaf hashes. Errors: tlog.node when the source does not hold it.
    virtual Result<Hash32> node(unsigned level, std::uint64_t index) const = 0;
};

// All complete subtrees in memory, 64 bytes a leaf.
class MemoryTree final : public NodeSource {
public:
    // Returns the index of the new leaf.
    std::uint64_t append(const Hash32& leaf_hash);

    std::uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }
    Hash32 root() const;
    // The root when the tree had `size` leaves. Errors: tlog.range beyond size().
    Result<Hash32> root_at(std::uint64_t size) const;
    Result<Hash32> node(unsigned level, std::uint64_t index) const override;

private:
    std::vector<std::vector<Hash32>> levels_;
};

// Whether [start, end) is a subtree of every tree that holds it: start < end, and start a multiple
// of the smallest power of two that is not below end - start.
bool is_subtree(std::uint64_t start, std::uint64_t end);

// MTH(D[start:end]) of a subtree. Errors: tlog.range when it is none, or those of the source.
Result<Hash32> range_hash(const NodeSource& source, std::uint64_t start, std::uint64_t end);

// MTH(D[0:size]); the empty root for 0. Errors: tlog.range, or those of the source.
Result<Hash32> root_of(const NodeSource& source, std::uint64_t size);

// That the subtree [start, end) is part of the tree of `size` leaves; the two below are cases of
// it. Errors: tlog.range, or those of the source.
Result<std::vector<Hash32>> subtree_proof(const NodeSource& source, std::uint64_t start,
                                          std::uint64_t end, std::uint64_t size);

// RFC 9162 2.1.3; needs index < size. Errors: as above.
Result<std::vector<Hash32>> inclusion_proof(const NodeSource& source, std::uint64_t index,
                                            std::uint64_t size);

// RFC 9162 2.1.4; needs old_size <= size. Empty for old_size 0 and for equal sizes.
Result<std::vector<Hash32>> consistency_proof(const NodeSource& source, std::uint64_t old_size,
                                              std::uint64_t size);

// The path of leaf `index` up to the root of the subtree [start, end) that holds it.
Result<std::vector<Hash32>> subtree_inclusion_proof(const NodeSource& source, std::uint64_t index,
                                                    std::uint64_t start, std::uint64_t end);

} // namespace valise::tlog
