// SPDX-License-Identifier: Apache-2.0
// A log's files and proofs come from the peer's web server or from a courier. A right log of some
// size is made, the input changes its files or its proofs, and only the unchanged ones verify. The
// input: u16 leaves, u16 old size, u16 index, then changes of 6 bytes: file, offset (2), turned
// bits, added bytes, cut bytes.
#include "crypto/merkle.h"
#include "tlog/proof.h"
#include "tlog/tile.h"

#include <cstdlib>
#include <map>

namespace {

using namespace valise;
using namespace valise::tlog;

constexpr std::uint64_t kMaxLeaves = 700; // two levels of tiles, full and partial ones
constexpr std::size_t kPrefix = 6;
constexpr std::size_t kChange = 6;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

struct Log {
    MemoryTree tree;
    std::map<std::string, Bytes> files;
    std::uint64_t size = 0;

    explicit Log(std::uint64_t leaves) : size(leaves) {
        std::vector<Bytes> entries;
        for (std::uint64_t i = 0; i < leaves; ++i) {
            entries.push_back(Bytes(i % 5, static_cast<Byte>(i)));
            tree.append(crypto::leaf_hash(entries.back()));
        }
        for (const TileRef& ref : tiles_for(0, leaves))
            files[ref.path()] = hash_tile(tree, ref).value();
        for (const TileRef& ref : bundles_for(0, leaves)) {
            const auto part = std::span(entries).subspan(ref.index * kTileWidth, ref.width);
            files[ref.path()] = entry_bundle(part).value();
        }
    }
};

const Log& log_of(std::uint64_t leaves) {
    static std::map<std::uint64_t, Log> known;
    return known.try_emplace(leaves, leaves).first->second;
}

void change(Bytes& bytes, ByteView how) {
    const std::size_t offset = read_u16(how.subspan<1, 2>());
    if (offset < bytes.size())
        bytes[offset] ^= how[3];
    bytes.resize(bytes.size() + how[4] - std::min<std::size_t>(bytes.size() + how[4], how[5]));
}

void change_files(const Log& log, ByteView changes) {
    auto files = log.files;
    for (; changes.size() >= kChange; changes = changes.subspan(kChange)) {
        if (files.empty())
            break;
        const auto file = std::next(files.begin(), changes[0] % static_cast<long>(files.size()));
        change(file->second, changes.first(kChange));
    }
    const FetchTile fetch = [&](const std::string& path) -> Result<Bytes> {
        const auto found = files.find(path);
        if (found == files.end())
            return fail(Code::not_found, "fuzz.no_tile");
        return found->second;
    };
    hold(verify_tiles(fetch, log.size, log.tree.root()).has_value() == (files == log.files));
    // What a reader of single nodes hands on may be wrong, and then its root is.
    const TileReader reader(fetch, log.size);
    if (const auto root = root_of(reader, log.size); root && files == log.files)
        hold(*root == log.tree.root());
}

void change_proofs(const Log& log, std::uint64_t old_size, std::uint64_t index, ByteView changes) {
    const auto path = inclusion_proof(log.tree, index, log.size).value();
    const auto steps = consistency_proof(log.tree, old_size, log.size).value();
    const auto changed = [&](const std::vector<Hash32>& proof) {
        Bytes flat;
        for (const Hash32& hash : proof)
            append(flat, hash);
        for (ByteView rest = changes; rest.size() >= kChange; rest = rest.subspan(kChange))
            change(flat, rest.first(kChange));
        std::vector<Hash32> out(flat.size() / 32);
        for (std::size_t i = 0; i < out.size(); ++i)
            std::copy_n(flat.begin() + static_cast<long>(i) * 32, 32, out[i].begin());
        return out;
    };
    const Hash32 leaf = log.tree.node(0, index).value();
    const auto other_path = changed(path);
    hold(verify_inclusion(index, log.size, leaf, other_path, log.tree.root()).has_value() ==
         (other_path == path));
    const auto other_steps = changed(steps);
    hold(verify_consistency(old_size, log.size, log.tree.root_at(old_size).value(), log.tree.root(),
                            other_steps)
             .has_value() == (other_steps == steps));
}

// Any numbers at all, as a proof file or a subtree cosignature may name them.
void strange_numbers(ByteView bytes) {
    if (bytes.size() < 24)
        return;
    const std::uint64_t a = read_u64(bytes.subspan<0, 8>());
    const std::uint64_t b = read_u64(bytes.subspan<8, 8>());
    const std::uint64_t c = read_u64(bytes.subspan<16, 8>());
    const std::vector<Hash32> proof(bytes.size() % 70);
    (void)verify_inclusion(a, b, Hash32{}, proof, Hash32{});
    (void)verify_consistency(a, b, Hash32{}, Hash32{}, proof);
    (void)verify_subtree(a, b, c, Hash32{}, Hash32{}, proof);
    (void)verify_subtree_inclusion(a, b, c, Hash32{}, proof, Hash32{});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    strange_numbers(bytes);
    if (size < kPrefix || size > kPrefix + 16 * kChange)
        return 0;
    const std::uint64_t leaves = 1 + read_u16(bytes.subspan<0, 2>()) % kMaxLeaves;
    const std::uint64_t old_size = 1 + read_u16(bytes.subspan<2, 2>()) % leaves;
    const std::uint64_t index = read_u16(bytes.subspan<4, 2>()) % leaves;
    const Log& log = log_of(leaves);
    change_files(log, bytes.subspan(kPrefix));
    change_proofs(log, old_size, index, bytes.subspan(kPrefix));
    return 0;
}
