// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "tlog/internal/testing.h"
#include "tlog/proof.h"
#include "tlog/tile.h"

#include <gtest/gtest.h>

namespace valise::tlog {
namespace {

using testing::entry;
using testing::known_answers;
using testing::tree_of;
using Files = std::map<std::string, Bytes>;

FetchTile from(const Files& files) {
    return [&files](const std::string& path) -> Result<Bytes> {
        const auto file = files.find(path);
        if (file == files.end())
            return fail(Code::not_found, "test.file", path);
        return file->second;
    };
}

void write(Files& files, const MemoryTree& tree, std::uint64_t old_size, std::uint64_t size) {
    for (const auto& tile : tiles_for(old_size, size))
        files[tile.path()] = *hash_tile(tree, tile);
    for (const auto& bundle : bundles_for(old_size, size)) {
        std::vector<Bytes> entries;
        for (unsigned i = 0; i < bundle.width; ++i)
            entries.push_back(entry(bundle.index * kTileWidth + i));
        files[bundle.path()] = *entry_bundle(entries);
    }
}

TEST(Tile, KnownAnswers) {
    const MemoryTree tree = tree_of(70000);
    const Json& known = known_answers();
    EXPECT_EQ(tiles_for(0, 70000).size(), known["tile_count_size70000"].get<std::size_t>());
    Files files;
    write(files, tree, 0, 70000);
    for (const auto& [path, digest] : known["tile_sha256_size70000"].items()) {
        ASSERT_TRUE(files.contains(path)) << path;
        EXPECT_EQ(to_hex(crypto::sha256(files[path])), digest) << path;
    }
    EXPECT_TRUE(verify_tiles(from(files), 70000, tree.root()));
    const TileReader reader(from(files), 70000);
    EXPECT_EQ(inclusion_proof(reader, 12345, 70000).value(),
              testing::hashes_from(known["inclusion_12345_of_70000"]));
    EXPECT_EQ(consistency_proof(reader, 257, 70000).value(),
              testing::hashes_from(known["consistency_257_to_70000"]));
    EXPECT_EQ(root_of(reader, 70000).value(), tree.root());
}

TEST(Tile, PathsThereAndBack) {
    const std::pair<TileRef, const char*> rows[] = {
        {{TileRef::Kind::hashes, 0, 1234067, 256}, "tile/0/x001/x234/067"},
        {{TileRef::Kind::hashes, 7, 0, 1}, "tile/7/000.p/1"},
        {{TileRef::Kind::entries, 0, 999, 255}, "tile/entries/999.p/255"},
        {{TileRef::Kind::entries, 0, 1000, 256}, "tile/entries/x001/000"},
        {{TileRef::Kind::hashes, 0, kMaxTreeSize / 256, 256},
         "tile/0/x036/x028/x797/x018/x963/967"},
    };
    for (const auto& [tile, path] : rows) {
        EXPECT_EQ(tile.path(), path);
        EXPECT_EQ(TileRef::parse(path).value(), tile);
    }
    for (const char* path : {"",
                             "tile",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "tile/0/0",
                             "tile/0/00",
                             "tile/0/0000",
                             "tile/8/000",
                             "tile/00/000",
                             "tile/-1/000",
                             "tile/0/x000/001",
                             "tile/0/001/002",
                             "tile/0/x001",
                             "tile/0/x001/",
                             "tile/0/000.p/0",
                             "tile/0/000.p/256",
                             "tile/0/000.p/01",
                             "tile/0/000.p/",
                             "tile/0/000.p/1/",
                             "tile/0/000/",
                             "/tile/0/000",
                             "tile/entry/000",
                             "tile/0/../000",
                             "tile/0/x999/x999/x999/x999/x999/999",
                             "tile/0/x001x/000",
                             "tile/0/x001/x001/x001/x001/x001/x001/001"})
        EXPECT_FALSE(TileRef::parse(path)) << path;
}

TEST(Tile, WhatChangesWhenALogGrows) {
    const auto texts = [](const std::vector<TileRef>& tiles) {
        std::string text;
        for (const auto& tile : tiles)
            text += tile.path() + " ";
        return text;
    };
    EXPECT_EQ(texts(tiles_for(0, 0)), "");
    EXPECT_EQ(texts(tiles_for(0, 256)), "tile/0/000 tile/1/000.p/1 ");
    EXPECT_EQ(texts(tiles_for(255, 257)), "tile/0/000 tile/0/001.p/1 tile/1/000.p/1 ");
    EXPECT_EQ(texts(tiles_for(256, 257)), "tile/0/001.p/1 ");
    EXPECT_EQ(texts(tiles_for(257, 257)), "");
    EXPECT_EQ(texts(bundles_for(255, 513)),
              "tile/entries/000 tile/entries/001 tile/entries/002.p/1 ");
    EXPECT_EQ(texts(tiles_for(69999, 70000)), "tile/0/273.p/112 ");
}

// Growing in steps leaves a directory in which every size along the way can be read and proved.
TEST(Tile, ReaderAtEverySizeUpTo600) {
    const MemoryTree tree = tree_of(600);
    Files files;
    for (std::uint64_t size = 0; size <= 600; ++size) {
        write(files, tree, size == 0 ? 0 : size - 1, size);
        const Hash32 root = *tree.root_at(size);
        ASSERT_EQ(root_of(TileReader(from(files), size), size).value(), root);
        if (size % 37 == 0 || size % 256 < 2) {
            ASSERT_TRUE(verify_tiles(from(files), size, root)) << size;
        }
        ASSERT_EQ(TileReader(from(files), size).node(0, size).error().reason(), "tlog.node");
    }
}

TEST(Tile, PartialTileReplacedByTheFullOne) {
    const MemoryTree tree = tree_of(512);
    Files files;
    write(files, tree, 0, 300);
    write(files, tree, 300, 512);
    // Their full tiles exist; level 1 has no full tile yet and keeps its partial one.
    ASSERT_EQ(files.erase("tile/0/001.p/44") + files.erase("tile/entries/001.p/44"), 2U);
    const Hash32 root = *tree.root_at(300);
    EXPECT_TRUE(verify_tiles(from(files), 300, root));
    EXPECT_EQ(root_of(TileReader(from(files), 300), 300).value(), root);
    files.erase("tile/0/001");
    EXPECT_EQ(verify_tiles(from(files), 300, root).error().code(), Code::not_found);
}

TEST(Tile, EveryDamagedFileIsFound) {
    const MemoryTree tree = tree_of(300);
    Files files;
    write(files, tree, 0, 300);
    ASSERT_TRUE(verify_tiles(from(files), 300, tree.root()));
    EXPECT_FALSE(verify_tiles(from(files), 300, *tree.root_at(299)));
    for (auto& [path, bytes] : files) {
        const Bytes whole = bytes;
        for (std::size_t at = 0; at < whole.size(); at += 97) {
            bytes[at] ^= 0x10;
            ASSERT_FALSE(verify_tiles(from(files), 300, tree.root())) << path << " " << at;
            bytes = whole;
        }
        bytes.pop_back();
        ASSERT_FALSE(verify_tiles(from(files), 300, tree.root())) << path;
        bytes = whole;
        bytes.push_back(0);
        ASSERT_FALSE(verify_tiles(from(files), 300, tree.root())) << path;
        bytes = whole;
    }
}

TEST(Tile, VisitorSeesEveryEntryAndMayStop) {
    const MemoryTree tree = tree_of(300);
    Files files;
    write(files, tree, 0, 300);
    std::uint64_t next = 0;
    EXPECT_TRUE(verify_tiles(from(files), 300, tree.root(),
                             [&](std::uint64_t index, ByteView bytes) -> Result<void> {
                                 EXPECT_EQ(index, next++);
                                 EXPECT_EQ(to_bytes(bytes), entry(index));
                                 return {};
                             }));
    EXPECT_EQ(next, 300U);
    const auto stopped = verify_tiles(from(files), 300, tree.root(),
                                      [](std::uint64_t index, ByteView) -> Result<void> {
                                          if (index == 7)
                                              return fail(Code::refused, "test.stop");
                                          return {};
                                      });
    EXPECT_EQ(stopped.error().reason(), "test.stop");
}

TEST(Bundle, LimitsAndEveryPrefix) {
    const std::vector<Bytes> entries{to_bytes("a"), Bytes(), Bytes(kMaxEntrySize, 7)};
    const Bytes bundle = *entry_bundle(entries);
    EXPECT_EQ(parse_entry_bundle(bundle, 3).value(), entries);
    EXPECT_FALSE(parse_entry_bundle(bundle, 2));
    EXPECT_FALSE(parse_entry_bundle(bundle, 4));
    for (std::size_t size = 0; size < bundle.size(); size += size < 16 ? 1 : 1009)
        EXPECT_FALSE(parse_entry_bundle(ByteView(bundle).first(size), 3)) << size;
    EXPECT_FALSE(entry_bundle(std::vector<Bytes>{}));
    EXPECT_FALSE(entry_bundle(std::vector<Bytes>(257)));
    EXPECT_FALSE(entry_bundle(std::vector<Bytes>{Bytes(kMaxEntrySize + 1)}));
}

} // namespace
} // namespace valise::tlog
