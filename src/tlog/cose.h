// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/checkpoint.h"

namespace valise::tlog {

//= RFC 9942
// A COSE receipt: that one entry is in a tree (RFC9162_SHA256), whose root one key of the log
// signed. The root alone is under the signature as payload; origin and size stand in the protected
// header too, as claims (iss, sub), so that nobody can say another size. docs/formats/cose.md.
class CoseReceipt {
public:
    static constexpr std::size_t kMaxBytes = 16 << 10;
    static constexpr std::size_t kMaxPath = 63;

    // Strict, in the one form in which make() writes it. Errors: tlog.cose, base.cbor.
    static Result<CoseReceipt> parse(ByteView bytes);
    // `signed_tree`: one of parse_signed_trees(). Errors: tlog.cose (a path that is empty, as that
    // of the only leaf: such a receipt cannot be written).
    static Result<CoseReceipt> make(ByteView signed_tree, std::uint64_t index,
                                    std::vector<Hash32> path);

    const Checkpoint& claimed() const { return claimed_; } // its root is not known before verify()
    KeyType type() const { return type_; }
    std::uint32_t key_id() const { return key_id_; }
    std::uint64_t index() const { return index_; }
    const std::vector<Hash32>& path() const { return path_; }
    Bytes print() const;

    // The tree with this leaf in it, when `key` is the one that signed. Errors: integrity
    // tlog.inclusion, tlog.cose_key (another key), tlog.signature.
    Result<Checkpoint> verify(const Hash32& leaf_hash, const Verifier& key) const;

private:
    CoseReceipt() = default;

    Bytes protected_;
    Checkpoint claimed_;
    KeyType type_ = KeyType::ed25519;
    std::uint32_t key_id_ = 0;
    std::uint64_t index_ = 0;
    std::vector<Hash32> path_;
    Bytes signature_;
};

// The root of a tree under both keys of its log, each a COSE_Sign1 without a proof, in one array:
// what is published as `checkpoint.cose`, and what receipts are made of. Errors: those of the keys.
Result<Bytes> sign_trees(const Checkpoint& tree, const crypto::SigningKey& ed25519,
                         const crypto::SigningKey& ml_dsa_44);
struct SignedTrees {
    Bytes ed25519;
    Bytes ml_dsa_44;
};
Result<SignedTrees> parse_signed_trees(ByteView bytes); // Errors: tlog.cose, base.cbor

} // namespace valise::tlog
