// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "tlog/internal/testing.h"
#include "tlog/proof.h"

#include <gtest/gtest.h>

#include <bit>

namespace valise::tlog {
namespace {

using testing::hash_from;
using testing::hashes_from;
using testing::known_answers;
using testing::tree_of;

// A vector's hash of another length cannot reach the routines (Hash32); a digest stands in for it,
// which is as wrong and as equal to itself.
Hash32 vector_hash(const Json& text) {
    const Bytes bytes = text.is_string() ? *from_base64(text.get<std::string>()) : Bytes{};
    if (const auto hash = fixed<32>(bytes, "test.hash"))
        return *hash;
    Bytes named = to_bytes("stand-in ");
    append(named, bytes);
    return crypto::sha256(named);
}

struct Case {
    explicit Case(const Json& from) : json(from) {
        if (json["proof"].is_array())
            for (const auto& text : json["proof"])
                proof.push_back(vector_hash(text));
    }
    Hash32 hash(const char* name) const { return vector_hash(json[name]); }
    std::uint64_t number(const char* name) const { return json[name].get<std::uint64_t>(); }

    const Json& json;
    std::vector<Hash32> proof;
};

template<class Verify> void run_vectors(const char* file, std::size_t count, Verify verify) {
    const Json cases = testing::read_json(std::string(VALISE_VECTORS_DIR "/merkle/") + file);
    if (cases.is_null())
        GTEST_SKIP() << "no vectors/merkle";
    ASSERT_EQ(cases.size(), count);
    std::size_t accepted = 0;
    for (const auto& json : cases) {
        // An empty leaf hash "is" the empty root of a tree of one: only the length is wrong there,
        // and Hash32 has none but 32.
        if (json["case"].get<std::string>().starts_with("single-entry/empty-root-and-leaf")) {
            EXPECT_TRUE(json["wantErr"].get<bool>());
            EXPECT_FALSE(fixed<32>(Bytes{}, "test.hash"));
            continue;
        }
        const Result<void> result = verify(Case(json));
        EXPECT_EQ(!result, json["wantErr"].get<bool>()) << json["case"];
        if (result)
            ++accepted;
        else
            EXPECT_EQ(result.error().code(), Code::integrity);
    }
    EXPECT_GT(accepted, 0U);
    EXPECT_LT(accepted, count);
}

TEST(MerkleVectors, Inclusion) {
    run_vectors("inclusion.json", 98, [](const Case& c) {
        return verify_inclusion(c.number("leafIdx"), c.number("treeSize"), c.hash("leafHash"),
                                c.proof, c.hash("root"));
    });
}

TEST(MerkleVectors, Consistency) {
    run_vectors("consistency.json", 98, [](const Case& c) {
        return verify_consistency(c.number("size1"), c.number("size2"), c.hash("root1"),
                                  c.hash("root2"), c.proof);
    });
}

TEST(MerkleVectors, SubtreeInclusion) {
    run_vectors("subtreeinclusion.json", 204, [](const Case& c) {
        return verify_subtree_inclusion(c.number("leafIdx"), c.number("start"), c.number("end"),
                                        c.hash("leafHash"), c.proof, c.hash("root"));
    });
}

TEST(MerkleVectors, SubtreeConsistency) {
    run_vectors("subtreeconsistency.json", 118, [](const Case& c) {
        return verify_subtree(c.number("start"), c.number("end"), c.number("size"), c.hash("root1"),
                              c.hash("root2"), c.proof);
    });
}

TEST(Proof, KnownAnswers) {
    const Json& known = known_answers();
    ASSERT_TRUE(known.is_object());
    const MemoryTree tree = tree_of(70000);
    for (const auto& [size, root] : known["roots"].items())
        EXPECT_EQ(tree.root_at(std::stoull(size)).value(), hash_from(root)) << size;
    EXPECT_EQ(inclusion_proof(tree, 12345, 70000).value(),
              hashes_from(known["inclusion_12345_of_70000"]));
    EXPECT_EQ(consistency_proof(tree, 257, 70000).value(),
              hashes_from(known["consistency_257_to_70000"]));
    const Json& subtree = known["subtree_65536_70000_of_70000"];
    EXPECT_EQ(range_hash(tree, 65536, 70000).value(), hash_from(subtree["hash"]));
    EXPECT_EQ(subtree_proof(tree, 65536, 70000, 70000).value(), hashes_from(subtree["proof"]));
}

// Every proof that differs a little from `proof` must fail.
template<class Verify>
void expect_only(const std::vector<Hash32>& proof, bool every_bit, Verify verify) {
    ASSERT_TRUE(verify(proof));
    for (std::size_t i = 0; i < proof.size(); ++i) {
        auto changed = proof;
        // One bit a hash where all would take too long; which one depends on the place.
        const std::size_t step = every_bit ? 1 : 256;
        for (std::size_t bit = every_bit ? 0 : (proof[i][0] + i) % 256; bit < 256; bit += step) {
            changed[i][bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
            ASSERT_FALSE(verify(changed)) << i << " bit " << bit;
            changed[i] = proof[i];
        }
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        ASSERT_FALSE(verify(changed)) << "without " << i;
    }
    auto longer = proof;
    longer.push_back(crypto::empty_root());
    ASSERT_FALSE(verify(longer));
    longer.pop_back();
    longer.insert(longer.begin(), crypto::empty_root());
    ASSERT_FALSE(verify(longer));
}

TEST(Proof, EveryInclusionProofUpTo300Leaves) {
    const MemoryTree tree = tree_of(300);
    for (std::uint64_t size = 0; size <= 300; ++size) {
        const Hash32 root = *tree.root_at(size);
        EXPECT_FALSE(inclusion_proof(tree, size, size));
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = inclusion_proof(tree, index, size);
            ASSERT_TRUE(proof);
            const Hash32 leaf = *tree.node(0, index);
            expect_only(*proof, size <= 12, [&](const std::vector<Hash32>& path) {
                return verify_inclusion(index, size, leaf, path, root).has_value();
            });
            ASSERT_FALSE(verify_inclusion(index ^ 1, size, leaf, *proof, root) && size > 1);
            ASSERT_FALSE(verify_inclusion(index, size, root, *proof, leaf) && size > 1);
            if (HasFatalFailure())
                FAIL() << index << " of " << size;
        }
    }
}

TEST(Proof, EveryConsistencyProofUpTo300Leaves) {
    const MemoryTree tree = tree_of(300);
    for (std::uint64_t size = 0; size <= 300; ++size) {
        const Hash32 root = *tree.root_at(size);
        EXPECT_FALSE(consistency_proof(tree, size + 1, size));
        EXPECT_EQ(consistency_proof(tree, 0, size).value().size(), 0U);
        EXPECT_FALSE(verify_consistency(0, size, crypto::empty_root(), root, {}));
        for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
            const auto proof = consistency_proof(tree, old_size, size);
            ASSERT_TRUE(proof);
            const Hash32 old_root = *tree.root_at(old_size);
            expect_only(*proof, size <= 12, [&](const std::vector<Hash32>& hashes) {
                return verify_consistency(old_size, size, old_root, root, hashes).has_value();
            });
            Hash32 other = old_root;
            other[31] ^= 1;
            ASSERT_FALSE(verify_consistency(old_size, size, other, root, *proof));
            other = root;
            other[0] ^= 0x80;
            ASSERT_FALSE(verify_consistency(old_size, size, old_root, other, *proof));
            if (HasFatalFailure())
                FAIL() << old_size << " to " << size;
        }
    }
}

TEST(Proof, EverySubtreeUpTo64Leaves) {
    const MemoryTree tree = tree_of(64);
    for (std::uint64_t size = 1; size <= 64; ++size)
        for (std::uint64_t start = 0; start < size; ++start)
            for (std::uint64_t end = start + 1; end <= size; ++end) {
                const auto proof = subtree_proof(tree, start, end, size);
                const bool valid = start % std::bit_ceil(end - start) == 0;
                ASSERT_EQ(proof.has_value(), valid) << start << " " << end << " " << size;
                ASSERT_EQ(is_subtree(start, end), valid);
                if (!valid)
                    continue;
                const Hash32 root = *tree.root_at(size);
                const Hash32 part = *range_hash(tree, start, end);
                expect_only(*proof, false, [&](const std::vector<Hash32>& hashes) {
                    return verify_subtree(start, end, size, part, root, hashes).has_value();
                });
                const std::uint64_t index = (start + end) / 2;
                const auto path = subtree_inclusion_proof(tree, index, start, end);
                ASSERT_TRUE(path);
                expect_only(*path, false, [&](const std::vector<Hash32>& hashes) {
                    return verify_subtree_inclusion(index, start, end, *tree.node(0, index), hashes,
                                                    part)
                        .has_value();
                });
            }
}

TEST(Tree, AgreesWithTheTreeHashOfAnotherRoom) {
    const MemoryTree tree = tree_of(130);
    std::vector<Hash32> leaves;
    EXPECT_EQ(tree_of(0).root(), crypto::empty_root());
    for (std::uint64_t size = 1; size <= 130; ++size) {
        leaves.push_back(*tree.node(0, size - 1));
        EXPECT_EQ(tree.root_at(size).value(), crypto::tree_root(leaves));
        EXPECT_EQ(inclusion_proof(tree, size / 2, size).value(),
                  crypto::inclusion_path(leaves, size / 2).value());
    }
    EXPECT_EQ(tree.root(), *tree.root_at(130));
    EXPECT_FALSE(tree.root_at(131));
    EXPECT_EQ(tree.node(0, 130).error().reason(), "tlog.node");
    EXPECT_EQ(tree.node(64, 0).error().reason(), "tlog.node");
    EXPECT_EQ(inclusion_proof(tree, 0, 131).error().reason(), "tlog.node");
}

TEST(Proof, NumbersAtTheEdgeOf64Bits) {
    constexpr std::uint64_t kMax = ~std::uint64_t{0};
    const Hash32 any{};
    const std::vector<Hash32> proof(64);
    EXPECT_FALSE(verify_inclusion(kMax, kMax, any, proof, any));
    EXPECT_FALSE(verify_inclusion(kMax - 1, kMax, any, proof, any));
    EXPECT_FALSE(verify_consistency(kMax - 1, kMax, any, any, proof));
    EXPECT_FALSE(verify_subtree(1, kMax, kMax, any, any, proof));
    EXPECT_FALSE(verify_subtree(std::uint64_t{1} << 63, kMax, kMax, any, any, proof));
    EXPECT_FALSE(verify_subtree_inclusion(kMax, kMax - 1, kMax, any, proof, any));
    EXPECT_FALSE(subtree_proof(MemoryTree(), 0, kMax, kMax));
}

} // namespace
} // namespace valise::tlog
