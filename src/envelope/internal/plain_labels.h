// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/import.h"
#include "envelope/internal/plain_tdf.h"

namespace valise::envelope {

// The labels among the assertions, in both forms that STANAGs give, and whether they say the same.
// Only after the assertions' bindings hold.
void read_labels(const PlainTdf& tdf, Imported& out);

// The names in a policy (JSON text), as far as it has the form that clients write.
std::vector<std::string> attributes_of(std::string_view policy);

} // namespace valise::envelope
