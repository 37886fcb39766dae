// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "crypto/merkle.h"
#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"
#include "tlog/tree.h"

namespace valise::tests {

// A log of leaves that say nothing, with keys that everybody knows: what a registry would publish,
// at sizes that no exchange of a test reaches.
class MadeLog {
public:
    // Entries from number `forked_at` on are others than those of the log without a fork.
    explicit MadeLog(std::string origin, std::uint64_t forked_at = UINT64_MAX);

    const std::string& origin() const { return origin_; }
    const tlog::MemoryTree& tree() const { return tree_; }
    std::vector<std::string> vkeys() const; // the log's two, 0x01 and 0x06
    Bytes entry(std::uint64_t index) const;
    void grow(std::uint64_t size);
    tlog::Checkpoint checkpoint(std::uint64_t size) const;
    // With both lines of the log.
    tlog::SignedCheckpoint sign(const tlog::Checkpoint& checkpoint) const;

private:
    std::string origin_;
    std::uint64_t forked_at_;
    crypto::SigningKey ed25519_;
    crypto::SigningKey ml_dsa_44_;
    tlog::MemoryTree tree_;
};

// Ends the program with the error.
template<class T> T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

// Always the same one for a name.
crypto::SigningKey known_key(crypto::SignatureAlgorithm algorithm, std::string_view name);
Time system_now();

} // namespace valise::tests
