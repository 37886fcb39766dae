// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"
#include "tlog/internal/testing.h"
#include "tlog/proof_file.h"

#include <gtest/gtest.h>

namespace valise::tlog {
namespace {

using crypto::SignatureAlgorithm;
using testing::key_from;
using testing::known_answers;

const std::string kOrigin = "xr.example/a-b/1";
const std::string kWitness = "xr.example/b/witness";
constexpr Time kTime{1790000000};

std::string known(const char* name) {
    return known_answers()[name].get<std::string>();
}

Checkpoint known_checkpoint() {
    return *Checkpoint::parse(known("checkpoint_body"));
}

class CheckpointTest : public ::testing::Test {
protected:
    crypto::SigningKey log_ed = key_from("log_ed25519", SignatureAlgorithm::ed25519);
    crypto::SigningKey log_ml = key_from("log_mldsa44", SignatureAlgorithm::ml_dsa_44);
    crypto::SigningKey witness_ed = key_from("witness_ed25519", SignatureAlgorithm::ed25519);
    crypto::SigningKey witness_ml = key_from("witness_mldsa44", SignatureAlgorithm::ml_dsa_44);
    LogKeys log = *LogKeys::make(kOrigin, log_ed.public_bytes(), log_ml.public_bytes());
    std::vector<Verifier> witness = {
        *Verifier::make(kWitness, KeyType::cosigner_ed25519, witness_ed.public_bytes()),
        *Verifier::make(kWitness, KeyType::cosigner_ml_dsa_44, witness_ml.public_bytes())};

    SignedCheckpoint sign(const Checkpoint& checkpoint) const {
        return *SignedCheckpoint::make(checkpoint,
                                       *sign_checkpoint(checkpoint, log_ed, log_ml, kTime));
    }
};

TEST(Checkpoint, StrictText) {
    const std::string body = known("checkpoint_body");
    const auto checkpoint = Checkpoint::parse(body);
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->origin, kOrigin);
    EXPECT_EQ(checkpoint->size, 70000U);
    EXPECT_EQ(checkpoint->text(), body);
    const std::string root = to_base64(checkpoint->root);
    EXPECT_TRUE(Checkpoint::parse("o\n0\n" + root + "\n"));
    EXPECT_TRUE(Checkpoint::parse("o\n9223372036854775807\n" + root + "\n"));
    for (const std::string& text :
         {std::string(), "o\n1\n" + root, "\n1\n" + root + "\n", "o\n01\n" + root + "\n",
          "o\n-1\n" + root + "\n", "o\n+1\n" + root + "\n", "o\n 1\n" + root + "\n",
          "o\n\n" + root + "\n", "o\n9223372036854775808\n" + root + "\n",
          "o\n1\n" + root + "\nextension\n", "o\n1\n" + root + "\n\n", std::string("o\n1\nAAAA\n"),
          "o\n1\n" + root + "=\n", "o\x01\n1\n" + root + "\n", "\xff\n1\n" + root + "\n",
          std::string("o\n1\n")})
        EXPECT_FALSE(Checkpoint::parse(text)) << text;
}

TEST_F(CheckpointTest, NeedsBothKeysOfTheLog) {
    const auto whole = sign(known_checkpoint());
    ASSERT_EQ(whole.signatures().size(), 2U);
    EXPECT_EQ(whole.signatures()[0].line(), known("log_signature_line"));
    EXPECT_EQ(to_hex(ByteView(whole.signatures()[1].blob).first(8)), "000000006ab13b80");
    EXPECT_EQ(SignedCheckpoint::parse(view(whole.print())).value().verify(log).value(),
              known_checkpoint());
    for (std::size_t left : {0U, 1U}) {
        const auto half = SignedCheckpoint::make(known_checkpoint(), {whole.signatures()[left]});
        EXPECT_EQ(half->verify(log).error().reason(), "tlog.signature");
    }
    const auto none = SignedCheckpoint::make(known_checkpoint(), {});
    EXPECT_EQ(none->verify(log).error().reason(), "tlog.signature");
}

TEST_F(CheckpointTest, UnknownLinesAreIgnoredAndBadOnesByAKnownKeyAreNot) {
    auto checkpoint = sign(known_checkpoint());
    NoteSignature stranger = checkpoint.signatures()[0];
    stranger.key_id ^= 1;
    stranger.blob[0] ^= 1;
    ASSERT_TRUE(checkpoint.add(stranger));
    EXPECT_TRUE(checkpoint.verify(log));
    for (std::size_t key : {0U, 1U}) {
        auto copy = checkpoint;
        NoteSignature bad = checkpoint.signatures()[key];
        bad.blob.back() ^= 1;
        ASSERT_TRUE(copy.add(bad));
        EXPECT_EQ(copy.verify(log).error().reason(), "tlog.signature");
    }
}

TEST_F(CheckpointTest, EveryDamagedByteFails) {
    const std::string whole = sign(known_checkpoint()).print();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
        const auto checkpoint = SignedCheckpoint::parse(view(changed));
        EXPECT_FALSE(checkpoint && checkpoint->verify(log)) << at;
    }
}

TEST_F(CheckpointTest, OtherLogOrImpossibleRoot) {
    auto checkpoint = known_checkpoint();
    checkpoint.origin = "xr.example/a-b/2";
    EXPECT_EQ(sign(checkpoint).verify(log).error().reason(), "tlog.origin");
    checkpoint = known_checkpoint();
    checkpoint.size = 0;
    EXPECT_EQ(sign(checkpoint).verify(log).error().reason(), "tlog.root");
    checkpoint.root = crypto::empty_root();
    EXPECT_TRUE(sign(checkpoint).verify(log));
    EXPECT_FALSE(LogKeys::make(log.ml_dsa_44(), log.ed25519()));
    EXPECT_FALSE(LogKeys::make(witness[0], log.ml_dsa_44()));
    checkpoint.origin = "two words";
    EXPECT_FALSE(sign_checkpoint(checkpoint, log_ed, log_ml, kTime));
    EXPECT_FALSE(sign_checkpoint(known_checkpoint(), log_ed, witness_ed, kTime));
}

TEST_F(CheckpointTest, KnownCosignatures) {
    const auto checkpoint = known_checkpoint();
    EXPECT_EQ(cosign(checkpoint, kWitness, witness_ed, kTime).value().line(),
              known_answers()["cosignature_v1"]["line"]);
    const auto message =
        cosigned_message_ml_dsa_44(kWitness, kTime, kOrigin, 0, checkpoint.size, checkpoint.root);
    ASSERT_TRUE(message);
    EXPECT_EQ(to_hex(*message), known("mldsa_cosigned_message_hex"));
    const auto sample = NoteSignature::parse(known("mldsa_line_is_randomised_sample"));
    ASSERT_TRUE(sample) << sample.error().text();
    const auto verified = verify_cosignature(checkpoint, witness[1], *sample);
    ASSERT_TRUE(verified) << verified.error().text();
    EXPECT_EQ(verified->time, kTime);
    const auto ours = cosign(checkpoint, kWitness, witness_ml, kTime);
    ASSERT_TRUE(ours);
    EXPECT_EQ(ours->line().size(), known_answers()["mldsa_line_bytes"].get<std::size_t>());
    EXPECT_TRUE(verify_cosignature(checkpoint, witness[1], *ours));
    const Json& vkeys = known_answers()["vkeys"];
    EXPECT_EQ(to_hex(crypto::sha256(log_ml.public_bytes())), vkeys["log_mldsa44_pk_sha256"]);
    EXPECT_TRUE(log.ml_dsa_44().vkey().starts_with(
        kOrigin + "+" + vkeys["log_0x06_keyid"].get<std::string>() + "+"));
}

TEST_F(CheckpointTest, ACosignatureIsOfOneTreeOneTimeAndOneName) {
    const auto checkpoint = known_checkpoint();
    for (std::size_t key : {0U, 1U}) {
        const auto line = *cosign(checkpoint, kWitness, key == 0 ? witness_ed : witness_ml, kTime);
        auto other = checkpoint;
        other.size += 1;
        EXPECT_FALSE(verify_cosignature(other, witness[key], line));
        other = checkpoint;
        other.root[0] ^= 1;
        EXPECT_FALSE(verify_cosignature(other, witness[key], line));
        other = checkpoint;
        other.origin += "0";
        EXPECT_FALSE(verify_cosignature(other, witness[key], line));
        EXPECT_FALSE(verify_cosignature(checkpoint, witness[1 - key], line));
        for (std::size_t at = 0; at < 72; ++at) {
            auto changed = line;
            changed.blob[at] ^= static_cast<Byte>(1U << (at % 8));
            EXPECT_FALSE(verify_cosignature(checkpoint, witness[key], changed)) << at;
        }
        auto cut = line;
        for (const std::size_t size : {0U, 7U, 8U, 71U}) {
            cut.blob.resize(size);
            EXPECT_FALSE(verify_cosignature(checkpoint, witness[key], cut));
            cut = line;
        }
    }
    EXPECT_FALSE(cosign(checkpoint, kWitness, witness_ed, Time{}));
    EXPECT_FALSE(cosign(checkpoint, kWitness, witness_ml, Time{-1}));
    EXPECT_FALSE(cosign(checkpoint, "a b", witness_ed, kTime));
}

TEST_F(CheckpointTest, WhoCosignedAndWhen) {
    const auto checkpoint = known_checkpoint();
    auto note = sign(checkpoint);
    ASSERT_TRUE(note.add(*cosign(checkpoint, kWitness, witness_ed, kTime)));
    auto found = cosigners(checkpoint, note.signatures(), witness);
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, (std::vector<Cosignature>{{kWitness, KeyType::cosigner_ed25519, kTime}}));
    EXPECT_FALSE(countersigned(*found, kWitness));
    ASSERT_TRUE(note.add(*cosign(checkpoint, kWitness, witness_ml, kTime.plus_seconds(9))));
    ASSERT_TRUE(note.add(*cosign(checkpoint, kWitness, witness_ed, kTime.plus_seconds(5))));
    found = cosigners(checkpoint, note.signatures(), witness);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(countersigned(*found, kWitness), kTime.plus_seconds(5));
    EXPECT_FALSE(countersigned(*found, "another"));
    EXPECT_TRUE(cosigners(checkpoint, note.signatures(), {}).value().empty());
    auto bad = *cosign(checkpoint, kWitness, witness_ed, kTime);
    bad.blob[20] ^= 1;
    ASSERT_TRUE(note.add(bad));
    EXPECT_EQ(cosigners(checkpoint, note.signatures(), witness).error().reason(),
              "tlog.cosignature");
}

TEST_F(CheckpointTest, Subtrees) {
    const Hash32 root = known_checkpoint().root;
    const auto line = cosign_subtree(kOrigin, 256, 300, root, kWitness, witness_ml);
    ASSERT_TRUE(line);
    EXPECT_TRUE(verify_subtree_cosignature(kOrigin, 256, 300, root, witness[1], *line));
    EXPECT_FALSE(verify_subtree_cosignature(kOrigin, 256, 301, root, witness[1], *line));
    EXPECT_FALSE(verify_subtree_cosignature(kOrigin, 512, 556, root, witness[1], *line));
    EXPECT_FALSE(cosign_subtree(kOrigin, 255, 300, root, kWitness, witness_ml));
    EXPECT_FALSE(cosign_subtree(kOrigin, 256, 300, root, kWitness, witness_ed));
    // The whole tree with time 0 is no claim about the largest tree seen.
    const Checkpoint whole{kOrigin, 300, root};
    const auto zero = cosign_subtree(kOrigin, 0, 300, root, kWitness, witness_ml);
    ASSERT_TRUE(zero);
    EXPECT_TRUE(cosigners(whole, std::vector{*zero}, witness).value().empty());
}

TEST_F(CheckpointTest, ProofFile) {
    const std::string text = known("tlog_proof");
    const auto file = ProofFile::parse(view(text));
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->print(), text);
    const Hash32 leaf = crypto::leaf_hash(testing::entry(12345));
    // The known answer has only the Ed25519 line of its log.
    EXPECT_EQ(file->verify(leaf, log).error().reason(), "tlog.signature");
    const std::vector<Hash32> path(file->path().begin(), file->path().end());
    const auto ours = ProofFile::make(12345, path, sign(known_checkpoint()), to_bytes("x"));
    ASSERT_TRUE(ours);
    const auto again = ProofFile::parse(view(ours->print()));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->extra(), to_bytes("x"));
    EXPECT_EQ(again->verify(leaf, log).value(), known_checkpoint());
    EXPECT_EQ(again->verify(known_checkpoint().root, log).error().reason(), "tlog.inclusion");
    EXPECT_FALSE(ProofFile::make(70000, path, sign(known_checkpoint())));
    EXPECT_FALSE(ProofFile::make(0, std::vector<Hash32>(64), sign(known_checkpoint())));
    // The cosignature is the last line; a file cut before it is still one of the log alone.
    const std::size_t log_only = text.rfind("\xe2\x80\x94");
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(ProofFile::parse(view(text.substr(0, size))).has_value(), size == log_only)
            << size;
}

} // namespace
} // namespace valise::tlog
