// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"

#include "crypto/hash.h"

#include <bit>

namespace valise::crypto {

namespace {

constexpr Byte kLeaf = 0x00;
constexpr Byte kNode = 0x01;

std::size_t largest_power_of_two_below(std::size_t size) {
    return std::bit_floor(size - 1);
}

// Combines peaks from the smallest up, which is how RFC 9162 2.1.1 splits an unfinished tree.
Hash32 fold_peaks(std::span<const Hash32> peaks) {
    Hash32 root = peaks.back();
    for (std::size_t i = peaks.size() - 1; i-- > 0;)
        root = node_hash(peaks[i], root);
    return root;
}

} // namespace

Hash32 leaf_hash(ByteView entry) {
    return Sha256().update(ByteView(&kLeaf, 1)).update(entry).finish();
}

Hash32 node_hash(const Hash32& left, const Hash32& right) {
    return Sha256().update(ByteView(&kNode, 1)).update(left).update(right).finish();
}

Hash32 empty_root() {
    return sha256({});
}

Hash32 tree_root(std::span<const Hash32> leaf_hashes) {
    CompactRange range;
    for (const Hash32& leaf : leaf_hashes)
        range.append(leaf);
    return range.root();
}

Result<CompactRange> CompactRange::restore(std::uint64_t size, std::vector<Hash32> peaks) {
    if (peaks.size() != static_cast<std::size_t>(std::popcount(size)))
        return fail(Code::invalid, "crypto.merkle_peaks",
                    "a tree of this size has " + std::to_string(std::popcount(size)) +
                        " complete subtrees, got " + std::to_string(peaks.size()));
    CompactRange out;
    out.size_ = size;
    out.peaks_ = std::move(peaks);
    return out;
}

void CompactRange::append(const Hash32& leaf_hash) {
    peaks_.push_back(leaf_hash);
    // One merge for each complete subtree that the new leaf closes.
    for (std::uint64_t carry = size_; carry & 1; carry >>= 1) {
        const Hash32 merged = node_hash(peaks_[peaks_.size() - 2], peaks_.back());
        peaks_.pop_back();
        peaks_.back() = merged;
    }
    ++size_;
}

Hash32 CompactRange::root() const {
    return peaks_.empty() ? empty_root() : fold_peaks(peaks_);
}

Result<std::vector<Hash32>> inclusion_path(std::span<const Hash32> leaf_hashes,
                                           std::uint64_t index) {
    if (index >= leaf_hashes.size())
        return fail(Code::invalid, "crypto.merkle_index", "the tree has no such leaf");
    std::vector<Hash32> from_the_top;
    while (leaf_hashes.size() > 1) {
        const std::size_t split = largest_power_of_two_below(leaf_hashes.size());
        if (index < split) {
            from_the_top.push_back(tree_root(leaf_hashes.subspan(split)));
            leaf_hashes = leaf_hashes.first(split);
        } else {
            from_the_top.push_back(tree_root(leaf_hashes.first(split)));
            leaf_hashes = leaf_hashes.subspan(split);
            index -= split;
        }
    }
    return std::vector<Hash32>(from_the_top.rbegin(), from_the_top.rend());
}

Result<Hash32> root_from_path(std::uint64_t index, std::uint64_t size, const Hash32& leaf_hash,
                              std::span<const Hash32> path) {
    if (index >= size)
        return fail(Code::invalid, "crypto.merkle_index", "the tree has no such leaf");
    std::uint64_t node = index;
    std::uint64_t last = size - 1;
    Hash32 hash = leaf_hash;
    for (const Hash32& sibling : path) {
        if (last == 0)
            return fail(Code::integrity, "crypto.merkle_path", "the path is too long");
        if ((node & 1) != 0 || node == last) {
            hash = node_hash(sibling, hash);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if (last != 0)
        return fail(Code::integrity, "crypto.merkle_path", "the path is too short");
    return hash;
}

} // namespace valise::crypto
