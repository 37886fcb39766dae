// SPDX-License-Identifier: Apache-2.0
#include "tlog/cosignature.h"
#include "tlog/internal/testing.h"
#include "tlog/witness.h"

#include <gtest/gtest.h>

#include <functional>

namespace valise::tlog {
namespace {

using crypto::SignatureAlgorithm;
using testing::key_from;
using testing::known_answers;
using testing::tree_of;

const std::string kOrigin = "xr.example/a-b/1";

class WitnessTest : public ::testing::Test {
protected:
    crypto::SigningKey ed = key_from("log_ed25519", SignatureAlgorithm::ed25519);
    crypto::SigningKey ml = key_from("log_mldsa44", SignatureAlgorithm::ml_dsa_44);
    LogKeys log = *LogKeys::make(kOrigin, ed.public_bytes(), ml.public_bytes());
    MemoryTree tree = tree_of(40);

    Checkpoint checkpoint(std::uint64_t size) const { return {kOrigin, size, *tree.root_at(size)}; }
    WitnessState state(std::uint64_t size) const { return {size, *tree.root_at(size)}; }
    SignedCheckpoint sign(const Checkpoint& made) const {
        return *SignedCheckpoint::make(made, *sign_checkpoint(made, ed, ml, Time{1790000000}));
    }
    // Through the printed bytes, as it would come in.
    WitnessRequest request(std::uint64_t old_size, std::span<const Hash32> proof,
                           const SignedCheckpoint& note) const {
        std::string body = "old " + std::to_string(old_size) + "\n";
        for (const auto& hash : proof)
            body += to_base64(hash) + "\n";
        return *WitnessRequest::parse(view(body + "\n" + note.print()));
    }
    WitnessRequest honest(std::uint64_t old_size, std::uint64_t size) const {
        return request(old_size, *consistency_proof(tree, old_size, size), sign(checkpoint(size)));
    }
    int status(const WitnessRequest& asked, const WitnessState& held) const {
        const auto decided = decide_witness(asked, &log, held);
        return decided ? 200 : decided.error().status;
    }
};

TEST_F(WitnessTest, KnownBody) {
    const std::string body = known_answers()["add_checkpoint_body"].get<std::string>();
    const auto asked = WitnessRequest::parse(view(body));
    ASSERT_TRUE(asked) << asked.error().text();
    EXPECT_EQ(asked->old_size(), 257U);
    EXPECT_EQ(asked->print(), body);
    EXPECT_EQ(asked->proof().size(), 18U);
    // It carries only the Ed25519 line of the log.
    const WitnessState held{257,
                            testing::hash_from(known_answers()["roots"]["257"].get<std::string>())};
    EXPECT_EQ(status(*asked, held), 403);
    const std::vector<Hash32> proof(asked->proof().begin(), asked->proof().end());
    const Checkpoint grown =
        *Checkpoint::parse(known_answers()["checkpoint_body"].get<std::string>());
    const auto whole = WitnessRequest::make(257, proof, sign(grown));
    ASSERT_TRUE(whole);
    EXPECT_EQ(decide_witness(*whole, &log, held).value(), grown);
}

TEST_F(WitnessTest, EveryOldAndNewSize) {
    for (std::uint64_t size = 0; size <= 12; ++size)
        for (std::uint64_t old_size = 0; old_size <= size; ++old_size)
            for (std::uint64_t held = 0; held <= 12; held += 3) {
                const auto decided = decide_witness(honest(old_size, size), &log, state(held));
                if (held == old_size) {
                    ASSERT_TRUE(decided) << old_size << " " << size;
                    EXPECT_EQ(*decided, checkpoint(size));
                } else {
                    ASSERT_FALSE(decided);
                    EXPECT_EQ(decided.error(), (WitnessAnswer{409, "text/x.tlog.size",
                                                              std::to_string(held) + "\n"}));
                }
            }
}

//= c2sp.org/tlog-witness: the answers, one row each
TEST_F(WitnessTest, StatusMatrix) {
    const auto proof = *consistency_proof(tree, 8, 20);
    auto broken = proof;
    broken[1][5] ^= 4;
    auto shorter = proof;
    shorter.pop_back();
    Checkpoint forked = checkpoint(20);
    forked.root[0] ^= 1;
    Checkpoint same = checkpoint(8);
    same.root[0] ^= 1;
    const Checkpoint hollow{kOrigin, 0, tree.root()};
    const std::vector<Hash32> one{tree.root()};
    struct Row {
        const char* what;
        WitnessRequest asked;
        WitnessState held;
        int status;
    };
    const Row rows[] = {
        {"grown", request(8, proof, sign(checkpoint(20))), state(8), 200},
        {"heartbeat", request(8, {}, sign(checkpoint(8))), state(8), 200},
        {"first", request(0, {}, sign(checkpoint(20))), {}, 200},
        {"first and empty", request(0, {}, sign(checkpoint(0))), {}, 200},
        {"old beyond new", request(20, {}, sign(checkpoint(8))), state(20), 400},
        {"stale old", request(7, proof, sign(checkpoint(20))), state(8), 409},
        {"shrunk", request(8, {}, sign(checkpoint(8))), state(20), 409},
        {"broken proof", request(8, broken, sign(checkpoint(20))), state(8), 422},
        {"short proof", request(8, shorter, sign(checkpoint(20))), state(8), 422},
        {"no proof", request(8, {}, sign(checkpoint(20))), state(8), 422},
        {"forked", request(8, proof, sign(forked)), state(8), 422},
        {"another root", request(8, {}, sign(same)), state(8), 422},
        {"heartbeat with a proof", request(8, one, sign(checkpoint(8))), state(8), 422},
        {"proof from nothing", request(0, one, sign(checkpoint(20))), {}, 422},
        {"size 0 with a root", request(0, {}, sign(hollow)), {}, 422},
        {"size 0 with a proof", request(0, one, sign(checkpoint(0))), {}, 422},
    };
    for (const auto& row : rows)
        EXPECT_EQ(status(row.asked, row.held), row.status) << row.what;
}

TEST_F(WitnessTest, UnknownLogAndBadSignature) {
    const auto asked = honest(0, 20);
    EXPECT_EQ(decide_witness(asked, nullptr, {}).error().status, 404);
    Checkpoint foreign = checkpoint(20);
    foreign.origin = "xr.example/a-b/2";
    EXPECT_EQ(status(request(0, {}, sign(foreign)), {}), 404);
    const auto whole = sign(checkpoint(20));
    for (std::size_t left : {0U, 1U})
        EXPECT_EQ(
            status(
                request(0, {}, *SignedCheckpoint::make(checkpoint(20), {whole.signatures()[left]})),
                {}),
            403);
    auto spoiled = whole;
    auto bad = whole.signatures()[0];
    bad.blob[3] ^= 8;
    ASSERT_TRUE(spoiled.add(bad));
    EXPECT_EQ(status(request(0, {}, spoiled), {}), 403);
    // A bad signature is told before anything about the state.
    EXPECT_EQ(status(request(3, {}, spoiled), state(8)), 403);
}

TEST_F(WitnessTest, MalformedBodies) {
    const std::string note = sign(checkpoint(8)).print();
    const std::string hash = to_base64(tree.root()) + "\n";
    ASSERT_TRUE(WitnessRequest::parse(view("old 0\n\n" + note)));
    std::string many;
    for (std::size_t i = 0; i < kMaxProofHashes; ++i)
        many += hash;
    EXPECT_TRUE(WitnessRequest::parse(view("old 1\n" + many + "\n" + note)));
    for (const std::string& body :
         {std::string(), "old 0\n" + note, "old\n\n" + note, "old \n\n" + note, "old -1\n\n" + note,
          "old 00\n\n" + note, "old 0 \n\n" + note, "Old 0\n\n" + note, "old 0\r\n\n" + note,
          "old 1\n" + many + hash + "\n" + note, "old 1\nAAAA\n\n" + note, "old 1\n" + hash + note,
          "\nold 0\n\n" + note, "old 0\n\n\n" + note + "x", "old 9223372036854775808\n\n" + note})
        EXPECT_FALSE(WitnessRequest::parse(view(body))) << body.substr(0, 60);
    EXPECT_EQ(witness_malformed().status, 400);
    EXPECT_FALSE(WitnessRequest::make(9, {}, sign(checkpoint(8))));
    EXPECT_FALSE(WitnessRequest::make(1, std::vector<Hash32>(64), sign(checkpoint(8))));
}

TEST_F(WitnessTest, AnswersAsTheAskerReadsThem) {
    const auto key = key_from("witness_ed25519", SignatureAlgorithm::ed25519);
    const auto line = *cosign(checkpoint(8), "w", key, Time{1790000000});
    const auto accepted = witness_accepts(std::vector{line, line});
    EXPECT_EQ(witness_outcome(accepted), WitnessOutcome::cosigned);
    EXPECT_EQ(parse_signature_lines(accepted.body).value(), (std::vector{line, line}));
    for (const char* body : {"", "\n", "x\n"})
        EXPECT_FALSE(parse_signature_lines(body));
    EXPECT_FALSE(parse_signature_lines(accepted.body + "\n"));
    const auto behind = decide_witness(honest(8, 20), &log, state(9)).error();
    EXPECT_EQ(witness_outcome(behind), WitnessOutcome::behind);
    EXPECT_EQ(parse_witness_size(behind.body).value(), 9U);
    for (const char* body : {"", "9", "09\n", "9\n\n", "9 \n", "x\n", "-1\n"})
        EXPECT_FALSE(parse_witness_size(body)) << body;
    EXPECT_EQ(witness_outcome({409, "text/plain", ""}), WitnessOutcome::refused);
    for (int refused : {400, 403, 404, 422})
        EXPECT_EQ(witness_outcome({refused, "", ""}), WitnessOutcome::refused);
    for (int later : {0, 201, 302, 429, 500, 503})
        EXPECT_EQ(witness_outcome({later, "", ""}), WitnessOutcome::later);
}

TEST_F(WitnessTest, AVerdictNeedsEveryKeyOfTheWitnessAndKeepsNoOtherLine) {
    const auto classic = key_from("witness_ed25519", SignatureAlgorithm::ed25519);
    const auto quantum_safe = crypto::SigningKey::generate(SignatureAlgorithm::ml_dsa_44);
    const std::vector keys{
        *Verifier::make("w", KeyType::cosigner_ed25519, classic.public_bytes()),
        *Verifier::make("w", KeyType::cosigner_ml_dsa_44, quantum_safe.public_bytes())};
    const auto one = *cosign(checkpoint(8), "w", classic, Time{1790000000});
    const auto two = *cosign(checkpoint(8), "w", quantum_safe, Time{1790000000});
    const auto foreign = *cosign(checkpoint(8), "x", classic, Time{1790000000});
    const auto judged = [&](const std::vector<NoteSignature>& lines) {
        return judge_answer(witness_accepts(lines), checkpoint(8), keys);
    };
    const auto whole = judged({one, foreign, two});
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->outcome, WitnessOutcome::cosigned);
    EXPECT_EQ(whole->lines, (std::vector{one, two}));
    for (const auto& lines : {std::vector{one}, {two}, {foreign}, {one, one}}) {
        const auto half = judged(lines);
        ASSERT_FALSE(half);
        EXPECT_EQ(half.error().reason(), "tlog.cosignature");
    }
    auto bad = two;
    bad.blob[20] ^= 1;
    EXPECT_FALSE(judged({one, two, bad}));
    // Of another tree of this log.
    EXPECT_FALSE(judge_answer(witness_accepts(std::vector{one, two}), checkpoint(9), keys));
    EXPECT_FALSE(judge_answer(witness_accepts(std::vector{one, two}), checkpoint(8), {}));
    const WitnessAnswer behind{409, std::string(kSizeMediaType), "7\n"};
    EXPECT_EQ(judge_answer(behind, checkpoint(8), keys)->size, 7U);
    EXPECT_FALSE(judge_answer({409, std::string(kSizeMediaType), "x"}, checkpoint(8), keys));
    EXPECT_EQ(judge_answer({429, "", ""}, checkpoint(8), keys)->outcome, WitnessOutcome::later);
}

} // namespace
} // namespace valise::tlog
