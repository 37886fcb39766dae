// SPDX-License-Identifier: Apache-2.0
#include "crypto/sign.h"
#include "envelope/bag_key.h"
#include "exchange/bag.h"

#include <gtest/gtest.h>

namespace valise::exchange {
namespace {

class Bag : public ::testing::Test {
protected:
    SignBag signer() {
        return [this](const Hash32& digest) {
            return sender.sign(envelope::bag_signed_bytes(digest));
        };
    }
    VerifyBag verifier() {
        return [this](const Hash32& digest, ByteView signature) -> Result<void> {
            TRY_ASSIGN(const auto key,
                       crypto::VerifyKey::parse(sender.algorithm(), sender.public_bytes()));
            return key.verify(envelope::bag_signed_bytes(digest), signature);
        };
    }
    BagKey opener() {
        return [this](ByteView wrapped, const Hash32& digest) -> Result<SecretBytes> {
            TRY_ASSIGN(const SecretBytes share, receiver.unwrap(wrapped));
            return envelope::bag_key(share, digest);
        };
    }
    Bytes volume(const std::vector<Bytes>& frames, bool last = true) {
        MemorySink out;
        auto writer = *VolumeWriter::begin(out, header, receiver.public_key());
        for (const Bytes& frame : frames)
            EXPECT_TRUE(writer.add(frame));
        EXPECT_TRUE(writer.finish(last, signer()));
        EXPECT_EQ(writer.bytes(), out.bytes().size());
        return out.take();
    }
    // What is read, or the reason why it is not.
    Result<std::vector<Bytes>> read(const Bytes& bytes, bool* last = nullptr) {
        const MemorySource source(bytes);
        TRY_ASSIGN(auto reader, VolumeReader::open(source, verifier(), opener()));
        std::vector<Bytes> out;
        for (;;) {
            TRY_ASSIGN(auto frame, reader.next());
            if (!frame)
                break;
            out.push_back(std::move(*frame));
        }
        if (last != nullptr)
            *last = reader.last();
        return out;
    }

    BagHeader header{"JPN", "UKR", "0123456789abcdef", 3};
    crypto::SigningKey sender = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    crypto::WrapPrivateKey receiver =
        crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
};

TEST_F(Bag, FramesComeOutAsTheyWentIn) {
    for (const std::size_t size :
         {std::size_t{1}, kBagChunk - 8, kBagChunk - 4, kBagChunk, 3 * kBagChunk + 17}) {
        const std::vector<Bytes> frames = {Bytes(size, 7), Bytes(5, 1), Bytes(size, 9)};
        bool last = false;
        const auto got = read(volume(frames), &last);
        ASSERT_TRUE(got) << got.error().text();
        EXPECT_EQ(*got, frames);
        EXPECT_TRUE(last);
    }
    bool last = true;
    EXPECT_TRUE(read(volume({}, false), &last));
    EXPECT_FALSE(last);
}

//= O-35
TEST_F(Bag, TellsNothingOfWhatIsInIt) {
    const Bytes one = volume({to_bytes("Top secret")});
    const Bytes other = volume({Bytes(kBagChunk / 2, 1), Bytes(100, 2)});
    EXPECT_EQ(one.size(), other.size());
    EXPECT_EQ(text_view(one).find("secret"), std::string_view::npos);
    EXPECT_EQ(*VolumeReader::peek(MemorySource(one)), header);
}

TEST_F(Bag, NoPrefixAndNoFlippedBitIsRead) {
    const Bytes whole = volume({to_bytes("frame"), Bytes(100, 3)});
    for (std::size_t size = 0; size < whole.size(); size += size < 3000 ? 1 : 4999)
        EXPECT_FALSE(read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
    for (std::size_t at = 0; at < whole.size(); at += at < 3000 ? 1 : 9973) {
        Bytes flipped = whole;
        flipped[at] = static_cast<Byte>(flipped[at] ^ (1U << (at % 8)));
        EXPECT_FALSE(read(flipped)) << at;
    }
}

TEST_F(Bag, OnlyTheReceiverOpensIt) {
    const Bytes whole = volume({to_bytes("frame")});
    receiver = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    EXPECT_FALSE(read(whole));
}

// A share of something else gives no key of a bag, and the share of a bag none of a document.
TEST_F(Bag, ItsKeyIsDerivedFromTheShare) {
    const auto share = SecretBytes::copy(Bytes(32, 5));
    const auto why = SecretAccess::because("test");
    const auto one = envelope::bag_key(share, Hash32{});
    Hash32 other{};
    other[0] = 1;
    EXPECT_NE(to_bytes(one.read(why)), to_bytes(share.read(why)));
    EXPECT_NE(to_bytes(one.read(why)), to_bytes(envelope::bag_key(share, other).read(why)));
}

TEST_F(Bag, AFrameThatIsTooLargeIsRefused) {
    MemorySink out;
    auto writer = *VolumeWriter::begin(out, header, receiver.public_key());
    EXPECT_EQ(writer.add(Bytes(kBagFrame + 1)).error().reason(), "exchange.bag_frame");
    EXPECT_EQ(writer.add({}).error().reason(), "exchange.bag_frame");
}

} // namespace
} // namespace valise::exchange
