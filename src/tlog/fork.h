// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/checkpoint.h"
#include "tlog/tree.h"

namespace valise::tlog {

// Two checkpoints of one log that no one tree explains, and the nodes that show it to somebody who
// has nothing else: docs/formats/fork-proof.md. That a consistency proof fails shows nothing, since
// anybody can make one that does; these nodes lead to the larger signed root, and to another root
// of its first leaves than the smaller one that was signed.
class ForkProof {
public:
    // Errors: tlog.fork, tlog.note, tlog.checkpoint.
    static Result<ForkProof> parse(ByteView bytes);
    // `tree` are the nodes under the larger checkpoint; not asked when the sizes are equal. Errors:
    // tlog.no_fork when the two are of one history, tlog.fork when they are of two logs or of no
    // leaves, tlog.consistency when `tree` does not lead to the root that was signed; those of it.
    static Result<ForkProof> make(SignedCheckpoint one, SignedCheckpoint other,
                                  const NodeSource& tree);

    // Of equal or growing size. Nobody's signature is checked yet.
    const SignedCheckpoint& smaller() const { return smaller_; }
    const SignedCheckpoint& larger() const { return larger_; }
    std::span<const Hash32> nodes() const { return nodes_; }
    std::string print() const;

private:
    ForkProof(SignedCheckpoint smaller, SignedCheckpoint larger, std::vector<Hash32> nodes)
        : smaller_(std::move(smaller)), larger_(std::move(larger)), nodes_(std::move(nodes)) {}

    SignedCheckpoint smaller_;
    SignedCheckpoint larger_;
    std::vector<Hash32> nodes_;
};

// The root that the larger tree has over the leaves of the smaller one, when it is not the one that
// was signed: then whoever signed both rewrote the past. Errors: tlog.no_fork, tlog.fork,
// tlog.consistency.
Result<Hash32> contradiction(const Checkpoint& smaller, const Checkpoint& larger,
                             std::span<const Hash32> nodes);

} // namespace valise::tlog
