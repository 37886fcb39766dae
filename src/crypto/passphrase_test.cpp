// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/testing.h"
#include "crypto/passphrase.h"
#include "crypto/random.h"
#include "crypto/x509.h"

namespace valise::crypto {
namespace {

constexpr Argon2Cost kQuick{8, 1};

TEST(Passphrase, RoundTrips) {
    const SecretBytes plain = random_secret(100);
    const auto sealed = seal_with_passphrase(plain, secret("слово"), "valise/keys", kQuick);
    ASSERT_TRUE(sealed.has_value());
    const auto opened = open_with_passphrase(*sealed, secret("слово"), "valise/keys");
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(hex_of(*opened), hex_of(plain));
    EXPECT_NE(*sealed, *seal_with_passphrase(plain, secret("слово"), "valise/keys", kQuick));
    const auto empty = seal_with_passphrase({}, {}, "", kQuick);
    EXPECT_TRUE(open_with_passphrase(*empty, {}, "")->empty());
}

TEST(Passphrase, AnotherPassphraseOrPurposeOpensNothing) {
    const auto sealed = *seal_with_passphrase(random_secret(32), secret("a"), "person", kQuick);
    expect_error(open_with_passphrase(sealed, secret("b"), "person"), Code::integrity,
                 "crypto.passphrase");
    expect_error(open_with_passphrase(sealed, {}, "person"), Code::integrity, "crypto.passphrase");
    expect_error(open_with_passphrase(sealed, secret("a"), "registry"), Code::integrity,
                 "crypto.passphrase");
    expect_error(seal_with_passphrase({}, {}, std::string(65536, 'x'), kQuick), Code::invalid,
                 "crypto.passphrase_format");
}

TEST(Passphrase, EveryBitAndPrefixIsGuarded) {
    const auto sealed = *seal_with_passphrase(random_secret(32), secret("a"), "p", kQuick);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        // The cost's high bits would be tried in earnest: see the next test for its bounds.
        if (bit / 8 >= 5 && bit / 8 < 13 && bit / 8 != 8 && bit / 8 != 12)
            continue;
        Bytes changed = sealed;
        changed[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
        EXPECT_FALSE(open_with_passphrase(changed, secret("a"), "p").has_value()) << bit;
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_FALSE(
            open_with_passphrase(ByteView(sealed).first(size), secret("a"), "p").has_value());
}

TEST(Passphrase, AForgedCostIsRefusedBeforeItIsPaid) {
    auto sealed = *seal_with_passphrase(random_secret(32), secret("a"), "p", kQuick);
    sealed[5] = 0xff;
    expect_error(open_with_passphrase(sealed, secret("a"), "p"), Code::limit, "crypto.argon2_cost");
    sealed[5] = 0;
    sealed[9] = 0xff;
    expect_error(open_with_passphrase(sealed, secret("a"), "p"), Code::limit, "crypto.argon2_cost");
    expect_error(seal_with_passphrase({}, {}, "p", {1, 1}), Code::limit, "crypto.argon2_cost");
}

TEST(Passphrase, AnotherFormatIsNamedAsSuch) {
    auto sealed = *seal_with_passphrase(random_secret(32), secret("a"), "p", kQuick);
    EXPECT_EQ(text_view(ByteView(sealed).first(4)), "VLSP");
    sealed[4] = 2;
    expect_error(open_with_passphrase(sealed, secret("a"), "p"), Code::invalid,
                 "crypto.passphrase_format");
    sealed[0] = 'X';
    expect_error(open_with_passphrase(sealed, secret("a"), "p"), Code::invalid,
                 "crypto.passphrase_format");
}

TEST(X509, TheIdentityCarriesItsPin) {
    const auto one = make_tls_identity(*Time::parse("2026-11-24"), 10);
    ASSERT_TRUE(one.has_value()) << one.error().text();
    EXPECT_EQ(*spki_sha256(one->certificate_der), one->spki_sha256);
    EXPECT_FALSE(one->private_key_der.empty());
    const auto two = make_tls_identity(*Time::parse("2026-11-24"), 10);
    EXPECT_NE(one->spki_sha256, two->spki_sha256);
}

TEST(X509, DatesOutOfBoundsAreRefused) {
    for (const int years : {-1, 0, 101})
        expect_error(make_tls_identity({1}, years), Code::invalid, "crypto.certificate");
    expect_error(make_tls_identity({-1}, 1), Code::invalid, "crypto.certificate");
    EXPECT_TRUE(make_tls_identity({0xffffffff}, 100).has_value());
}

TEST(X509, OnlyOneWholeCertificateIsRead) {
    const Bytes der = make_tls_identity({1}, 1)->certificate_der;
    for (std::size_t size = 0; size < der.size(); ++size)
        expect_error(spki_sha256(ByteView(der).first(size)), Code::invalid, "crypto.certificate");
    Bytes longer = der;
    longer.push_back(0);
    expect_error(spki_sha256(longer), Code::invalid, "crypto.certificate");
    expect_error(spki_sha256(Bytes(65 * 1024)), Code::invalid, "crypto.certificate");
}

} // namespace
} // namespace valise::crypto
