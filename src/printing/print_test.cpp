// SPDX-License-Identifier: Apache-2.0
#include "forms/testing.h"
#include "printing/print.h"
#include "printing/print_book.h"

#include <gtest/gtest.h>

namespace valise::printing {
namespace {

using forms::FormKind;
using forms::testing::must;

forms::Sheet sheet_of(FormKind kind) {
    const auto terms = forms::testing::terms("jpn-ukr.toml");
    return must(forms::lay_out(forms::testing::form(terms, kind), terms));
}

TEST(Print, TheSameFormGivesTheSameBytes) {
    for (const FormKind kind : forms::all_form_kinds()) {
        const auto sheet = sheet_of(kind);
        const auto first = print(sheet);
        ASSERT_TRUE(first) << first.error().text();
        EXPECT_TRUE(text_view(*first).starts_with("%PDF-1."));
        EXPECT_TRUE(text_view(*first).contains(sheet.code)) << "the digest stands in the open";
        EXPECT_EQ(*first, must(print(sheet)));
    }
    EXPECT_NE(must(print(sheet_of(FormKind::custody_receipt))),
              must(print(sheet_of(FormKind::contents_receipt))));
}

TEST(PrintBook, RowsGoOnOverThePages) {
    const auto printed = [](std::size_t rows) {
        BookPrinter book({"ja", "登録簿", "JPN", "2026-11-24", "案", {"番号", "区分", "目的"}, {}});
        for (std::size_t i = 0; i < rows; ++i)
            book.row({"JPN-2026-" + std::to_string(i), "極秘", std::string(i % 7 * 60, 'x')});
        return must(book.finish());
    };
    const Bytes few = printed(2);
    EXPECT_TRUE(text_view(few).starts_with("%PDF-1."));
    EXPECT_TRUE(text_view(few).contains("/Count 1"));
    EXPECT_TRUE(text_view(printed(0)).contains("/Count 1")) << "an empty book is one page";
    EXPECT_FALSE(text_view(printed(200)).contains("/Count 1\n"));
    EXPECT_EQ(printed(200), printed(200));
}

TEST(Print, WhatDoesNotFitGoesToTheNextPage) {
    auto sheet = sheet_of(FormKind::transmittal_note);
    const auto pages = [](const Bytes& pdf) {
        std::size_t count = 0;
        const auto text = text_view(pdf);
        constexpr std::string_view kPage = "/Type /Page";
        for (auto at = text.find(kPage); at != text.npos; at = text.find(kPage, at + 1))
            count += text[at + kPage.size()] == 's' ? 0 : 1; // the list of them
        return count;
    };
    EXPECT_EQ(pages(must(print(sheet))), 1U);
    for (int i = 0; i < 8; ++i)
        sheet.sections.insert(sheet.sections.end(), sheet.sections.begin(),
                              sheet.sections.begin() + 4);
    EXPECT_GT(pages(must(print(sheet))), 2U);
}

TEST(Print, ACharacterThatNoFontHasIsAnError) {
    auto sheet = sheet_of(FormKind::custody_receipt);
    sheet.title[0] = "\U000F1234"; // private use
    EXPECT_EQ(print(sheet).error().reason(), "printing.font");
}

} // namespace
} // namespace valise::printing
