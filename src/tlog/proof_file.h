// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/checkpoint.h"

#include <optional>

namespace valise::tlog {

//= c2sp.org/tlog-proof
// A `.tlog-proof` file: that one entry is in the tree of a signed checkpoint.
class ProofFile {
public:
    // Errors: tlog.proof_file, tlog.note, tlog.checkpoint.
    static Result<ProofFile> parse(ByteView bytes);
    // Errors: tlog.proof_file (more than 63 hashes, index not below the checkpoint's size).
    static Result<ProofFile> make(std::uint64_t index, std::vector<Hash32> path,
                                  SignedCheckpoint checkpoint, std::optional<Bytes> extra = {});

    std::uint64_t index() const { return index_; }
    std::span<const Hash32> path() const { return path_; }
    const SignedCheckpoint& checkpoint() const { return checkpoint_; }
    // Nothing authenticates it.
    const std::optional<Bytes>& extra() const { return extra_; }
    std::string print() const;

    // The checkpoint, when it holds under `log` and the leaf is in its tree. Errors: those of
    // SignedCheckpoint::verify(), tlog.inclusion (integrity).
    Result<Checkpoint> verify(const Hash32& leaf_hash, const LogKeys& log) const;

private:
    ProofFile(std::uint64_t index, std::vector<Hash32> path, SignedCheckpoint checkpoint,
              std::optional<Bytes> extra)
        : index_(index), path_(std::move(path)), checkpoint_(std::move(checkpoint)),
          extra_(std::move(extra)) {}

    std::uint64_t index_;
    std::vector<Hash32> path_;
    SignedCheckpoint checkpoint_;
    std::optional<Bytes> extra_;
};

} // namespace valise::tlog
