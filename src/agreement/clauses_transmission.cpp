// SPDX-License-Identifier: Apache-2.0
// What must hold on the way, and what follows from sending and from arriving.
#include "agreement/equivalence.h"
#include "agreement/internal/clauses.h"
#include "agreement/passage.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::ActKind;

std::string counterparty(const Situation& s) {
    return s.kind() == ActKind::arrive ? s.text("peer") : s.text("recipient");
}

// The listed equivalence that this act relies on; null when there is none.
const Equivalence* listed(const Situation& s) {
    if (s.own == nullptr || s.other == nullptr)
        return nullptr;
    if (s.kind() == ActKind::arrive)
        return find_equivalence(s.terms, s.text("peer"), s.text("level"), s.own->code, s.now);
    if (s.item == nullptr)
        return nullptr;
    if (s.kind() == ActKind::remark)
        return find_equivalence(s.terms, s.item->origin, s.item->level, s.own->code, s.now);
    return find_equivalence(s.terms, s.own->code, s.item->level, s.other->code, s.now);
}

std::optional<int> lowest_rank(const Party& own, const std::vector<std::string>& codes) {
    std::optional<int> lowest;
    for (const std::string& code : codes)
        if (const label::Level* level = own.scheme.by_code(code))
            lowest = std::min(lowest.value_or(level->rank), level->rank);
    return lowest;
}

// The lowest rank under our own scheme at which what travels will be protected here.
std::optional<int> needed_rank(const Situation& s) {
    std::vector<std::string> codes;
    if (s.kind() != ActKind::arrive || !s.text("returns").empty())
        codes.push_back(s.own_level());
    else if (const Equivalence* row = listed(s))
        codes = row->to_levels;
    return lowest_rank(*s.own, codes);
}

// Whether the link carries what needs this rank: the reason why not, else empty.
const char* link_closed(const logbook::State& state, const Party& own, const std::string& peer,
                        std::optional<int> needed, Time now) {
    const auto& all = state.accreditations();
    const auto found = all.find(peer);
    if (found == all.end())
        return "agreement.link_missing";
    if (!state.accreditation_at(peer, now))
        return "agreement.link_expired";
    const label::Level* ceiling = own.scheme.by_code(found->second.level);
    return needed && (ceiling == nullptr || ceiling->rank < *needed) ? "agreement.link_level" : "";
}

} // namespace

//= O-34
// Government to government: the registry with which both officers compared the fingerprint.
Verdict channel(const Situation& s) {
    const std::string peer = counterparty(s);
    if (s.other == nullptr || peer != s.other->code)
        return s.kind() == ActKind::arrive ? refuse("agreement.channel_party") : not_applicable();
    const logbook::Peer* paired = s.state.peer(peer);
    return refuse_if(paired == nullptr || !paired->paired, "agreement.channel_unpaired");
}

//= O-06
// What a party sends it must itself have originated.
Verdict third_party_information(const Situation& s) {
    if (s.kind() == ActKind::arrive) {
        const std::string from = s.text("origin");
        const std::string expected = s.text("returns").empty() ? s.text("peer") : s.act.party();
        return refuse_if(!from.empty() && from != expected, "agreement.third_party_information");
    }
    if (s.item == nullptr || s.own == nullptr || s.item->origin == s.text("recipient"))
        return not_applicable(); // going back to its originator
    if (s.consented())
        return pass();
    return refuse_if(s.item->origin != s.own->code, "agreement.third_party_information");
}

//= O-05
// The acts of as many persons as the terms ask of the sender came along: a sending registry alone,
// taken over or not, releases nothing.
Verdict sender_release(const Situation& s) {
    if (!s.text("returns").empty())
        return not_applicable(); // it is ours; nothing is released to us
    const int needed = s.terms.release_persons(s.text("peer"), s.text("level"));
    if (needed == 0)
        return not_applicable(); // channel or classification refuses
    const auto approvals = s.act.integer_field("approvals");
    return refuse_if(!approvals || *approvals < needed, "agreement.sender_release");
}

//= O-12
// No interpolation: a level that is not listed for this direction and day has no counterpart.
Verdict equivalence(const Situation& s) {
    if (s.own == nullptr || s.other == nullptr)
        return not_applicable();
    if (s.kind() != ActKind::arrive && s.item == nullptr)
        return not_applicable();
    if (!s.text("returns").empty())
        return not_applicable(); // it never had another level than ours
    if (s.kind() == ActKind::dispatch && (s.text("recipient") != s.other->code || s.received()))
        return not_applicable(); // third-party refuses; what goes back keeps its own level
    if (s.kind() == ActKind::arrive && s.terms.party(s.text("peer")) != s.other)
        return not_applicable();
    if (s.kind() == ActKind::remark && !s.received())
        return not_applicable();
    const Equivalence* row = listed(s);
    if (row == nullptr)
        return refuse("agreement.equivalence_unlisted");
    const std::string chosen = s.kind() == ActKind::remark ? s.text("level") : s.text("own_level");
    const bool needs_choice = s.kind() == ActKind::remark || !chosen.empty();
    return refuse_if(needs_choice && s.kind() != ActKind::dispatch &&
                         std::ranges::find(row->to_levels, chosen) == row->to_levels.end(),
                     "agreement.equivalence_level");
}

//= O-12
// Where several levels answer to one, a person chooses; the registry never does.
Verdict equivalence_person(const Situation& s) {
    const Equivalence* row = listed(s);
    if (row == nullptr || !row->needs_person || !s.text("returns").empty())
        return not_applicable();
    if (s.kind() == ActKind::arrive)
        return refuse_if(!s.text("own_level").empty(), "agreement.equivalence_person");
    return refuse_if(s.act.attested_by_registry(), "agreement.equivalence_person");
}

//= O-38
//= I9
Verdict link_accreditation(const Situation& s) {
    const auto decided = [&](const std::string& peer, std::optional<int> rank) {
        const char* closed = link_closed(s.state, *s.own, peer, rank, s.now);
        return *closed == '\0' ? pass() : refuse(closed);
    };
    if (s.own == nullptr || s.other == nullptr)
        return not_applicable();
    // A share opens what lies there already, and gives a suspended peer more than it had.
    if (s.kind() == ActKind::permit_opening)
        return s.dispatch == nullptr || s.dispatch->direction != logbook::Direction::out
                   ? not_applicable()
                   : decided(s.other->code, std::nullopt);
    const std::string peer = counterparty(s);
    if (peer != s.other->code)
        return not_applicable();
    const auto needed = needed_rank(s);
    if (!needed)
        return not_applicable(); // item-known, equivalence or remark-first refuses
    // Over the link goes what a package is, and nothing of what it says.
    return decided(peer, s.text("seals").empty() ? needed : std::nullopt);
}

//= O-38
//= O-48
std::string held_back(const Terms& terms, const logbook::State& state,
                      const logbook::Dispatch& dispatch, Time now) {
    const Party* own = terms.party(state.party());
    if (own == nullptr)
        return "agreement.own_party";
    const bool out = dispatch.direction == logbook::Direction::out;
    const auto& end = state.termination();
    if (out && ((end && now >= end->ends) || !terms.validity().contains(now)))
        return "agreement.terms_ended";
    std::vector<std::string> codes;
    if (const logbook::Item* item = out ? state.item(dispatch.item) : nullptr)
        codes.push_back(logbook::protected_level(*item));
    else if (const auto* row =
                 find_equivalence(terms, dispatch.peer, dispatch.level, own->code, now))
        codes = row->to_levels;
    const auto needed = dispatch.package() ? std::nullopt : lowest_rank(*own, codes);
    return link_closed(state, *own, dispatch.peer, needed, now);
}

//= O-38
Verdict accreditation_term(const Situation& s) {
    const auto until = s.act.time_field("until");
    if (!until)
        return not_applicable();
    return refuse_if(*until > s.now.plus_days(s.terms.link().accreditation_days),
                     "agreement.accreditation_term");
}

//= O-19
//= I13
// Without inspection only in test mode. An inspection that the sender must report is refused until
// this program has a guard that can make one; the others are duties of the receiver.
Verdict inspection(const Situation& s) {
    if (!s.text("seals").empty())
        return not_applicable(); // nothing in it can be run
    const Inspection when = s.terms.inspection();
    if (when == Inspection::none)
        return refuse_if(!s.terms.test_mode(), "agreement.inspection_none");
    if (s.kind() == ActKind::dispatch)
        return when == Inspection::sender_report ? refuse("agreement.inspection_report") : pass();
    const bool here = (s.kind() == ActKind::arrive && when == Inspection::arrival) ||
                      ((s.kind() == ActKind::open || s.kind() == ActKind::export_copy ||
                        s.kind() == ActKind::print) &&
                       when == Inspection::first_opening && s.received() && s.copy != nullptr &&
                       s.copy->opened_by.empty());
    return here ? duty("agreement.inspection", "inspect", s.now) : not_applicable();
}

//= O-19
// Before anything is handed over, the receiver assured that those who will read it are cleared and
// need it, and that it is protected there as here, at every level that it may become there.
Verdict assurance(const Situation& s) {
    if (!s.terms.assurance().before_dispatch || s.other == nullptr ||
        s.text("recipient") != s.other->code)
        return not_applicable();
    const Equivalence* row = listed(s);
    if (row == nullptr)
        return not_applicable(); // equivalence refuses
    const auto found = s.state.assurances().find(s.other->code);
    if (found == s.state.assurances().end())
        return refuse("agreement.assurance_missing");
    if (s.now > found->second.until)
        return refuse("agreement.assurance_expired");
    const label::Level* assured = s.other->scheme.by_code(found->second.level);
    const bool reaches =
        assured != nullptr && std::ranges::all_of(row->to_levels, [&](const std::string& code) {
            const label::Level* level = s.other->scheme.by_code(code);
            return level != nullptr && level->rank <= assured->rank;
        });
    return refuse_if(!reaches, "agreement.assurance_level");
}

//= O-19
// What is recorded is what the other party's officer signed, for us and under these terms.
Verdict assurance_matches(const Situation& s) {
    const auto bytes = s.act.bytes_field("assurance");
    const auto given = bytes ? logbook::SignedAct::parse(*bytes)
                             : Result<logbook::SignedAct>(std::unexpected(bytes.error()));
    // No passkey signs what speaks to the peer, on either side.
    if (!given || given->act().by_passkey() || !given->verify())
        return refuse("agreement.assurance_signature");
    const logbook::Act& act = given->act();
    const bool same = act.kind() == ActKind::assure && act.party() == s.text("peer") &&
                      act.terms() == s.terms.digest() &&
                      act.optional_field("recipient") == s.act.party() &&
                      act.optional_field("level") == s.text("level") &&
                      act.optional_field("until") == s.text("until");
    return refuse_if(!same, "agreement.assurance_other");
}

//= O-34
// From now on we answer for it, and say so at once.
Verdict custody(const Situation& s) {
    return duty("agreement.custody", "custody-receipt", s.now);
}

//= O-36
// The sender's dossier stays open until the receipt for the contents is back.
Verdict receipt_due(const Situation& s) {
    Time from = s.now;
    if (s.kind() == ActKind::custody_receipt && s.dispatch != nullptr &&
        s.dispatch->moved.seconds != 0)
        from = s.dispatch->moved;
    return duty("agreement.receipt_due", "contents-receipt",
                plus_working_days(from, s.terms.receipt().due_days));
}

//= O-10
Verdict remark_duty(const Situation& s) {
    const bool ours = !s.text("returns").empty();
    return s.text("own_level").empty() && !ours ? duty("agreement.remark", "remark", s.now)
                                                : not_applicable();
}

} // namespace valise::agreement
