// SPDX-License-Identifier: Apache-2.0
#include "desk/shell_word.h"

#include <algorithm>

namespace valise::desk {

std::string shell_word(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-_./:=+,@%").find(c) != std::string_view::npos;
    };
    if (!text.empty() && std::ranges::all_of(text, plain))
        return std::string(text);
    std::string out = "'";
    for (const char c : text) // a terminal acts on control characters before the shell sees a quote
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
            out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

} // namespace valise::desk
