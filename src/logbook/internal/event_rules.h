// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/event.h"
#include "logbook/internal/fields.h"

namespace valise::logbook::internal {

enum class Needed { at_permit, at_done, never };

struct EventRule {
    const char* name;
    FieldType type;
    Needed needed;
};

// The ids and facts that the skeleton of a kind may hold (the table at class Skeleton).
std::span<const EventRule> id_rules(ActKind kind);
std::span<const EventRule> fact_rules(ActKind kind);

// Every value known and of its type; those needed at `stage` there. `whole`: also those needed at
// an earlier stage. The error names the member.
Result<void> check_map(const TextMap& values, std::span<const EventRule> rules, Stage stage,
                       bool whole, const char* where);

// check_map() for facts; every kind may also say `for`, and which facts an `enter` has, goes by its
// form.
Result<void> check_facts(ActKind kind, const TextMap& facts, Stage stage, bool whole);

} // namespace valise::logbook::internal
