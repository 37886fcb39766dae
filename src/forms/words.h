// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace valise::forms {

// One phrase in every language of the terms. The renderings in Japanese and Ukrainian follow
// docs/glossary.md; what bears its mark ° there is not confirmed here either.
struct Words {
    const char* en;
    const char* ja;
    const char* uk;
    std::string_view in(std::string_view language) const {
        return language == "ja" ? ja : language == "uk" ? uk : en;
    }
};

// I13, in words that may stand on what travels openly: the terms' own banner speaks of secrets.
inline constexpr Words kDraftMark{"DRAFT TERMS - TEST MODE", "協定条件案 - 試験モード",
                                  "ПРОЄКТ УМОВ - ТЕСТОВИЙ РЕЖИМ"};

} // namespace valise::forms
