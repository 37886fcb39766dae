// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/duties.h"

namespace valise::agreement::internal {

// What runs out: the link's accreditation, the clearances of the persons here, assurances that were
// given or got, consents, and the end of the agreement, by its terms or by notice. Each is listed
// from 30 days ahead, under another word 7 days and one day ahead, and stays listed when it has run
// out until somebody renews or revokes it: nothing ends unannounced. //= O-19 //= O-23 //= O-38 //=
// O-48
std::vector<StandingDuty> expiring(const Terms& terms, const logbook::State& state, Time now);

} // namespace valise::agreement::internal
