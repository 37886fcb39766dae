// SPDX-License-Identifier: Apache-2.0
// A book that was restored from a backup and lacks what was recorded since.
#include "agreement/internal/clauses.h"

namespace valise::agreement {

//= O-26
// The officer signs what is there: an act that was made over another copy of the book recovers
// nothing. That something is missing at all, the key process knows and not the book.
Verdict recover_held(const Situation& s) {
    return refuse_if(s.text("held") != std::to_string(s.state.next_seq()),
                     "agreement.recover_held");
}

} // namespace valise::agreement
