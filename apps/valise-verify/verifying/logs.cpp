// SPDX-License-Identifier: Apache-2.0
#include "verifying/logs.h"

#include "crypto/merkle.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::verifying {

std::vector<tlog::Verifier> PeerCosigners::all() const {
    std::vector<tlog::Verifier> out = witness;
    out.insert(out.end(), mirror.begin(), mirror.end());
    return out;
}

Checked<CheckedLog> check_log(const std::string& place, const std::string& note,
                              std::span<const Hash32> leaf_hashes, const tlog::LogKeys& keys,
                              const PeerCosigners& peer) {
    const auto cosigners = peer.all();
    const std::string checkpoint = place + ", checkpoint";
    TRY_ASSIGN(const auto read, at(checkpoint, tlog::SignedCheckpoint::parse(view(note))));
    CheckedLog out;
    TRY_ASSIGN(out.tree, at(checkpoint, read.verify(keys)));
    std::size_t number = 0;
    for (const tlog::NoteSignature& line : read.signatures()) {
        const auto made = [&](const tlog::Verifier& key) { return key.made(line); };
        const bool known =
            made(keys.ed25519()) || made(keys.ml_dsa_44()) || std::ranges::any_of(cosigners, made);
        TRY(holds(known, fmt::format("{}, signature line {}", checkpoint, ++number),
                  "verify.signer", "neither the log's nor the peer's"));
    }
    TRY_ASSIGN(out.cosignatures, at(checkpoint + ", cosignature",
                                    tlog::cosigners(out.tree, read.signatures(), cosigners)));
    const auto by = [&](const std::vector<tlog::Verifier>& ours) {
        return ours.empty() ? std::nullopt
                            : tlog::countersigned(out.cosignatures, ours.front().name());
    };
    out.countersigned = by(peer.witness);
    out.mirrored = by(peer.mirror);
    if (out.countersigned)
        out.evidence = "E2";
    if (out.mirrored)
        out.evidence = "E3";
    TRY(holds(out.tree.size == leaf_hashes.size(), place, "verify.log_size",
              "the checkpoint signs another number of leaves"));
    TRY(holds(out.tree.root == crypto::tree_root(leaf_hashes), place, "verify.log_root",
              "the leaves have another root than the one signed"));
    return out;
}

} // namespace valise::verifying
