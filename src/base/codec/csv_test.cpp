// SPDX-License-Identifier: Apache-2.0
#include "base/codec/csv.h"
#include "base/text.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

const std::vector<std::string> kColumns = {"number", "title", "pages"};

Result<std::vector<CsvRow>> read(std::string_view text, const CsvLimits& limits = {}) {
    return read_csv(to_bytes(text), kColumns, limits);
}

std::string fault(std::string_view text, const CsvLimits& limits = {}) {
    const auto rows = read(text, limits);
    return rows ? "" : rows.error().reason() + ": " + rows.error().context();
}

TEST(Csv, RowsByColumn) {
    const auto rows = read("\xef\xbb\xbfnumber,title\r\n№ 1,\"a, \"\"b\"\"\nc\"\r\n2,\n");
    ASSERT_TRUE(rows) << rows.error().text();
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[0].line, 2U);
    EXPECT_EQ((*rows)[0].fields.at("number"), "№ 1");
    EXPECT_EQ((*rows)[0].fields.at("title"), "a, \"b\"\nc");
    EXPECT_EQ((*rows)[1].line, 4U); // a field held a line end
    EXPECT_FALSE((*rows)[1].fields.contains("title"));
    EXPECT_EQ(read("title\nlast line without an end")->size(), 1U);
}

TEST(Csv, WhatIsMalformedIsNamedWithItsLine) {
    EXPECT_EQ(fault(""), "base.csv: line 1: no header");
    EXPECT_EQ(fault("number,title\n1\n"), "base.csv: line 2: 1 fields under 2 columns");
    EXPECT_EQ(fault("number\n1,2\n"), "base.csv: line 2: 2 fields under 1 columns");
    EXPECT_EQ(fault("number\n\"1\n"), "base.csv: line 3: a quote is not closed");
    EXPECT_EQ(fault("number\n\"1\"2\n"), "base.csv: line 2: something follows a closing quote");
    EXPECT_EQ(fault("number\n1\"2\n"),
              "base.csv: line 2: a quote inside a field that does not begin with one");
    EXPECT_EQ(fault("number\r1\n"), "base.csv: line 1: a carriage return stands alone");
    EXPECT_EQ(fault("number\n\xff\n"), "base.csv: line 2: not UTF-8");
    EXPECT_EQ(fault("titel\n"),
              "base.csv_column: no column 'titel' is known (did you mean 'title'?)");
    EXPECT_EQ(fault("title,title\n"), "base.csv_column: column 'title' stands twice");
}

TEST(Csv, BoundsHold) {
    EXPECT_EQ(fault("title\n123456\n", {10, 5}),
              "base.csv_limit: line 2: a field is longer than 5 bytes");
    EXPECT_EQ(fault("title\n1\n2\n", {1, 9}), "base.csv_limit: more than 1 rows");
}

} // namespace
} // namespace valise
