// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/internal/composite.h"
#include "crypto/internal/kem_der.h"
#include "crypto/internal/kem_vectors.h"
#include "crypto/internal/testing.h"
#include "crypto/kem.h"
#include "crypto/random.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace valise::crypto {
namespace {

constexpr WrapScheme kSchemes[] = {WrapScheme::p384_mlkem1024, WrapScheme::p256_mlkem768};

TEST(Kem, CombinesAsTheDraftDoes) {
    const auto known = vectors("kem/composite_kem.json");
    if (!known)
        GTEST_SKIP() << "no shared vectors here";
    std::size_t met = 0;
    for (const Json& vector : known->at("vectors"))
        for (const WrapScheme scheme : kSchemes) {
            if (composite_facts(scheme).label != vector.at("label").get<std::string>())
                continue;
            const auto bytes = [&](const char* name) {
                return hex(vector.at(name).get<std::string>());
            };
            EXPECT_EQ(
                hex_of(combine(scheme, bytes("mlkem_shared_secret"), bytes("ecdh_shared_secret"),
                               bytes("ephemeral_point"), bytes("static_point"))),
                vector.at("expected").get<std::string>());
            ++met;
        }
    EXPECT_EQ(met, 2U);
}

TEST(Kem, Names) {
    for (const WrapScheme scheme : kSchemes)
        EXPECT_EQ(*parse_wrap_scheme(to_string(scheme)), scheme);
    EXPECT_EQ(to_string(WrapScheme::p384_mlkem1024), "hpqt:secp384r1-mlkem1024");
    EXPECT_EQ(to_string(WrapScheme::p256_mlkem768), "hpqt:secp256r1-mlkem768");
    expect_error(parse_wrap_scheme("rsa:1024"), Code::invalid, "crypto.wrap_scheme");
}

TEST(Kem, RoundTripsThroughEveryForm) {
    for (const WrapScheme scheme : kSchemes) {
        SCOPED_TRACE(to_string(scheme));
        const WrapPrivateKey key = WrapPrivateKey::generate(scheme);
        const auto imported = WrapPrivateKey::import_der(key.export_der(for_test()));
        ASSERT_TRUE(imported.has_value()) << imported.error().text();
        EXPECT_TRUE(imported->public_key() == key.public_key());
        const std::string pem = pem_of("PRIVATE KEY", key.export_der(for_test()).read(for_test()));
        EXPECT_TRUE(WrapPrivateKey::import_pem(secret(pem)).has_value());

        const auto read_der = WrapPublicKey::parse_der(key.public_key().der());
        const auto read_pem = WrapPublicKey::parse_pem(key.public_key().pem());
        ASSERT_TRUE(read_der && read_pem);
        EXPECT_TRUE(*read_der == *read_pem);
        EXPECT_EQ(read_pem->scheme(), scheme);
        EXPECT_EQ(read_pem->kid(), key.public_key().kid());

        const SecretBytes share = random_secret(kShareSize);
        const auto wrapped = read_pem->wrap(share);
        ASSERT_TRUE(wrapped.has_value());
        const auto unwrapped = imported->unwrap(*wrapped);
        ASSERT_TRUE(unwrapped.has_value());
        EXPECT_EQ(hex_of(*unwrapped), hex_of(share));
        EXPECT_NE(*wrapped, *read_pem->wrap(share));
    }
}

// The bytes around the keys, as OpenTDF's own code and the draft have them.
TEST(Kem, SpkiHasTheRegisteredForm) {
    const WrapPrivateKey p256 = WrapPrivateKey::generate(WrapScheme::p256_mlkem768);
    const Bytes& der = p256.public_key().der();
    EXPECT_EQ(to_hex(ByteView(der).first(21)), "308204f2300a06082b0601050507063b038204e200");
    //          SEQ 1266  SEQ OID 1.3.6.1.5.5.7.6.59  BIT STRING 1250
    EXPECT_EQ(der.size(), 21 + 1184 + 65U);
    EXPECT_EQ(der[21 + 1184], 0x04);
    const WrapPrivateKey p384 = WrapPrivateKey::generate(WrapScheme::p384_mlkem1024);
    EXPECT_EQ(to_hex(ByteView(p384.public_key().der()).first(21)),
              "30820692300a06082b0601050507063f0382068200");
    EXPECT_EQ(p384.public_key().der().size(), 21 + 1568 + 97U);
}

TEST(Kem, EnvelopeHasTheRegisteredForm) {
    const WrapPrivateKey key = WrapPrivateKey::generate(WrapScheme::p256_mlkem768);
    const Bytes wrapped = *key.public_key().wrap(random_secret(32));
    EXPECT_EQ(to_hex(ByteView(wrapped).first(8)), "308204c380820481"); // 1219, 1153
    EXPECT_EQ(to_hex(ByteView(wrapped).subspan(8 + 1153, 2)), "813c");
    EXPECT_EQ(wrapped.size(), 8 + 1153 + 2 + 60U);
}

TEST(Kem, OpensWhatAnotherImplementationWrapped) {
    for (const auto& [private_key, wrapped] :
         {std::pair(kP256PrivateKey, kP256Wrapped), std::pair(kP384PrivateKey, kP384Wrapped)}) {
        const auto key = WrapPrivateKey::import_der(secret(*from_base64(private_key)));
        ASSERT_TRUE(key.has_value()) << key.error().text();
        const auto share = key->unwrap(*from_base64(wrapped));
        ASSERT_TRUE(share.has_value()) << share.error().text();
        EXPECT_EQ(hex_of(*share),
                  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    }
}

TEST(Kem, KidIsMadeOfTheDer) {
    const WrapPublicKey key = WrapPrivateKey::generate(WrapScheme::p256_mlkem768).public_key();
    const Hash32 hash = sha256(key.der());
    EXPECT_EQ(key.kid(), "k-" + to_base32(ByteView(hash).first(10)));
    EXPECT_LE(key.kid().size(), 32U); // the key service's protocol takes no more
}

TEST(Kem, EveryBitAndPrefixOfAWrapIsGuarded) {
    for (const WrapScheme scheme : kSchemes) {
        SCOPED_TRACE(to_string(scheme));
        const WrapPrivateKey key = WrapPrivateKey::generate(scheme);
        const Bytes wrapped = *key.public_key().wrap(random_secret(32));
        for (std::size_t byte = 0; byte < wrapped.size(); ++byte) {
            Bytes changed = wrapped;
            changed[byte] ^= static_cast<Byte>(1 << (byte % 8));
            expect_error(key.unwrap(changed), Code::integrity, "crypto.unwrap");
        }
        for (std::size_t size = 0; size < wrapped.size(); ++size)
            expect_error(key.unwrap(ByteView(wrapped).first(size)), Code::integrity,
                         "crypto.unwrap");
        Bytes longer = wrapped;
        longer.push_back(0);
        expect_error(key.unwrap(longer), Code::integrity, "crypto.unwrap");
        for (const WrapScheme other : kSchemes)
            expect_error(WrapPrivateKey::generate(other).unwrap(wrapped), Code::integrity,
                         "crypto.unwrap");
    }
}

TEST(Kem, SharesOfOtherSizesAreRefused) {
    const WrapPrivateKey key = WrapPrivateKey::generate(WrapScheme::p256_mlkem768);
    for (const std::size_t size : {0U, 31U, 33U})
        expect_error(key.public_key().wrap(random_secret(size)), Code::invalid, "crypto.wrap");
}

TEST(Kem, PublicKeysThatAreNotExactlyRightAreRefused) {
    for (const WrapScheme scheme : kSchemes) {
        const CompositeFacts& facts = composite_facts(scheme);
        const Bytes der = WrapPrivateKey::generate(scheme).public_key().der();
        const auto refused = [](const Bytes& bytes) {
            expect_error(WrapPublicKey::parse_der(bytes), Code::invalid, "crypto.wrap_key");
        };
        for (std::size_t size = 0; size < der.size(); ++size)
            refused(Bytes(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size)));
        Bytes longer = der;
        longer.push_back(0);
        refused(longer);
        for (std::size_t bit = 0; bit < 21 * 8; ++bit) {
            Bytes changed = der;
            changed[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
            refused(changed);
        }
        Bytes off_curve = der;
        off_curve.back() ^= 1;
        refused(off_curve);
        Bytes compressed = der;
        compressed[der.size() - facts.point] = 0x02;
        refused(compressed);
        Bytes unreduced = der; // FIPS 203 7.2: each coefficient below q
        std::fill_n(unreduced.begin() + 21, 384, Byte{0xff});
        refused(unreduced);
    }
}

TEST(Kem, PrivateKeysThatAreNotExactlyRightAreRefused) {
    for (const WrapScheme scheme : kSchemes) {
        const CompositeFacts& facts = composite_facts(scheme);
        const CompositePrivate key = CompositePrivate::generate(scheme);
        const auto make = [&](ByteView scalar) {
            return CompositePrivate::make(scheme, key.seed().read(for_test()), scalar);
        };
        expect_error(make(repeated(0, facts.scalar)), Code::invalid, "crypto.wrap_key");
        expect_error(make(repeated(0xff, facts.scalar)), Code::invalid, "crypto.wrap_key");
        expect_error(make(repeated(1, facts.scalar - 1)), Code::invalid, "crypto.wrap_key");
        const SecretBytes der =
            pkcs8_der(scheme, key.seed().read(for_test()), key.scalar().read(for_test()));
        const ByteView bytes = der.read(for_test());
        EXPECT_TRUE(WrapPrivateKey::import_der(der).has_value());
        for (std::size_t size = 0; size < bytes.size(); ++size)
            expect_error(WrapPrivateKey::import_der(secret(bytes.first(size))), Code::invalid,
                         "crypto.wrap_key");
    }
}

// RFC 5915 with the public point, as Go writes it.
TEST(Kem, PrivateKeysWithTheirPointAreRead) {
    const CompositePrivate key = CompositePrivate::generate(WrapScheme::p256_mlkem768);
    const ByteView point = ByteView(key.public_raw()).last(65);
    Bytes ec = hex("30770201010420");
    append(ec, key.scalar().read(for_test()));
    append(ec, hex("a00a06082a8648ce3d030107a144034200"));
    append(ec, point);
    Bytes der = hex("3081cb020100300a06082b0601050507063b0481b9");
    append(der, key.seed().read(for_test()));
    append(der, ec);
    const auto read = WrapPrivateKey::import_der(secret(der));
    ASSERT_TRUE(read.has_value()) << read.error().text();
    EXPECT_EQ(read->public_key().der(), spki_der(key.scheme(), key.public_raw()));
    der.back() ^= 1;
    expect_error(WrapPrivateKey::import_der(secret(der)), Code::invalid, "crypto.wrap_key");
}

TEST(Kem, PemIsReadStrictly) {
    const std::string pem = WrapPrivateKey::generate(WrapScheme::p256_mlkem768).public_key().pem();
    EXPECT_TRUE(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    EXPECT_TRUE(pem.ends_with("\n-----END PUBLIC KEY-----\n"));
    std::string carriage;
    for (const char c : pem)
        carriage += c == '\n' ? "\r\n" : std::string(1, c);
    EXPECT_TRUE(WrapPublicKey::parse_pem("\n " + carriage).has_value());
    std::string other = pem;
    other.replace(0, 26, "-----BEGIN CERTIFICATE----");
    for (const std::string& text :
         {std::string(), other, "x" + pem, pem + "x", pem + pem, pem.substr(0, pem.size() / 2),
          std::string("-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----"),
          std::string("-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----")})
        expect_error(WrapPublicKey::parse_pem(text), Code::invalid, "crypto.wrap_key");
}

TEST(Kem, OneKeyServesSeveralThreads) {
    const WrapPrivateKey key = WrapPrivateKey::generate(WrapScheme::p384_mlkem1024);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i) {
                const SecretBytes share = random_secret(32);
                const auto opened = key.unwrap(*key.public_key().wrap(share));
                if (!opened || hex_of(*opened) != hex_of(share))
                    ++wrong;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(wrong, 0);
}

} // namespace
} // namespace valise::crypto
