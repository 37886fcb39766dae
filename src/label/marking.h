// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "label/label.h"

#include <map>
#include <string>
#include <string_view>

namespace valise::label {

// Languages are "en", "ja" and "uk"; another one is refused with label.language.

// "極秘", "SECRET (極秘) Releasable to JPN, UKR": the level in the language, its native word beside
// it where they differ, then what limits access. Errors: those of level_of(), label.language.
Result<std::string> marking(const Label& label, const Scheme& scheme, std::string_view lang);

// The level alone, as marking() begins.
std::string level_words(const Level& level, std::string_view lang);

// What stands at the top and the bottom of every page. Zero and empty parts are left out.
struct PageFacts {
    int page = 0;
    int pages = 0;
    int copy = 0;
    int copies = 0;
    std::string register_number;
};
// "極秘 | Page 1 of 3 | Copy 2 of 5 | No. UA-2026-14". Errors: as marking().
Result<std::string> page_banner(const Label& label, const Scheme& scheme, const PageFacts& facts,
                                std::string_view lang);

// The party that provided an item, as the terms name it, by language.
struct ProviderNames {
    std::map<std::string, std::string> name; // "Ukraine", "ウクライナ"
    // As it stands in the translation note: en "the Government of Ukraine", ja "ウクライナ政府",
    // uk in the instrumental "Урядом Японії".
    std::map<std::string, std::string> government;
};

enum class Draft { no, yes };

//= O-10
// The receiver's marking, added beside the untouched original: the provider's name, the receiver's
// own level, the original word in brackets.
//   ja 提供: ウクライナ / 極秘相当 (Цілком таємно)    uk Надано: Японія / Цілком таємно (極秘)
//   en Provided by: Ukraine / SECRET 極秘 (Цілком таємно)
// Draft::yes puts [DRAFT] and its translation in front, for terms that nobody has confirmed.
// Errors: label.language, label.provider (no name in that language).
Result<std::string> received_marking(const ProviderNames& provider, const Level& own,
                                     std::string_view original_native, std::string_view lang,
                                     Draft draft);

//= O-18
// What a marking adds of private rights: "Private rights: patent, trade secret". Of kRightsKinds;
// an empty text for none. Errors: label.language.
Result<std::string> rights_words(const std::set<std::string>& kinds, std::string_view lang);

// "This document contains classified information provided by ...", in the language translated into.
// Errors: label.language, label.provider.
Result<std::string> translation_note(const ProviderNames& provider, std::string_view lang);

} // namespace valise::label
