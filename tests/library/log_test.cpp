// SPDX-License-Identifier: Apache-2.0
// valise_log_verify() over a log that is made here, with this tree's own code.
#include "crypto/merkle.h"
#include "lib/valise.h"
#include "tlog/proof_file.h"

#include <gtest/gtest.h>

namespace {

using namespace valise;

struct Made {
    crypto::SigningKey ed25519 = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    crypto::SigningKey ml_dsa = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ml_dsa_44);
    Hash32 leaf = crypto::leaf_hash(to_bytes("an entry"));
    std::string proof;

    Made() {
        const Hash32 other = crypto::leaf_hash(to_bytes("another"));
        const std::vector<Hash32> leaves{other, leaf};
        const tlog::Checkpoint checkpoint{"log.example/one", 2, crypto::tree_root(leaves)};
        const auto signatures =
            tlog::sign_checkpoint(checkpoint, ed25519, ml_dsa, Time{1'790'000'000});
        proof = tlog::ProofFile::make(1, {other},
                                      *tlog::SignedCheckpoint::make(checkpoint, *signatures))
                    ->print();
    }
    valise_code verify(const std::string& text, const Hash32& hash, valise_bytes* summary,
                       valise_error** error, const char* origin = "log.example/one") const {
        return valise_log_verify(text.data(), text.size(), origin, ed25519.public_bytes().data(),
                                 ml_dsa.public_bytes().data(), hash.data(), summary, error);
    }
};

TEST(LibraryLog, AProofHoldsForItsLeafOnly) {
    const Made made;
    valise_bytes summary{};
    valise_error* error = nullptr;
    ASSERT_EQ(made.verify(made.proof, made.leaf, &summary, &error), VALISE_OK)
        << valise_error_reason(error);
    const std::string text(reinterpret_cast<const char*>(summary.data), summary.size);
    EXPECT_NE(text.find("\"index\":1"), std::string::npos) << text;
    EXPECT_NE(text.find("\"size\":2"), std::string::npos) << text;
    valise_bytes_free(&summary);
    Hash32 other = made.leaf;
    other[0] ^= 1;
    EXPECT_EQ(made.verify(made.proof, other, nullptr, nullptr), VALISE_INTEGRITY);
    EXPECT_EQ(made.verify(made.proof, made.leaf, nullptr, nullptr, "log.example/two"),
              VALISE_NOT_FOUND);
    std::string changed = made.proof;
    changed[changed.size() - 10] = changed[changed.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_NE(made.verify(changed, made.leaf, nullptr, nullptr), VALISE_OK);
    EXPECT_EQ(Made().verify(made.proof, made.leaf, nullptr, nullptr), VALISE_INTEGRITY);
}

} // namespace
