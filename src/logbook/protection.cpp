// SPDX-License-Identifier: Apache-2.0
#include "logbook/protection.h"

#include <algorithm>

namespace valise::logbook {

std::set<std::string> words_in(std::string_view text) {
    std::set<std::string> out;
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find(','));
        out.emplace(one);
        text.remove_prefix(std::min(text.size(), one.size() + 1));
    }
    return out;
}

std::string words_text(const std::set<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : ",") + word;
    return out;
}

} // namespace valise::logbook
