// SPDX-License-Identifier: Apache-2.0
#include "adapters/clock/system_clock.h"
#include "adapters/files/folder_publisher.h"
#include "conformance/temporary_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace valise::adapters {
namespace {

using tests::TemporaryFolder;

std::size_t entries(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(Files, WritesWholeFilesAndOverwritesOnlyWhenTold) {
    const TemporaryFolder folder;
    const std::string path = folder / "key";
    ASSERT_TRUE(write_file_durably(path, view("one"), 0640));
    struct stat about{};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0640u);
    EXPECT_EQ(write_file_durably(path, view("two")).error().reason(), "adapters.file_exists");
    EXPECT_EQ(to_text(*read_file(path, 3)), "one");
    ASSERT_TRUE(write_file_durably(path, view("two!"), 0600, Overwrite::yes));
    EXPECT_EQ(to_text(*read_file(path, 4)), "two!");
    EXPECT_EQ(read_file(path, 3).error().code(), Code::limit);
    EXPECT_EQ(read_secret_file(path, 4)->size(), 4u);
    EXPECT_EQ(entries(folder.path()), 1u) << "a temporary file was left";
    EXPECT_EQ(read_file(folder / "none", 3).error().reason(), "adapters.no_file");
    EXPECT_FALSE(write_file_durably(folder / "no/folder", view("x")));
}

TEST(Files, OnlyRegularFilesAreRead) {
    const TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
    EXPECT_FALSE(read_file(folder / "fifo", 10));
    EXPECT_FALSE(read_file(folder.path(), 10));
}

TEST(Files, SourcesKeepTheirOwnPosition) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_file_durably(folder / "f", view("0123456789")));
    auto source = FileSource::open(folder / "f");
    ASSERT_TRUE(source);
    std::array<Byte, 4> some{};
    EXPECT_EQ(*(*source)->read(some), 4u);
    EXPECT_TRUE((*source)->read_at(8, std::span(some).first(2)));
    EXPECT_EQ(*(*source)->read(some), 4u);
    EXPECT_EQ(to_text(some), "4567");
    EXPECT_EQ(*(*source)->read(some), 2u);
    EXPECT_EQ(*(*source)->read(some), 0u);
    EXPECT_EQ((*source)->read_at(9, std::span(some).first(2)).error().reason(), "base.short_read");
    EXPECT_FALSE((*source)->read_at(~std::uint64_t{0}, std::span(some).first(1)));
    // Cut off by somebody else meanwhile: an error, not a short or endless read.
    ASSERT_EQ(::truncate((folder / "f").c_str(), 5), 0);
    EXPECT_FALSE((*source)->read_at(4, some));
}

TEST(Files, SinkAndPipe) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    Descriptor reading(ends[0]);
    Descriptor writing(ends[1]);
    EXPECT_TRUE(FileSink(writing.get()).write(view("hello")));
    writing.close();
    std::array<Byte, 8> out{};
    PipeSource source(reading.get());
    EXPECT_EQ(*source.read(out), 5u);
    EXPECT_EQ(*source.read(out), 0u);
    EXPECT_FALSE(FileSink(-1).write(view("x")));
}

TEST(Files, ALockIsHeldOnceAndFreedWhenItGoes) {
    const TemporaryFolder folder;
    {
        const auto held = LockFile::take(folder / "lock");
        ASSERT_TRUE(held);
        const auto second = LockFile::take(folder / "lock");
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().reason(), "adapters.locked");
        EXPECT_NE(second.error().context().find(std::to_string(::getpid())), std::string::npos);
    }
    EXPECT_TRUE(LockFile::take(folder / "lock"));
}

TEST(FolderTree, KeepsImmutableFilesAndReplacesTheOthers) {
    const TemporaryFolder folder;
    const auto tree = FolderTree::open(folder / "log/shared");
    ASSERT_TRUE(tree);
    ASSERT_TRUE(tree->write_if_absent("tile/0/x001/234.p/17", view("abc")));
    EXPECT_TRUE(tree->write_if_absent("tile/0/x001/234.p/17", view("abc")));
    for (const char* other : {"abd", "ab", "abcd", ""})
        EXPECT_EQ(tree->write_if_absent("tile/0/x001/234.p/17", view(other)).error().reason(),
                  "adapters.file_differs");
    EXPECT_TRUE(tree->replace("checkpoint", view("1")));
    EXPECT_TRUE(tree->replace("checkpoint", view("2")));
    EXPECT_EQ(to_text(*tree->read("checkpoint")), "2");
    EXPECT_EQ(tree->read("tile/0/000").error().code(), Code::not_found);
}

TEST(FolderPublisher, LeavesAloneWhatIsThereAndDropsFolders) {
    const TemporaryFolder folder;
    FolderPublisher publisher(*FolderTree::open(folder.path()));
    const auto number = [&] {
        struct stat about{};
        EXPECT_EQ(::stat((folder / "tile/0/000").c_str(), &about), 0);
        return about.st_ino;
    };
    ASSERT_TRUE(publisher.put("tile/0/000", view("abc")));
    const auto first = number();
    ASSERT_TRUE(publisher.put("tile/0/000", view("abc")));
    EXPECT_EQ(number(), first);
    for (const char* other : {"abd", "ab", "abcd", ""}) {
        ASSERT_TRUE(publisher.put("tile/0/000", view(other)));
        EXPECT_EQ(to_text(*read_file(folder / "tile/0/000", 9)), other);
    }
    ASSERT_TRUE(publisher.put("tile/0/001.p/3", view("abc")));
    ASSERT_TRUE(publisher.drop_folder("tile/0/001.p"));
    EXPECT_FALSE(read_file(folder / "tile/0/001.p/3", 9));
    EXPECT_TRUE(publisher.drop_folder("tile/0/001.p"));
    EXPECT_EQ(publisher.drop_folder("..").error().reason(), "adapters.path");
    EXPECT_TRUE(read_file(folder / "tile/0/000", 9));
}

TEST(FolderTree, StaysInside) {
    const TemporaryFolder folder;
    const auto tree = FolderTree::open(folder.path());
    for (const char* path :
         {"", "/etc/passwd", "../x", "a/../x", "a//b", "a/", ".hidden", "a\nb", "a b", "tile/./x"})
        EXPECT_EQ(tree->replace(path, view("x")).error().reason(), "adapters.path") << path;
    EXPECT_FALSE(tree->read(std::string_view("a\0b", 3)));
}

TEST(Clock, GoesForward) {
    EXPECT_GT(SystemClock().now(), *Time::parse("2025-01-01"));
    const auto before = monotonic_milliseconds();
    EXPECT_LE(before, monotonic_milliseconds());
}

} // namespace
} // namespace valise::adapters
