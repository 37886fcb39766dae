// SPDX-License-Identifier: Apache-2.0
// The laws under which each party protects, and what the other one hears of them.
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {

bool law_supplied(const logbook::State& state, const std::string& peer,
                  const logbook::LawRequest& request) {
    return std::ranges::any_of(state.peer_laws(), [&](const auto& entry) {
        return entry.first.first == peer && entry.second.event > request.event;
    });
}

//= O-07
// An edition is entered once, and the newest one comes last: what the other party acknowledged must
// not mean another text the day after.
Verdict law_edition(const Situation& s) {
    const auto known = s.state.laws().find(s.text("law"));
    if (known == s.state.laws().end())
        return pass();
    if (known->second.edition == s.text("edition"))
        return refuse("agreement.law_known");
    const auto from = s.act.time_field("from");
    return refuse_if(!from || *from < known->second.from, "agreement.law_order");
}

//= O-07
// The other party is told, and until it has acknowledged nothing here changes: no clause reads a
// law, so all that protected what was received goes on protecting it.
Verdict law_told(const Situation& s) {
    const logbook::Peer* peer = s.other == nullptr ? nullptr : s.state.peer(s.other->code);
    if (s.text("affects") != "yes" || peer == nullptr || !peer->paired)
        return not_applicable();
    return duty("agreement.law_told", "await-acknowledgement",
                plus_working_days(s.now, s.terms.notice().law_days));
}

//= O-07
// Asked again only when the day for the answer has passed.
Verdict law_request(const Situation& s) {
    const std::string peer = s.text("peer");
    const auto asked = s.state.asked_laws().find(peer);
    const int days = s.terms.notice().law_days;
    if (asked != s.state.asked_laws().end() && !law_supplied(s.state, peer, asked->second) &&
        s.now <= plus_working_days(asked->second.at, days))
        return refuse("agreement.laws_asked");
    return duty("agreement.law_request", "await-laws", plus_working_days(s.now, days));
}

} // namespace valise::agreement
