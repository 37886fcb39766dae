// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "registry/published_tree.h"
#include "tlog/tile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace valise::registry {
namespace {

struct Shelf : Publisher {
    Result<void> put(const std::string& path, ByteView bytes) override {
        order.push_back(path);
        files[path] = to_bytes(bytes);
        return {};
    }
    Result<void> drop_folder(const std::string& path) override {
        std::erase_if(files, [&](const auto& file) { return file.first.starts_with(path + "/"); });
        return {};
    }
    Result<Bytes> get(const std::string& path) const {
        const auto found = files.find("log/" + path);
        return found == files.end() ? Result<Bytes>(fail(Code::not_found, "test.file", path))
                                    : found->second;
    }
    std::map<std::string, Bytes> files;
    std::vector<std::string> order;
};

Bytes entry(std::uint64_t index) {
    return to_bytes("entry " + std::to_string(index));
}

Result<std::vector<Bytes>> entries(std::uint64_t from, std::size_t count) {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(entry(from + i));
    return out;
}

void grow(tlog::MemoryTree& tree, std::uint64_t size) {
    while (tree.size() < size)
        tree.append(crypto::leaf_hash(entry(tree.size())));
}

bool holds(const Shelf& shelf, std::uint64_t size, const Hash32& root) {
    return tlog::verify_tiles([&](const std::string& path) { return shelf.get(path); }, size, root)
        .has_value();
}

TEST(PublishedTree, PartialTilesAreThoseOfPublishedSizesAndGoWhenTheirTileIsFull) {
    Shelf shelf;
    tlog::MemoryTree tree;
    std::uint64_t published = 0;
    for (const std::uint64_t size : {1U, 3U, 200U, 255U}) {
        grow(tree, size);
        ASSERT_TRUE(publish_tree(shelf, "log/", tree, published, size, entries, "note"));
        published = size;
        EXPECT_TRUE(holds(shelf, size, tree.root()));
    }
    for (const char* kind : {"0", "entries"})
        for (unsigned width = 1; width < 256; ++width) {
            const std::string path =
                std::string("tile/") + kind + "/000.p/" + std::to_string(width);
            const bool wanted = width == 1 || width == 3 || width == 200 || width == 255;
            EXPECT_EQ(shelf.get(path).has_value(), wanted) << path;
        }
    grow(tree, 257);
    const Hash32 old_root = *tree.root_at(200);
    ASSERT_TRUE(publish_tree(shelf, "log/", tree, published, 257, entries, "note"));
    EXPECT_TRUE(holds(shelf, 257, tree.root()));
    EXPECT_FALSE(shelf.get("tile/0/000.p/255"));
    EXPECT_FALSE(shelf.get("tile/entries/000.p/1"));
    EXPECT_TRUE(shelf.get("tile/0/001.p/1"));
    EXPECT_TRUE(shelf.get("tile/1/000.p/1"));
    // Who holds an older checkpoint reads it from the full tile.
    EXPECT_TRUE(holds(shelf, 200, old_root));
}

TEST(PublishedTree, TheCheckpointComesLast) {
    Shelf shelf;
    tlog::MemoryTree tree;
    grow(tree, 300);
    ASSERT_TRUE(publish_tree(shelf, "log/", tree, 0, 300, entries, "note"));
    EXPECT_EQ(shelf.order.back(), "log/checkpoint");
    EXPECT_EQ(std::ranges::count(shelf.order, "log/checkpoint"), 1);
    struct Broken : Shelf {
        Result<void> put(const std::string& path, ByteView bytes) override {
            if (path == "log/tile/entries/001.p/44")
                return fail(Code::internal, "test.disk", path);
            return Shelf::put(path, bytes);
        }
    } broken;
    EXPECT_FALSE(publish_tree(broken, "log/", tree, 0, 300, entries, "note"));
    EXPECT_FALSE(broken.get("checkpoint"));
}

} // namespace
} // namespace valise::registry
