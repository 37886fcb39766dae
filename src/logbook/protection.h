// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace valise::logbook {

//= O-17
// What protects a place beside its level: the words in which terms ask for it and an officer
// declares it. A closed list, so that both parties mean the same by it. [own proposal]
inline constexpr const char* kControls[] = {"alarm", "guarded", "locked", "safe", "two-person"};

// "alarm,locked" as a set; empty for an empty text.
std::set<std::string> words_in(std::string_view text);
// The set as such a text.
std::string words_text(const std::set<std::string>& words);

} // namespace valise::logbook
