// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead_steps.h"
#include "crypto/internal/testing.h"
#include "crypto/random.h"
#include "crypto/record_cipher.h"

#include <algorithm>

namespace valise::crypto {
namespace {

GcmNonce nonce_of(std::string_view text) {
    return *fixed<kGcmNonceSize>(hex(text), "test");
}

struct GcmCase {
    std::string_view key, nonce, aad, plain, sealed;
};

// McGrew and Viega, test cases 13, 14 and 16.
constexpr GcmCase kCases[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"}};

TEST(Aead, McGrewViega) {
    for (const GcmCase& known : kCases) {
        auto cipher = Aes256Gcm::create(secret(hex(known.key)));
        ASSERT_TRUE(cipher.has_value());
        const GcmNonce nonce = nonce_of(known.nonce);
        // Twice, and in both directions, with one object: nothing is left over from the last use.
        for (int round = 0; round < 2; ++round) {
            const auto sealed = cipher->seal(nonce, hex(known.aad), hex(known.plain));
            ASSERT_TRUE(sealed.has_value());
            EXPECT_EQ(to_hex(*sealed), known.sealed);
            const auto opened = cipher->open(nonce, hex(known.aad), *sealed);
            ASSERT_TRUE(opened.has_value());
            EXPECT_EQ(hex_of(*opened), known.plain);
        }
    }
}

TEST(Aead, EveryBitAndEveryPrefixIsGuarded) {
    const GcmCase& known = kCases[2];
    auto cipher = Aes256Gcm::create(secret(hex(known.key)));
    const GcmNonce nonce = nonce_of(known.nonce);
    const Bytes aad = hex(known.aad);
    const Bytes sealed = hex(known.sealed);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        Bytes changed = sealed;
        changed[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
        expect_error(cipher->open(nonce, aad, changed), Code::integrity, "crypto.aead");
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        expect_error(cipher->open(nonce, aad, ByteView(sealed).first(size)), Code::integrity,
                     "crypto.aead");
    for (std::size_t bit = 0; bit < aad.size() * 8; ++bit) {
        Bytes changed = aad;
        changed[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
        expect_error(cipher->open(nonce, changed, sealed), Code::integrity, "crypto.aead");
    }
    for (std::size_t bit = 0; bit < nonce.size() * 8; ++bit) {
        GcmNonce changed = nonce;
        changed[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
        expect_error(cipher->open(changed, aad, sealed), Code::integrity, "crypto.aead");
    }
    // After all those refusals the same object still opens what is right.
    EXPECT_TRUE(cipher->open(nonce, aad, sealed).has_value());
}

TEST(Aead, NothingUnauthenticIsLeftInTheOutput) {
    auto cipher = Aes256Gcm::create(random_secret(32));
    const auto nonce = random_array<12>();
    Bytes sealed = *cipher->seal(nonce, {}, view("a text that must not come out"));
    sealed.back() ^= 1;
    Bytes out(sealed.size() - kGcmTagSize, 0xee);
    EXPECT_FALSE(cipher->open(nonce, {}, sealed, out).has_value());
    EXPECT_TRUE(std::ranges::all_of(out, [](Byte b) { return b == 0; }));
}

TEST(Aead, WorksInPlace) {
    auto cipher = Aes256Gcm::create(random_secret(32));
    const auto nonce = random_array<12>();
    const Bytes plain = random_bytes(1000);
    Bytes buffer = plain;
    buffer.resize(plain.size() + kGcmTagSize);
    ASSERT_TRUE(cipher->seal(nonce, {}, ByteView(buffer).first(plain.size()), buffer));
    EXPECT_EQ(buffer, *cipher->seal(nonce, {}, plain));
    ASSERT_TRUE(cipher->open(nonce, {}, buffer, std::span(buffer).first(plain.size())));
    EXPECT_TRUE(std::ranges::equal(std::span(buffer).first(plain.size()), plain));
}

TEST(Aead, WrongSizesAreRefused) {
    for (const std::size_t size : {0U, 16U, 31U, 33U})
        expect_error(Aes256Gcm::create(random_secret(size)), Code::integrity, "crypto.aead");
    auto cipher = Aes256Gcm::create(random_secret(32));
    const auto nonce = random_array<12>();
    Bytes out(20);
    expect_error(cipher->seal(nonce, {}, Bytes(5), out), Code::integrity, "crypto.aead");
    expect_error(cipher->open(nonce, {}, Bytes(20), out), Code::integrity, "crypto.aead");
}

TEST(RecordCipher, GuardsEveryBitAndPrefix) {
    auto cipher = RecordCipher::create(random_secret(32));
    ASSERT_TRUE(cipher.has_value());
    const Bytes sealed = cipher->seal(view("seq 7"), view("title"));
    EXPECT_EQ(sealed.size(), 5 + RecordCipher::kOverhead);
    EXPECT_EQ(to_text(*cipher->open(view("seq 7"), sealed)), "title");
    expect_error(cipher->open(view("seq 8"), sealed), Code::integrity, "crypto.record");
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        Bytes changed = sealed;
        changed[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
        expect_error(cipher->open(view("seq 7"), changed), Code::integrity, "crypto.record");
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        expect_error(cipher->open(view("seq 7"), ByteView(sealed).first(size)), Code::integrity,
                     "crypto.record");
}

TEST(RecordCipher, TheSameRecordIsSealedDifferentlyEachTime) {
    const auto cipher = RecordCipher::create(random_secret(32));
    EXPECT_NE(cipher->seal({}, view("x")), cipher->seal({}, view("x")));
    EXPECT_TRUE(cipher->open({}, cipher->seal({}, {}))->empty());
    expect_error(RecordCipher::create(random_secret(31)), Code::invalid, "crypto.record_key");
    const auto other = RecordCipher::create(random_secret(32));
    expect_error(other->open({}, cipher->seal({}, view("x"))), Code::integrity, "crypto.record");
}

TEST(GcmSteps, BlocksGiveWhatTheWholeGives) {
    const SecretBytes key = random_secret(kGcmKeySize);
    auto whole = *Aes256Gcm::create(key);
    auto steps = *GcmSteps::create(key);
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1000U, 70000U})
        for (const std::size_t block : {1U, 13U, 16U, 65536U}) {
            if (size / block > 5000)
                continue;
            GcmNonce nonce{};
            nonce[11] = static_cast<Byte>(size + block);
            Bytes text(size, 0x5a);
            const Bytes sealed = *whole.seal(nonce, {}, text);
            std::array<Byte, kGcmTagSize> tag{};
            const auto all = [&](std::span<Byte> left) {
                while (!left.empty()) {
                    const auto one = left.first(std::min(block, left.size()));
                    ASSERT_TRUE(steps.step(one));
                    left = left.subspan(one.size());
                }
            };
            ASSERT_TRUE(steps.seal_begin(nonce));
            all(text);
            ASSERT_TRUE(steps.seal_end(tag));
            append(text, tag);
            EXPECT_EQ(text, sealed);
            ASSERT_TRUE(steps.open_begin(nonce));
            all(std::span(text).first(size));
            EXPECT_TRUE(steps.open_end(tag));
            EXPECT_EQ(Bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size)),
                      Bytes(size, 0x5a));
            // The same cipher after a refusal, and a tag that is not its.
            tag[3] ^= 1;
            ASSERT_TRUE(steps.open_begin(nonce));
            EXPECT_FALSE(steps.open_end(tag));
        }
    EXPECT_FALSE(GcmSteps::create(SecretBytes(16)));
}

TEST(GcmSteps, NothingGoesOnUnderANonceThatIsSpent) {
    auto steps = *GcmSteps::create(random_secret(kGcmKeySize));
    const GcmNonce nonce{};
    Bytes text(100);
    std::array<Byte, kGcmTagSize> tag{};
    EXPECT_FALSE(steps.step(text)); // not begun
    EXPECT_FALSE(steps.seal_end(tag));
    ASSERT_TRUE(steps.seal_begin(nonce));
    ASSERT_TRUE(steps.step(text));
    ASSERT_TRUE(steps.seal_end(tag));
    EXPECT_FALSE(steps.step(text));
    EXPECT_FALSE(steps.step({}));
    EXPECT_FALSE(steps.seal_end(tag));
    ASSERT_TRUE(steps.open_begin(nonce));
    tag[0] ^= 1;
    EXPECT_FALSE(steps.open_end(tag));
    EXPECT_FALSE(steps.step(text));
    tag[0] ^= 1;
    EXPECT_FALSE(steps.open_end(tag));
}

} // namespace
} // namespace valise::crypto
