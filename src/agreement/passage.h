// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/state.h"

namespace valise::agreement {

// Why nothing more of this dispatch may pass the link now, though it was permitted or accepted
// once: the reason id of the clause that speaks against it, "agreement.link_expired"; empty: it
// goes on. Asked again before each part that goes over, since a link may be suspended or an
// agreement end while a document waits, travels in a bag or has come halfway. What was sent under
// the terms may still arrive after their end, as for an offer. //= O-38 //= O-48
std::string held_back(const Terms& terms, const logbook::State& state,
                      const logbook::Dispatch& dispatch, Time now);

} // namespace valise::agreement
