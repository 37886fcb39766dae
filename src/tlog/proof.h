// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <span>

namespace valise::tlog {

// Every failure, of the arguments too, is Code::integrity: a proof that does not hold says nothing
// about which part of it was wrong.

// That the subtree [start, end) with `subtree_root` is part of the tree of `size` leaves with
// `root`. The empty subtree [n, n) needs the empty root and an empty proof. One routine proves
// inclusion (end = index + 1), consistency (start = 0) and every aligned range.
//= draft-ietf-plants-merkle-tree-certs 4.4.3
// Errors: tlog.consistency.
Result<void> verify_subtree(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                            const Hash32& subtree_root, const Hash32& root,
                            std::span<const Hash32> proof);

//= RFC 9162 2.1.3.2
// Errors: tlog.inclusion.
Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash32& leaf_hash,
                              std::span<const Hash32> path, const Hash32& root);

// The root that this leaf and path lead to, for whoever holds a signature over it and not the root.
// Errors: tlog.inclusion.
Result<Hash32> root_from_inclusion(std::uint64_t index, std::uint64_t size, const Hash32& leaf_hash,
                                   std::span<const Hash32> path);

// `path` leads from leaf `index` to the root of the subtree [start, end). Errors: tlog.inclusion.
Result<void> verify_subtree_inclusion(std::uint64_t index, std::uint64_t start, std::uint64_t end,
                                      const Hash32& leaf_hash, std::span<const Hash32> path,
                                      const Hash32& subtree_root);

// Refuses old_size 0: everything is consistent with the empty tree, so a "proof" of it would only
// hide that nothing was compared. Who means to start from nothing (a witness) says so itself.
//= RFC 9162 2.1.4.2
// Errors: tlog.consistency.
Result<void> verify_consistency(std::uint64_t old_size, std::uint64_t size, const Hash32& old_root,
                                const Hash32& root, std::span<const Hash32> proof);

// The root of the first `old_size` leaves of the tree of `size` leaves with `root`, out of nodes
// that lead to `root`: a consistency proof, with the hash of the old tree before it where that is
// one node (old_size a power of two). Nobody can find other nodes that do. Needs 0 < old_size <
// size. Errors: tlog.consistency.
Result<Hash32> prefix_root(std::uint64_t old_size, std::uint64_t size, const Hash32& root,
                           std::span<const Hash32> nodes);

} // namespace valise::tlog
