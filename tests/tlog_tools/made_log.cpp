// SPDX-License-Identifier: Apache-2.0
#include "tlog_tools/made_log.h"

#include "crypto/hash.h"

#include <chrono>

namespace valise::tests {

using crypto::SignatureAlgorithm;

crypto::SigningKey known_key(SignatureAlgorithm algorithm, std::string_view name) {
    const Hash32 seed = crypto::sha256(view(name));
    return must(crypto::SigningKey::from_seed(algorithm, SecretBytes::copy(seed)));
}

Time system_now() {
    return {std::chrono::duration_cast<std::chrono::seconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

MadeLog::MadeLog(std::string origin, std::uint64_t forked_at)
    : origin_(std::move(origin)), forked_at_(forked_at),
      ed25519_(known_key(SignatureAlgorithm::ed25519, origin_)),
      ml_dsa_44_(known_key(SignatureAlgorithm::ml_dsa_44, origin_)) {}

std::vector<std::string> MadeLog::vkeys() const {
    const auto keys =
        must(tlog::LogKeys::make(origin_, ed25519_.public_bytes(), ml_dsa_44_.public_bytes()));
    return {keys.ed25519().vkey(), keys.ml_dsa_44().vkey()};
}

// As long as our leaves are.
Bytes MadeLog::entry(std::uint64_t index) const {
    Bytes out = to_bytes((index < forked_at_ ? "entry " : "other ") + std::to_string(index));
    out.resize(256);
    return out;
}

void MadeLog::grow(std::uint64_t size) {
    while (tree_.size() < size)
        tree_.append(crypto::leaf_hash(entry(tree_.size())));
}

tlog::Checkpoint MadeLog::checkpoint(std::uint64_t size) const {
    return {origin_, size, must(tree_.root_at(size))};
}

tlog::SignedCheckpoint MadeLog::sign(const tlog::Checkpoint& checkpoint) const {
    return must(tlog::SignedCheckpoint::make(
        checkpoint, must(tlog::sign_checkpoint(checkpoint, ed25519_, ml_dsa_44_, system_now()))));
}

} // namespace valise::tests
