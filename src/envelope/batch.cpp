// SPDX-License-Identifier: Apache-2.0
#include "envelope/batch.h"

#include "crypto/hash.h"
#include "crypto/merkle.h"

#include <bit>

namespace valise::envelope {
namespace {

using namespace std::string_view_literals;

std::unexpected<Error> bad_form(std::string what) {
    return fail(Code::invalid, "envelope.signature_form", std::move(what));
}

Result<SenderSignature> read_signature(const Json& value) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "signature"));
    SenderSignature out;
    TRY_ASSIGN(out.size, in.integer("size", 1, kMaxBatch));
    TRY_ASSIGN(out.index, in.integer("index", 0, out.size - 1));
    TRY_ASSIGN(const std::vector<std::string> path, in.texts("path", 20));
    for (const std::string& text : path) {
        TRY_ASSIGN(const Bytes bytes, from_base64(text));
        TRY_ASSIGN(out.path.emplace_back(), fixed<32>(bytes, "envelope.signature_form"));
    }
    TRY_ASSIGN(out.signature, in.base64("signature", crypto::kHybridSignatureSize));
    if (out.signature.size() != crypto::kHybridSignatureSize)
        return bad_form("length of the signature");
    TRY(in.done());
    return out;
}

// The root, and the path of every leaf: each node is hashed once. //= RFC 9162 2.1.3.1
Hash32 paths(std::span<const Hash32> leaves, std::span<SenderSignature> out) {
    if (leaves.size() == 1)
        return leaves.front();
    const std::size_t split = std::bit_ceil(leaves.size()) / 2;
    const Hash32 left = paths(leaves.first(split), out.first(split));
    const Hash32 right = paths(leaves.subspan(split), out.subspan(split));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i].path.push_back(i < split ? right : left);
    return crypto::node_hash(left, right);
}

} // namespace

Json SenderSignature::json() const {
    Json nodes = Json::array();
    for (const Hash32& hash : path)
        nodes.push_back(to_base64(hash));
    return Json{
        {"index", index}, {"path", nodes}, {"signature", to_base64(signature)}, {"size", size}};
}

Result<SenderSignature> SenderSignature::from_json(const Json& value) {
    auto out = read_signature(value);
    if (!out)
        return bad_form(out.error().text());
    return out;
}

Hash32 batch_leaf(ByteView statement) {
    crypto::Sha256 hash;
    const Byte leaf = 0x00; //= RFC 9162 2.1.1
    return hash.update({&leaf, 1})
        .update(view("valise/statement/v1\0"sv))
        .update(statement)
        .finish();
}

Bytes batch_bytes(std::string_view sender, std::string_view recipient, std::uint64_t size,
                  const Hash32& root) {
    Bytes out;
    append(out, "valise/batch/v1\0"sv);
    for (const std::string_view party : {sender, recipient}) {
        append_u16(out, static_cast<std::uint16_t>(party.size()));
        append(out, party);
    }
    append_u64(out, size);
    append(out, root);
    return out;
}

Result<std::vector<SenderSignature>> sign_batch(const std::vector<Bytes>& statements,
                                                std::string_view sender, std::string_view recipient,
                                                const crypto::HybridSigner& signer) {
    if (statements.empty() || statements.size() > static_cast<std::size_t>(kMaxBatch) ||
        sender.size() > 0xffff || recipient.size() > 0xffff)
        return fail(Code::invalid, "envelope.batch", "size of the batch or of a party's code");
    std::vector<Hash32> leaves;
    leaves.reserve(statements.size());
    for (const Bytes& statement : statements)
        leaves.push_back(batch_leaf(statement));
    std::vector<SenderSignature> out(leaves.size());
    const Hash32 root = paths(leaves, out);
    TRY_ASSIGN(const Bytes signature,
               signer.sign(batch_bytes(sender, recipient, leaves.size(), root)));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        SenderSignature& one = out[i];
        one.index = static_cast<std::int64_t>(i);
        one.size = static_cast<std::int64_t>(leaves.size());
        one.signature = signature;
    }
    return out;
}

Result<void> verify_batch(ByteView statement, const SenderSignature& signature,
                          std::string_view sender, std::string_view recipient,
                          const crypto::HybridVerifier& verifier) {
    // One error for a wrong path, a wrong key and a wrong signature.
    const auto refuse = [] {
        return fail(Code::integrity, "envelope.signature", "the sender's signature does not hold");
    };
    if (signature.size < 1 || signature.size > kMaxBatch || signature.index < 0 ||
        sender.size() > 0xffff || recipient.size() > 0xffff)
        return refuse();
    const auto size = static_cast<std::uint64_t>(signature.size);
    const auto root = crypto::root_from_path(static_cast<std::uint64_t>(signature.index), size,
                                             batch_leaf(statement), signature.path);
    if (!root)
        return refuse();
    if (!verifier.verify(batch_bytes(sender, recipient, size, *root), signature.signature))
        return refuse();
    return {};
}

} // namespace valise::envelope
