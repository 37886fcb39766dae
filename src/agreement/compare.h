// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"

namespace valise::agreement {

//= O-08
// What other terms would change. An arrangement between competent authorities may tighten and
// nothing else; what it cannot do needs an amendment by both parties (O-48).
enum class Effect {
    tightens,
    loosens,
    amends, // neither: parties, levels, the term of the agreement, what has no order
};
std::string_view to_string(Effect effect);

struct TermsChange {
    Effect effect = Effect::amends;
    std::string parameter; // "release.persons XEX crown"
    std::string before;    // empty: was not there
    std::string after;     // empty: is gone
    std::string clause;    // id of the clause that reads it; empty: none does
    bool operator==(const TermsChange&) const = default;
};

// Every difference that decides something, in a fixed order; titles, names, sources and comments
// decide nothing. Equivalences are compared on every day on which one of the two tables changes.
std::vector<TermsChange> compare_terms(const Terms& before, const Terms& after);

// Whether an arrangement may make these changes: each of them tightens.
bool tightens_only(const std::vector<TermsChange>& changes);

} // namespace valise::agreement
