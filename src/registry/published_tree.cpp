// SPDX-License-Identifier: Apache-2.0
#include "registry/published_tree.h"

#include "tlog/tile.h"

namespace valise::registry {
namespace {

using tlog::TileRef;

Result<Bytes> contents(const TileRef& tile, const tlog::NodeSource& tree,
                       const ReadEntries& entries) {
    if (tile.kind == TileRef::Kind::hashes)
        return tlog::hash_tile(tree, tile);
    TRY_ASSIGN(const auto read, entries(tile.index * tlog::kTileWidth, tile.width));
    return tlog::entry_bundle(read);
}

// Readers of an older checkpoint take the full tile. Left alone the partial ones would outweigh the
// log many times.
Result<void> drop_partial(Publisher& publisher, const std::string& prefix,
                          const std::vector<TileRef>& tiles) {
    for (const TileRef& tile : tiles)
        if (!tile.partial())
            TRY(publisher.drop_folder(prefix + tile.path() + ".p"));
    return {};
}

} // namespace

Result<void> publish_tree(Publisher& publisher, const std::string& prefix,
                          const tlog::NodeSource& tree, std::uint64_t old_size, std::uint64_t size,
                          const ReadEntries& entries, std::string_view checkpoint) {
    std::vector<TileRef> tiles = tlog::tiles_for(old_size, size);
    const std::vector<TileRef> bundles = tlog::bundles_for(old_size, size);
    tiles.insert(tiles.end(), bundles.begin(), bundles.end());
    for (const TileRef& tile : tiles) {
        TRY_ASSIGN(const Bytes bytes, contents(tile, tree, entries));
        TRY(publisher.put(prefix + tile.path(), bytes));
    }
    TRY(publisher.put(prefix + "checkpoint", view(checkpoint)));
    return drop_partial(publisher, prefix, tiles);
}

} // namespace valise::registry
