// SPDX-License-Identifier: Apache-2.0
// What `valise-verify url` reads: an address that somebody sent, and whatever the server behind it
// answers. A right log of some size is signed, the input changes the files that are served, and
// what verifies is that log. The input: u8 length of the address, the address, u16 leaves, then
// changes of 6 bytes: file, offset (2), turned bits, added bytes, cut bytes.
#include "adapters/http/log_url.h"

#include "crypto/merkle.h"
#include "verifying/published_log.h"

#include <cstdlib>
#include <map>

namespace {

using namespace valise;
using namespace valise::tlog;

constexpr std::uint64_t kMaxLeaves = 300; // full and partial tiles
constexpr std::size_t kChange = 6;
constexpr const char* kOrigin = "log.invalid/fuzz";

void hold(bool condition) {
    if (!condition)
        std::abort();
}

struct Keys {
    crypto::SigningKey ed25519 = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    crypto::SigningKey ml_dsa = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ml_dsa_44);
    verifying::Believed believed{
        {*Verifier::make(kOrigin, KeyType::ed25519, ed25519.public_bytes()),
         *Verifier::make(kOrigin, KeyType::cosigner_ml_dsa_44, ml_dsa.public_bytes())},
        {}};
};

const Keys& keys() {
    static const Keys made;
    return made;
}

struct Log {
    MemoryTree tree;
    std::map<std::string, Bytes> files;

    explicit Log(std::uint64_t leaves) {
        std::vector<Bytes> entries;
        for (std::uint64_t i = 0; i < leaves; ++i) {
            entries.push_back(Bytes(i % 5, static_cast<Byte>(i)));
            tree.append(crypto::leaf_hash(entries.back()));
        }
        for (const TileRef& ref : tiles_for(0, leaves))
            files[ref.path()] = hash_tile(tree, ref).value();
        for (const TileRef& ref : bundles_for(0, leaves))
            files[ref.path()] =
                entry_bundle(std::span(entries).subspan(ref.index * kTileWidth, ref.width)).value();
        const Checkpoint top{kOrigin, leaves, tree.root()};
        auto lines = sign_checkpoint(top, keys().ed25519, keys().ml_dsa, Time{1});
        files["checkpoint"] =
            to_bytes(SignedCheckpoint::make(top, std::move(*lines)).value().print());
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

void served(const Log& log, ByteView changes) {
    auto files = log.files;
    for (; changes.size() >= kChange; changes = changes.subspan(kChange)) {
        const auto file = std::next(files.begin(), changes[0] % static_cast<long>(files.size()));
        change(file->second, changes.first(kChange));
    }
    const auto read = verifying::check_published_log(
        [&](const std::string& path) -> Result<Bytes> {
            const auto found = files.find(path);
            if (found == files.end())
                return fail(Code::not_found, "adapters.log_file");
            return found->second;
        },
        keys().believed);
    hold(read.verified() || (!read.found->place.empty() && !read.found->reason.empty()));
    hold(files != log.files || read.verified());
    if (read.verified()) // a line of nobody's may have come to the checkpoint, and nothing else
        hold(read.checkpoint.tree.root == log.tree.root());
    (void)verifying::published_log_text(read);
    (void)canonical_json(verifying::published_log_json(read));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteView bytes(data, size);
    if (bytes.empty() || bytes.size() < std::size_t{3} + bytes[0] ||
        bytes.size() > std::size_t{3} + bytes[0] + 16 * kChange)
        return 0;
    const std::string url(text_view(bytes.subspan(1, bytes[0])));
    bytes = bytes.subspan(std::size_t{1} + bytes[0]);
    // No authority that it could know: of an https address only the words are read.
    if (adapters::LogUrl::at(url, view("none")))
        hold(url.starts_with("http://127.0.0.1:") && url.find("..") == std::string::npos);
    served(log_of(1 + read_u16(bytes.subspan<0, 2>()) % kMaxLeaves), bytes.subspan(2));
    return 0;
}
