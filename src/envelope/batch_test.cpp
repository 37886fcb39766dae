// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "envelope/batch.h"
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>

namespace valise::envelope {
namespace {

const crypto::HybridSigner& signer() {
    return testing::Parties::get().sender;
}
const crypto::HybridVerifier& verifier() {
    return testing::Parties::get().verifier;
}

std::vector<Bytes> statements(std::size_t count) {
    std::vector<Bytes> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(to_bytes("statement " + std::to_string(i)));
    return out;
}

TEST(Batch, EveryStatementOfEverySizeVerifiesAtItsPlaceOnly) {
    for (const std::size_t size : {1U, 2U, 3U, 4U, 7U, 8U, 9U}) {
        const auto all = statements(size);
        const auto signatures = sign_batch(all, "JPN", "UKR", signer());
        ASSERT_TRUE(signatures);
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = 0; j < size; ++j)
                EXPECT_EQ(
                    verify_batch(all[i], signatures->at(j), "JPN", "UKR", verifier()).has_value(),
                    i == j)
                    << size << " " << i << " " << j;
    }
}

TEST(Batch, LeafAndSignedBytes) {
    // The leaf is the RFC 9162 leaf of the prefixed statement; spelled out here by other means.
    Bytes entry = to_bytes("valise/statement/v1");
    entry.push_back(0);
    append(entry, "s");
    EXPECT_EQ(batch_leaf(to_bytes("s")), crypto::leaf_hash(entry));
    Hash32 root{};
    root.fill(0xab);
    EXPECT_EQ(to_hex(batch_bytes("JPN", "UKR", 2, root)),
              "76616c6973652f62617463682f763100" // "valise/batch/v1\0"
              "00034a504e"
              "0003554b52"
              "0000000000000002" +
                  to_hex(root));
}

TEST(Batch, AnotherPartyAnotherBatch) {
    const auto all = statements(3);
    const auto signature = sign_batch(all, "JPN", "UKR", signer())->at(1);
    EXPECT_TRUE(verify_batch(all[1], signature, "JPN", "UKR", verifier()));
    for (const auto& [from, to] : {std::pair("UKR", "JPN"), std::pair("JPN", "USA"),
                                   std::pair("JPNU", "KR"), std::pair("", "")}) {
        const auto result = verify_batch(all[1], signature, from, to, verifier());
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().reason(), "envelope.signature");
    }
}

TEST(Batch, EveryChangeIsRefused) {
    const auto all = statements(3);
    const auto good = sign_batch(all, "JPN", "UKR", signer())->at(1);
    const auto refused = [&](auto change) {
        SenderSignature changed = good;
        change(changed);
        const auto result = verify_batch(all[1], changed, "JPN", "UKR", verifier());
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().reason(), "envelope.signature");
    };
    refused([](SenderSignature& s) { s.index = 0; });
    refused([](SenderSignature& s) { s.index = 3; });
    refused([](SenderSignature& s) { s.index = -1; });
    refused([](SenderSignature& s) { s.size = 4; });
    refused([](SenderSignature& s) { s.size = 0; });
    refused([](SenderSignature& s) { s.path.pop_back(); });
    refused([](SenderSignature& s) { s.path.push_back({}); });
    refused([](SenderSignature& s) { std::swap(s.path[0], s.path[1]); });
    for (std::size_t node = 0; node < good.path.size(); ++node)
        for (std::size_t i = 0; i < 32; ++i)
            refused([&](SenderSignature& s) { s.path[node][i] ^= 0x10; });
    for (std::size_t i = 0; i < good.signature.size(); i += 97)
        refused([&](SenderSignature& s) { s.signature[i] ^= 1; });
    // Only one of the two halves: Ed25519 with a foreign ML-DSA half, and the other way round.
    const auto other = crypto::HybridSigner::generate();
    const auto foreign = sign_batch(all, "JPN", "UKR", other)->at(1);
    refused([&](SenderSignature& s) {
        std::copy(foreign.signature.begin() + 64, foreign.signature.end(),
                  s.signature.begin() + 64);
    });
    refused([&](SenderSignature& s) {
        std::copy_n(foreign.signature.begin(), 64, s.signature.begin());
    });
}

TEST(Batch, JsonRoundTripAndBadForms) {
    const auto signature = sign_batch(statements(5), "JPN", "UKR", signer())->at(2);
    EXPECT_EQ(SenderSignature::from_json(signature.json()), signature);
    const auto refused = [&](auto change) {
        Json json = signature.json();
        change(json);
        const auto result = SenderSignature::from_json(json);
        ASSERT_FALSE(result) << json.dump();
        EXPECT_EQ(result.error().reason(), "envelope.signature_form");
    };
    for (const char* name : {"index", "size", "path", "signature"})
        refused([&](Json& json) { json.erase(name); });
    refused([](Json& json) { json["more"] = 1; });
    refused([](Json& json) { json["index"] = 5; });
    refused([](Json& json) { json["size"] = 0; });
    refused([](Json& json) { json["path"].push_back("AAAA"); });
    refused([](Json& json) { json["signature"] = "AAAA"; });
    refused([](Json& json) { json = Json::array(); });
}

TEST(Batch, EmptyBatchIsRefused) {
    EXPECT_FALSE(sign_batch({}, "JPN", "UKR", signer()));
}

} // namespace
} // namespace valise::envelope
