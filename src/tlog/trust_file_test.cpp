// SPDX-License-Identifier: Apache-2.0
#include "tlog/internal/testing.h"
#include "tlog/trust_file.h"

#include <gtest/gtest.h>

namespace valise::tlog {
namespace {

using crypto::SignatureAlgorithm;
using crypto::SigningKey;

struct Cosigner {
    SigningKey key;
    Verifier verifier;

    Cosigner(const std::string& name, KeyType type)
        : key(SigningKey::generate(type == KeyType::cosigner_ml_dsa_44
                                       ? SignatureAlgorithm::ml_dsa_44
                                       : SignatureAlgorithm::ed25519)),
          verifier(*Verifier::make(name, type, key.public_bytes())) {}
};

class TrustFileTest : public ::testing::Test {
protected:
    Cosigner log{"log.example", KeyType::ed25519};
    Cosigner log2{"log.example", KeyType::cosigner_ml_dsa_44};
    Cosigner a{"w.example", KeyType::cosigner_ed25519};
    Cosigner b{"w.example", KeyType::cosigner_ml_dsa_44};
    Cosigner c{"w.example", KeyType::cosigner_ed25519}; // a rotated key: name and kind as `a`
    Checkpoint tree{"log.example", 2, crypto::leaf_hash(testing::entry(0))};

    std::string logs() const {
        return "log " + log.verifier.vkey() + "\nlog " + log2.verifier.vkey() + " https://x/\n";
    }
    std::string witnesses() const {
        return "witness A " + a.verifier.vkey() + "\nwitness B " + b.verifier.vkey() +
               "\twitness-url\nwitness C " + c.verifier.vkey() + "\n";
    }
    bool satisfied(const std::string& rest, const std::vector<const Cosigner*>& by) const {
        const auto file = TrustFile::parse(view(witnesses() + rest));
        EXPECT_TRUE(file) << file.error().text();
        std::vector<NoteSignature> lines;
        for (const Cosigner* one : by)
            lines.push_back(*cosign(tree, one->verifier.name(), one->key, Time{1790000000}));
        return file && *file->satisfied(tree, lines);
    }
    static bool refused(const std::string& text) {
        const auto file = TrustFile::parse(view(text));
        return !file && file.error().reason() == "tlog.trust_file";
    }
};

TEST_F(TrustFileTest, LogsAndWitnesses) {
    const auto file =
        TrustFile::parse(view("# whom we believe\n\n" + logs() + witnesses() + " quorum  none \n"));
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->logs().size(), 2U);
    EXPECT_EQ(file->log_keys()->front().origin(), "log.example");
    EXPECT_EQ(file->witness_keys().size(), 3U);
    EXPECT_EQ(file->witnesses()[1].url, "witness-url");
    const auto half = TrustFile::parse(view("log " + log.verifier.vkey() + "\nquorum none\n"));
    EXPECT_EQ(half->log_keys().error().reason(), "tlog.trust_file");
}

TEST_F(TrustFileTest, Quorum) {
    EXPECT_TRUE(satisfied("quorum none\n", {}));
    EXPECT_FALSE(satisfied("quorum A\n", {}));
    EXPECT_TRUE(satisfied("quorum A\n", {&a}));
    // One key's line is not taken for another's, though both have one name.
    EXPECT_FALSE(satisfied("quorum C\n", {&a}));
    EXPECT_FALSE(satisfied("group g all A B\nquorum g\n", {&a}));
    EXPECT_TRUE(satisfied("group g all A B\nquorum g\n", {&a, &b}));
    EXPECT_TRUE(satisfied("group g any A B\nquorum g\n", {&b}));
    EXPECT_FALSE(satisfied("group g 2 A B C\nquorum g\n", {&c}));
    EXPECT_TRUE(satisfied("group g 2 A B C\nquorum g\n", {&c, &b}));
    const std::string nested = "group g any A C\ngroup h all g B\nquorum h\n";
    EXPECT_FALSE(satisfied(nested, {&a, &c}));
    EXPECT_TRUE(satisfied(nested, {&b, &c}));
}

TEST_F(TrustFileTest, ABadLineOfAWitnessIsNoAbsence) {
    const auto file = *TrustFile::parse(view(witnesses() + "quorum none\n"));
    auto line = *cosign(tree, "w.example", a.key, Time{1790000000});
    line.blob[12] ^= 1;
    EXPECT_EQ(file.satisfied(tree, std::vector{line}).error().reason(), "tlog.cosignature");
}

TEST_F(TrustFileTest, Refusals) {
    for (const std::string& rest :
         {std::string(),
          std::string("quorum none"),
          std::string("quorum none\nquorum none\n"),
          std::string("quorum D\n"),
          std::string("quorum none A\n"),
          std::string("quorum\n"),
          std::string("group none any A\nquorum none\n"),
          std::string("group A any B\nquorum A\n"),
          std::string("group g 0 A\nquorum g\n"),
          std::string("group g 2 A\nquorum g\n"),
          std::string("group g 01 A\nquorum g\n"),
          std::string("group g all\nquorum g\n"),
          std::string("group g all A A\nquorum g\n"),
          std::string("group g any none\nquorum g\n"),
          std::string("group g any g\nquorum g\n"),
          std::string("group g any A\ngroup h any A\nquorum h\n"),
          std::string("Quorum none\n"),
          std::string("quorum none\r\n"),
          "witness D " + a.verifier.vkey() + "\nquorum none\n",
          "witness A " + log2.verifier.vkey() + "\nquorum none\n",
          "witness D " + log.verifier.vkey() + "\nquorum none\n",
          "log " + a.verifier.vkey() + "\nquorum none\n",
          std::string("log x\nquorum none\n"),
          "log " + log.verifier.vkey() + "\nlog " + log.verifier.vkey() + "\nquorum none\n",
          std::string("\x01\nquorum none\n")})
        EXPECT_TRUE(refused(witnesses() + rest)) << rest;
    EXPECT_TRUE(refused(std::string(70'000, '\n') + "quorum none\n"));
    const std::string whole = logs() + witnesses() + "group g all A B C\nquorum g\n";
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_TRUE(refused(whole.substr(0, size))) << size;
}

} // namespace
} // namespace valise::tlog
