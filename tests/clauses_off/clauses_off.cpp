// SPDX-License-Identifier: Apache-2.0
// Applies clauses as the library does, except those of one row or id that VALISE_WITHOUT_CLAUSE
// names: they are consulted and neither refuse nor lay a duty on anybody. A suite that stays green
// with a clause switched off does not test it (tools/clauses_off.py).
#include "agreement/internal/clauses.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace valise::agreement {
namespace {

bool named(const Clause& clause, const std::string& off) {
    return off == clause.row || off == clause.id;
}

// Empty: none. A name that no clause has would run the suite whole and call it switched off.
std::string switched_off() {
    const char* const asked = std::getenv("VALISE_WITHOUT_CLAUSE");
    if (asked == nullptr)
        return {};
    for (const logbook::ActKind kind : logbook::all_act_kinds())
        for (const Clause& clause : clauses_of(kind))
            if (named(clause, asked))
                return asked;
    std::fprintf(stderr, "no clause and no row of a clause is called '%s'\n", asked);
    std::_Exit(2);
}

} // namespace

Verdict apply(const Clause& clause, const Situation& situation) {
    static const std::string off = switched_off();
    const Verdict verdict = clause.apply(situation);
    const bool matters = verdict.finding == Finding::refuse || verdict.finding == Finding::duty;
    return matters && named(clause, off) ? pass() : verdict;
}

} // namespace valise::agreement
