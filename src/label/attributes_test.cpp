// SPDX-License-Identifier: Apache-2.0
#include "label/attributes.h"
#include "label/internal/test_scheme.h"
#include "label/json5636.h"

#include <gtest/gtest.h>

#include <functional>

namespace valise::label {
namespace {

using testing::gokuhi;
using testing::japan;

constexpr const char* kNs = "jpn-ukr.valise.example";

template<class T> std::string reason(const Result<T>& result) {
    return result ? "ok" : result.error().reason();
}

TEST(Attributes, SayWhatTheLabelSays) {
    EXPECT_EQ(
        attributes(gokuhi(), japan(), kNs).value(),
        (std::vector<std::string>{"https://jpn-ukr.valise.example/attr/classification/value/gokuhi",
                                  "https://jpn-ukr.valise.example/attr/relto/value/jpn",
                                  "https://jpn-ukr.valise.example/attr/relto/value/ukr"}));
    EXPECT_EQ(attributes(gokuhi(), japan(), "JPN-UKR.Valise.example").value(),
              attributes(gokuhi(), japan(), kNs).value());
}

TEST(Attributes, RefuseWhatANameCannotHold) {
    for (const char* ns : {"", "localhost", "a..b", ".a.b", "a.b.", "a/b.example", "-a.example",
                           "a-.example", "a.1", "a.b:80", "ü.example"})
        EXPECT_EQ(reason(attributes(gokuhi(), japan(), ns)), "label.namespace") << ns;
    Label label = gokuhi();
    for (const char* value : {"RESOLUTE SUPPORT", "J", "1JP", "日本国"}) {
        label.categories[1].values = {value};
        EXPECT_EQ(reason(attributes(label, japan(), kNs)), "label.releasable_to") << value;
    }
}

TEST(Json5636, WritesCanonicalJsonAndReadsItBack) {
    const std::string json = write_5636(gokuhi()).value();
    EXPECT_EQ(
        json,
        "{\"context\":{\"@base\":\"urn:nato:stanag:5636:A:1:elements:json\"},\"ocl\":{"
        "\"catl\":[{\"name\":\"Context\",\"type\":\"P\",\"vals\":[\"TEST-JPN\"]},{\"name\":"
        "\"Releasable To\",\"type\":\"P\",\"vals\":[\"JPN\",\"UKR\"]}],\"cls\":\"極秘\","
        "\"dcr\":\"2026-11-24T09:30:00Z\",\"pol\":\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"}}");
    EXPECT_EQ(read_5636(json).value(), summary_5636(gokuhi()));
}

// The statement in vectors/tdf/with-json-object-assertions-java.tdf.
TEST(Json5636, ReadsTheFormOfPublishedFiles) {
    const auto read = read_5636(
        R"({"ocl":{"pol":"2ccf11cb-6c9a-4e49-9746-a7f0a295945d","cls":"SECRET","catl":[)"
        R"({"type":"P","name":"Releasable To","vals":["usa"]}],"dcr":"2024-12-17T13:00:52Z"},)"
        R"("context":{"@base":"urn:nato:stanag:5636:A:1:elements:json"}})");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->policy, "2ccf11cb-6c9a-4e49-9746-a7f0a295945d");
    EXPECT_EQ(read->classification, "SECRET");
    EXPECT_EQ(read->categories[0].values, std::vector<std::string>{"usa"});
    EXPECT_EQ(read->created.text(), "2024-12-17T13:00:52Z");
}

TEST(Json5636, NamesThePolicyByUuidWhereItsUriHoldsOne) {
    const auto policy = [](const char* uri) {
        Label label = gokuhi();
        label.policy_uri = uri;
        return summary_5636(label).policy;
    };
    // The example of X.667 and RFC 4122.
    EXPECT_EQ(policy("urn:oid:2.25.329800735698586629295641978511506172918"),
              "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    EXPECT_EQ(policy("urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6"),
              "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    EXPECT_EQ(policy("urn:oid:2.25.0"), "00000000-0000-0000-0000-000000000000");
    EXPECT_EQ(policy("urn:oid:2.25.340282366920938463463374607431768211455"),
              "ffffffff-ffff-ffff-ffff-ffffffffffff");
    for (const char* uri : {"urn:oid:2.25.340282366920938463463374607431768211456",
                            "urn:oid:2.25.01", "urn:oid:2.25.1.2", "urn:oid:1.3.26.1.3.1"})
        EXPECT_EQ(policy(uri), uri);
    EXPECT_EQ(policy(""), "TEST-JPN");
}

TEST(Json5636, RefusesEveryPrefixAndOtherShapes) {
    const std::string json = write_5636(gokuhi()).value();
    for (std::size_t size = 0; size < json.size(); ++size)
        EXPECT_FALSE(read_5636(json.substr(0, size))) << size;
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string text = json;
        return reason(read_5636(text.replace(text.find(from), from.size(), to)));
    };
    EXPECT_EQ(with("\"P\"", "\"X\""), "label.json5636");
    EXPECT_EQ(with("5636:A:1", "5636:A:2"), "label.json5636");
    EXPECT_EQ(with("\"cls\"", "\"clz\""), "base.member");
    EXPECT_EQ(with("\"極秘\"", "\"\""), "label.text");
    EXPECT_EQ(with("[\"TEST-JPN\"]", "[]"), "label.category_empty");
    EXPECT_EQ(with("Context", "Releasable To"), "label.category_twice");
    EXPECT_EQ(with("2026-11-24T", "2026-13-24T"), "label.time");
}

TEST(Agree, TheThreeFormsOfOneLabelDo) {
    auto fqns = attributes(gokuhi(), japan(), kNs).value();
    const std::string json = write_5636(gokuhi()).value();
    EXPECT_EQ(reason(agree(gokuhi(), japan(), kNs, fqns, json)), "ok");
    std::swap(fqns[0], fqns[2]);
    EXPECT_EQ(reason(agree(gokuhi(), japan(), kNs, fqns, json)), "ok");
    Label other = gokuhi();
    std::swap(other.categories[0], other.categories[1]);
    other.categories[0].values = {"ukr", "jpn"};
    EXPECT_EQ(reason(agree(gokuhi(), japan(), kNs, fqns, write_5636(other).value())), "ok");
}

TEST(Agree, RefusesAttributesThatSayOtherwise) {
    const auto fqns = attributes(gokuhi(), japan(), kNs).value();
    const std::string json = write_5636(gokuhi()).value();
    const auto check = [&](std::vector<std::string> given) {
        return reason(agree(gokuhi(), japan(), kNs, given, json));
    };
    EXPECT_EQ(check({}), "label.disagree"); // stock servers permit everybody then
    for (std::size_t i = 0; i < fqns.size(); ++i) {
        auto fewer = fqns;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(check(fewer), "label.disagree") << i;
        auto twice = fqns;
        twice.push_back(fqns[i]);
        EXPECT_EQ(check(twice), "label.disagree") << i;
    }
    auto more = fqns;
    more.push_back("https://jpn-ukr.valise.example/attr/relto/value/usa");
    EXPECT_EQ(check(more), "label.disagree");
    auto lower = fqns;
    lower[0] = "https://jpn-ukr.valise.example/attr/classification/value/hi";
    EXPECT_EQ(check(lower), "label.disagree");
    auto elsewhere = fqns;
    elsewhere[0] = "https://other.example/attr/classification/value/gokuhi";
    EXPECT_EQ(check(elsewhere), "label.disagree");
}

TEST(Agree, RefusesA5636FormThatSaysOtherwise) {
    const auto fqns = attributes(gokuhi(), japan(), kNs).value();
    const std::vector<std::function<void(Label&)>> changes = {
        [](Label& l) { l.classification = "秘"; },
        [](Label& l) { l.policy_uri = "urn:oid:2.25.1"; },
        [](Label& l) { l.categories.pop_back(); },
        [](Label& l) { l.categories[1].values.emplace_back("USA"); },
        [](Label& l) { l.categories[1].values.pop_back(); },
        [](Label& l) { l.categories[1].type = CategoryType::informative; },
        [](Label& l) { l.categories[0].tag = "Contexts"; },
        [](Label& l) { l.created = l.created.plus_seconds(1); },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Label other = gokuhi();
        changes[i](other);
        EXPECT_EQ(reason(agree(gokuhi(), japan(), kNs, fqns, write_5636(other).value())),
                  "label.disagree")
            << i;
    }
}

} // namespace
} // namespace valise::label
