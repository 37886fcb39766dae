// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "envelope/internal/testing.h"
#include "envelope/statement.h"

#include <gtest/gtest.h>

#include <functional>

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

using Change = std::function<void(Statement&)>;

std::vector<Change> word_changes() {
    std::vector<Change> out;
    using Words = std::string& (*)(Statement&);
    const Words words[] = {
        [](Statement& s) -> std::string& { return s.inputs.exchange; },
        [](Statement& s) -> std::string& { return s.inputs.sender; },
        [](Statement& s) -> std::string& { return s.inputs.recipient; },
        [](Statement& s) -> std::string& { return s.inputs.item; },
        [](Statement& s) -> std::string& { return s.inputs.inspection; },
        [](Statement& s) -> std::string& { return s.inputs.classification.policy_id; },
        [](Statement& s) -> std::string& { return s.inputs.classification.level_code; },
        [](Statement& s) -> std::string& { return s.inputs.classification.level_native; },
        [](Statement& s) -> std::string& { return s.container.schema_version; },
        [](Statement& s) -> std::string& { return s.inputs.classification.attributes[0]; },
    };
    for (const std::string& text :
         {std::string(), std::string(256, 'x'), std::string(257, 'x'), std::string("a\u202eb"),
          std::string("a\xff"), std::string("a\0b", 3), std::string("\"\\\n\x1f"),
          std::string("極秘 \"quoted\" \\"), std::string(100, '\n')})
        for (const Words word : words)
            out.emplace_back([word, text](Statement& s) { word(s) = text; });
    return out;
}

std::vector<Change> number_changes() {
    std::vector<Change> out;
    constexpr std::int64_t kTop = (std::int64_t{1} << 53) - 1;
    const auto package = [](Statement& s) -> Package& {
        s.container.plain_bytes = 0;
        s.inputs.package = Package{"paper", 1, 1, 1, "7", ""};
        return *s.inputs.package;
    };
    for (const std::int64_t n : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                                 std::int64_t{999999}, std::int64_t{1000000}, kTop, kTop + 1,
                                 std::int64_t{253402300799}, std::int64_t{253402300800}}) {
        out.emplace_back([n](Statement& s) { s.inputs.serial = n; });
        out.emplace_back([n](Statement& s) { s.inputs.time = Time{n}; });
        out.emplace_back([n](Statement& s) { s.inputs.time = Time{-n * 1000}; });
        out.emplace_back([n](Statement& s) { s.container.plain_bytes = n; });
        out.emplace_back([n](Statement& s) { s.container.cipher_bytes = n; });
        out.emplace_back([n](Statement& s) { s.container.segments = n; });
        out.emplace_back([n, package](Statement& s) { package(s).copy = n; });
        out.emplace_back([n, package](Statement& s) { package(s).pages = n; });
        out.emplace_back([n, package](Statement& s) { package(s).sheets = n; });
    }
    for (const char* form : {"paper", "equipment", "air", ""})
        out.emplace_back([form, package](Statement& s) { package(s).form = form; });
    out.emplace_back(
        [package](Statement& s) { package(s) = {"equipment", 0, 0, 2, "8", "dsp-x"}; });
    out.emplace_back([package](Statement& s) { package(s).seals = ""; });
    out.emplace_back([package](Statement& s) { package(s).returns = "a\u202eb"; });
    out.emplace_back([package](Statement& s) {
        package(s);
        s.inputs.control = true;
    });
    out.emplace_back([package](Statement& s) {
        package(s);
        s.container.plain_bytes = 1;
    });
    return out;
}

std::vector<Change> list_changes() {
    std::vector<Change> out;
    for (const std::size_t n : {0U, 1U, 16U, 17U, 256U, 257U}) {
        out.emplace_back([n](Statement& s) { s.container.key_access.resize(n); });
        out.emplace_back([n](Statement& s) { s.container.assertions.resize(n); });
        out.emplace_back([n](Statement& s) { s.inputs.classification.attributes.resize(n, "x"); });
        out.emplace_back(
            [n](Statement& s) { s.inputs.release.resize(n, ReleaseAct::of(to_bytes("act"))); });
    }
    for (const std::size_t n : {65536U, 65537U})
        out.emplace_back([n](Statement& s) { s.inputs.release = {ReleaseAct::of(Bytes(n))}; });
    for (const std::size_t n : {11U, 12U}) // around the limit of the whole
        out.emplace_back(
            [n](Statement& s) { s.inputs.release.assign(n, ReleaseAct::of(Bytes(65536))); });
    out.emplace_back([](Statement& s) { s.inputs.release[0].digest[3] ^= 1; });
    out.emplace_back([](Statement& s) { s.inputs.control = true; });
    out.emplace_back([](Statement& s) {
        s.inputs.classification.attributes.assign(200, std::string(1000, '\n'));
    });
    return out;
}

// What a sealer checks on values is what a reader checks in the text.
TEST(Statement, TheCheckOfTheValueIsTheReadersOfTheText) {
    std::vector<Change> all = word_changes();
    for (auto more : {number_changes(), list_changes()})
        all.insert(all.end(), more.begin(), more.end());
    std::size_t taken = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        Statement statement = sample();
        all[i](statement);
        const auto read = Statement::parse(statement.bytes());
        // A time beyond the calendar has the text of another: the value is refused.
        const bool same = read && *read == statement;
        EXPECT_EQ(statement.check().has_value(), same) << i;
        EXPECT_TRUE(same || !read || read->inputs.time != statement.inputs.time) << i;
        taken += same ? 1 : 0;
    }
    EXPECT_GT(taken, 20U);
    EXPECT_LT(taken, all.size() - 60);
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
