// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "audit/record.h"
#include "logbook/state.h"

namespace valise::audit {

// What the registry must have written of an act, from the act and the state before it.
struct Written {
    logbook::TextMap ids;
    logbook::TextMap facts;
    std::optional<Hash32> document; // none: cannot be known from what the file holds
};

struct Surroundings {
    const agreement::Terms& terms;
    const logbook::State& before;
    const std::string& party;
    // The attested acts of the arrivals under way, by the seq of their permits.
    const std::map<std::uint64_t, logbook::Act>& offers;
};

// What the record says of the act is what the act says, and nothing else: ids, facts, the document
// in the leaf, the words in the opening, who acted, under which terms.
Checked<void> check_written(const Record& record, const Surroundings& around);

// The first five events, of which no act tells: the registry and its two officers.
inline constexpr std::uint64_t kFoundingEvents = 5;
Checked<void> check_founding(const Record& record, const Surroundings& around);

} // namespace valise::audit
