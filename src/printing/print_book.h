// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <memory>
#include <string>
#include <vector>

namespace valise::printing {

// What stands on every page of a printed book, in one language.
struct BookHead {
    std::string language; // "ja": chooses between the forms of one Chinese character
    std::string title;    // "Control register"
    std::string party;
    std::string as_of;  // "as of 2026-11-24T09:30:00Z"
    std::string banner; // that the terms are a draft; empty: none
    std::vector<std::string> columns;
    Time date;
};

// A registry's book as a PDF of A4 pages, row by row as the rows come: what is held is the PDF. The
// same head and rows give the same bytes wherever the same fonts and libraries are.
class BookPrinter {
public:
    explicit BookPrinter(BookHead head);
    ~BookPrinter();

    // One value for each column, in their order; empty ones are left out. The first leads.
    void row(const std::vector<std::string>& values);
    // Errors: as print().
    Result<Bytes> finish();

private:
    class Pages;
    std::unique_ptr<Pages> pages_;
};

} // namespace valise::printing
