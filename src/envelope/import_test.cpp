// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "envelope/import.h"
#include "envelope/inspect.h"
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace valise::envelope {
namespace {

const std::string kFolder = std::string(VALISE_VECTORS_DIR) + "/tdf/";

Bytes load(const std::string& name) {
    std::ifstream in(kFolder + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Vector {
    std::string file;
    Bytes bytes;
    SecretBytes key;
    Json expected;
};

std::vector<Vector> vectors() {
    std::vector<Vector> out;
    for (const Json& one : Json::parse(load("expected.json"))) {
        const std::string file = one["file"];
        out.push_back({file, load(file),
                       SecretBytes::take(*from_hex(one["payload_key_hex"].get<std::string>())),
                       one});
    }
    return out;
}

class Import : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(kFolder + "expected.json"))
            GTEST_SKIP() << "no vectors at " << kFolder;
    }
};

TEST_F(Import, GoldenFilesOfOtherMakers) {
    const auto all = vectors();
    ASSERT_EQ(all.size(), 3U);
    std::size_t assertions = 0;
    for (const Vector& one : all) {
        MemorySink sink;
        const auto imported = import_tdf(MemorySource(one.bytes), one.key, sink);
        ASSERT_TRUE(imported) << one.file << ": " << imported.error().text();
        EXPECT_EQ(imported->hex_mode, one.expected["integrity_encoding"] == "hex");
        EXPECT_EQ(imported->plain_bytes, one.expected["plaintext_bytes"].get<std::uint64_t>());
        EXPECT_EQ(sink.bytes().size(), imported->plain_bytes);
        EXPECT_EQ(to_hex(crypto::sha256(sink.bytes())), one.expected["plaintext_sha256"]);
        EXPECT_FALSE(imported->findings.empty());
        assertions += imported->assertions_checked;
    }
    EXPECT_EQ(assertions, 3U); // one in hex mode, two with object values
}

TEST_F(Import, NeverADispatch) {
    for (const Vector& one : vectors()) {
        const auto container = Container::open(MemorySource(one.bytes));
        EXPECT_FALSE(container);
        const auto summary = inspect(MemorySource(one.bytes));
        ASSERT_TRUE(summary) << summary.error().text();
        EXPECT_EQ((*summary)["form"], "plain-tdf");
        EXPECT_EQ((*summary)["key_access"][0]["kid"], "golden-r1");
    }
}

// Not the dates in the zip, nor what no MAC covers; but neither payload nor policy nor assertions.
TEST_F(Import, EveryByteOfPayloadPolicyAndAssertionValues) {
    for (const Vector& one : vectors()) {
        MemorySink plain;
        ASSERT_TRUE(import_tdf(MemorySource(one.bytes), one.key, plain));
        std::size_t refused = 0;
        for (std::size_t i = 0; i < one.bytes.size(); ++i) {
            Bytes changed = one.bytes;
            changed[i] ^= 1;
            MemorySink sink;
            const auto imported = import_tdf(MemorySource(changed), one.key, sink);
            if (!imported)
                ++refused;
            else
                EXPECT_EQ(sink.bytes(), plain.bytes()) << one.file << " " << i;
        }
        EXPECT_GT(refused, one.bytes.size() * 9 / 10) << one.file;
    }
}

TEST_F(Import, EveryPrefixIsRefused) {
    for (const Vector& one : vectors())
        for (std::size_t size = 0; size < one.bytes.size(); ++size) {
            MemorySink sink;
            const MemorySource source(
                Bytes(one.bytes.begin(), one.bytes.begin() + static_cast<long>(size)));
            ASSERT_FALSE(import_tdf(source, one.key, sink)) << size;
            ASSERT_FALSE(inspect(source)) << size;
        }
}

TEST_F(Import, AnotherKeyIsRefused) {
    for (const Vector& one : vectors()) {
        MemorySink sink;
        const auto imported = import_tdf(MemorySource(one.bytes), crypto::random_secret(32), sink);
        ASSERT_FALSE(imported);
        EXPECT_EQ(imported.error().reason(), "envelope.root_signature");
        EXPECT_TRUE(sink.bytes().empty());
    }
}

// Our own files open in the mode that clients in the field have: what they check, holds.
TEST(ImportOwn, ADispatchIsAlsoAPlainTdf) {
    const auto& parties = testing::Parties::get();
    for (const std::size_t size : {0U, 1U, kSegmentPlain + 1}) {
        const Bytes plain = testing::sample_plain(size);
        const auto sealed = testing::seal_bytes(plain, parties.dispatch());
        const Manifest manifest = *Manifest::parse(sealed->result.manifest);
        const SecretBytes key = *parties.receiver.unwrap(manifest.key_access[0].wrapped_key);
        MemorySink sink;
        const auto imported = import_tdf(MemorySource(sealed->bytes), key, sink);
        ASSERT_TRUE(imported) << imported.error().text();
        EXPECT_EQ(imported->assertions_checked, 4U);
        EXPECT_EQ(sink.bytes(), plain);
    }
}

TEST(Inspect, WhatADispatchSaysOfItself) {
    const auto sealed =
        testing::seal_bytes(testing::sample_plain(5), testing::Parties::get().dispatch());
    const auto summary = inspect(MemorySource(sealed->bytes));
    ASSERT_TRUE(summary) << summary.error().text();
    EXPECT_EQ((*summary)["form"], "dispatch");
    EXPECT_EQ((*summary)["proved"], false);
    EXPECT_EQ((*summary)["plain_bytes"], 5);
    EXPECT_EQ((*summary)["label"]["classification"], "極秘");
    EXPECT_EQ((*summary)["statement"]["sender"], "JPN");
    EXPECT_EQ((*summary)["statement"]["release_acts"], 2);
    EXPECT_EQ((*summary)["payload_root"], to_base64(sealed->result.payload_root));
    const auto rest = testing::seal_bytes({}, testing::Parties::get().at_rest());
    EXPECT_EQ((*inspect(MemorySource(rest->bytes)))["form"], "at-rest");
    EXPECT_FALSE(inspect(MemorySource(Bytes(100))));
}

} // namespace
} // namespace valise::envelope
