// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/state.h"

namespace valise::agreement {

// What somebody has yet to do about an item or a copy that is held.
struct CustodyDuty {
    std::string what; // "review-purpose" | "return" | "destroy" (of an item) | "take-back"
    ItemId item;
    std::optional<CopyId> copy;     // take-back
    std::optional<PersonId> reader; // who has it
    Time due;
    bool operator==(const CustodyDuty&) const = default;
};

// By due time. Items of which no copy is left have none. //= O-29 //= O-26
std::vector<CustodyDuty> custody_duties(const Terms& terms, const logbook::State& state);

} // namespace valise::agreement
