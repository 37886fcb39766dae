// SPDX-License-Identifier: Apache-2.0
#include "base/codec/crc32.h"
#include "base/codec/zip.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

constexpr std::uint64_t kLater = 1000;

Bytes make_zip(std::string_view content = "content", std::string_view second = "{}") {
    StoredZipWriter writer(kLater);
    Bytes out = writer.begin_streamed("0.payload");
    append(out, content);
    append(out, writer.end_streamed(content.size(), crc32(view(content))));
    append(out, writer.add("0.manifest.json", second.size(), crc32(view(second))));
    append(out, second);
    append(out, writer.finish());
    return out;
}

Result<std::vector<ZipEntry>> read(Bytes bytes, ZipForm form = ZipForm::exact) {
    return read_stored_zip(MemorySource(std::move(bytes)), {.form = form, .later = kLater});
}

std::size_t find(const Bytes& bytes, std::string_view what, std::size_t from = 0) {
    return text_view(bytes).find(what, from);
}

TEST(Crc32, KnownAnswerAndParts) {
    EXPECT_EQ(crc32(view("123456789")), 0xcbf43926U); // the check value of the CRC catalogues
    EXPECT_EQ(crc32(Bytes(std::size_t{1} << 20)), 0xa738ea1cU); // as zlib and Python give it
    EXPECT_EQ(crc32({}), 0U);
    EXPECT_EQ(crc32({}, 0xcbf43926U), 0xcbf43926U);
    const Bytes text =
        to_bytes("The quick brown fox jumps over the lazy dog, twice or more often.");
    const std::uint32_t whole = crc32(text);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const ByteView head = ByteView(text).first(cut);
        const ByteView tail = ByteView(text).subspan(cut);
        EXPECT_EQ(crc32(tail, crc32(head)), whole);
        EXPECT_EQ(crc32_join(crc32(head), crc32(tail), tail.size()), whole);
    }
}

TEST(Zip, RoundTrip) {
    const Bytes bytes = make_zip();
    for (const ZipForm form : {ZipForm::exact, ZipForm::tolerant}) {
        const auto entries = read(bytes, form);
        ASSERT_TRUE(entries) << entries.error().text();
        ASSERT_EQ(entries->size(), 2U);
        EXPECT_EQ(entries->at(0).name, "0.payload");
        EXPECT_EQ(entries->at(0).size, 7U);
        EXPECT_EQ(entries->at(0).crc, crc32(view("content")));
        EXPECT_TRUE(entries->at(0).streamed);
        EXPECT_EQ(to_text(ByteView(bytes).subspan(entries->at(0).offset, 7)), "content");
        EXPECT_EQ(entries->at(1).name, "0.manifest.json");
        EXPECT_FALSE(entries->at(1).streamed);
    }
    // facts/tdf.md 1.1: readers sniff these four bytes, and look for the end at exactly EOF-22.
    EXPECT_EQ(to_hex(ByteView(bytes).first(4)), "504b0304");
    EXPECT_EQ(find(bytes, "PK\x05\x06"), bytes.size() - 22);
}

TEST(Zip, EveryPrefixAndEveryLongerFileIsRefused) {
    const Bytes bytes = make_zip();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        for (const ZipForm form : {ZipForm::exact, ZipForm::tolerant}) {
            const auto entries =
                read(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)), form);
            ASSERT_FALSE(entries) << size;
            EXPECT_TRUE(entries.error().reason().starts_with("base.zip"));
        }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(read(longer, ZipForm::tolerant));
    Bytes before = bytes;
    before.insert(before.begin(), 0);
    EXPECT_FALSE(read(before, ZipForm::tolerant));
}

TEST(Zip, EveryFlippedBitAroundTheContentsIsRefused) {
    const Bytes bytes = make_zip("c", "m");
    const std::size_t payload = find(bytes, "c", 39);
    const std::size_t manifest = find(bytes, "m", payload + 17 + 45);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            Bytes changed = bytes;
            changed[i] ^= static_cast<Byte>(1 << bit);
            const auto entries = read(changed);
            ASSERT_EQ(entries.has_value(), i == payload || i == manifest) << i;
        }
}

TEST(Zip, BytesThatNothingExplainsAreRefused) {
    const Bytes bytes = make_zip();
    const std::size_t second = find(bytes, "PK\x03\x04", 4);
    const std::size_t directory = find(bytes, "PK\x01\x02");
    for (const std::size_t at : {second, directory, bytes.size() - 22}) {
        Bytes changed = bytes;
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), 0);
        EXPECT_FALSE(read(changed, ZipForm::tolerant)) << at;
        // Also when the directory's own offset is moved along.
        ++changed[changed.size() - 22 + 16];
        EXPECT_FALSE(read(changed, ZipForm::tolerant)) << at;
    }
}

TEST(Zip, TricksOfTheTrade) {
    const Bytes bytes = make_zip();
    const std::size_t directory = find(bytes, "PK\x01\x02");
    const auto changed = [&](std::size_t at, Byte value) {
        Bytes out = bytes;
        out[at] = value;
        return read(out, ZipForm::tolerant);
    };
    EXPECT_FALSE(changed(directory + 10, 8)) << "deflated";
    EXPECT_FALSE(changed(directory + 8, 9)) << "encrypted";
    EXPECT_FALSE(changed(directory + 32, 1)) << "a comment";
    EXPECT_FALSE(changed(directory + 34, 1)) << "another disk";
    EXPECT_FALSE(changed(directory + 24, 6)) << "size differs from stored size";
    EXPECT_FALSE(changed(bytes.size() - 2, 1)) << "archive comment";
    EXPECT_FALSE(changed(bytes.size() - 22 + 10, 1)) << "entry count";
    EXPECT_FALSE(changed(30, '1')) << "local name";
    EXPECT_FALSE(changed(directory + 46, '1')) << "directory name";
    EXPECT_FALSE(changed(find(bytes, "PK\x07\x08") + 4, 0)) << "descriptor";
}

TEST(Zip, TwoEntriesOfOneNameAreRefused) {
    StoredZipWriter writer(kLater);
    Bytes bytes = writer.begin_streamed("a");
    append(bytes, writer.end_streamed(0, 0));
    append(bytes, writer.add("a", 0, 0));
    append(bytes, writer.finish());
    const auto entries = read(bytes, ZipForm::tolerant);
    ASSERT_FALSE(entries);
    EXPECT_EQ(entries.error().context(), "two entries of one name");
}

TEST(Zip, AnotherNumberOfEntriesIsRefused) {
    StoredZipWriter writer(kLater);
    Bytes bytes = writer.begin_streamed("a");
    append(bytes, writer.end_streamed(0, 0));
    append(bytes, writer.finish());
    EXPECT_FALSE(read(bytes, ZipForm::tolerant));
    EXPECT_TRUE(read_stored_zip(MemorySource(bytes), {.entries = 1, .later = kLater}));
}

// Zeros of any length between a head and a tail, without the memory.
class Sparse : public RandomSource {
public:
    Sparse(Bytes head, std::uint64_t hole, Bytes tail)
        : head_(std::move(head)), hole_(hole), tail_(std::move(tail)) {}
    std::uint64_t size() const override { return head_.size() + hole_ + tail_.size(); }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        for (Byte& byte : out) {
            const std::uint64_t at = offset++;
            byte = at < head_.size()           ? head_[at]
                   : at < head_.size() + hole_ ? Byte{0}
                                               : tail_[at - head_.size() - hole_];
        }
        return {};
    }

private:
    Bytes head_;
    std::uint64_t hole_;
    Bytes tail_;
};

Sparse large_zip(std::uint64_t payload, Bytes* tail_out = nullptr) {
    StoredZipWriter writer(kLater);
    Bytes head = writer.begin_streamed("0.payload");
    Bytes tail = writer.end_streamed(payload, 7);
    append(tail, writer.add("0.manifest.json", 2, 9));
    append(tail, "{}");
    append(tail, writer.finish());
    if (tail_out != nullptr)
        *tail_out = tail;
    return Sparse(head, payload, tail);
}

TEST(Zip, Zip64BeginsAtTwoGibibytesLessOne) {
    const std::uint64_t border = kZip64From - kLater - 39; // 39: the local header
    for (const std::uint64_t size :
         {border - 1, border, kZip64From, std::uint64_t{5} << 30, std::uint64_t{1} << 40}) {
        Bytes tail;
        const Sparse source = large_zip(size, &tail);
        EXPECT_EQ(find(tail, "PK\x06\x06") != std::string::npos, size >= border) << size;
        for (const ZipForm form : {ZipForm::exact, ZipForm::tolerant}) {
            const auto entries = read_stored_zip(source, {.form = form, .later = kLater});
            ASSERT_TRUE(entries) << size << entries.error().text();
            EXPECT_EQ(entries->at(0).size, size);
            EXPECT_EQ(entries->at(1).size, 2U);
        }
    }
}

TEST(Zip, EveryFlippedBitOfAZip64DirectoryIsRefused) {
    const std::uint64_t size = std::uint64_t{5} << 30;
    Bytes tail;
    static_cast<void>(large_zip(size, &tail));
    StoredZipWriter writer(kLater);
    const Bytes head = writer.begin_streamed("0.payload");
    const std::size_t content = find(tail, "{}");
    for (std::size_t i = 0; i < tail.size(); ++i) {
        if (i == content || i == content + 1)
            continue;
        for (int bit = 0; bit < 8; ++bit) {
            Bytes changed = tail;
            changed[i] ^= static_cast<Byte>(1 << bit);
            ASSERT_FALSE(read_stored_zip(Sparse(head, size, changed), {.later = kLater})) << i;
        }
    }
}

TEST(Zip, TooLongAFileIsRefusedBeforeAnythingIsRead) {
    const Sparse source({}, kZipLimit + 1, {});
    const auto entries = read_stored_zip(source, {});
    ASSERT_FALSE(entries);
    EXPECT_EQ(entries.error().code(), Code::limit);
}

} // namespace
} // namespace valise
