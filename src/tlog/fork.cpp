// SPDX-License-Identifier: Apache-2.0
#include "tlog/fork.h"

#include "tlog/internal/lines.h"
#include "tlog/proof.h"

#include <bit>

namespace valise::tlog {
namespace {

constexpr std::string_view kFirstLine = "valise/fork-proof/v1";
constexpr std::size_t kMaxNodes = 64;

std::unexpected<Error> bad_fork(const char* why) {
    return fail(Code::invalid, "tlog.fork", why);
}

Result<std::vector<Hash32>> nodes_of(const NodeSource& tree, std::uint64_t old_size,
                                     std::uint64_t size) {
    std::vector<Hash32> nodes;
    if (std::has_single_bit(old_size)) {
        TRY_ASSIGN(nodes.emplace_back(), range_hash(tree, 0, old_size));
    }
    TRY_ASSIGN(const auto proof, consistency_proof(tree, old_size, size));
    nodes.insert(nodes.end(), proof.begin(), proof.end());
    return nodes;
}

Checkpoint claimed(const SignedCheckpoint& note) {
    return {note.claimed_origin(), note.claimed_size(), note.claimed_root()};
}

} // namespace

Result<Hash32> contradiction(const Checkpoint& smaller, const Checkpoint& larger,
                             std::span<const Hash32> nodes) {
    if (smaller.origin != larger.origin)
        return bad_fork("checkpoints of two logs");
    // Everything grows from the empty tree.
    if (smaller.size == 0 || smaller.size > larger.size)
        return bad_fork("not of growing size, or of no leaves");
    Hash32 root = larger.root;
    if (smaller.size == larger.size) {
        if (!nodes.empty())
            return bad_fork("nodes that nothing needs");
    } else {
        TRY_ASSIGN(root, prefix_root(smaller.size, larger.size, larger.root, nodes));
    }
    if (root == smaller.root)
        return fail(Code::invalid, "tlog.no_fork", "both are of one history");
    return root;
}

Result<ForkProof> ForkProof::parse(ByteView bytes) {
    if (bytes.size() > 2 * kMaxNoteSize)
        return bad_fork("too long");
    LineReader lines(text_view(bytes));
    if (lines.next() != kFirstLine)
        return bad_fork("not a fork proof of version 1");
    auto nodes = parse_hash_lines(lines, kMaxNodes);
    if (!nodes)
        return bad_fork("bad node lines");
    // A checkpoint has one empty line, before its signatures: the second one ends the first note.
    const std::string_view rest = lines.rest();
    const auto text_end = rest.find("\n\n");
    const auto note_end =
        text_end == std::string_view::npos ? text_end : rest.find("\n\n", text_end + 2);
    if (note_end == std::string_view::npos)
        return bad_fork("not two checkpoints");
    TRY_ASSIGN(auto smaller, SignedCheckpoint::parse(view(rest.substr(0, note_end + 1))));
    TRY_ASSIGN(auto larger, SignedCheckpoint::parse(view(rest.substr(note_end + 2))));
    return ForkProof(std::move(smaller), std::move(larger), std::move(*nodes));
}

Result<ForkProof> ForkProof::make(SignedCheckpoint one, SignedCheckpoint other,
                                  const NodeSource& tree) {
    if (one.claimed_size() > other.claimed_size())
        std::swap(one, other);
    const Checkpoint smaller = claimed(one);
    const Checkpoint larger = claimed(other);
    std::vector<Hash32> nodes;
    if (smaller.size > 0 && smaller.size < larger.size) {
        TRY_ASSIGN(nodes, nodes_of(tree, smaller.size, larger.size));
    }
    TRY(contradiction(smaller, larger, nodes));
    return ForkProof(std::move(one), std::move(other), std::move(nodes));
}

std::string ForkProof::print() const {
    std::string out = std::string(kFirstLine) + "\n";
    append_hash_lines(out, nodes_);
    return out + "\n" + smaller_.print() + "\n" + larger_.print();
}

} // namespace valise::tlog
