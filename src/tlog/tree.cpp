// SPDX-License-Identifier: Apache-2.0
#include "tlog/tree.h"

#include "crypto/merkle.h"

#include <algorithm>
#include <bit>

namespace valise::tlog {
namespace {

std::string range_text(std::uint64_t start, std::uint64_t end) {
    return "[" + std::to_string(start) + ", " + std::to_string(end) + ")";
}

std::unexpected<Error> bad_range(std::uint64_t start, std::uint64_t end, std::uint64_t size) {
    return fail(Code::invalid, "tlog.range",
                range_text(start, end) + " of " + std::to_string(size) + " leaves");
}

// The root of [start, end) from the roots of its complete subtrees, which shrink from left to
// right as the bits of its length do.
Result<Hash32> fold_range(const NodeSource& source, std::uint64_t start, std::uint64_t end) {
    std::vector<Hash32> parts;
    for (std::uint64_t at = start; at < end;) {
        const auto level = static_cast<unsigned>(std::bit_width(end - at) - 1);
        TRY_ASSIGN(parts.emplace_back(), source.node(level, at >> level));
        at += std::uint64_t{1} << level;
    }
    Hash32 root = parts.back();
    for (auto i = parts.size() - 1; i-- > 0;)
        root = crypto::node_hash(parts[i], root);
    return root;
}

} // namespace

std::uint64_t MemoryTree::append(const Hash32& leaf_hash) {
    const std::uint64_t index = size();
    Hash32 hash = leaf_hash;
    for (std::size_t level = 0;; ++level) {
        if (level == levels_.size())
            levels_.emplace_back();
        auto& nodes = levels_[level];
        nodes.push_back(hash);
        if (nodes.size() % 2 != 0)
            return index;
        hash = crypto::node_hash(nodes[nodes.size() - 2], nodes.back());
    }
}

Hash32 MemoryTree::root() const {
    // Every complete subtree below size() is held, so this cannot fail.
    return root_at(size()).value_or(crypto::empty_root());
}

Result<Hash32> MemoryTree::root_at(std::uint64_t size) const {
    if (size > this->size())
        return bad_range(0, size, this->size());
    return root_of(*this, size);
}

Result<Hash32> MemoryTree::node(unsigned level, std::uint64_t index) const {
    if (level >= levels_.size() || index >= levels_[level].size())
        return fail(Code::not_found, "tlog.node",
                    "level " + std::to_string(level) + " index " + std::to_string(index));
    return levels_[level][index];
}

bool is_subtree(std::uint64_t start, std::uint64_t end) {
    if (start >= end || end > kMaxTreeSize)
        return false;
    return start % std::bit_ceil(end - start) == 0;
}

Result<Hash32> range_hash(const NodeSource& source, std::uint64_t start, std::uint64_t end) {
    if (!is_subtree(start, end))
        return bad_range(start, end, end);
    return fold_range(source, start, end);
}

Result<Hash32> root_of(const NodeSource& source, std::uint64_t size) {
    if (size == 0)
        return crypto::empty_root();
    return range_hash(source, 0, size);
}

// The definition goes down from the root and puts the sibling of each step behind what comes from
// below; so the hashes are collected top first and turned round at the end.
//= draft-ietf-plants-merkle-tree-certs 4.4.1
Result<std::vector<Hash32>> subtree_proof(const NodeSource& source, std::uint64_t start,
                                          std::uint64_t end, std::uint64_t size) {
    if (!is_subtree(start, end) || end > size || size > kMaxTreeSize)
        return bad_range(start, end, size);
    std::vector<Hash32> proof;
    std::uint64_t low = 0;
    std::uint64_t high = size;
    std::uint64_t first = start; // what is left of the subtree below the current node
    bool whole = true;           // whether the verifier knows the hash that the walk ends at
    while (first != low || end != high) {
        const std::uint64_t middle = low + std::bit_ceil(high - low) / 2;
        if (end <= middle) {
            TRY_ASSIGN(proof.emplace_back(), fold_range(source, middle, high));
            high = middle;
            continue;
        }
        TRY_ASSIGN(proof.emplace_back(), fold_range(source, low, middle));
        if (first < middle) {
            first = middle;
            whole = false;
        }
        low = middle;
    }
    if (!whole) {
        TRY_ASSIGN(proof.emplace_back(), fold_range(source, low, high));
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Result<std::vector<Hash32>> inclusion_proof(const NodeSource& source, std::uint64_t index,
                                            std::uint64_t size) {
    if (index >= size)
        return bad_range(index, index, size);
    return subtree_proof(source, index, index + 1, size);
}

Result<std::vector<Hash32>> consistency_proof(const NodeSource& source, std::uint64_t old_size,
                                              std::uint64_t size) {
    if (old_size > size || size > kMaxTreeSize)
        return bad_range(0, old_size, size);
    if (old_size == 0)
        return std::vector<Hash32>{};
    return subtree_proof(source, 0, old_size, size);
}

Result<std::vector<Hash32>> subtree_inclusion_proof(const NodeSource& source, std::uint64_t index,
                                                    std::uint64_t start, std::uint64_t end) {
    if (!is_subtree(start, end) || index < start || index >= end)
        return bad_range(start, end, index);
    std::vector<Hash32> path;
    for (std::uint64_t low = start, high = end; high - low > 1;) {
        const std::uint64_t middle = low + std::bit_ceil(high - low) / 2;
        const bool left = index < middle;
        TRY_ASSIGN(path.emplace_back(),
                   left ? fold_range(source, middle, high) : fold_range(source, low, middle));
        (left ? high : low) = middle;
    }
    std::reverse(path.begin(), path.end());
    return path;
}

} // namespace valise::tlog
