// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof.h"

#include "crypto/merkle.h"
#include "tlog/tree.h"

#include <bit>
#include <optional>

namespace valise::tlog {
namespace {

// Positions on one level of the tree: of the subtree's first and last leaf and of the tree's last.
struct Position {
    std::uint64_t first;
    std::uint64_t last;
    std::uint64_t end;

    void up() {
        first >>= 1;
        last >>= 1;
        end >>= 1;
    }
};

bool odd(std::uint64_t value) {
    return (value & 1) != 0;
}

// Up to the highest node whose hash both trees share: the whole subtree, or its last complete part.
void climb_to_seed(Position& at) {
    if (at.last == at.end) {
        while (at.first != at.last)
            at.up();
    } else {
        while (at.first != at.last && odd(at.last))
            at.up();
    }
}

// The roots that a proof leads to.
struct Roots {
    Hash32 known; // of the subtree
    Hash32 whole; // of the tree
};

std::optional<Roots> follow(Position at, const Hash32& seed, std::span<const Hash32> proof) {
    Roots roots{seed, seed};
    for (const Hash32& hash : proof) {
        if (at.end == 0)
            return std::nullopt;
        if (odd(at.last) || at.last == at.end) {
            if (at.first < at.last)
                roots.known = crypto::node_hash(hash, roots.known);
            roots.whole = crypto::node_hash(hash, roots.whole);
            while (!odd(at.last))
                at.up();
        } else {
            roots.whole = crypto::node_hash(roots.whole, hash);
        }
        at.up();
    }
    return at.end == 0 ? std::optional(roots) : std::nullopt;
}

//= draft-ietf-plants-merkle-tree-certs 4.4.3
bool proves(std::uint64_t start, std::uint64_t end, std::uint64_t size, const Hash32& subtree_root,
            const Hash32& root, std::span<const Hash32> proof) {
    if (start > end || end > size)
        return false;
    if (start == end)
        return proof.empty() && subtree_root == crypto::empty_root();
    const std::uint64_t length = end - start;
    // bit_ceil is undefined beyond 2^63; such a subtree can only start at 0.
    const bool aligned =
        length > std::uint64_t{1} << 63 ? start == 0 : start % std::bit_ceil(length) == 0;
    if (!aligned)
        return false;
    Position at{start, end - 1, size - 1};
    climb_to_seed(at);
    Hash32 seed = subtree_root;
    if (at.first != at.last) {
        if (proof.empty())
            return false;
        seed = proof.front();
        proof = proof.subspan(1);
    }
    const auto roots = follow(at, seed, proof);
    return roots && roots->known == subtree_root && roots->whole == root;
}

std::unexpected<Error> broken(const char* reason, std::uint64_t start, std::uint64_t end,
                              std::uint64_t size) {
    return fail(Code::integrity, reason,
                "[" + std::to_string(start) + ", " + std::to_string(end) + ") of " +
                    std::to_string(size) + " leaves");
}

} // namespace

Result<void> verify_subtree(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                            const Hash32& subtree_root, const Hash32& root,
                            std::span<const Hash32> proof) {
    if (!proves(start, end, size, subtree_root, root, proof))
        return broken("tlog.consistency", start, end, size);
    return {};
}

Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash32& leaf_hash,
                              std::span<const Hash32> path, const Hash32& root) {
    if (index >= size || !proves(index, index + 1, size, leaf_hash, root, path))
        return broken("tlog.inclusion", index, index, size);
    return {};
}

Result<Hash32> root_from_inclusion(std::uint64_t index, std::uint64_t size, const Hash32& leaf_hash,
                                   std::span<const Hash32> path) {
    if (index >= size)
        return broken("tlog.inclusion", index, index, size);
    const auto roots = follow({index, index, size - 1}, leaf_hash, path);
    if (!roots)
        return broken("tlog.inclusion", index, index, size);
    return roots->whole;
}

// A subtree is itself a tree whose leaves count from its start.
Result<void> verify_subtree_inclusion(std::uint64_t index, std::uint64_t start, std::uint64_t end,
                                      const Hash32& leaf_hash, std::span<const Hash32> path,
                                      const Hash32& subtree_root) {
    if (!is_subtree(start, end) || index < start ||
        !verify_inclusion(index - start, end - start, leaf_hash, path, subtree_root))
        return broken("tlog.inclusion", start, end, index);
    return {};
}

Result<void> verify_consistency(std::uint64_t old_size, std::uint64_t size, const Hash32& old_root,
                                const Hash32& root, std::span<const Hash32> proof) {
    if (old_size == 0 || !proves(0, old_size, size, old_root, root, proof))
        return broken("tlog.consistency", 0, old_size, size);
    return {};
}

Result<Hash32> prefix_root(std::uint64_t old_size, std::uint64_t size, const Hash32& root,
                           std::span<const Hash32> nodes) {
    if (old_size == 0 || old_size >= size || nodes.empty())
        return broken("tlog.consistency", 0, old_size, size);
    Position at{0, old_size - 1, size - 1};
    climb_to_seed(at);
    const auto roots = follow(at, nodes.front(), nodes.subspan(1));
    if (!roots || roots->whole != root)
        return broken("tlog.consistency", 0, old_size, size);
    return roots->known;
}

} // namespace valise::tlog
