// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/state.h"

#include <limits>

namespace valise::agreement {

// One thing that somebody still has to do, here or there.
struct StandingDuty {
    std::string clause; // that asks for it
    std::string row;    // of the obligations catalogue
    // "contents-receipt", "await-receipt", "trace", "answer-tracer", "remark", "acknowledge",
    // "await-acknowledgement", "see-to-refusal", "investigate", "report", "close-incident",
    // "review-purpose", "return", "destroy", "take-back", "raise-class", "certify",
    // "muster", "spot-check" (subject: the level, or empty), "close-muster", "find-missing",
    // "protect-better", "supply-laws", "await-laws" (subject: the other party), "expires-month"…,
    // "held-dispatch", "ask-arrival"
    std::string what;
    std::string subject;  // id of the dispatch, item, copy, notice or incident
    std::string dispatch; // id of the dispatch that it belongs to; empty: none
    Time due;
    bool overdue = false;
    bool ours = true;   // else the other party's
    std::string item;   // custody alone: of which it is
    std::string person; // take-back: who has the copy
    bool operator==(const StandingDuty&) const = default;
};

// All that is to be done at `now`, from the book and the terms alone; what is due first comes
// first. What the other party owes is listed from the day of the reminder on. //= O-36 //= I7
// Of reviews and of copies to take back, of which a large register has one for each item, the
// `most` that are due first are among them, and not all of the others.
std::vector<StandingDuty> duties_at(const Terms& terms, const logbook::State& state, Time now,
                                    std::size_t most = std::numeric_limits<std::size_t>::max());

} // namespace valise::agreement
