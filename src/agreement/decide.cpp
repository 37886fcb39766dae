// SPDX-License-Identifier: Apache-2.0
#include "agreement/decide.h"

#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {

std::string_view to_string(Outcome outcome) {
    return outcome == Outcome::permit ? "permit" : "refuse";
}

std::string_view to_string(Finding finding) {
    constexpr std::string_view kWords[] = {"pass", "refuse", "duty", "not-applicable"};
    return kWords[static_cast<std::size_t>(finding)];
}

std::vector<Consulted> Decision::refusals() const {
    std::vector<Consulted> out;
    std::ranges::copy_if(consulted, std::back_inserter(out),
                         [](const Consulted& c) { return c.finding == Finding::refuse; });
    return out;
}

std::string Decision::reason() const {
    const auto found = std::ranges::find(consulted, Finding::refuse, &Consulted::finding);
    return found == consulted.end() ? std::string() : std::string(found->reason);
}

std::vector<logbook::ConsultedClause> Decision::for_skeleton() const {
    std::vector<logbook::ConsultedClause> out;
    for (const Consulted& c : consulted) {
        if (c.finding == Finding::not_applicable)
            continue;
        const auto finding = c.finding == Finding::pass     ? logbook::ClauseFinding::pass
                             : c.finding == Finding::refuse ? logbook::ClauseFinding::refuse
                                                            : logbook::ClauseFinding::duty;
        out.push_back({std::string(c.clause), finding});
    }
    return out;
}

Decision decide(const Terms& terms, const logbook::State& state, const logbook::Act& act,
                Time now) {
    const Situation situation = Situation::of(terms, state, act, now);
    const auto clauses = clauses_of(act.kind());
    Decision out;
    out.consulted.reserve(clauses.size());
    // A kind without clauses would be permitted by silence.
    bool refused = clauses.empty();
    for (const Clause& clause : clauses) {
        const Verdict verdict = apply(clause, situation);
        out.consulted.push_back({clause.id, clause.row, verdict.finding, verdict.reason});
        refused = refused || verdict.finding == Finding::refuse;
        if (verdict.finding == Finding::duty)
            out.duties.push_back({std::string(clause.id), std::string(verdict.what), verdict.due});
    }
    out.outcome = refused ? Outcome::refuse : Outcome::permit;
    if (refused)
        out.duties.clear();
    return out;
}

std::vector<std::pair<std::string, std::string>> clauses_for(logbook::ActKind kind) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const Clause& clause : clauses_of(kind))
        out.emplace_back(clause.id, clause.row);
    return out;
}

} // namespace valise::agreement
