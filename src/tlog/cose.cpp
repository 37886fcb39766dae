// SPDX-License-Identifier: Apache-2.0
#include "tlog/cose.h"

#include "base/codec/cbor.h"
#include "crypto/merkle.h"
#include "tlog/proof.h"

#include <charconv>

namespace valise::tlog {
namespace {

// RFC 9052, 9053, 9597, 9942, 9964.
constexpr std::int64_t kAlg = 1, kKid = 4, kClaims = 15, kVds = 395, kVdp = 396;
constexpr std::int64_t kEdDsa = -8, kMlDsa44 = -48;
constexpr std::int64_t kRfc9162Sha256 = 1, kInclusion = -1;
constexpr std::int64_t kIss = 1, kSub = 2;
constexpr std::uint64_t kSign1 = 18;
constexpr std::size_t kMaxProtected = 512;
constexpr std::size_t kMaxSignature = 4096;
constexpr std::size_t kMaxProof = 4096;

std::unexpected<Error> bad(const char* what) {
    return fail(Code::invalid, "tlog.cose", what);
}

Bytes key_id_bytes(std::uint32_t id) {
    Bytes out;
    append_u32(out, id);
    return out;
}

// Keys of a map in the order of their bytes: 1, 4, 15, 395.
Bytes protected_header(const Checkpoint& tree, KeyType type, std::uint32_t key_id) {
    CborWriter out;
    out.map(4);
    out.integer(kAlg).integer(type == KeyType::ed25519 ? kEdDsa : kMlDsa44);
    out.integer(kKid).bytes(key_id_bytes(key_id));
    out.integer(kClaims).map(2);
    out.integer(kIss).text(tree.origin).integer(kSub).text(std::to_string(tree.size));
    out.integer(kVds).integer(kRfc9162Sha256);
    return out.take();
}

//= RFC 9052 4.4
Bytes to_be_signed(ByteView header, const Hash32& root) {
    CborWriter out;
    out.array(4).text("Signature1").bytes(header).bytes({}).bytes(root);
    return out.take();
}

Result<Bytes> signed_tree(const Checkpoint& tree, KeyType type, const crypto::SigningKey& key) {
    TRY_ASSIGN(const auto verifier, Verifier::make(tree.origin, type, key.public_bytes()));
    const Bytes header = protected_header(tree, type, verifier.key_id());
    TRY_ASSIGN(const Bytes signature, key.sign(to_be_signed(header, tree.root)));
    CborWriter out;
    out.tag(kSign1).array(4).bytes(header).map(0).null().bytes(signature);
    return out.take();
}

struct Header {
    Checkpoint tree;
    KeyType type = KeyType::ed25519;
    std::uint32_t key_id = 0;
};

Result<std::uint64_t> read_size(const std::string& text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || std::to_string(out) != text || out == 0 || out >> 62 != 0)
        return bad("sub: expected the size of a tree");
    return out;
}

Result<Header> read_header(ByteView bytes) {
    CborReader in(bytes);
    Header out;
    TRY_ASSIGN(const std::size_t pairs, in.map(4));
    if (pairs != 4)
        return bad("protected header: other members");
    TRY(in.expect(kAlg));
    TRY_ASSIGN(const std::int64_t alg, in.integer());
    if (alg != kEdDsa && alg != kMlDsa44)
        return bad("protected header: another algorithm");
    out.type = alg == kEdDsa ? KeyType::ed25519 : KeyType::cosigner_ml_dsa_44;
    TRY(in.expect(kKid));
    TRY_ASSIGN(const Bytes kid, in.bytes(4));
    if (kid.size() != 4)
        return bad("protected header: kid");
    out.key_id = read_u32(std::span(kid).first<4>());
    TRY(in.expect(kClaims));
    TRY_ASSIGN(const std::size_t claims, in.map(2));
    if (claims != 2)
        return bad("protected header: other claims");
    TRY(in.expect(kIss));
    TRY_ASSIGN(out.tree.origin, in.text(255));
    if (!is_key_name(out.tree.origin))
        return bad("iss: no origin");
    TRY(in.expect(kSub));
    TRY_ASSIGN(const std::string size, in.text(20));
    TRY_ASSIGN(out.tree.size, read_size(size));
    TRY(in.expect(kVds));
    TRY(in.expect(kRfc9162Sha256));
    TRY(in.done());
    return out;
}

// tag, header, then what stands in the unprotected header.
Result<Bytes> read_start(CborReader& in) {
    TRY(in.tag(kSign1));
    TRY_ASSIGN(const std::size_t parts, in.array(4));
    if (parts != 4)
        return bad("no COSE_Sign1");
    return in.bytes(kMaxProtected);
}

Result<Bytes> read_end(CborReader& in) {
    TRY(in.null()); // the root is computed, never believed
    TRY_ASSIGN(Bytes signature, in.bytes(kMaxSignature));
    TRY(in.done());
    return signature;
}

struct Proof {
    std::uint64_t size = 0;
    std::uint64_t index = 0;
    std::vector<Hash32> path;
};

Result<Proof> read_proof(ByteView bytes) {
    CborReader in(bytes);
    TRY_ASSIGN(const std::size_t parts, in.array(3));
    if (parts != 3)
        return bad("no inclusion proof");
    Proof out;
    TRY_ASSIGN(const std::int64_t size, in.integer());
    TRY_ASSIGN(const std::int64_t index, in.integer());
    if (index < 0 || size <= index)
        return bad("the index lies outside of the tree");
    out.size = static_cast<std::uint64_t>(size);
    out.index = static_cast<std::uint64_t>(index);
    TRY_ASSIGN(const std::size_t count, in.array(CoseReceipt::kMaxPath));
    if (count == 0)
        return bad("an empty path");
    for (std::size_t i = 0; i < count; ++i) {
        TRY_ASSIGN(const Bytes hash, in.bytes(32));
        TRY_ASSIGN(out.path.emplace_back(), fixed<32>(hash, "tlog.cose"));
    }
    TRY(in.done());
    return out;
}

} // namespace

Result<Bytes> sign_trees(const Checkpoint& tree, const crypto::SigningKey& ed25519,
                         const crypto::SigningKey& ml_dsa_44) {
    TRY_ASSIGN(const Bytes classic, signed_tree(tree, KeyType::ed25519, ed25519));
    TRY_ASSIGN(const Bytes quantum_safe, signed_tree(tree, KeyType::cosigner_ml_dsa_44, ml_dsa_44));
    CborWriter out;
    out.array(2).bytes(classic).bytes(quantum_safe);
    return out.take();
}

Result<SignedTrees> parse_signed_trees(ByteView bytes) {
    CborReader in(bytes);
    TRY_ASSIGN(const std::size_t count, in.array(2));
    if (count != 2)
        return bad("expected the root under two keys");
    SignedTrees out;
    TRY_ASSIGN(out.ed25519, in.bytes(kMaxProof));
    TRY_ASSIGN(out.ml_dsa_44, in.bytes(kMaxProof));
    TRY(in.done());
    return out;
}

Result<CoseReceipt> CoseReceipt::make(ByteView signed_tree, std::uint64_t index,
                                      std::vector<Hash32> path) {
    CborReader in(signed_tree);
    CoseReceipt out;
    TRY_ASSIGN(out.protected_, read_start(in));
    TRY_ASSIGN(auto header, read_header(out.protected_));
    TRY_ASSIGN(const std::size_t pairs, in.map(0));
    TRY_ASSIGN(out.signature_, read_end(in));
    if (pairs != 0 || path.empty() || path.size() > kMaxPath || index >= header.tree.size)
        return bad("the only leaf of a tree, or none of it, has no such receipt");
    out.claimed_ = std::move(header.tree);
    out.type_ = header.type;
    out.key_id_ = header.key_id;
    out.index_ = index;
    out.path_ = std::move(path);
    return out;
}

Result<CoseReceipt> CoseReceipt::parse(ByteView bytes) {
    if (bytes.size() > kMaxBytes)
        return bad("too long");
    CborReader in(bytes);
    CoseReceipt out;
    TRY_ASSIGN(out.protected_, read_start(in));
    TRY_ASSIGN(auto header, read_header(out.protected_));
    TRY_ASSIGN(const std::size_t pairs, in.map(1));
    if (pairs != 1)
        return bad("unprotected header: other members");
    TRY(in.expect(kVdp));
    TRY_ASSIGN(const std::size_t kinds, in.map(1));
    if (kinds != 1)
        return bad("other proofs than one of inclusion");
    TRY(in.expect(kInclusion));
    TRY_ASSIGN(const std::size_t proofs, in.array(1));
    if (proofs != 1)
        return bad("other proofs than one of inclusion");
    TRY_ASSIGN(const Bytes inner, in.bytes(kMaxProof));
    TRY_ASSIGN(auto proof, read_proof(inner));
    TRY_ASSIGN(out.signature_, read_end(in));
    // The size of the proof is under no signature; that of the claims is.
    if (proof.size != header.tree.size)
        return bad("the proof is of another size than was signed");
    out.claimed_ = std::move(header.tree);
    out.type_ = header.type;
    out.key_id_ = header.key_id;
    out.index_ = proof.index;
    out.path_ = std::move(proof.path);
    return out;
}

Bytes CoseReceipt::print() const {
    CborWriter proof;
    proof.array(3);
    proof.integer(static_cast<std::int64_t>(claimed_.size));
    proof.integer(static_cast<std::int64_t>(index_));
    proof.array(path_.size());
    for (const Hash32& hash : path_)
        proof.bytes(hash);
    CborWriter out;
    out.tag(kSign1).array(4).bytes(protected_);
    out.map(1).integer(kVdp).map(1).integer(kInclusion).array(1).bytes(proof.take());
    out.null().bytes(signature_);
    return out.take();
}

Result<Checkpoint> CoseReceipt::verify(const Hash32& leaf_hash, const Verifier& key) const {
    if (key.name() != claimed_.origin || key.type() != type_ || key.key_id() != key_id_)
        return fail(Code::integrity, "tlog.cose_key", "signed with another key than this one");
    TRY_ASSIGN(const Hash32 root, root_from_inclusion(index_, claimed_.size, leaf_hash, path_));
    TRY(key.verify_raw(to_be_signed(protected_, root), signature_));
    return Checkpoint{claimed_.origin, claimed_.size, root};
}

} // namespace valise::tlog
