// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/acts.h"
#include "sim/invariants.h"

namespace valise::testing {

// Whether any word of either scheme stands in the text: native, romanised, names and codes, by a
// plain search that folds nothing but the case of ASCII letters.
bool names_a_class(const agreement::Terms& terms, const std::string& text);

// Prints an outer face for addresses that say, or nearly say, a class. //= I8
void outer_face(Random& random, const Side& side, Faults& faults);
// What stands in clear around a message: type, addresses, fields; not what an officer wrote to the
// other. //= I8
void outer_header(const Side& side, ByteView frame, Faults& faults);

} // namespace valise::testing
