// SPDX-License-Identifier: Apache-2.0
// What one registry tells the other: tracers, changes of class, acknowledgements.
#include "agreement/control.h"
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::Direction;
using logbook::DispatchState;
using logbook::NoticeType;

std::optional<NoticeType> type_of(const Situation& s) {
    const auto type = logbook::parse_notice_type(s.text("type"));
    return type ? std::optional(*type) : std::nullopt;
}

const logbook::Item* dispatched_item(const Situation& s) {
    return s.dispatch == nullptr ? nullptr : s.state.item(s.dispatch->item);
}

bool says(const Situation& s, const logbook::OwedNotice& owed) {
    const std::string what = owed.what ? std::string(to_string(*owed.what)) : std::string();
    return s.text("type") == to_string(owed.type) && s.text("peer") == owed.peer &&
           s.text("dispatch") == owed.dispatch.text() && s.text("item") == owed.item.text() &&
           s.text("about") == owed.about.text() && s.text("incident") == owed.incident.text() &&
           s.text("level") == owed.level && s.text("what") == what &&
           s.text("enclosed") == (owed.enclosed ? to_base64(*owed.enclosed) : std::string()) &&
           s.text("until") == (owed.until ? owed.until->text() : std::string()) &&
           s.text("from") == (owed.from ? owed.from->text() : std::string()) &&
           s.text("adopted") == (owed.adopted ? to_base64(*owed.adopted) : std::string()) &&
           s.text("third") == owed.third && s.text("law") == owed.law &&
           s.text("edition") == owed.edition &&
           s.text("text") == (owed.text ? to_base64(*owed.text) : std::string()) &&
           s.text("affects") == (!owed.affects   ? ""
                                 : *owed.affects ? "yes"
                                                 : "no") &&
           s.text("answer") == owed.answer;
}

bool held_by_other(const Situation& s) {
    return std::ranges::any_of(s.state.dispatches(), [&](const auto& entry) {
        const logbook::Dispatch& dispatch = entry.second;
        return dispatch.direction == Direction::out && dispatch.item == s.item->id &&
               dispatch.moved != Time{};
    });
}

} // namespace

//= O-13
//= O-36
//= O-42
//= O-44
// A registry tells what follows from the acts in its book, and nothing of its own.
Verdict notice_ground(const Situation& s) {
    const auto type = type_of(s);
    if (!type || (s.dispatch == nullptr && about_dispatch(*type)))
        return not_applicable();
    const auto owed = logbook::owed_notices(s.state);
    return refuse_if(
        std::ranges::none_of(owed, [&](const logbook::OwedNotice& one) { return says(s, one); }),
        "agreement.notice_ground");
}

//= O-34
// Between the two registries that were paired, about what went between them.
Verdict notice_channel(const Situation& s) {
    const std::string peer = s.text("peer");
    if (s.other == nullptr || peer != s.other->code)
        return refuse("agreement.channel_party");
    const logbook::Peer* paired = s.state.peer(peer);
    if (paired == nullptr || !paired->paired)
        return refuse("agreement.channel_unpaired");
    return refuse_if(s.dispatch != nullptr && s.dispatch->peer != peer, "agreement.channel_party");
}

//= O-14
//= I2
// Of what it originated a party changes the class and lets a third one have it, and of what it
// received it reports incidents and destruction.
Verdict notice_originator(const Situation& s) {
    const auto type = type_of(s);
    const logbook::Item* item = dispatched_item(s);
    if (!type || item == nullptr || *type == NoticeType::acknowledge ||
        *type == NoticeType::recall_answer)
        return not_applicable();
    // A tracer and what the originator alone may say come from who sent it.
    const bool originators = *type == NoticeType::class_change || *type == NoticeType::consent ||
                             *type == NoticeType::recall;
    const bool from_sender = *type == NoticeType::tracer || originators;
    const bool sent_here = s.dispatch->direction == Direction::out;
    const std::string third = s.text("third");
    const bool of_party = (s.own != nullptr && third == s.own->code) ||
                          (s.other != nullptr && third == s.other->code);
    return refuse_if(sent_here == from_sender || of_party ||
                         (originators && item->origin != s.text("peer")),
                     "agreement.notice_originator");
}

//= O-09
// A level of the originator's own scheme.
Verdict notice_level(const Situation& s) {
    const Party* peer = s.terms.party(s.text("peer"));
    if (peer == nullptr || s.text("level").empty())
        return not_applicable();
    return refuse_if(peer->scheme.by_code(s.text("level")) == nullptr, "agreement.classification");
}

//= O-07
//= O-13
//= O-36
//= O-44
Verdict notice_duty(const Situation& s) {
    const auto type = type_of(s);
    if (!type || !wants_answer(*type))
        return not_applicable();
    if (*type == NoticeType::tracer)
        return duty("agreement.notice_duty", "answer-tracer", s.now);
    if (*type == NoticeType::law)
        return duty("agreement.notice_duty", "acknowledge",
                    plus_working_days(s.now, s.terms.notice().law_days));
    if (*type == NoticeType::recall)
        return duty("agreement.notice_duty", "answer-recall",
                    plus_working_days(s.now, recall_answer_days(s.terms)));
    if (*type != NoticeType::class_change)
        return duty("agreement.notice_duty", "acknowledge", s.now);
    return duty("agreement.notice_duty", "remark",
                plus_working_days(s.now, s.terms.notice().class_change_days));
}

//= O-36
//= I7
// A sender asks after a receipt when the day of the terms has come, and after a discrepancy at
// once.
Verdict tracer_due(const Situation& s) {
    if (s.dispatch == nullptr)
        return not_applicable();
    using enum DispatchState;
    const DispatchState state = s.dispatch->state;
    if (state != sent && state != custody_receipted && state != discrepancy)
        return refuse("agreement.tracer_nothing");
    return refuse_if(state != discrepancy &&
                         s.now <
                             plus_working_days(s.dispatch->moved, s.terms.receipt().tracer_days),
                     "agreement.tracer_early");
}

//= O-13
//= I2
Verdict class_change_office(const Situation& s) {
    const auto role = logbook::parse_role(s.terms.notice().class_change_by);
    return refuse_if(!role || !s.actor_has(*role), "agreement.class_change_office");
}

//= O-14
//= I2
Verdict originator_only(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(s.received(), "agreement.class_retained");
}

//= O-13
Verdict class_changes(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(s.item->level == s.text("level"), "agreement.class_same");
}

//= O-13
//= I15
// Who holds it is told, and stands as pending until they have acknowledged.
Verdict class_change_told(const Situation& s) {
    if (s.item == nullptr || !held_by_other(s))
        return not_applicable();
    return duty("agreement.class_change_told", "await-acknowledgement",
                plus_working_days(s.now, s.terms.notice().class_change_days));
}

//= O-13
//= I15
// What was signed carries the former class: it is entered anew under the present one before it goes
// anywhere. Silent on all others, whose decisions must stay what they were.
Verdict label_current(const Situation& s) {
    if (s.item == nullptr || s.received() || s.item->level == s.item->label_level)
        return not_applicable(); // what goes back, its originator itself changed
    return refuse("agreement.label_outdated");
}

//= O-13
Verdict notice_known(const Situation& s) {
    if (s.notice == nullptr || s.notice->ours)
        return refuse("agreement.notice_unknown");
    const bool recalls = s.notice->type == NoticeType::recall;
    if (!wants_answer(s.notice->type) || recalls != (s.kind() == logbook::ActKind::answer_recall))
        return refuse(recalls ? "agreement.recall_unanswered" : "agreement.notice_needs_none");
    return refuse_if(s.notice->state != logbook::NoticeState::received,
                     "agreement.notice_answered");
}

//= O-13
//= I15
// Acknowledging a change of class says that it was carried out.
Verdict remarked_first(const Situation& s) {
    if (s.notice == nullptr || s.notice->type != NoticeType::class_change)
        return not_applicable();
    const logbook::Dispatch* dispatch = s.state.dispatch(s.notice->dispatch);
    const logbook::Item* item = dispatch == nullptr ? nullptr : s.state.item(dispatch->item);
    return refuse_if(item == nullptr || !item->change.empty(), "agreement.remark_pending");
}

} // namespace valise::agreement
