// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forms/form.h"

namespace valise::forms {

// The same in both languages of a sheet, the left one first.
using Both = std::array<std::string, 2>;

// What stands on the paper, in words and in order; where it stands is the affair of the room
// printing.
struct Sheet {
    struct Line {
        Both label;
        Both value;
        bool digits = false; // too long for a column: the first stands for both
    };
    struct Section {
        Both heading;
        std::vector<Line> lines;
    };

    Both language; // "ja", "uk"; the second empty: one column
    Both agreement;
    Both parties;
    Both title;
    Both draft; // empty: none
    // At the top and the bottom of every page; empty: none.
    std::string level;
    std::string level_color; // "#rrggbb" or empty
    Both declaration;
    std::vector<Section> sections;
    std::vector<Both> signers; // each a line for name, signature, date
    Both signer_words;
    std::string code; // what the QR code says; empty: none
    std::vector<std::string> digest_lines;
    Both code_words;
    std::array<std::pair<std::string, std::string>, 2> page_words; // before, between the numbers
    Both page_end;                                                 // after them
    std::string name;                                              // for the document's properties
    Time date;
};

// The language that a party's own level words are in; "en" when its scheme does not tell.
std::string language_of(const agreement::Party& party);

// The form in the sender's and the recipient's language. `terms` must be those that it names.
// Errors: conflict forms.other_terms; invalid forms.form (a party or level that the terms lack).
Result<Sheet> lay_out(const Form& form, const agreement::Terms& terms);

// Members of a form in one language, as a person compares them with the paper: "Sender: Japan…".
std::vector<std::string> lines_of(const Form& form, const agreement::Terms& terms,
                                  std::string_view language);

} // namespace valise::forms
