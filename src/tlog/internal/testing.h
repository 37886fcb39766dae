// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the tests of this folder only: the known answers and small trees.

#include "base/codec/json.h"
#include "crypto/merkle.h"
#include "crypto/sign.h"
#include "tlog/tile.h"

#include <fstream>
#include <iterator>

namespace valise::tlog::testing {

inline Json read_json(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Json();
    // Not parse_json(): some vectors hold indexes of 64 bits.
    return Json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, false);
}

inline const Json& known_answers() {
    static const Json answers =
        read_json(VALISE_SOURCE_DIR "/tests/vectors/tlog/known_answers.json");
    return answers;
}

inline Hash32 hash_from(const std::string& base64) {
    return fixed<32>(from_base64(base64).value_or(Bytes{}), "test.hash").value_or(Hash32{});
}

inline std::vector<Hash32> hashes_from(const Json& array) {
    std::vector<Hash32> hashes;
    for (const auto& text : array)
        hashes.push_back(hash_from(text.get<std::string>()));
    return hashes;
}

// The entries that the known answers are over.
inline Bytes entry(std::uint64_t index) {
    return to_bytes("entry-" + std::to_string(index));
}

inline MemoryTree tree_of(std::uint64_t size) {
    MemoryTree tree;
    for (std::uint64_t i = 0; i < size; ++i)
        tree.append(crypto::leaf_hash(entry(i)));
    return tree;
}

inline crypto::SigningKey key_from(const char* seed_name, crypto::SignatureAlgorithm algorithm) {
    const auto seed = from_hex(known_answers()["seeds"][seed_name].get<std::string>());
    return std::move(*crypto::SigningKey::from_seed(algorithm, SecretBytes::copy(*seed)));
}

} // namespace valise::tlog::testing
