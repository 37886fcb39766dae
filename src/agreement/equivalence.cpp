// SPDX-License-Identifier: Apache-2.0
#include "agreement/equivalence.h"

namespace valise::agreement {

const Equivalence* find_equivalence(const Terms& terms, std::string_view from_party,
                                    std::string_view from_level, std::string_view to_party,
                                    Time at) {
    for (const Equivalence& row : terms.equivalences())
        if (row.from_party == from_party && row.from_level == from_level &&
            row.to_party == to_party && row.valid.contains(at))
            return &row;
    return nullptr;
}

} // namespace valise::agreement
