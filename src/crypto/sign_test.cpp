// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/hybrid_sign.h"
#include "crypto/internal/testing.h"
#include "crypto/random.h"
#include "crypto/sign.h"

#include <atomic>
#include <thread>

namespace valise::crypto {
namespace {

using enum SignatureAlgorithm;
constexpr SignatureAlgorithm kAll[] = {ed25519, ml_dsa_44, ml_dsa_87};

VerifyKey verifier_of(const SigningKey& key) {
    auto out = VerifyKey::parse(key.algorithm(), key.public_bytes());
    EXPECT_TRUE(out.has_value());
    return *out;
}

struct Ed25519Case {
    std::string_view seed, public_key, message, signature;
};

TEST(Sign, Rfc8032) {
    constexpr Ed25519Case kCases[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};
    for (const Ed25519Case& known : kCases) {
        const auto key = SigningKey::from_seed(ed25519, secret(hex(known.seed)));
        ASSERT_TRUE(key.has_value());
        EXPECT_EQ(to_hex(key->public_bytes()), known.public_key);
        EXPECT_EQ(to_hex(*key->sign(hex(known.message))), known.signature);
        EXPECT_TRUE(verifier_of(*key).verify(hex(known.message), hex(known.signature)));
    }
}

TEST(Sign, SeedsOfTheKnownAnswersGiveTheirPublicKeys) {
    const auto known = vectors("tlog/known_answers.json");
    if (!known)
        GTEST_SKIP() << "no shared vectors here";
    for (const std::string who : {"log", "witness"}) {
        const auto seed = hex(known->at("seeds").at(who + "_mldsa44").get<std::string>());
        const auto key = SigningKey::from_seed(ml_dsa_44, secret(seed));
        ASSERT_TRUE(key.has_value());
        EXPECT_EQ(to_hex(sha256(key->public_bytes())),
                  known->at("vkeys").at(who + "_mldsa44_pk_sha256").get<std::string>());
    }
    // A vkey ends with base64 of the algorithm byte and the Ed25519 key.
    const auto log = SigningKey::from_seed(
        ed25519, secret(hex(known->at("seeds").at("log_ed25519").get<std::string>())));
    Bytes named{0x01};
    append(named, log->public_bytes());
    EXPECT_TRUE(known->at("vkeys").at("log_0x01").get<std::string>().ends_with(to_base64(named)));
}

TEST(Sign, VerifiesTheKnownMlDsaCosignature) {
    const auto known = vectors("tlog/known_answers.json");
    if (!known)
        GTEST_SKIP() << "no shared vectors here";
    const auto seed = hex(known->at("seeds").at("witness_mldsa44").get<std::string>());
    const auto key = SigningKey::from_seed(ml_dsa_44, secret(seed));
    const Bytes message = hex(known->at("mldsa_cosigned_message_hex").get<std::string>());
    // A note line: em dash, name, base64 of key id 4 || time 8 || signature.
    auto line = known->at("mldsa_line_is_randomised_sample").get<std::string>();
    while (line.ends_with('\n'))
        line.pop_back();
    const Bytes blob = *from_base64(line.substr(line.rfind(' ') + 1));
    ASSERT_EQ(blob.size(), 12 + signature_size(ml_dsa_44));
    EXPECT_TRUE(verifier_of(*key).verify(message, ByteView(blob).subspan(12)));
}

TEST(Sign, RoundTripsAndRefusesEveryChange) {
    for (const SignatureAlgorithm algorithm : kAll) {
        SCOPED_TRACE(to_string(algorithm));
        const SigningKey key = SigningKey::generate(algorithm);
        const VerifyKey verifier = verifier_of(key);
        EXPECT_EQ(key.public_bytes().size(), public_key_size(algorithm));
        const Bytes message = to_bytes("the note of 24 November");
        const Bytes signature = *key.sign(message);
        EXPECT_EQ(signature.size(), signature_size(algorithm));
        EXPECT_TRUE(verifier.verify(message, signature));
        for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
            Bytes changed = message;
            changed[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
            expect_error(verifier.verify(changed, signature), Code::integrity, "crypto.signature");
        }
        // Every bit of Ed25519; of the long signatures one bit in each byte.
        const std::size_t step = algorithm == ed25519 ? 1 : 8;
        for (std::size_t bit = 0; bit < signature.size() * 8; bit += step) {
            Bytes changed = signature;
            changed[bit / 8] ^= static_cast<Byte>(1 << (bit / 8 % step + bit % 8));
            expect_error(verifier.verify(message, changed), Code::integrity, "crypto.signature");
        }
        for (const std::size_t size : {std::size_t{0}, signature.size() - 1})
            expect_error(verifier.verify(message, ByteView(signature).first(size)), Code::integrity,
                         "crypto.signature");
        Bytes longer = signature;
        longer.push_back(0);
        expect_error(verifier.verify(message, longer), Code::integrity, "crypto.signature");
        expect_error(verifier_of(SigningKey::generate(algorithm)).verify(message, signature),
                     Code::integrity, "crypto.signature");
    }
}

TEST(Sign, AnEmptyMessageIsAMessage) {
    for (const SignatureAlgorithm algorithm : kAll) {
        const SigningKey key = SigningKey::generate(algorithm);
        const Bytes signature = *key.sign({});
        EXPECT_TRUE(verifier_of(key).verify({}, signature));
        EXPECT_FALSE(verifier_of(key).verify(view("x"), signature));
    }
}

TEST(Sign, MlDsaIsHedged) {
    const SigningKey key = SigningKey::generate(ml_dsa_87);
    EXPECT_NE(*key.sign(view("x")), *key.sign(view("x")));
}

TEST(Sign, SeedsComeBack) {
    for (const SignatureAlgorithm algorithm : kAll) {
        const SigningKey key = SigningKey::generate(algorithm);
        const auto again = SigningKey::from_seed(algorithm, key.seed(for_test()));
        ASSERT_TRUE(again.has_value());
        EXPECT_EQ(again->public_bytes(), key.public_bytes());
        for (const std::size_t size : {0U, 31U, 33U})
            expect_error(SigningKey::from_seed(algorithm, random_secret(size)), Code::invalid,
                         "crypto.seed");
    }
}

TEST(Sign, PublicKeysOfOtherSizesAreRefused) {
    for (const SignatureAlgorithm algorithm : kAll) {
        const Bytes raw = SigningKey::generate(algorithm).public_bytes();
        for (std::size_t size = 0; size < raw.size(); size += size < 64 ? 1 : 97)
            expect_error(VerifyKey::parse(algorithm, ByteView(raw).first(size)), Code::invalid,
                         "crypto.public_key");
        Bytes longer = raw;
        longer.push_back(0);
        expect_error(VerifyKey::parse(algorithm, longer), Code::invalid, "crypto.public_key");
    }
}

// With such a key, R = identity and s = 0 verify for one message in a few.
TEST(Sign, Ed25519KeysOfSmallOrderAreRefused) {
    constexpr std::string_view kBad[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // y >= p: 0, 1 and the largest, written longer than they are
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
    for (const std::string_view text : kBad) {
        Bytes raw = hex(text);
        expect_error(VerifyKey::parse(ed25519, raw), Code::invalid, "crypto.public_key");
        raw[31] ^= 0x80; // the other x
        expect_error(VerifyKey::parse(ed25519, raw), Code::invalid, "crypto.public_key");
    }
}

TEST(Sign, KeysServeSeveralThreads) {
    for (const SignatureAlgorithm algorithm : kAll) {
        const SigningKey key = SigningKey::generate(algorithm);
        const VerifyKey verifier = verifier_of(key);
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 20; ++i) {
                    const Bytes message = to_bytes(std::to_string(t) + "/" + std::to_string(i));
                    const auto signature = key.sign(message);
                    if (!signature || !verifier.verify(message, *signature))
                        ++wrong;
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        EXPECT_EQ(wrong, 0);
    }
}

TEST(HybridSign, NeitherHalfAloneIsEnough) {
    const HybridSigner signer = HybridSigner::generate();
    const HybridSigner other = HybridSigner::generate();
    const auto verifier = HybridVerifier::parse(signer.public_keys());
    ASSERT_TRUE(verifier.has_value());
    const Bytes good = *signer.sign(view("statement"));
    const Bytes bad = *other.sign(view("statement"));
    ASSERT_EQ(good.size(), kHybridSignatureSize);
    EXPECT_TRUE(verifier->verify(view("statement"), good));
    expect_error(verifier->verify(view("statemenT"), good), Code::integrity, "crypto.signature");
    Bytes classic_only(good.begin(), good.begin() + 64);
    append(classic_only, ByteView(bad).subspan(64));
    Bytes lattice_only(bad.begin(), bad.begin() + 64);
    append(lattice_only, ByteView(good).subspan(64));
    for (const Bytes& signature :
         {classic_only, lattice_only, bad, Bytes{}, Bytes(good.begin(), good.begin() + 64),
          Bytes(good.begin(), good.end() - 1)})
        expect_error(verifier->verify(view("statement"), signature), Code::integrity,
                     "crypto.signature");
}

TEST(HybridSign, SeedsComeBack) {
    const HybridSigner signer = HybridSigner::generate();
    const auto again = HybridSigner::from_seeds(signer.seeds(for_test()));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->public_keys(), signer.public_keys());
    expect_error(HybridSigner::from_seeds(random_secret(63)), Code::invalid, "crypto.seed");
    HybridPublic keys = signer.public_keys();
    std::swap(keys.ed25519, keys.ml_dsa_87);
    expect_error(HybridVerifier::parse(keys), Code::invalid, "crypto.public_key");
}

} // namespace
} // namespace valise::crypto
