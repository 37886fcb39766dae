// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/compare.h"

namespace valise::cli {

// The largest terms file that a command reads, in bytes; an act holds no larger one.
inline constexpr std::size_t kMaxTerms = 256 << 10;

// A line for each change, with the clause that it concerns.
std::string change_lines(const std::vector<agreement::TermsChange>& changes);

} // namespace valise::cli
