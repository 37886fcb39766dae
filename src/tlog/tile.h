// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/tree.h"

#include <functional>
#include <map>
#include <span>
#include <string>

namespace valise::tlog {

//= c2sp.org/tlog-tiles
inline constexpr unsigned kTileHeight = 8;
inline constexpr unsigned kTileWidth = 256;
inline constexpr unsigned kMaxTileLevel = 7; // a size fits into 63 bits
inline constexpr std::size_t kMaxEntrySize = 65535;

// The name of one static file of a log, below its prefix.
struct TileRef {
    enum class Kind { hashes, entries };

    Kind kind = Kind::hashes;
    unsigned level = 0; // 0..7; 0 for entries
    std::uint64_t index = 0;
    unsigned width = kTileWidth; // 1..256 hashes or entries; below 256: a partial tile

    bool operator==(const TileRef&) const = default;

    bool partial() const { return width < kTileWidth; }
    TileRef full() const { return {kind, level, index, kTileWidth}; }
    // "tile/0/x001/x234/067", "tile/1/001.p/17", "tile/entries/273.p/112".
    std::string path() const;
    // Exactly the texts that path() writes. Errors: tlog.tile.
    static Result<TileRef> parse(std::string_view path);
};

// Hash tiles to write when a log grows from old_size to new_size leaves, lowest level first: every
// tile that changed, at its new width. From 0: all tiles of the size.
std::vector<TileRef> tiles_for(std::uint64_t old_size, std::uint64_t new_size);
// The same for the entry bundles.
std::vector<TileRef> bundles_for(std::uint64_t old_size, std::uint64_t new_size);

// The bytes of a hash tile. Errors: tlog.tile for entries, or those of the source.
Result<Bytes> hash_tile(const NodeSource& source, const TileRef& tile);

// The bytes of an entry bundle of 1 to 256 entries. Errors: tlog.bundle.
Result<Bytes> entry_bundle(std::span<const Bytes> entries);
// `width` entries and nothing after them. Errors: tlog.bundle.
Result<std::vector<Bytes>> parse_entry_bundle(ByteView bundle, unsigned width);

// Path below the log's prefix -> the file's bytes. Code::not_found means that there is no such
// file.
using FetchTile = std::function<Result<Bytes>(const std::string& path)>;

// One entry of a log of `size` leaves, out of its bundle. Errors: tlog.range, tlog.bundle, or those
// of the fetch.
Result<Bytes> read_entry(const FetchTile& fetch, std::uint64_t index, std::uint64_t size);

// Complete subtrees read from hash tiles of a log of `size` leaves. What it returns is as
// trustworthy as the tiles: verify a proof made from it against a verified checkpoint. A partial
// tile that was cleaned away is read from the full one. Keeps the last tile of each level; not for
// use by several threads. Errors: tlog.node outside the tree, tlog.tile, or those of the fetch.
class TileReader final : public NodeSource {
public:
    TileReader(FetchTile fetch, std::uint64_t size) : fetch_(std::move(fetch)), size_(size) {}

    std::uint64_t size() const { return size_; }
    Result<Hash32> node(unsigned level, std::uint64_t index) const override;

private:
    Result<const Bytes*> tile(unsigned level, std::uint64_t index) const;

    struct Held {
        std::uint64_t index;
        Bytes bytes;
    };
    FetchTile fetch_;
    std::uint64_t size_;
    mutable std::map<unsigned, Held> held_;
};

using VisitEntry = std::function<Result<void>(std::uint64_t index, ByteView entry)>;

// Reads every entry bundle, computes every hash tile and the root anew, and compares. `visit`, when
// given, sees each entry in order; its error ends the walk. Memory: one tile a level.
// Errors: tlog.tile, tlog.bundle, tlog.root (integrity), or those of the fetch.
Result<void> verify_tiles(const FetchTile& fetch, std::uint64_t size, const Hash32& root,
                          const VisitEntry& visit = {});

} // namespace valise::tlog
