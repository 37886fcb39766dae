// SPDX-License-Identifier: Apache-2.0
// The life of the agreement: other terms, by both parties, and its end.
#include "agreement/compare.h"
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {

//= O-48
// A later version of the same agreement between the same parties, and the one whose digest the
// officer signed.
Verdict adopted_terms_match(const Situation& s) {
    if (!s.adopted)
        return refuse("agreement.adopted_unreadable");
    const Terms& next = *s.adopted;
    if (to_base64(next.digest()) != s.text("adopted"))
        return refuse("agreement.adopted_digest");
    const bool same_parties =
        std::ranges::equal(next.parties(), s.terms.parties(), {}, &Party::code, &Party::code);
    if (next.id() != s.terms.id() || !same_parties)
        return refuse("agreement.adopted_other");
    if (next.version() <= s.terms.version())
        return refuse("agreement.adopted_version");
    //= I13
    return refuse_if(next.test_mode_only() && !next.test_mode(), "agreement.draft_terms");
}

//= O-08
// An arrangement between authorities may make everything stricter and nothing else. Which clause
// another term would loosen, compare_terms() says.
Verdict arrangement_tightens(const Situation& s) {
    if (!s.adopted || s.text("as") != to_string(logbook::AdoptedAs::arrangement))
        return not_applicable();
    return refuse_if(!tightens_only(compare_terms(s.terms, *s.adopted)),
                     "agreement.arrangement_loosens");
}

//= O-49
// A level that an item here may have stays a level: what is protected now would else have none.
Verdict levels_kept(const Situation& s) {
    if (!s.adopted)
        return not_applicable();
    for (const Party& party : s.terms.parties()) {
        const Party* next = s.adopted->party(party.code);
        for (const label::Level& level : party.scheme.levels)
            if (next == nullptr || next->scheme.by_code(level.code) == nullptr)
                return refuse("agreement.levels_kept");
    }
    return pass();
}

//= O-48
// The day lies ahead, so that both books change at the same minute.
Verdict adoption_date(const Situation& s) {
    const auto from = s.act.time_field("from");
    return refuse_if(!from || *from <= s.now, "agreement.adoption_date");
}

//= O-08
//= O-48
// Both parties countersigned exactly this, as a change of the terms that are in force, and its day
// has come.
Verdict countersigned(const Situation& s) {
    const auto& ours = s.state.adopted();
    const auto& theirs = s.state.peer_adopted();
    if (!ours || to_base64(ours->terms) != s.text("adopted") || ours->former != s.terms.digest())
        return refuse("agreement.not_adopted");
    if (!theirs || !theirs->agrees_with(*ours))
        return refuse("agreement.not_countersigned");
    return refuse_if(s.now < ours->from, "agreement.adoption_early");
}

//= O-48
// Written notice, as many days ahead as the terms want, and once.
Verdict termination_notice(const Situation& s) {
    if (s.state.termination())
        return refuse("agreement.terminated_already");
    const auto ends = s.act.time_field("ends");
    return refuse_if(!ends || *ends < s.now.plus_days(s.terms.termination().notice_days),
                     "agreement.termination_early");
}

} // namespace valise::agreement
