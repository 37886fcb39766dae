// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "base/codec/toml.h"

namespace valise::agreement {

// Everything that is wrong with a terms file, in the order of its lines; empty exactly when
// Terms::parse() admits it. Besides the reasons of base/codec/toml.h: agreement.party,
// agreement.level, agreement.equivalence, agreement.candidate, agreement.purpose,
// agreement.authority, agreement.release_persons, agreement.id, agreement.period,
// agreement.receipt, agreement.inspection, agreement.suite, agreement.unverified.
std::vector<TomlProblem> check_terms(ByteView bytes);

} // namespace valise::agreement
