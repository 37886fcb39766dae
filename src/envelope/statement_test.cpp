// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "envelope/internal/testing.h"
#include "envelope/statement.h"

#include <gtest/gtest.h>

namespace valise::envelope {
namespace {

Statement sample() {
    ContainerDigests container;
    container.payload_root.fill(1);
    container.plain_bytes = 10;
    container.cipher_bytes = 38;
    container.segments = 1;
    container.segment_hashes.fill(2);
    container.key_access.resize(2);
    container.assertions.resize(3);
    container.schema_version = "4.3.0";
    return *Statement::make(testing::sample_inputs(), container);
}

TEST(Statement, RoundTrip) {
    const Statement statement = sample();
    const auto again = Statement::parse(statement.bytes());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(*again, statement);
    EXPECT_EQ(again->bytes(), statement.bytes());
}

TEST(Statement, EveryMemberIsNeededAndNoneIsAdded) {
    const Json whole = *parse_json(sample().bytes());
    const auto refused = [](const Json& json) {
        const auto result = Statement::parse(view(canonical_json(json)));
        ASSERT_FALSE(result) << json.dump();
        EXPECT_EQ(result.error().reason(), "envelope.statement");
    };
    for (const char* path :
         {"", "/container", "/container/payload", "/classification", "/release"}) {
        const Json::json_pointer place(path);
        for (const auto& [name, member] : whole.at(place).items()) {
            Json json = whole;
            json[place].erase(name);
            refused(json);
            json = whole;
            json[place][name] = nullptr;
            refused(json);
        }
        Json json = whole;
        json[place]["more"] = 1;
        refused(json);
    }
}

TEST(Statement, EveryFlippedByteChangesItOrIsRefused) {
    const Statement statement = sample();
    const Bytes bytes = statement.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        Bytes changed = bytes;
        changed[i] ^= 1;
        const auto result = Statement::parse(changed);
        EXPECT_FALSE(result && *result == statement) << i;
    }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(Statement::parse(ByteView(bytes).first(size)));
}

TEST(Statement, WordsThatWouldMisleadAreRefused) {
    const auto refused = [](auto change) {
        Statement statement = sample();
        change(statement.inputs);
        EXPECT_FALSE(Statement::make(statement.inputs, statement.container));
    };
    refused([](StatementInputs& in) { in.sender.clear(); });
    refused([](StatementInputs& in) { in.item = "a\u202eb"; });
    refused([](StatementInputs& in) { in.exchange = std::string(300, 'x'); });
    refused([](StatementInputs& in) { in.serial = std::int64_t{1} << 53; });
    refused([](StatementInputs& in) { in.release[0].digest[0] ^= 1; });
    refused([](StatementInputs& in) { in.release[0].signed_act.resize(70'000); });
    refused([](StatementInputs& in) { in.release.resize(17); });
}

TEST(Statement, Commitments) {
    Bytes text = to_bytes("valise/statement/v1");
    text.push_back(0);
    append(text, "x");
    EXPECT_EQ(statement_commitment(to_bytes("x")), crypto::sha256(text));
    text = to_bytes("valise/signed-act/v1");
    text.push_back(0);
    append(text, "act");
    EXPECT_EQ(ReleaseAct::of(to_bytes("act")).digest, crypto::sha256(text));
}

} // namespace
} // namespace valise::envelope
