// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/internal/testing.h"
#include "crypto/merkle.h"

namespace valise::crypto {
namespace {

// The entries and roots with which implementations of RFC 6962 have been tested since its first.
constexpr std::string_view kEntries[] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
constexpr std::string_view kRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Hash32> numbered_leaves(std::size_t count) {
    std::vector<Hash32> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(leaf_hash(view("entry-" + std::to_string(i))));
    return out;
}

TEST(Merkle, RootsOfTheClassicEntries) {
    std::vector<Hash32> leaves;
    EXPECT_EQ(to_hex(empty_root()), kRoots[0]);
    EXPECT_EQ(to_hex(tree_root(leaves)), kRoots[0]);
    for (std::size_t i = 0; i < std::size(kEntries); ++i) {
        leaves.push_back(leaf_hash(hex(kEntries[i])));
        EXPECT_EQ(to_hex(tree_root(leaves)), kRoots[i + 1]);
    }
}

TEST(Merkle, RootsOfTheKnownAnswers) {
    const auto known = vectors("tlog/known_answers.json");
    if (!known)
        GTEST_SKIP() << "no shared vectors here";
    CompactRange range;
    std::size_t met = 0;
    for (std::uint64_t size = 0;; ++size) {
        if (const auto root = known->at("roots").find(std::to_string(size));
            root != known->at("roots").end()) {
            EXPECT_EQ(to_base64(range.root()), root->get<std::string>()) << size;
            ++met;
        }
        if (size == 70000)
            break;
        range.append(leaf_hash(view("entry-" + std::to_string(size))));
    }
    EXPECT_EQ(met, known->at("roots").size());
}

TEST(Merkle, ALeafIsNoNode) {
    const auto leaves = numbered_leaves(2);
    Bytes pair = to_bytes(leaves[0]);
    append(pair, leaves[1]);
    EXPECT_NE(leaf_hash(pair), node_hash(leaves[0], leaves[1]));
    EXPECT_NE(node_hash(leaves[0], leaves[1]), node_hash(leaves[1], leaves[0]));
}

TEST(Merkle, ARangeGoesOnWhereItWasKept) {
    const auto leaves = numbered_leaves(67);
    for (std::size_t kept = 0; kept <= leaves.size(); ++kept) {
        CompactRange range;
        for (std::size_t i = 0; i < kept; ++i)
            range.append(leaves[i]);
        auto restored = CompactRange::restore(range.size(), range.peaks());
        ASSERT_TRUE(restored.has_value());
        for (std::size_t i = kept; i < leaves.size(); ++i)
            restored->append(leaves[i]);
        EXPECT_EQ(restored->root(), tree_root(leaves));
        EXPECT_EQ(restored->size(), leaves.size());
    }
    expect_error(CompactRange::restore(5, {leaves[0]}), Code::invalid, "crypto.merkle_peaks");
    expect_error(CompactRange::restore(0, {leaves[0]}), Code::invalid, "crypto.merkle_peaks");
}

TEST(Merkle, EveryPathOfEverySmallTreeLeadsToTheRoot) {
    for (std::size_t size = 1; size <= 40; ++size) {
        const auto leaves = numbered_leaves(size);
        const Hash32 root = tree_root(leaves);
        for (std::size_t index = 0; index < size; ++index) {
            const auto path = inclusion_path(leaves, index);
            ASSERT_TRUE(path.has_value());
            const auto reached = root_from_path(index, size, leaves[index], *path);
            ASSERT_TRUE(reached.has_value()) << reached.error().text();
            EXPECT_EQ(*reached, root);
        }
        expect_error(inclusion_path(leaves, size), Code::invalid, "crypto.merkle_index");
    }
}

// A changed path, index, size or leaf either is refused or leads to another root.
TEST(Merkle, NothingElseLeadsToTheRoot) {
    const std::size_t size = 21;
    const auto leaves = numbered_leaves(size);
    const Hash32 root = tree_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
        const auto path = *inclusion_path(leaves, index);
        const auto leads_there = [&](std::uint64_t at, std::uint64_t of, const Hash32& leaf,
                                     std::span<const Hash32> along) {
            const auto reached = root_from_path(at, of, leaf, along);
            return reached && *reached == root;
        };
        for (std::size_t other = 0; other < size; ++other)
            EXPECT_EQ(leads_there(other, size, leaves[index], path), other == index);
        EXPECT_FALSE(leads_there(index, size, leaves[(index + 1) % size], path));
        for (std::size_t i = 0; i < path.size(); ++i) {
            for (std::size_t bit = 0; bit < 256; ++bit) {
                auto changed = path;
                changed[i][bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
                EXPECT_FALSE(leads_there(index, size, leaves[index], changed));
            }
            expect_error(root_from_path(index, size, leaves[index], std::span(path).first(i)),
                         Code::integrity, "crypto.merkle_path");
        }
        auto longer = path;
        longer.push_back(root);
        expect_error(root_from_path(index, size, leaves[index], longer), Code::integrity,
                     "crypto.merkle_path");
    }
    expect_error(root_from_path(0, 0, root, {}), Code::invalid, "crypto.merkle_index");
    expect_error(root_from_path(size, size, root, {}), Code::invalid, "crypto.merkle_index");
}

TEST(Merkle, AHugeIndexTerminates) {
    const Hash32 leaf{};
    const std::uint64_t most = ~std::uint64_t{0};
    expect_error(root_from_path(most - 1, most, leaf, {}), Code::integrity, "crypto.merkle_path");
    expect_error(root_from_path(0, most, leaf, std::vector<Hash32>(65)), Code::integrity,
                 "crypto.merkle_path");
    EXPECT_TRUE(root_from_path(0, most, leaf, std::vector<Hash32>(64)).has_value());
}

} // namespace
} // namespace valise::crypto
