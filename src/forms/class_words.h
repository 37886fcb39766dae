// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"

namespace valise::forms {

// The words by which either party's scheme names a level, in every script and romanisation that the
// terms hold: code, native word, romanised and shown names, and what stands in their brackets.
class ClassWords {
public:
    explicit ClassWords(const agreement::Terms& terms);

    // The level whose word stands in `text`, as its code; none: the text betrays no level. Case,
    // width, accents, zero-width and look-alike characters, spaces, hyphens and line breaks inside
    // a word hide nothing. A Latin or Cyrillic word counts as a whole word ("Secretariat" holds no
    // "Secret"), or inside another from seven letters on, and from ten on across words; Chinese
    // characters and kana anywhere.
    //= O-35
    //= I8
    std::optional<std::string> found_in(std::string_view text) const;

private:
    struct Word {
        std::u32string letters;
        std::string level;
    };
    std::optional<std::string> found_in(const std::vector<std::u32string>& tokens) const;

    std::vector<Word> words_;
};

} // namespace valise::forms
