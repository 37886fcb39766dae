// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "base/clock.h"
#include "base/codec/json.h"
#include "base/ids.h"
#include "base/text.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(Bytes, Rfc4648Vectors) {
    const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : rows) {
        EXPECT_EQ(to_base64(view(plain)), encoded);
        EXPECT_EQ(to_text(*from_base64(encoded)), plain);
    }
    EXPECT_EQ(to_base32(view("foobar")), "mzxw6ytboi");
    EXPECT_EQ(to_text(*from_base32("mzxw6ytboi")), "foobar");
}

TEST(Bytes, RefusesWhatIsNotCanonical) {
    for (const char* text : {"Zg", "Zg=", "Zh==", "Z===", "====", "Zg==\n", "Z g=", "Zm9=", "=Zg="})
        EXPECT_FALSE(from_base64(text)) << text;
    EXPECT_FALSE(from_base32("mzxw6ytbo1"));
    EXPECT_FALSE(from_base32("m"));
    EXPECT_FALSE(from_hex("0"));
    EXPECT_FALSE(from_hex("0g"));
}

TEST(Json, RefusesWhatTwoReadersCouldReadDifferently) {
    const char* bad[] = {"{\"a\":1,\"a\":2}", "{\"a\":1.0}",      "{\"a\":1e3}", "[1] ]", "[1],",
                         "\"\xff\"",          "9007199254740992", "{\"a\":NaN}", "",      "[01]",
                         "{'a':1}",           "[1]\n[2]",         "// x\n1"};
    for (const char* text : bad)
        EXPECT_FALSE(parse_json(view(text))) << text;
    EXPECT_FALSE(parse_json(view(std::string(40, '[') + std::string(40, ']'))));
}

TEST(Json, CanonicalFormOfRfc8785) {
    const auto value = parse_json(view("{ \"\\u20ac\": \"a\\u000f\\n\\\"\", \"b\": [ 3, true, null "
                                       "], \"\\ud83d\\ude00\":1, \"\\ufb33\":2}"));
    ASSERT_TRUE(value) << value.error().text();
    EXPECT_EQ(canonical_json(*value), "{\"b\":[3,true,null],\"\xe2\x82\xac\":\"a\\u000f\\n\\\"\","
                                      "\"\xf0\x9f\x98\x80\":1,\"\xef\xac\xb3\":2}");
    EXPECT_FALSE(parse_canonical_json(view("{ }")));
    EXPECT_TRUE(parse_canonical_json(view("{}")));
}

TEST(Json, ReaderNamesTheUnknownMemberAndTheNearestKnownOne) {
    const Json value = {{"version", 1}, {"titel", "x"}};
    auto reader = ObjectReader::over(value, "item");
    ASSERT_TRUE(reader);
    EXPECT_TRUE(reader->integer("version", 1, 1));
    EXPECT_TRUE(reader->optional_text("title"));
    const auto done = reader->done();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().context(), "item: unknown member 'titel' (did you mean 'title'?)");
}

TEST(Time, TextAndBack) {
    EXPECT_EQ(Time{1795480245}.text(), "2026-11-24T00:30:45Z");
    EXPECT_EQ(Time::parse("2026-11-24T00:30:45Z")->seconds, 1795480245);
    EXPECT_EQ(Time::parse("1970-01-02")->seconds, 86400);
    EXPECT_EQ(Time{1795480245}.truncated_to_minute().text(), "2026-11-24T00:30:00Z");
    for (const char* text : {"2026-02-29", "2026-11-24T24:00:00Z", "2026-11-24 00:00:00Z",
                             "2026-1-24", "-026-11-24", "2026-11-24T00:00:00+"})
        EXPECT_FALSE(Time::parse(text)) << text;
}

TEST(Text, PeerBytesAreMadeHarmless) {
    EXPECT_EQ(printable("a\x1b[31m\xe2\x80\xae"
                        "b\xff"),
              "a\\u{1b}[31m\\u{202e}b\\xff");
    EXPECT_EQ(printable("\xe6\xa5\xb5\xe7\xa7\x98"), "\xe6\xa5\xb5\xe7\xa7\x98");
}

TEST(Ids, KindsDoNotMix) {
    const Bytes raw(10, 7);
    const auto item = ItemId::of(raw);
    EXPECT_EQ(ItemId::parse(item.text())->text(), item.text());
    EXPECT_FALSE(CopyId::parse(item.text()));
    EXPECT_FALSE(ItemId::parse("itm-aaaa"));
}

} // namespace
} // namespace valise
