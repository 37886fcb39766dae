// SPDX-License-Identifier: Apache-2.0
#include "tlog/tile.h"

#include "tlog/internal/lines.h"

#include <algorithm>
#include <array>

namespace valise::tlog {
namespace {

constexpr std::size_t kHashSize = std::tuple_size_v<Hash32>;
constexpr unsigned kMaxIndexDigits = 18; // the largest index, 2^55 - 1, has 17

std::unexpected<Error> bad_tile(std::string_view path) {
    return fail(Code::invalid, "tlog.tile", "not a tile path: " + std::string(path.substr(0, 80)));
}

std::string three_digits(std::uint64_t value) {
    std::string text = std::to_string(value);
    return std::string(3 - text.size(), '0') + text;
}

// "x001/x234/067" for 1234067.
std::string index_path(std::uint64_t index) {
    std::string path = three_digits(index % 1000);
    for (index /= 1000; index != 0; index /= 1000)
        path.insert(0, "x" + three_digits(index % 1000) + "/");
    return path;
}

bool is_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The inverse, lenient about leading zero groups: the caller compares with path().
std::optional<std::uint64_t> parse_index_path(std::string_view path) {
    std::uint64_t index = 0;
    for (unsigned digits = 3; digits <= kMaxIndexDigits; digits += 3) {
        const bool more = path.starts_with('x');
        if (more)
            path.remove_prefix(1);
        if (path.size() < 3 || !is_digits(path.substr(0, 3)))
            return std::nullopt;
        for (const char c : path.substr(0, 3))
            index = index * 10 + static_cast<std::uint64_t>(c - '0');
        path.remove_prefix(3);
        if (!more)
            return path.empty() ? std::optional(index) : std::nullopt;
        if (!path.starts_with('/'))
            return std::nullopt;
        path.remove_prefix(1);
    }
    return std::nullopt;
}

void append_changed(std::vector<TileRef>& out, TileRef::Kind kind, unsigned level,
                    std::uint64_t old_count, std::uint64_t new_count) {
    for (std::uint64_t index = old_count / kTileWidth; index * kTileWidth < new_count; ++index) {
        const auto width = std::min<std::uint64_t>(kTileWidth, new_count - index * kTileWidth);
        // A tile that was full, or as wide before, has not changed.
        if (index * kTileWidth + width > old_count)
            out.push_back({kind, level, index, static_cast<unsigned>(width)});
    }
}

} // namespace

std::string TileRef::path() const {
    std::string path = "tile/";
    path += kind == Kind::entries ? std::string("entries") : std::to_string(level);
    path += "/" + index_path(index);
    if (partial())
        path += ".p/" + std::to_string(width);
    return path;
}

Result<TileRef> TileRef::parse(std::string_view path) {
    constexpr std::string_view kPrefix = "tile/";
    TileRef tile;
    if (!path.starts_with(kPrefix))
        return bad_tile(path);
    auto rest = path.substr(kPrefix.size());
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos)
        return bad_tile(path);
    const auto level = rest.substr(0, slash);
    if (level == "entries") {
        tile.kind = Kind::entries;
    } else {
        const auto number = parse_decimal(level);
        if (!number || *number > kMaxTileLevel)
            return bad_tile(path);
        tile.level = static_cast<unsigned>(*number);
    }
    rest.remove_prefix(slash + 1);
    if (const auto mark = rest.find(".p/"); mark != std::string_view::npos) {
        const auto width = parse_decimal(rest.substr(mark + 3));
        if (!width || *width == 0 || *width >= kTileWidth)
            return bad_tile(path);
        tile.width = static_cast<unsigned>(*width);
        rest = rest.substr(0, mark);
    }
    const auto index = parse_index_path(rest);
    if (!index || *index > kMaxTreeSize / kTileWidth)
        return bad_tile(path);
    tile.index = *index;
    // One tile, one path: leading zero groups fall out here.
    if (tile.path() != path)
        return bad_tile(path);
    return tile;
}

std::vector<TileRef> tiles_for(std::uint64_t old_size, std::uint64_t new_size) {
    std::vector<TileRef> tiles;
    for (unsigned level = 0; level <= kMaxTileLevel; ++level)
        append_changed(tiles, TileRef::Kind::hashes, level, old_size >> (kTileHeight * level),
                       new_size >> (kTileHeight * level));
    return tiles;
}

std::vector<TileRef> bundles_for(std::uint64_t old_size, std::uint64_t new_size) {
    std::vector<TileRef> bundles;
    append_changed(bundles, TileRef::Kind::entries, 0, old_size, new_size);
    return bundles;
}

Result<Bytes> hash_tile(const NodeSource& source, const TileRef& tile) {
    if (tile.kind != TileRef::Kind::hashes || tile.level > kMaxTileLevel || tile.width == 0 ||
        tile.width > kTileWidth)
        return fail(Code::invalid, "tlog.tile", "not a hash tile: " + tile.path());
    Bytes bytes;
    bytes.reserve(tile.width * kHashSize);
    for (unsigned i = 0; i < tile.width; ++i) {
        TRY_ASSIGN(const Hash32 hash,
                   source.node(kTileHeight * tile.level, tile.index * kTileWidth + i));
        append(bytes, hash);
    }
    return bytes;
}

Result<Bytes> entry_bundle(std::span<const Bytes> entries) {
    if (entries.empty() || entries.size() > kTileWidth)
        return fail(Code::invalid, "tlog.bundle", std::to_string(entries.size()) + " entries");
    Bytes bundle;
    for (const auto& entry : entries) {
        if (entry.size() > kMaxEntrySize)
            return fail(Code::limit, "tlog.bundle",
                        "an entry of " + std::to_string(entry.size()) + " bytes");
        append_u16(bundle, static_cast<std::uint16_t>(entry.size()));
        append(bundle, entry);
    }
    return bundle;
}

Result<std::vector<Bytes>> parse_entry_bundle(ByteView bundle, unsigned width) {
    std::vector<Bytes> entries;
    while (!bundle.empty() && entries.size() < width) {
        if (bundle.size() < 2)
            break;
        const std::size_t size = read_u16(bundle.first<2>());
        if (bundle.size() - 2 < size)
            break;
        entries.push_back(to_bytes(bundle.subspan(2, size)));
        bundle = bundle.subspan(2 + size);
    }
    if (entries.size() != width || !bundle.empty())
        return fail(Code::invalid, "tlog.bundle",
                    std::to_string(entries.size()) + " whole entries of " + std::to_string(width) +
                        ", " + std::to_string(bundle.size()) + " bytes left");
    return entries;
}

} // namespace valise::tlog
