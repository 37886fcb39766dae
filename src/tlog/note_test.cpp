// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "tlog/internal/testing.h"
#include "tlog/note.h"

#include <gtest/gtest.h>

namespace valise::tlog {
namespace {

using crypto::SignatureAlgorithm;
using testing::key_from;
using testing::known_answers;

std::string known(const char* name) {
    return known_answers()[name].get<std::string>();
}

Result<Note> parse_note(const std::string& text) {
    return Note::parse(view(text));
}

TEST(Note, KnownSignatureLine) {
    const auto key = key_from("log_ed25519", SignatureAlgorithm::ed25519);
    const auto signer = NoteSigner::make("xr.example/a-b/1", key);
    ASSERT_TRUE(signer);
    EXPECT_EQ(signer->verifier().vkey(), known_answers()["vkeys"]["log_0x01"]);
    const std::string text = known("checkpoint_body");
    const auto signature = signer->sign(text);
    ASSERT_TRUE(signature);
    EXPECT_EQ(signature->line(), known("log_signature_line"));
    const auto note = parse_note(text + "\n" + known("log_signature_line"));
    ASSERT_TRUE(note);
    EXPECT_EQ(note->text(), text);
    ASSERT_EQ(note->signatures().size(), 1U);
    EXPECT_TRUE(signer->verifier().verify_text(note->text(), note->signatures()[0]));
    EXPECT_FALSE(signer->verifier().verify_text(note->text() + "\n", note->signatures()[0]));
    EXPECT_EQ(note->print(), text + "\n" + known("log_signature_line"));
}

TEST(Note, EveryFlippedBitOfANoteFails) {
    const std::string whole = known("checkpoint_body") + "\n" + known("log_signature_line");
    const auto verifier = Verifier::parse(known_answers()["vkeys"]["log_0x01"].get<std::string>());
    ASSERT_TRUE(verifier);
    const auto holds = [&](const std::string& text) {
        const auto note = parse_note(text);
        return note && verifier->made(note->signatures()[0]) &&
               verifier->verify_text(note->text(), note->signatures()[0]).has_value();
    };
    ASSERT_TRUE(holds(whole));
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string changed = whole;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(holds(changed)) << bit;
    }
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_note(whole.substr(0, size))) << size;
}

TEST(Note, SplitsAtTheLastBlankLine) {
    const std::string line = known("log_signature_line");
    EXPECT_EQ(parse_note("a\n\nb\n\n" + line).value().text(), "a\n\nb\n");
    EXPECT_EQ(parse_note("a\n\n\n" + line).value().text(), "a\n\n");
    EXPECT_EQ(Note::make("a\n\nb\n\n", {}).value().print(), "a\n\nb\n\n\n");
    const auto two = parse_note("a\n\n" + line + line);
    ASSERT_TRUE(two);
    EXPECT_EQ(two->signatures().size(), 2U);
}

TEST(Note, RefusesWhatOthersWouldReadDifferently) {
    const std::string good = known("log_signature_line");
    const std::string dash = "\xe2\x80\x94 ";
    ASSERT_TRUE(parse_note("a\n\n" + dash + "n AAAAAAE=\n"));
    const std::string rows[] = {
        "",
        "\n",
        "a\n",
        "a\n" + good,
        "a\n\n",
        "a\n\nb\n",
        "a\r\n\n" + good,
        "a\tb\n\n" + good,
        std::string("a\0b\n\n", 5) + good,
        "\xff\n\n" + good,
        "a\n\n" + good + "\n",
        "a\n\n" + good + "x",
        "a\n\n- n AAAAAAE=\n",
        "a\n\n" + dash + " AAAAAAE=\n",
        "a\n\n" + dash + "n  AAAAAAE=\n",
        "a\n\n" + dash + "n+m AAAAAAE=\n",
        "a\n\n" + dash + "n\xc2\xa0m AAAAAAE=\n",
        "a\n\n" + dash + "n\xe3\x80\x80m AAAAAAE=\n",
        "a\n\n" + dash + "n AAAAAAE\n",
        "a\n\n" + dash + "n AAAAAAF=\n",
        "a\n\n" + dash + "n AAAAAA==\n",
        "a\n\n" + dash + "n \n",
        "a\n\n" + dash + "n\n",
        "a\n\n" + dash + "n AAAAAAE= \n",
    };
    for (const auto& text : rows)
        EXPECT_FALSE(parse_note(text)) << to_hex(view(text));
}

TEST(Note, Limits) {
    std::string many = "a\n\n";
    for (std::size_t i = 0; i < kMaxNoteSignatures; ++i)
        many += known("log_signature_line");
    auto note = parse_note(many);
    ASSERT_TRUE(note);
    EXPECT_FALSE(note->add(note->signatures()[0]));
    EXPECT_FALSE(parse_note(many + known("log_signature_line")));
    EXPECT_FALSE(parse_note(std::string(kMaxNoteSize, 'a') + "\n\n" + known("log_signature_line")));
    EXPECT_FALSE(Note::make("a", {}));
    EXPECT_FALSE(Note::make("a\n", {{"n m", 1, Bytes{1}}}));
    EXPECT_FALSE(Note::make("a\n", {{"n", 1, Bytes{}}}));
}

TEST(Vkey, KnownAnswersAndBack) {
    const Json& vkeys = known_answers()["vkeys"];
    for (const char* name : {"log_0x01", "witness_0x04"}) {
        const std::string text = vkeys[name].get<std::string>();
        const auto verifier = Verifier::parse(text);
        ASSERT_TRUE(verifier) << verifier.error().text();
        EXPECT_EQ(verifier->vkey(), text);
    }
    const auto key = key_from("witness_mldsa44", SignatureAlgorithm::ml_dsa_44);
    EXPECT_EQ(to_hex(crypto::sha256(key.public_bytes())), vkeys["witness_mldsa44_pk_sha256"]);
    const auto verifier =
        Verifier::make("xr.example/b/witness", KeyType::cosigner_ml_dsa_44, key.public_bytes());
    ASSERT_TRUE(verifier);
    EXPECT_EQ(Verifier::parse(verifier->vkey()).value().vkey(), verifier->vkey());
    EXPECT_TRUE(verifier->vkey().starts_with("xr.example/b/witness+5b605619+B"));
    EXPECT_FALSE(Verifier::make("n", KeyType::ed25519, key.public_bytes()));
    EXPECT_FALSE(Verifier::make("n", static_cast<KeyType>(2), key.public_bytes()));
    EXPECT_FALSE(
        Verifier::make(std::string(256, 'n'), KeyType::cosigner_ml_dsa_44, key.public_bytes()));
    EXPECT_FALSE(NoteSigner::make("n", key));
}

// A tool elsewhere does not compare the key id, and its own test key has a wrong one.
TEST(Vkey, EveryFlippedBitIsRefused) {
    for (const char* name : {"log_0x01", "witness_0x04"}) {
        const std::string text = known_answers()["vkeys"][name].get<std::string>();
        for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
            std::string changed = text;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
            EXPECT_FALSE(Verifier::parse(changed)) << changed;
        }
        for (std::size_t size = 0; size < text.size(); ++size)
            EXPECT_FALSE(Verifier::parse(text.substr(0, size)));
    }
    EXPECT_FALSE(Verifier::parse("++"));
    EXPECT_FALSE(Verifier::parse("n+00000000+"));
}

} // namespace
} // namespace valise::tlog
