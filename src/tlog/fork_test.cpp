// SPDX-License-Identifier: Apache-2.0
#include "tlog/fork.h"
#include "tlog/internal/testing.h"
#include "tlog/proof.h"

#include <gtest/gtest.h>

namespace valise::tlog {
namespace {

using crypto::SignatureAlgorithm;

const std::string kOrigin = "xr.example/a-b/1";

class ForkTest : public ::testing::Test {
protected:
    crypto::SigningKey ed = testing::key_from("log_ed25519", SignatureAlgorithm::ed25519);
    crypto::SigningKey ml = testing::key_from("log_mldsa44", SignatureAlgorithm::ml_dsa_44);
    MemoryTree honest = testing::tree_of(40);
    MemoryTree forked = fork_at(3);

    static MemoryTree fork_at(std::uint64_t changed) {
        MemoryTree tree;
        for (std::uint64_t i = 0; i < 40; ++i)
            tree.append(crypto::leaf_hash(testing::entry(i == changed ? 1000 : i)));
        return tree;
    }
    static Checkpoint at(const MemoryTree& tree, std::uint64_t size) {
        return {kOrigin, size, *tree.root_at(size)};
    }
    SignedCheckpoint sign(const Checkpoint& made) const {
        return *SignedCheckpoint::make(made, *sign_checkpoint(made, ed, ml, Time{1790000000}));
    }
    static std::string reason(const Result<ForkProof>& made) {
        return made ? "" : made.error().reason();
    }
};

TEST_F(ForkTest, EveryPairOfSizes) {
    for (std::uint64_t small = 1; small <= 40; ++small)
        for (std::uint64_t large = small; large <= 40; ++large) {
            const auto one = sign(at(honest, small));
            const auto made = ForkProof::make(one, sign(at(forked, large)), forked);
            // The changed leaf is number 3: shorter prefixes are of one history.
            ASSERT_EQ(reason(made), small <= 3 ? "tlog.no_fork" : "") << small << " " << large;
            if (!made)
                continue;
            const auto read = ForkProof::parse(view(made->print()));
            ASSERT_TRUE(read);
            EXPECT_EQ(read->print(), made->print());
            EXPECT_EQ(*contradiction(at(honest, small), at(forked, large), read->nodes()),
                      *forked.root_at(small));
        }
}

TEST_F(ForkTest, OrderDoesNotMatter) {
    const auto small = sign(at(honest, 8));
    const auto large = sign(at(forked, 20));
    EXPECT_EQ(ForkProof::make(small, large, forked)->print(),
              ForkProof::make(large, small, forked)->print());
}

TEST_F(ForkTest, AnHonestLogCannotBeAccused) {
    for (std::uint64_t small = 0; small <= 12; ++small)
        for (std::uint64_t large = small; large <= 12; ++large)
            EXPECT_EQ(
                reason(ForkProof::make(sign(at(honest, small)), sign(at(honest, large)), honest)),
                small == 0 ? "tlog.fork" : "tlog.no_fork");
    // Nodes of another tree do not lead to the root that was signed.
    EXPECT_EQ(reason(ForkProof::make(sign(at(honest, 8)), sign(at(honest, 20)), forked)),
              "tlog.consistency");
    // No node can be changed, left out or added.
    const auto made = *ForkProof::make(sign(at(honest, 8)), sign(at(forked, 20)), forked);
    std::vector<Hash32> nodes(made.nodes().begin(), made.nodes().end());
    const auto refused = [&](const std::vector<Hash32>& changed) {
        const auto found = contradiction(at(honest, 8), at(forked, 20), changed);
        return !found && found.error().reason() == "tlog.consistency";
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        auto changed = nodes;
        changed[i][7] ^= 1;
        EXPECT_TRUE(refused(changed));
        changed = nodes;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_TRUE(refused(changed));
        changed = nodes;
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), Hash32{});
        EXPECT_TRUE(refused(changed));
    }
}

TEST_F(ForkTest, TwoLogsAreNoFork) {
    Checkpoint other = at(forked, 20);
    other.origin = "xr.example/a-b/2";
    EXPECT_EQ(reason(ForkProof::make(sign(at(honest, 8)), sign(other), forked)), "tlog.fork");
    EXPECT_FALSE(contradiction(at(honest, 8), other, {}));
    EXPECT_FALSE(contradiction(at(forked, 20), at(honest, 8), {}));
    EXPECT_FALSE(contradiction(at(honest, 20), at(forked, 20), std::vector{Hash32{}}));
}

TEST_F(ForkTest, EveryPrefixAndEveryOtherLineIsRefused) {
    const std::string whole =
        ForkProof::make(sign(at(honest, 8)), sign(at(forked, 20)), forked)->print();
    // A cut inside of the last signature line is no whole line; one between lines leaves a proof
    // with fewer signatures, for the verifier of signatures to refuse.
    const auto second = whole.rfind("\n\n") + 2;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const bool whole_lines = size > second && whole[size - 1] == '\n';
        EXPECT_EQ(ForkProof::parse(view(whole.substr(0, size))).has_value(), whole_lines) << size;
    }
    for (const std::string& text :
         {"valise/fork-proof/v2" + whole.substr(20), whole + "\n", whole + "x", " " + whole,
          whole.substr(0, 21) + "AAAA\n" + whole.substr(21)})
        EXPECT_FALSE(ForkProof::parse(view(text)));
}

} // namespace
} // namespace valise::tlog
