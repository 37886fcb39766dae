// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "tlog/tile.h"

#include <algorithm>

namespace valise::tlog {
namespace {

constexpr std::size_t kHashSize = std::tuple_size_v<Hash32>;

// The file, or the full one that replaced it; `found` says which.
Result<Bytes> fetch_file(const FetchTile& fetch, const TileRef& tile, TileRef& found) {
    found = tile;
    auto bytes = fetch(tile.path());
    if (!bytes && bytes.error().code() == Code::not_found && tile.partial()) {
        found = tile.full();
        return fetch(found.path());
    }
    return bytes;
}

// Exactly tile.width hashes.
Result<Bytes> fetch_hashes(const FetchTile& fetch, const TileRef& tile) {
    TileRef found;
    TRY_ASSIGN(Bytes bytes, fetch_file(fetch, tile, found));
    if (bytes.size() != found.width * kHashSize)
        return fail(Code::integrity, "tlog.tile",
                    found.path() + " has " + std::to_string(bytes.size()) + " bytes");
    bytes.resize(tile.width * kHashSize);
    return bytes;
}

// Exactly tile.width entries.
Result<std::vector<Bytes>> fetch_entries(const FetchTile& fetch, const TileRef& tile) {
    TileRef found;
    TRY_ASSIGN(const Bytes bytes, fetch_file(fetch, tile, found));
    TRY_ASSIGN(auto entries, parse_entry_bundle(bytes, found.width));
    entries.resize(tile.width);
    return entries;
}

Hash32 hash_at(ByteView tile, std::size_t index) {
    Hash32 hash{};
    std::ranges::copy(tile.subspan(index * kHashSize, kHashSize), hash.begin());
    return hash;
}

// Builds the tiles anew from the leaves up, one row of hashes a level, and compares each with the
// file as soon as it is as wide as the tree's size makes it.
class Audit {
public:
    Audit(const FetchTile& fetch, const VisitEntry& visit) : fetch_(fetch), visit_(visit) {}

    Result<void> bundle(const TileRef& ref) {
        TRY_ASSIGN(const auto entries, fetch_entries(fetch_, ref));
        for (const auto& entry : entries) {
            if (visit_)
                TRY(visit_(range_.size(), entry));
            const Hash32 leaf = crypto::leaf_hash(entry);
            range_.append(leaf);
            TRY(push(leaf));
        }
        return {};
    }

    Result<void> finish(const Hash32& root) {
        for (unsigned level = 0; level < rows_.size(); ++level)
            if (!rows_[level].hashes.empty())
                TRY(compare(level));
        if (range_.root() != root)
            return fail(Code::integrity, "tlog.root",
                        "the entries of " + std::to_string(range_.size()) +
                            " leaves have another root");
        return {};
    }

private:
    struct Row {
        std::uint64_t index = 0;
        std::vector<Hash32> hashes;
    };

    Result<void> push(Hash32 hash) {
        for (unsigned level = 0;; ++level) {
            if (level == rows_.size())
                rows_.emplace_back();
            rows_[level].hashes.push_back(hash);
            if (rows_[level].hashes.size() < kTileWidth)
                return {};
            TRY(compare(level));
            hash = crypto::tree_root(rows_[level].hashes);
            rows_[level].hashes.clear();
            ++rows_[level].index;
        }
    }

    Result<void> compare(unsigned level) const {
        const Row& row = rows_[level];
        const TileRef ref{TileRef::Kind::hashes, level, row.index,
                          static_cast<unsigned>(row.hashes.size())};
        TRY_ASSIGN(const Bytes bytes, fetch_hashes(fetch_, ref));
        for (std::size_t i = 0; i < row.hashes.size(); ++i)
            if (hash_at(bytes, i) != row.hashes[i])
                return fail(Code::integrity, "tlog.tile",
                            ref.path() + " differs from the entries at " + std::to_string(i));
        return {};
    }

    const FetchTile& fetch_;
    const VisitEntry& visit_;
    crypto::CompactRange range_;
    std::vector<Row> rows_;
};

} // namespace

Result<const Bytes*> TileReader::tile(unsigned level, std::uint64_t index) const {
    const auto held = held_.find(level);
    if (held != held_.end() && held->second.index == index)
        return &held->second.bytes;
    const std::uint64_t count = size_ >> (kTileHeight * level);
    const auto width = std::min<std::uint64_t>(kTileWidth, count - index * kTileWidth);
    TRY_ASSIGN(Bytes bytes, fetch_hashes(fetch_, {TileRef::Kind::hashes, level, index,
                                                  static_cast<unsigned>(width)}));
    auto& slot = held_[level];
    slot = {index, std::move(bytes)};
    return &slot.bytes;
}

Result<Hash32> TileReader::node(unsigned level, std::uint64_t index) const {
    if (size_ > kMaxTreeSize || level >= 63 || index >= size_ >> level)
        return fail(Code::not_found, "tlog.node",
                    "level " + std::to_string(level) + " index " + std::to_string(index) + " of " +
                        std::to_string(size_) + " leaves");
    const unsigned tile_level = level / kTileHeight;
    const unsigned above = level % kTileHeight; // levels of the tree inside the tile
    const std::uint64_t first = index << above;
    TRY_ASSIGN(const Bytes* bytes, tile(tile_level, first / kTileWidth));
    std::vector<Hash32> hashes;
    hashes.reserve(std::size_t{1} << above);
    for (std::uint64_t i = 0; i < std::uint64_t{1} << above; ++i)
        hashes.push_back(hash_at(*bytes, static_cast<std::size_t>(first % kTileWidth + i)));
    return crypto::tree_root(hashes);
}

Result<Bytes> read_entry(const FetchTile& fetch, std::uint64_t index, std::uint64_t size) {
    if (index >= size || size > kMaxTreeSize)
        return fail(Code::invalid, "tlog.range",
                    "entry " + std::to_string(index) + " of " + std::to_string(size) + " leaves");
    const std::uint64_t bundle = index / kTileWidth;
    const auto width = std::min<std::uint64_t>(kTileWidth, size - bundle * kTileWidth);
    TRY_ASSIGN(auto entries, fetch_entries(fetch, {TileRef::Kind::entries, 0, bundle,
                                                   static_cast<unsigned>(width)}));
    return std::move(entries[index % kTileWidth]);
}

Result<void> verify_tiles(const FetchTile& fetch, std::uint64_t size, const Hash32& root,
                          const VisitEntry& visit) {
    if (size > kMaxTreeSize)
        return fail(Code::limit, "tlog.range", std::to_string(size) + " leaves");
    Audit audit(fetch, visit);
    for (std::uint64_t index = 0; index * kTileWidth < size; ++index) {
        const auto width = std::min<std::uint64_t>(kTileWidth, size - index * kTileWidth);
        TRY(audit.bundle({TileRef::Kind::entries, 0, index, static_cast<unsigned>(width)}));
    }
    return audit.finish(root);
}

} // namespace valise::tlog
