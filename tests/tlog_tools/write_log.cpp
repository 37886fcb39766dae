// SPDX-License-Identifier: Apache-2.0
// Publishes a log as a registry does, by the same code, once at each of the sizes given.
//
// usage: write_log FOLDER ORIGIN[@N] SIZE...
// @N: forked, so that entries from number N on are others

#include "adapters/files/folder_publisher.h"
#include "registry/published_tree.h"
#include "tlog/proof_file.h"
#include "tlog_tools/made_log.h"

#include <fmt/core.h>

#include <span>

namespace {

using namespace valise;
using namespace valise::tests;
using crypto::SignatureAlgorithm;

constexpr const char* kWitness = "valise.invalid/w/made";

struct Witness {
    crypto::SigningKey ed25519 = known_key(SignatureAlgorithm::ed25519, kWitness);
    crypto::SigningKey ml_dsa_44 = known_key(SignatureAlgorithm::ml_dsa_44, kWitness);

    std::vector<std::string> vkeys() const {
        return {must(tlog::Verifier::make(kWitness, tlog::KeyType::cosigner_ed25519,
                                          ed25519.public_bytes()))
                    .vkey(),
                must(tlog::Verifier::make(kWitness, tlog::KeyType::cosigner_ml_dsa_44,
                                          ml_dsa_44.public_bytes()))
                    .vkey()};
    }
    void cosign(const tlog::Checkpoint& checkpoint, tlog::SignedCheckpoint& note) const {
        for (const auto* key : {&ed25519, &ml_dsa_44})
            must(note.add(must(tlog::cosign(checkpoint, kWitness, *key, system_now()))));
    }
};

MadeLog made(std::string origin) {
    const auto at = origin.find('@');
    if (at == std::string::npos)
        return MadeLog(origin);
    const std::uint64_t forked_at = std::stoull(origin.substr(at + 1));
    return MadeLog(origin.substr(0, at), forked_at);
}

void write(const std::string& folder, const std::string& origin,
           std::span<const std::uint64_t> sizes) {
    MadeLog log = made(origin);
    const auto entries = [&](std::uint64_t from, std::size_t count) -> Result<std::vector<Bytes>> {
        std::vector<Bytes> out;
        for (std::size_t i = 0; i < count; ++i)
            out.push_back(log.entry(from + i));
        return out;
    };
    const Witness witness;
    adapters::FolderPublisher publisher(must(adapters::FolderTree::open(folder)));
    const auto proofs = must(adapters::FolderTree::open(folder + "-proofs"));
    std::uint64_t published = 0;
    for (const std::uint64_t size : sizes) {
        log.grow(size);
        const auto checkpoint = log.checkpoint(size);
        auto note = log.sign(checkpoint);
        witness.cosign(checkpoint, note);
        must(registry::publish_tree(publisher, "", log.tree(), published, size, entries,
                                    note.print()));
        published = size;
        if (size == 0)
            continue;
        for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1}) {
            const auto proof = must(tlog::ProofFile::make(
                index, must(tlog::inclusion_proof(log.tree(), index, size)), note));
            must(proofs.replace(fmt::format("{}-{}.tlog-proof", size, index), view(proof.print())));
        }
    }
    fmt::print("{}\n", Json{{"log", log.vkeys()}, {"witness", witness.vkeys()}}.dump());
}

} // namespace

int main(int argc, char** argv) {
    const std::span words(argv, static_cast<std::size_t>(argc));
    if (words.size() < 4) {
        fmt::print(stderr, "usage: write_log FOLDER ORIGIN[@N] SIZE...\n");
        return 2;
    }
    try {
        std::vector<std::uint64_t> sizes;
        for (const char* word : words.subspan(3))
            sizes.push_back(std::stoull(word));
        write(words[1], words[2], sizes);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return 1;
    }
}
