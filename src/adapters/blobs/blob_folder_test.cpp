// SPDX-License-Identifier: Apache-2.0
#include "adapters/blobs/blob_folder.h"
#include "conformance/temporary_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace valise::adapters {
namespace {

using tests::TemporaryFolder;

BlobId id(Byte n) {
    return BlobId::of(Bytes(10, n));
}

Bytes all_of(const RandomSource& source) {
    Bytes out(static_cast<std::size_t>(source.size()));
    EXPECT_TRUE(source.read_at(0, out));
    return out;
}

std::vector<std::string> names(const std::string& folder) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        out.push_back(entry.path().filename());
    std::ranges::sort(out);
    return out;
}

TEST(BlobFolder, ABlobIsSeenAfterCommitAndNotBefore) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder / "blobs");
    ASSERT_TRUE(store);
    {
        auto writer = (*store)->create(id(1));
        ASSERT_TRUE(writer);
        ASSERT_TRUE((*writer)->write(view("hello ")));
        ASSERT_GE((*writer)->descriptor(), 0);
        // Another process writes through the descriptor, and both follow on each other.
        ASSERT_EQ(::write((*writer)->descriptor(), "big ", 4), 4);
        ASSERT_TRUE((*writer)->write(view("world")));
        EXPECT_EQ((*store)->open(id(1)).error().reason(), "registry.no_blob");
        ASSERT_TRUE((*writer)->commit());
        EXPECT_FALSE((*writer)->commit());
    }
    const auto blob = (*store)->open(id(1));
    ASSERT_TRUE(blob);
    EXPECT_EQ(to_text(all_of(**blob)), "hello big world");
    EXPECT_GE((*blob)->descriptor(), 0);
    EXPECT_EQ(names(folder / "blobs"), std::vector<std::string>{id(1).text()});
}

TEST(BlobFolder, ABlobIsNeverWrittenTwice) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder.path());
    auto first = (*store)->create(id(1));
    auto second = (*store)->create(id(1));
    ASSERT_TRUE((*first)->write(view("first")));
    ASSERT_TRUE((*second)->write(view("second")));
    ASSERT_TRUE((*first)->commit());
    EXPECT_EQ((*second)->commit().error().reason(), "registry.blob_exists");
    EXPECT_EQ((*store)->create(id(1)).error().reason(), "registry.blob_exists");
    EXPECT_EQ((*store)->partial(id(1), 5).error().reason(), "registry.blob_exists");
    EXPECT_EQ(to_text(all_of(**(*store)->open(id(1)))), "first");
}

TEST(BlobFolder, WhatIsDroppedOrInterruptedLeavesNothing) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder.path());
    {
        auto writer = (*store)->create(id(1));
        ASSERT_TRUE((*writer)->write(view("x")));
        EXPECT_EQ(names(folder.path()).size(), 1u);
    }
    EXPECT_TRUE(names(folder.path()).empty());
    // The process dies: no destructor runs.
    auto lost = (*store)->create(id(2));
    const auto left = names(folder.path());
    ASSERT_EQ(left.size(), 1u);
    store = BlobFolder::open(folder.path());
    EXPECT_TRUE(names(folder.path()).empty());
}

TEST(BlobFolder, APartialBlobGoesOnAfterReopening) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder.path());
    {
        auto part = (*store)->partial(id(3), 10);
        ASSERT_TRUE(part);
        EXPECT_EQ((*part)->size(), 10u);
        ASSERT_TRUE((*part)->write_at(6, view("6789")));
    }
    store = BlobFolder::open(folder.path());
    auto part = (*store)->partial(id(3), 10);
    ASSERT_TRUE(part);
    Bytes seen(10);
    ASSERT_TRUE((*part)->read_at(0, seen));
    EXPECT_EQ(seen, to_bytes(std::string_view("\0\0\0\0\0\0"
                                              "6789",
                                              10)));
    ASSERT_TRUE((*part)->write_at(0, view("012345")));
    EXPECT_EQ((*store)->open(id(3)).error().code(), Code::not_found);
    ASSERT_TRUE((*part)->finish());
    EXPECT_EQ(to_text(all_of(**(*store)->open(id(3)))), "0123456789");
    EXPECT_EQ(names(folder.path()), std::vector<std::string>{id(3).text()});
}

TEST(BlobFolder, APartialBlobKeepsItsSizeAndItsBounds) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder.path());
    auto part = (*store)->partial(id(3), 10);
    ASSERT_TRUE(part);
    EXPECT_EQ((*store)->partial(id(3), 11).error().code(), Code::conflict);
    EXPECT_EQ((*store)->partial(id(3), 9).error().code(), Code::conflict);
    EXPECT_FALSE((*part)->write_at(7, view("6789")));
    EXPECT_FALSE((*part)->write_at(~std::uint64_t{0}, view("x")));
    Bytes one(1);
    EXPECT_FALSE((*part)->read_at(10, one));
    EXPECT_TRUE((*part)->write_at(10, {}));
    EXPECT_TRUE((*store)->partial(id(4), 0));
    // More than any disk holds shows at once, and leaves nothing.
    EXPECT_FALSE((*store)->partial(id(5), std::uint64_t{1} << 60));
    EXPECT_FALSE((*store)->partial(id(5), ~std::uint64_t{0}));
    EXPECT_EQ(names(folder.path()).size(), 2u);
}

TEST(BlobFolder, AFinishCutInTheMiddleIsFinishedAtOpening) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder.path());
    ASSERT_TRUE((*store)->partial(id(3), 2));
    const std::string part = folder / (id(3).text() + ".part");
    std::filesystem::create_hard_link(part, folder / id(3).text());
    store = BlobFolder::open(folder.path());
    EXPECT_EQ(names(folder.path()), std::vector<std::string>{id(3).text()});
    EXPECT_TRUE((*store)->open(id(3)));
}

TEST(BlobFolder, ListsWhatIsWhole) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder.path());
    for (const int number : {7, 2, 5})
        ASSERT_TRUE((*(*store)->create(id(static_cast<Byte>(number))))->commit());
    ASSERT_TRUE((*store)->partial(id(1), 5)); // still arriving
    const auto unfinished = (*store)->create(id(9));
    const auto listed = (*store)->list();
    ASSERT_TRUE(listed);
    std::vector<std::string> texts;
    for (const BlobId& blob : *listed)
        texts.push_back(blob.text());
    std::vector<std::string> wanted = {id(2).text(), id(5).text(), id(7).text()};
    std::ranges::sort(wanted);
    EXPECT_EQ(texts, wanted);
}

TEST(BlobFolder, Removes) {
    const TemporaryFolder folder;
    auto store = BlobFolder::open(folder.path());
    EXPECT_EQ((*store)->remove(id(1)).error().reason(), "registry.no_blob");
    ASSERT_TRUE((*(*store)->create(id(1)))->commit());
    ASSERT_TRUE((*store)->partial(id(2), 5));
    const auto open = (*store)->open(id(1));
    EXPECT_TRUE((*store)->remove(id(1)));
    EXPECT_TRUE((*store)->remove(id(2)));
    EXPECT_TRUE(names(folder.path()).empty());
    EXPECT_EQ((*open)->size(), 0u); // a reader that has it open keeps it
    EXPECT_FALSE((*store)->open(BlobId()));
    EXPECT_FALSE((*store)->create(BlobId()));
    EXPECT_GT(*(*store)->free_bytes(), 0u);
}

} // namespace
} // namespace valise::adapters
