// SPDX-License-Identifier: Apache-2.0
#include "audit/replay.h"

#include "agreement/decide.h"
#include "audit/openings.h"

namespace valise::audit {

using logbook::ActKind;
using logbook::Stage;

namespace {

// How far an act may be from the second at which it was performed (registry.act_time).
constexpr std::int64_t kActSeconds = std::int64_t{24} * 3600;

std::string words(const std::vector<logbook::ConsultedClause>& clauses) {
    std::string out;
    for (const auto& clause : clauses)
        out +=
            (out.empty() ? "" : " ") + clause.clause + "=" + std::string(to_string(clause.finding));
    return out;
}

bool refuses(const std::vector<logbook::ConsultedClause>& clauses) {
    for (const auto& clause : clauses)
        if (clause.finding == logbook::ClauseFinding::refuse)
            return true;
    return false;
}

RawId item_of(const logbook::Skeleton& skeleton) {
    const auto item = ItemId::parse(skeleton.id("item"));
    return item ? raw_id(*item) : RawId{};
}

} // namespace

std::string_view to_string(Decided decided) {
    constexpr std::string_view kWords[] = {"permit", "refuse", "follows", "founding", "withheld"};
    return kWords[static_cast<std::size_t>(decided)];
}

// Who acted, under what, when, and not a second time.
Checked<void> Replay::check_act(const Record& record) {
    const logbook::Act& act = *record.act();
    const std::string place = record.field_place(record.signed_act ? "act" : "attested");
    TRY(holds(act.party() == parties_.own.list.party, place, "verify.act",
              "an act for another party"));
    TRY(holds(act.terms() == terms().digest(), place, "verify.act", "an act under other terms"));
    TRY(holds(record.decided.truncated_to_minute() == record.skeleton.minute(), place,
              "verify.decided", "decided at another minute than its event says"));
    if (!record.signed_act)
        return {};
    const std::int64_t age = record.decided.seconds - act.at().seconds;
    TRY(holds(age <= kActSeconds && age >= -kActSeconds, place, "verify.act",
              "signed more than a day away"));
    TRY(holds(!acts_.contains(record.signed_act->digest()) &&
                  !(act.by_passkey() && acts_.contains(logbook::SignedAct::challenge(act))),
              place, "verify.act", "performed a second time"));
    const logbook::Person* signer = state_.person_by_key(act.signer());
    TRY(holds(signer != nullptr, place, "verify.act", "its key belongs to nobody enrolled"));
    return holds(signer->id.text() == record.skeleton.actor(), record.place("skeleton, actor"),
                 "verify.act", "not the person whose key signed");
}

Checked<Decided> Replay::decide(const Record& record) {
    const auto& skeleton = record.skeleton;
    const bool refused = skeleton.stage() == Stage::refused;
    TRY(holds(refused == refuses(skeleton.clauses()), record.place("skeleton, clauses"),
              "verify.outcome", "the clauses do not give this outcome"));
    if (record.withheld || record.checked_before)
        return Decided::withheld;
    const auto decision = agreement::decide(terms(), state_, *record.act(), record.decided);
    TRY(holds(decision.permitted() != refused, record.place("outcome"), "verify.outcome",
              refused ? "recorded as refused; decided again, it is permitted"
                      : "recorded as permitted; decided again, it is refused"));
    const auto again = decision.for_skeleton();
    if (again != skeleton.clauses())
        return fault(record.place("skeleton, clauses"), "verify.clauses",
                     "decided again: " + words(again));
    return refused ? Decided::refuse : Decided::permit;
}

//= O-26
// An act names the kind and the item of what it shreds, and the clauses go by that: it must be what
// the log says of each of these events.
Checked<void> Replay::check_shredding(const Record& record) const {
    const auto& skeleton = record.skeleton;
    const std::string place = record.place("skeleton, facts.events");
    TRY_ASSIGN(const auto events, at(place, logbook::parse_event_numbers(skeleton.fact("events"))));
    TRY_ASSIGN(const auto kind, at(place, logbook::parse_act_kind(skeleton.fact("of"))));
    const RawId item = item_of(skeleton);
    for (const std::uint64_t event : events)
        TRY(holds(event < named_.size() && named_[event].kind == kind && named_[event].item == item,
                  place, "verify.shredding", "not events of the kind and item that it names"));
    return {};
}

// What is not a decision and still must be there.
Checked<void> Replay::check_ground(const Record& record) {
    const auto& skeleton = record.skeleton;
    const bool takes_effect = skeleton.stage() == logbook::effect_stage(skeleton.kind());
    if (skeleton.kind() == ActKind::dispatch && skeleton.stage() == Stage::permitted)
        return check_release(record, around(), approvals_);
    if (skeleton.kind() == ActKind::give_notice && skeleton.stage() == Stage::permitted)
        return check_enclosed(record);
    if (skeleton.kind() == ActKind::permit_opening && !skeleton.permit())
        return check_opening(record, around(), parties_);
    if (skeleton.kind() == ActKind::shred && skeleton.stage() == Stage::permitted)
        return check_shredding(record);
    if (!takes_effect)
        return {};
    switch (skeleton.kind()) {
    case ActKind::custody_receipt:
    case ActKind::contents_receipt:
        return check_receipt(record, around(), parties_, sendings_);
    case ActKind::give_notice:
    case ActKind::take_notice:
        return check_notice(record, around(), parties_);
    case ActKind::dispatch:
    case ActKind::arrive:
        TRY(holds(skeleton.permit().has_value(), record.place("skeleton, permit"),
                  "verify.skeleton", "an arrival is offered first"));
        return check_statement(record, around(), parties_, approvals_, sendings_);
    default:
        return {};
    }
}

void Replay::remember(const Record& record) {
    const auto& skeleton = record.skeleton;
    named_.push_back({skeleton.kind(), item_of(skeleton)});
    const Hash32& digest = record.leaf.fields().signed_act;
    if (digest != Hash32{})
        acts_.insert(digest);
    if (skeleton.stage() != Stage::permitted)
        return;
    // A second touch of the same act has another digest.
    if (record.signed_act && record.signed_act->act().by_passkey())
        acts_.insert(logbook::SignedAct::challenge(record.signed_act->act()));
    if (skeleton.kind() == ActKind::pair)
        pairing_ = record;
    if (skeleton.kind() == ActKind::arrive && record.attested)
        offers_.emplace(record.index, *record.attested);
    const auto person = PersonId::parse(skeleton.actor());
    const auto release = ReleaseId::parse(skeleton.id("release"));
    if (skeleton.kind() != ActKind::approve_release || !person || !release)
        return;
    Approval approval{record.index, digest, std::nullopt};
    if (record.signed_act)
        if (const auto over = record.act()->hash_field("release_digest"))
            approval.release_digest = *over;
    approvals_[{*release, *person}] = approval;
}

Checked<Step> Replay::take(const Record& record) {
    const auto& skeleton = record.skeleton;
    TRY(holds(skeleton.terms() == terms().digest(), record.place("skeleton, terms"), "verify.terms",
              "recorded under other terms than were in force"));
    Step step{record.index,     skeleton.minute(), skeleton.kind(),   skeleton.stage(),
              skeleton.actor(), Decided::founding, skeleton.clauses()};
    if (record.index < kFoundingEvents) {
        TRY(check_founding(record, around()));
    } else {
        TRY(check_written(record, around()));
        if (skeleton.permit()) {
            step.decided = Decided::follows;
        } else {
            if (!record.withheld && !record.checked_before)
                TRY(check_act(record));
            TRY_ASSIGN(step.decided, decide(record));
        }
        TRY(check_ground(record));
    }
    if (record.withheld && step.decided == Decided::follows)
        step.decided = Decided::withheld;
    TRY(at(record.place("skeleton"), state_.apply(skeleton)));
    TRY(at(record.place(), editions_.follow(skeleton, record.act())));
    remember(record);
    return step;
}

Checked<void> Replay::finish() const {
    if (pairing_)
        return check_pairing(*pairing_, parties_, confirmation_);
    return holds(!parties_.peer, "peer key list", "verify.identity",
                 "the book says nothing of a pairing");
}

} // namespace valise::audit
