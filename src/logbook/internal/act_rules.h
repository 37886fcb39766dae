// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/act.h"
#include "logbook/internal/fields.h"

namespace valise::logbook::internal {

// The members that the content of a kind has (the table at class Act).
std::span<const FieldRule> act_rules(ActKind kind);

// The table, and what depends on the value of a member (revoke).
Result<void> check_content(ActKind kind, const Json& content);

} // namespace valise::logbook::internal
