// SPDX-License-Identifier: Apache-2.0
#include "base/codec/toml.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(Toml, ReadsEveryAdmittedTypeWithItsLine) {
    const auto root = parse_toml(view("a = \"x\"\nb = 7\nc = true\nd = 2025-06-21\n"
                                      "[t]\ne = ['y', 'z']\n[[u]]\nf = 1\n"));
    ASSERT_TRUE(root) << root.error().text();
    std::vector<TomlProblem> problems;
    TomlReader reader(*root, "file", problems);
    EXPECT_EQ(reader.text("a"), "x");
    EXPECT_EQ(reader.integer("b", 0, 9), 7);
    EXPECT_TRUE(reader.boolean("c"));
    EXPECT_EQ(reader.date("d").text(), "2025-06-21T00:00:00Z");
    EXPECT_EQ(reader.line_of("d"), 4);
    TomlReader table(reader.table("t"), "t", problems);
    EXPECT_EQ(table.texts("e"), (std::vector<std::string>{"y", "z"}));
    EXPECT_EQ(reader.tables("u").size(), 1U);
    reader.done();
    table.done();
    EXPECT_TRUE(problems.empty());
}

TEST(Toml, NamesTheUnknownKeyAndTheNearestKnownOne) {
    const auto root = parse_toml(view("title = \"x\"\n\nvalid_form = 2025-01-01\n"));
    ASSERT_TRUE(root);
    std::vector<TomlProblem> problems;
    TomlReader reader(*root, "terms", problems);
    reader.text("title");
    reader.optional_date("valid_from");
    reader.done();
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].reason, "base.toml_unknown");
    EXPECT_EQ(problems[0].where(),
              "line 3: unknown key 'valid_form' in terms (did you mean 'valid_from'?)");
}

TEST(Toml, KeepsLettersOfEveryScript) {
    const auto root =
        parse_toml(view("# \xe6\xa9\x9f\xe5\xaf\x86\na = \"\xe6\xa5\xb5\xe7\xa7\x98 \xd0\xa2 "
                        "\xc3\xa9 \xf0\x9f\x93\xa6 \\\" \\u0041\"\nb = 'c:\\x'\n"));
    ASSERT_TRUE(root) << root.error().text();
    std::vector<TomlProblem> problems;
    TomlReader reader(*root, "file", problems);
    EXPECT_EQ(reader.text("a"), "\xe6\xa5\xb5\xe7\xa7\x98 \xd0\xa2 \xc3\xa9 \xf0\x9f\x93\xa6 \" A");
    EXPECT_EQ(reader.text("b"), "c:\\x");
    EXPECT_EQ(reader.line_of("b"), 3);
}

struct Fault {
    const char* text;
    const char* reason;
};

TEST(Toml, CollectsEveryFaultOfOneTable) {
    const Fault rows[] = {{"", "base.toml_missing"},
                          {"a = 1", "base.toml_type"},
                          {"a = \"\"", "base.toml_range"},
                          {"a = \"\\u202e\"", "base.toml_range"},
                          {"a = \"\\n\"", "base.toml_range"}};
    for (const Fault& row : rows) {
        const auto root = parse_toml(view(row.text));
        ASSERT_TRUE(root) << row.text;
        std::vector<TomlProblem> problems;
        TomlReader reader(*root, "x", problems);
        EXPECT_EQ(reader.text("a"), "");
        ASSERT_EQ(problems.size(), 1U) << row.text;
        EXPECT_EQ(problems[0].reason, row.reason) << row.text;
    }
    const auto root = parse_toml(view("n = 11\nd = \"2025-01-01\"\nw = \"frist\"\nt = []\n"));
    ASSERT_TRUE(root);
    std::vector<TomlProblem> problems;
    TomlReader reader(*root, "x", problems);
    reader.integer("n", 1, 10);
    reader.date("d");
    reader.one_of("w", {"first", "second"});
    reader.texts("t");
    reader.table("none");
    ASSERT_EQ(problems.size(), 5U);
    EXPECT_EQ(problems[1].line, 2);
    EXPECT_NE(problems[2].text.find("did you mean 'first'?"), std::string::npos);
}

TEST(Toml, RefusesWhatTwoReadersCouldReadDifferently) {
    const Fault rows[] = {{"a = 1\na = 2", "base.toml"},
                          {"a = 1.5", "base.toml"},
                          {"a = 12:00:00", "base.toml"},
                          {"a = 2025-01-01T00:00:00Z", "base.toml"},
                          {"a = \"\"\"x\"\"\"", "base.toml"},
                          {"a = '''x\n'''", "base.toml"},
                          {"a = \"x", "base.toml"},
                          {"a = \"\xff\"", "base.toml"},
                          {"a", "base.toml"},
                          {"\xd0\xbb = 1", "base.toml"},
                          {"a \xd0\xbb", "base.toml"}, // undefined behaviour inside toml++ 3.3
                          {"a = 1 \xe3\x80\x80", "base.toml"},
                          {"a = \x01 1", "base.toml"},
                          // the same, where the library sees no string
                          {"a = 12{so'c \xd0\x9c \"", "base.toml"},
                          {"a = 12'\xd0\x9c'", "base.toml"},
                          {"a = '\xd0\x9c'", "base.toml"},
                          {"a = \"\\\xd0\x9c\"", "base.toml"},
                          {"[:", "base.toml"}, // an assertion inside toml++ 3.3
                          {"[::1]:7443", "base.toml"},
                          {"[[ =", "base.toml"},
                          {"a = {=1}", "base.toml"},
                          {"a = 1\r b = 2", "base.toml"},
                          {"a = [[[[[[[[[[1]]]]]]]]]]", "base.toml_limit"},
                          {"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1", "base.toml_limit"},
                          {"a.a.a.a.a.a.a.a.a.a = 1", "base.toml_limit"}};
    for (const Fault& row : rows) {
        const auto root = parse_toml(view(row.text));
        ASSERT_FALSE(root) << row.text;
        EXPECT_EQ(root.error().reason(), row.reason) << row.text;
    }
}

TEST(Toml, SaysTheLineOfAFaultOfSyntax) {
    const auto root = parse_toml(view("a = 1\nb = [1,\nc = 2\n"));
    ASSERT_FALSE(root);
    EXPECT_NE(root.error().context().find("line 3"), std::string::npos) << root.error().text();
}

// Without the bound on dots the library's own destructor would recurse once for each of them.
TEST(Toml, DeepKeysDoNotReachTheLibrary) {
    std::string text = "a";
    for (int i = 0; i < 100'000; ++i)
        text += ".a";
    EXPECT_FALSE(parse_toml(view(text + " = 1")));
    EXPECT_FALSE(parse_toml(view("x = {" + text + " = 1}")));
    EXPECT_FALSE(parse_toml(view("[" + text + "]")));
    EXPECT_FALSE(parse_toml(view("x = " + std::string(100'000, '['))));
}

TEST(Toml, SizeAndCountAreBounded) {
    EXPECT_EQ(parse_toml(view("a = 1"), {.bytes = 4}).error().reason(), "base.toml_limit");
    EXPECT_EQ(parse_toml(view("a = [1,2,3]"), {.values = 3}).error().reason(), "base.toml_limit");
}

} // namespace
} // namespace valise
