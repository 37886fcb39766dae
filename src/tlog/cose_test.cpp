// SPDX-License-Identifier: Apache-2.0
#include "tlog/cose.h"
#include "tlog/internal/testing.h"
#include "tlog/proof.h"

#include <gtest/gtest.h>

namespace valise::tlog {
namespace {

using testing::entry;
using testing::tree_of;

const char* const kOrigin = "valise.invalid/x/test/1";

class Cose : public ::testing::Test {
protected:
    static CoseReceipt receipt(std::uint64_t size, std::uint64_t index, bool quantum_safe) {
        const auto tree = tree_of(size);
        const auto trees =
            *parse_signed_trees(*sign_trees({kOrigin, size, tree.root()}, ed(), ml()));
        return *CoseReceipt::make(quantum_safe ? trees.ml_dsa_44 : trees.ed25519, index,
                                  *inclusion_proof(tree, index, size));
    }
    static const crypto::SigningKey& ed() {
        static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
        return key;
    }
    static const crypto::SigningKey& ml() {
        static const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ml_dsa_44);
        return key;
    }
    static Verifier key(bool quantum_safe, const std::string& name = kOrigin) {
        return quantum_safe
                   ? *Verifier::make(name, KeyType::cosigner_ml_dsa_44, ml().public_bytes())
                   : *Verifier::make(name, KeyType::ed25519, ed().public_bytes());
    }
};

TEST_F(Cose, AReceiptHoldsForItsEntryUnderItsKey) {
    for (const std::uint64_t size : {2U, 3U, 7U, 64U, 257U})
        for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1})
            for (const bool quantum_safe : {false, true}) {
                const Bytes bytes = receipt(size, index, quantum_safe).print();
                const auto read = CoseReceipt::parse(bytes);
                ASSERT_TRUE(read) << read.error().text();
                EXPECT_EQ(read->print(), bytes);
                const auto tree = read->verify(crypto::leaf_hash(entry(index)), key(quantum_safe));
                ASSERT_TRUE(tree) << tree.error().text();
                EXPECT_EQ(tree->root, tree_of(size).root());
                EXPECT_EQ(tree->size, size);
                EXPECT_FALSE(read->verify(crypto::leaf_hash(entry(index + 1)), key(quantum_safe)));
                EXPECT_FALSE(read->verify(crypto::leaf_hash(entry(index)), key(!quantum_safe)));
                EXPECT_FALSE(
                    read->verify(crypto::leaf_hash(entry(index)), key(quantum_safe, "other")));
            }
}

TEST_F(Cose, EveryTurnedBitAndEveryPrefixIsRefused) {
    const Bytes bytes = receipt(7, 3, false).print();
    const Hash32 leaf = crypto::leaf_hash(entry(3));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            Bytes turned = bytes;
            turned[i] = static_cast<Byte>(turned[i] ^ (1 << bit));
            const auto read = CoseReceipt::parse(turned);
            EXPECT_TRUE(!read || !read->verify(leaf, key(false))) << i << "." << bit;
        }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(CoseReceipt::parse(ByteView(bytes).first(size))) << size;
}

// The only leaf of a tree has an empty path, which the format does not know.
TEST_F(Cose, TheOnlyLeafHasNoReceipt) {
    const auto tree = tree_of(1);
    const auto trees = *parse_signed_trees(*sign_trees({kOrigin, 1, tree.root()}, ed(), ml()));
    EXPECT_FALSE(CoseReceipt::make(trees.ed25519, 0, {}));
    EXPECT_FALSE(CoseReceipt::make(trees.ed25519, 1, {Hash32{}}));
}

TEST_F(Cose, TheRootOfAPathIsThatOfTheTree) {
    for (std::uint64_t size = 1; size < 70; ++size) {
        const auto tree = tree_of(size);
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto path = *inclusion_proof(tree, index, size);
            EXPECT_EQ(
                root_from_inclusion(index, size, crypto::leaf_hash(entry(index)), path).value(),
                tree.root());
            if (!path.empty()) {
                EXPECT_FALSE(root_from_inclusion(index, size, crypto::leaf_hash(entry(index)),
                                                 std::span(path).first(path.size() - 1)));
            }
        }
        EXPECT_FALSE(root_from_inclusion(size, size, Hash32{}, {}));
    }
}

} // namespace
} // namespace valise::tlog
