// SPDX-License-Identifier: Apache-2.0
// Every wrap of clients in the field, beside the registries' own (kem_test.cpp).
#include "crypto/internal/kem_der.h"
#include "crypto/internal/testing.h"
#include "crypto/internal/wrap_vectors.h"
#include "crypto/kem.h"
#include "crypto/random.h"

#include <algorithm>
#include <map>
#include <set>

namespace valise::crypto {
namespace {

// One key of each scheme: making those of RSA takes a while.
const WrapPrivateKey& key_of(WrapScheme scheme) {
    static std::map<WrapScheme, WrapPrivateKey> keys;
    const auto found = keys.find(scheme);
    return found != keys.end()
               ? found->second
               : keys.emplace(scheme, WrapPrivateKey::generate(scheme)).first->second;
}

std::string pem_of_spki(std::string_view base64) {
    return base64.empty() ? std::string() : pem_of("PUBLIC KEY", *from_base64(base64));
}

TEST(Wrap, EverySchemeHasItsNameAndType) {
    std::map<std::string_view, std::string_view> types;
    for (const WrapScheme scheme : wrap_schemes()) {
        EXPECT_EQ(*parse_wrap_scheme(to_string(scheme)), scheme);
        types[to_string(scheme)] = wrap_type(scheme);
    }
    const std::map<std::string_view, std::string_view> expected{
        {"hpqt:secp384r1-mlkem1024", "hybrid-wrapped"},
        {"hpqt:secp256r1-mlkem768", "hybrid-wrapped"},
        {"hpqt:xwing", "hybrid-wrapped"},
        {"mlkem:1024", "mlkem-wrapped"},
        {"mlkem:768", "mlkem-wrapped"},
        {"ec:secp256r1", "ec-wrapped"},
        {"ec:secp384r1", "ec-wrapped"},
        {"ec:secp521r1", "ec-wrapped"},
        {"rsa:2048", "wrapped"},
        {"rsa:4096", "wrapped"}};
    EXPECT_EQ(types, expected);
}

TEST(Wrap, RoundTripsThroughEveryForm) {
    for (const WrapScheme scheme : wrap_schemes()) {
        SCOPED_TRACE(to_string(scheme));
        const WrapPrivateKey& key = key_of(scheme);
        EXPECT_EQ(key.public_key().scheme(), scheme);
        const auto imported = WrapPrivateKey::import_der(key.export_der(for_test()), WrapKeys::any);
        ASSERT_TRUE(imported.has_value()) << imported.error().text();
        EXPECT_TRUE(imported->public_key() == key.public_key());
        const auto read = WrapPublicKey::parse_pem(key.public_key().pem(), WrapKeys::any);
        ASSERT_TRUE(read.has_value()) << read.error().text();
        const SecretBytes share = random_secret(kShareSize);
        const auto wrapped = read->wrap_share(share);
        ASSERT_TRUE(wrapped.has_value()) << wrapped.error().text();
        EXPECT_EQ(wrapped->ephemeral_key.empty(), wrap_type(scheme) != "ec-wrapped");
        const auto unwrapped = imported->unwrap(wrapped->bytes, wrapped->ephemeral_key);
        ASSERT_TRUE(unwrapped.has_value()) << unwrapped.error().text();
        EXPECT_EQ(hex_of(*unwrapped), hex_of(share));
        EXPECT_NE(wrapped->bytes, read->wrap_share(share)->bytes);
        EXPECT_EQ(read->wrap(share).has_value(), wrapped->ephemeral_key.empty());
        for (const std::size_t size : {0U, 31U, 33U})
            expect_error(read->wrap_share(random_secret(size)), Code::invalid, "crypto.wrap");
    }
}

TEST(Wrap, SizesAreThoseOfTheField) { // facts/tdf.md 6
    const std::map<WrapScheme, std::size_t> expected{
        {WrapScheme::rsa2048, 256},        {WrapScheme::ec_p256, 60},
        {WrapScheme::ec_p521, 60},         {WrapScheme::xwing, 1190},
        {WrapScheme::p256_mlkem768, 1223}, {WrapScheme::p384_mlkem1024, 1735}};
    for (const auto& [scheme, size] : expected)
        EXPECT_EQ(key_of(scheme).public_key().wrap_share(random_secret(32))->bytes.size(), size)
            << to_string(scheme);
}

TEST(Wrap, OpensWhatOtherPeoplesCodeWrapped) {
    for (const WrapVector& one : kWrapVectors) {
        SCOPED_TRACE(to_string(one.scheme));
        const auto key =
            WrapPrivateKey::import_der(secret(*from_base64(one.private_key)), WrapKeys::any);
        ASSERT_TRUE(key.has_value()) << key.error().text();
        EXPECT_EQ(key->public_key().scheme(), one.scheme);
        const auto share = key->unwrap(*from_base64(one.wrapped), pem_of_spki(one.ephemeral));
        ASSERT_TRUE(share.has_value()) << share.error().text();
        EXPECT_EQ(hex_of(*share),
                  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    }
}

TEST(Wrap, EveryByteAndPrefixOfAWrapIsGuarded) {
    for (const WrapVector& one : kWrapVectors) {
        SCOPED_TRACE(to_string(one.scheme));
        const auto key =
            WrapPrivateKey::import_der(secret(*from_base64(one.private_key)), WrapKeys::any);
        const Bytes wrapped = *from_base64(one.wrapped);
        const std::string ephemeral = pem_of_spki(one.ephemeral);
        const auto refused = [&](const Bytes& bytes, const std::string& beside) {
            expect_error(key->unwrap(bytes, beside), Code::integrity, "crypto.unwrap");
        };
        for (std::size_t i = 0; i < wrapped.size(); ++i) {
            Bytes changed = wrapped;
            changed[i] ^= static_cast<Byte>(1 << (i % 8));
            refused(changed, ephemeral);
        }
        for (std::size_t size = 0; size < wrapped.size(); size += size < 64 ? 1 : 61)
            refused(Bytes(wrapped.begin(), wrapped.begin() + static_cast<long>(size)), ephemeral);
        Bytes longer = wrapped;
        longer.push_back(0);
        refused(longer, ephemeral);
        // An ephemeral key where none belongs, none where one does, and another's.
        refused(wrapped, ephemeral.empty() ? key_of(WrapScheme::ec_p256).public_key().pem() : "");
        refused(wrapped, key_of(WrapScheme::ec_p384).public_key().pem());
    }
}

// Else a peer's key list could talk a sender out of quantum-safe wrapping.
TEST(Wrap, OnlyCompositesAreTakenUnlessAskedFor) {
    for (const WrapScheme scheme : wrap_schemes()) {
        const bool composite =
            scheme == WrapScheme::p384_mlkem1024 || scheme == WrapScheme::p256_mlkem768;
        const WrapPrivateKey& key = key_of(scheme);
        EXPECT_EQ(WrapPublicKey::parse_der(key.public_key().der()).has_value(), composite);
        EXPECT_EQ(WrapPublicKey::parse_pem(key.public_key().pem()).has_value(), composite);
        EXPECT_EQ(WrapPrivateKey::import_der(key.export_der(for_test())).has_value(), composite);
    }
}

TEST(Wrap, KeysHaveOneEncoding) {
    for (const WrapScheme scheme : wrap_schemes()) {
        SCOPED_TRACE(to_string(scheme));
        const Bytes der = key_of(scheme).public_key().der();
        const auto refused = [](const Bytes& bytes) {
            expect_error(WrapPublicKey::parse_der(bytes, WrapKeys::any), Code::invalid,
                         "crypto.wrap_key");
        };
        for (std::size_t size = 0; size < der.size(); size += size < 64 ? 1 : 61)
            refused(Bytes(der.begin(), der.begin() + static_cast<long>(size)));
        Bytes longer = der;
        longer.push_back(0);
        refused(longer);
        const SecretBytes own = key_of(scheme).export_der(for_test());
        const ByteView bytes = own.read(for_test());
        for (std::size_t size = 0; size < bytes.size(); size += size < 64 ? 1 : 61)
            expect_error(WrapPrivateKey::import_der(secret(bytes.first(size)), WrapKeys::any),
                         Code::invalid, "crypto.wrap_key");
        Bytes private_longer = to_bytes(bytes);
        private_longer.push_back(0);
        expect_error(WrapPrivateKey::import_der(secret(private_longer), WrapKeys::any),
                     Code::invalid, "crypto.wrap_key");
    }
}

TEST(Wrap, PointsOffTheCurveAndOddRsaKeysAreRefused) {
    const auto refused = [](const Bytes& bytes) {
        expect_error(WrapPublicKey::parse_der(bytes, WrapKeys::any), Code::invalid,
                     "crypto.wrap_key");
    };
    for (const WrapScheme scheme :
         {WrapScheme::ec_p256, WrapScheme::ec_p384, WrapScheme::ec_p521}) {
        Bytes der = key_of(scheme).public_key().der();
        der.back() ^= 1;
        refused(der);
    }
    const Bytes rsa = key_of(WrapScheme::rsa2048).public_key().der();
    ASSERT_EQ(to_hex(ByteView(rsa).last(5)), "0203010001"); // the exponent 65537
    Bytes even = rsa;
    even.back() = 2;
    refused(even);
    Bytes small = rsa; // 257: short enough to need padding that nobody got wrong
    small[small.size() - 3] = 0;
    refused(small);
    Bytes shorter = rsa; // a modulus below 2^2047
    const std::string modulus = "0282010100";
    const std::string hex_text = to_hex(rsa);
    const std::size_t at = (hex_text.find(modulus) + modulus.size()) / 2;
    shorter[at] = 0x01;
    refused(shorter);
    // Neither a changed exponent nor a changed prime.
    for (const std::size_t place : {400U, 650U}) {
        Bytes mixed = to_bytes(key_of(WrapScheme::rsa2048).export_der(for_test()).read(for_test()));
        mixed[place] ^= 1;
        expect_error(WrapPrivateKey::import_der(secret(mixed), WrapKeys::any), Code::invalid,
                     "crypto.wrap_key");
    }
}

} // namespace
} // namespace valise::crypto
