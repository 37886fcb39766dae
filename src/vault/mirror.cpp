// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "tlog/cosignature.h"
#include "vault/vault.h"

// "We hold these leaves": said of a root that this process computed itself, from leaves that it was
// shown. That they lie on a disk is the daemon's word. //= c2sp.org/tlog-mirror
namespace valise::vault {
namespace {

std::unexpected<Error> refused(const char* text) {
    return fail(Code::refused, "vault.mirror", text);
}

// Beside the trees that are witnessed, which are kept by origin; no origin has a space.
std::string mirror_entry(const std::string& origin) {
    return "mirror " + origin;
}

} // namespace

bool Vault::as_mirrored(const tlog::WitnessState& tree) const {
    if (tree.size == 0 || tree.size > mirrored_.size())
        return true;
    const auto root = mirrored_.root_at(tree.size);
    return root && *root == tree.root;
}

Result<MirrorReply> Vault::mirror(const MirrorRequest& request) {
    if (request.leaves.size() % kMirrorLeaf != 0 ||
        request.leaves.size() > kMirrorShown * kMirrorLeaf)
        return refused("not whole leaves, or too many at once");
    const std::scoped_lock lock(mutex_);
    TRY_ASSIGN(const auto peer, peer_keys());
    if (!keystore_.mirror)
        return fail(Code::refused, "vault.no_mirror", "this keystore has no mirror key");
    if (request.from != mirrored_.size())
        return MirrorReply{mirrored_.size(), {}};
    for (ByteView rest = request.leaves; !rest.empty(); rest = rest.subspan(kMirrorLeaf))
        mirrored_.append(crypto::leaf_hash(rest.first(kMirrorLeaf)));
    MirrorReply out{mirrored_.size(), {}};
    if (!request.checkpoint.empty()) {
        TRY_ASSIGN(out.lines, cosign_mirrored(request.checkpoint, peer));
    }
    return out;
}

Result<std::string> Vault::cosign_mirrored(const std::string& checkpoint,
                                           const agreement::KeyList& peer) {
    TRY_ASSIGN(const auto keys, log_keys(peer.shared_log));
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(view(checkpoint)));
    TRY_ASSIGN(const auto tree, note.verify(keys));
    const std::string entry = mirror_entry(tree.origin);
    const tlog::WitnessState last = last_tree(entry);
    if (tree.size == 0 || tree.size != mirrored_.size())
        return refused("not the tree of the leaves that were shown");
    if (tree.root != mirrored_.root()) {
        mirrored_ = {}; // whatever was shown: it is shown anew, and need not wait for a restart
        return refused("not the tree of the leaves that were shown");
    }
    if (tree.size < last.size || !as_mirrored(last) || !as_mirrored(last_tree(tree.origin))) {
        mirrored_ = {}; // another history: shown anew, or never
        return refused("another history of this log was cosigned before");
    }
    if (tree.size != last.size) {
        VaultState next = state_;
        next.trees[entry] = {tree.size, tree.root};
        TRY(next.save(store_, cipher_)); // before the cosignature exists
        state_ = std::move(next);
    }
    const LogSigner& mirror = *keystore_.mirror;
    TRY_ASSIGN(const auto one, tlog::cosign(tree, mirror.name, mirror.ed25519, now()));
    TRY_ASSIGN(const auto two, tlog::cosign(tree, mirror.name, mirror.ml_dsa_44, now()));
    return one.line() + two.line();
}

} // namespace valise::vault
