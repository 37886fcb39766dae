// SPDX-License-Identifier: Apache-2.0
// Whole files, parts of files and single places of files.
#include "envelope/check.h"
#include "envelope/internal/testing.h"
#include "envelope/reader.h"

#include <gtest/gtest.h>

namespace valise::envelope {
namespace {

using testing::Parties;

std::string reason_of(const auto& result) {
    return result ? "accepted" : result.error().reason();
}

const Bytes& plain() {
    static const Bytes text = testing::sample_plain(3 * kSegmentPlain + 77);
    return text;
}
const testing::Sealed& sealed() {
    static const testing::Sealed made = *testing::seal_bytes(plain(), Parties::get().dispatch());
    return made;
}

TEST(Check, AWholeFileWithoutItsKey) {
    const auto checked = verify_file(MemorySource(sealed().bytes), Parties::get().from_sender());
    ASSERT_TRUE(checked) << checked.error().text();
    EXPECT_EQ(checked->verified->statement().inputs.serial, 7);
    EXPECT_EQ(checked->payload.root(), sealed().result.payload_root);
    Expectation root;
    root.payload_root = sealed().result.payload_root;
    EXPECT_TRUE(verify_file(MemorySource(sealed().bytes), root, 1));
    EXPECT_EQ(reason_of(verify_file(MemorySource(sealed().bytes), Expectation{})),
              "envelope.expectation");
}

TEST(Check, OneByteAnywhereInAFile) {
    const std::uint64_t at = Container::open(MemorySource(sealed().bytes))->payload_offset();
    for (std::uint64_t n = 0; n < 4; ++n) {
        Bytes changed = sealed().bytes;
        changed[at + n * kSegmentCipher + 50] ^= 1;
        EXPECT_EQ(reason_of(verify_file(MemorySource(changed), Parties::get().from_sender())),
                  "envelope.segment_hash");
    }
}

TEST(Check, APartlyReceivedFileSaysWhatIsWanted) {
    const MemorySource source(sealed().bytes);
    const auto container = Container::open(source);
    const auto verified =
        verify_statement(container->manifest(), Parties::get().verifier, "JPN", "UKR");
    const std::uint64_t at = container->payload_offset();
    const auto parts = [&](const Bytes& file) {
        return *check_parts(verified->payload(), MemorySource(file), at);
    };
    EXPECT_TRUE(parts(sealed().bytes).whole());
    EXPECT_EQ(parts(sealed().bytes).held, 4U);
    EXPECT_EQ(parts({}).wanted, (std::vector<SegmentRange>{{0, 4}}));
    Bytes file(sealed().bytes.size()); // as a receiver lays it out before the segments come
    const auto arrive = [&](std::uint64_t n) {
        const std::uint64_t from = at + n * kSegmentCipher;
        std::copy_n(sealed().bytes.begin() + static_cast<long>(from),
                    verified->payload().segment_cipher(n), file.begin() + static_cast<long>(from));
    };
    arrive(1);
    EXPECT_EQ(parts(file).wanted, (std::vector<SegmentRange>{{0, 1}, {2, 2}}));
    arrive(3);
    EXPECT_EQ(parts(file).wanted, (std::vector<SegmentRange>{{0, 1}, {2, 1}}));
    file[at + kSegmentCipher + 9] ^= 1; // and one spoils on the disk
    EXPECT_EQ(parts(file).wanted, (std::vector<SegmentRange>{{0, 3}}));
    // Cut off in the middle of the last segment.
    Bytes cut = sealed().bytes;
    cut.resize(at + 3 * kSegmentCipher + 20);
    EXPECT_EQ(parts(cut).wanted, (std::vector<SegmentRange>{{3, 1}}));
    // Going on with what is wanted, and only that.
    for (const SegmentRange& range : parts(file).wanted)
        for (std::uint64_t n = range.first; n < range.first + range.count; ++n)
            arrive(n);
    EXPECT_TRUE(parts(file).whole());
}

TEST(Reader, AnyPlaceOfADocument) {
    const MemorySource source(sealed().bytes);
    auto reader =
        SealedReader::create(source, Parties::get().shares(), Parties::get().from_sender());
    ASSERT_TRUE(reader) << reader.error().text();
    ASSERT_EQ(reader->size(), plain().size());
    const auto check = [&](std::uint64_t offset, std::size_t size) {
        Bytes out(size);
        ASSERT_EQ(reason_of(reader->read_at(offset, out)), "accepted");
        EXPECT_EQ(out, to_bytes(ByteView(plain()).subspan(offset, size))) << offset;
    };
    check(plain().size() - 77, 77);
    check(0, 1);
    check(kSegmentPlain - 1, 2);
    check(2 * kSegmentPlain - 5, kSegmentPlain + 10);
    check(0, plain().size());
    check(plain().size(), 0);
    Bytes one(1);
    EXPECT_EQ(reason_of(reader->read_at(plain().size(), one)), "envelope.range");
    EXPECT_EQ(reason_of(reader->read_at(~std::uint64_t{0}, one)), "envelope.range");
}

TEST(Reader, ASpoiledSegmentSpoilsOnlyItself) {
    Bytes changed = sealed().bytes;
    const MemorySource good(sealed().bytes);
    const std::uint64_t at = Container::open(good)->payload_offset();
    changed[at + kSegmentCipher + 1000] ^= 1;
    const MemorySource source(changed);
    auto reader =
        SealedReader::create(source, Parties::get().shares(), Parties::get().from_sender());
    ASSERT_TRUE(reader);
    Bytes out(10);
    EXPECT_EQ(reason_of(reader->read_at(0, out)), "accepted");
    EXPECT_EQ(reason_of(reader->read_at(kSegmentPlain + 5, out)), "envelope.segment_hash");
    EXPECT_EQ(reason_of(reader->read_at(2 * kSegmentPlain, out)), "accepted");
    EXPECT_EQ(out, to_bytes(ByteView(plain()).subspan(2 * kSegmentPlain, 10)));
    Expectation other = Parties::get().from_sender();
    other.recipient_party = "USA";
    EXPECT_EQ(reason_of(SealedReader::create(source, Parties::get().shares(), other)),
              "envelope.signature");
}

} // namespace
} // namespace valise::envelope
