// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/keys.h"
#include "audit/record.h"
#include "audit/written.h"

namespace valise::audit {

// What a permitted opening of a controlled item rests on: in the originator's book the receiver's
// signed ask, in the receiver's the originator's signed answer to its own, each saying exactly what
// the event says. A refused one rests on the ask too.
Checked<void> check_opening(const Record& record, const Surroundings& around,
                            const Parties& parties);

} // namespace valise::audit
