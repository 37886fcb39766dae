// SPDX-License-Identifier: Apache-2.0
// Alone in its source so that a test program may put its own in front of the library's
// (tests/clauses_off). No setting, argument or variable reaches a clause in what is shipped.
#include "agreement/internal/clauses.h"

namespace valise::agreement {

Verdict apply(const Clause& clause, const Situation& situation) {
    return clause.apply(situation);
}

} // namespace valise::agreement
