// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace valise::label::internal {

// The fixed words of markings in one language. `{}` takes the varying part (fmt syntax).
struct Words {
    std::string_view lang;
    std::string_view releasable; // {} = codes
    std::string_view page;       // {0} of {1}
    std::string_view copy;       // {0} of {1}
    std::string_view number;     // {} = register number
    std::string_view received;   // {0} provider, {1} own level, {2} original word
    std::string_view draft;
    std::string_view translated; // {} = government
};

// Null when the language is not spoken here.
const Words* words(std::string_view lang);

} // namespace valise::label::internal
