// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace valise::agreement {

struct ClauseText {
    const char* clause;
    const char* en;
    const char* ja;
    const char* uk;
};

// One row for every clause id that any act consults.
std::span<const ClauseText> clause_texts();

} // namespace valise::agreement
