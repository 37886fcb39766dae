// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"

namespace valise::agreement {

//= O-12
// The listed equivalence of one level in the direction asked for, on that date. Nothing is
// inverted, interpolated or found by name. Null: not listed, which is a refusal. The pointer lives
// as long as the terms.
const Equivalence* find_equivalence(const Terms& terms, std::string_view from_party,
                                    std::string_view from_level, std::string_view to_party,
                                    Time at);

} // namespace valise::agreement
