// SPDX-License-Identifier: Apache-2.0
// What an originator keeps of an item that it lets go: each opening, and the right to have it back.
#include "agreement/control.h"
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::Direction;
using logbook::Form;

constexpr std::int64_t kBetweenClocks = 300; // seconds that two registries' clocks may differ

const logbook::Control* control_of(const Situation& s) {
    return s.dispatch == nullptr ? nullptr : s.state.control(s.dispatch->id);
}

const logbook::Item* dispatched(const Situation& s) {
    return s.dispatch == nullptr ? nullptr : s.state.item(s.dispatch->item);
}

// Asks here, as the originator's registry hears it; an answer that came is the receiver's.
bool asks(const Situation& s) {
    return s.kind() == ActKind::permit_opening && s.dispatch != nullptr &&
           s.dispatch->direction == Direction::out;
}

// What is asked for by name must be possible; a receiver takes what its terms have too.
Verdict control_named(const Party* originator, const std::string& level, bool sealed) {
    if (!sealed)
        return refuse("agreement.control_form");
    return refuse_if(originator == nullptr || !control_allowed(*originator, level),
                     "agreement.control_level");
}

} // namespace

bool control_allowed(const Party& originator, const std::string& level) {
    return originator.control.contains(level);
}

bool control_required(const Party& originator, const std::string& level) {
    const auto rule = originator.control.find(level);
    return rule != originator.control.end() && rule->second;
}

bool keeps_control(const Terms& terms, const logbook::Item& item, const logbook::Release* release,
                   bool package) {
    const Party* originator = terms.party(item.origin);
    return item.direction == Direction::out && item.form == Form::electronic && !package &&
           originator != nullptr &&
           (control_required(*originator, item.level) || (release != nullptr && release->control));
}

std::optional<Time> lease_until(const Terms& terms, const logbook::Control& control, Time now) {
    if (!terms.control() || terms.control()->lease_hours == 0)
        return std::nullopt;
    const Time until = now.plus_seconds(std::int64_t{3600} * terms.control()->lease_hours);
    return control.until ? std::min(until, *control.until) : until;
}

bool client_admitted(const Terms& terms, const logbook::Item& item) {
    const Party* originator = terms.party(item.origin);
    if (originator == nullptr)
        return false;
    const auto level = originator->exports.find(item.level);
    return level != originator->exports.end() && level->second;
}

int recall_answer_days(const Terms& terms) {
    return terms.control() ? terms.control()->answer_days : 0;
}

//= O-20
// Whoever releases may ask that each opening asks the originator, and from some level on the terms
// do. What another originated nobody here can bind so, and what another controls is not sealed
// anew: its key is not here.
Verdict originator_control(const Situation& s) {
    if (s.kind() == ActKind::arrive) {
        const Party* peer = s.terms.party(s.text("peer"));
        const bool sealed = s.text("seals").empty();
        if (!s.text("control").empty())
            return control_named(peer, s.text("level"), sealed);
        if (peer == nullptr || !sealed || !control_required(*peer, s.text("level")))
            return not_applicable();
        return refuse("agreement.control_required");
    }
    if (s.item == nullptr || s.own == nullptr)
        return not_applicable();
    const bool dispatch = s.kind() == ActKind::dispatch;
    const bool package = !s.text("seals").empty();
    if (dispatch && !package && s.state.controlled(*s.item))
        return refuse("agreement.control_held");
    const auto until = s.act.time_field("until");
    if (until &&
        (*until <= s.now || (dispatch && !keeps_control(s.terms, *s.item, s.release, package))))
        return refuse("agreement.control_day");
    // The day of its release came before it left: it would open for nobody, ever.
    if (dispatch && s.release != nullptr && s.release->until && *s.release->until <= s.now)
        return refuse("agreement.control_day");
    const bool asked =
        dispatch ? s.release != nullptr && s.release->control : !s.text("control").empty();
    if (asked && s.received())
        return refuse("agreement.control_originator");
    if (asked)
        return control_named(s.own, s.item->level, s.item->form == Form::electronic && !package);
    if (!dispatch || !keeps_control(s.terms, *s.item, s.release, package))
        return not_applicable();
    return pass();
}

//= O-20
// What was recalled goes nowhere from its originator, and is read no more where it was received.
Verdict not_recalled(const Situation& s) {
    const logbook::Item* item = s.kind() == ActKind::permit_opening ? dispatched(s) : s.item;
    if (item == nullptr || s.state.recall(item->id) == nullptr)
        return not_applicable();
    const bool leaves = s.kind() == ActKind::dispatch || s.kind() == ActKind::permit_opening;
    if (!leaves && item->direction == Direction::out)
        return not_applicable(); // its originator's own readers
    return refuse("agreement.recalled");
}

//= O-20
//= O-32
// A client opens a copy of it only where the originator lets copies of that level leave too: in the
// receiver's book when the copy is taken and at each opening, in the originator's at each ask.
Verdict control_export(const Situation& s) {
    const bool asked = s.kind() == ActKind::permit_opening;
    const logbook::Item* item = asked ? dispatched(s) : s.item;
    if (item == nullptr || (asked ? s.text("by").empty() : !s.state.controlled(*item)))
        return not_applicable();
    return refuse_if(!client_admitted(s.terms, *item), "agreement.control_export");
}

//= O-20
Verdict controlled(const Situation& s) {
    if (s.dispatch == nullptr)
        return not_applicable();
    if (control_of(s) == nullptr)
        return refuse("agreement.not_controlled");
    return refuse_if(s.kind() == ActKind::narrow && s.dispatch->direction != Direction::out,
                     "agreement.class_retained");
}

//= O-20
Verdict control_until(const Situation& s) {
    const logbook::Control* control = control_of(s);
    if (!asks(s) || control == nullptr || !control->until)
        return not_applicable();
    return refuse_if(s.now > *control->until, "agreement.control_expired");
}

//= O-20
//= O-15
Verdict reader_admitted(const Situation& s) {
    const logbook::Control* control = control_of(s);
    if (!asks(s) || control == nullptr)
        return not_applicable();
    const auto reader = s.act.hash_field("reader");
    if (!reader || (!control->admitted.contains(*reader) &&
                    control->admitted.size() >= logbook::kAdmittedMost))
        return refuse("agreement.control_readers");
    if (!control->readers)
        return not_applicable();
    return refuse_if(!control->readers->contains(*reader), "agreement.control_reader");
}

//= O-13
//= I15
// A receiver that has not heard of the new class would show the item under the old one.
Verdict class_heard(const Situation& s) {
    const logbook::Item* item = dispatched(s);
    if (!asks(s) || item == nullptr)
        return not_applicable();
    return refuse_if(item->level != s.text("level"), "agreement.control_class");
}

//= O-20
// An ask that was answered and is heard again would let the book count what nobody opened; and an
// answer that comes to nothing that is open here is none.
Verdict asked_once(const Situation& s) {
    const logbook::Control* control = control_of(s);
    const auto opening = std::atoll(s.text("opening").c_str());
    if (control == nullptr)
        return not_applicable();
    if (asks(s))
        return refuse_if(s.text("session_key").empty() ||
                             control->asked.repeated(static_cast<std::uint64_t>(opening)),
                         "agreement.control_repeated");
    const auto& permits = s.state.open_permits();
    const auto reading = permits.find(static_cast<std::uint64_t>(opening));
    return refuse_if(reading == permits.end() || !reading->second.reader() ||
                         (reading->second.kind != ActKind::open) != (s.text("by") == "client") ||
                         reading->second.answered || s.item == nullptr || s.copy == nullptr ||
                         s.dispatch->item != s.item->id ||
                         reading->second.ids.at("copy") != s.copy->id.text() ||
                         s.copy->item != s.item->id,
                     "agreement.control_unasked");
}

//= O-20
// Both parties signed how long a permission may last.
Verdict lease_term(const Situation& s) {
    const logbook::Control* control = control_of(s);
    const std::string stated = s.text("until");
    if (s.kind() != ActKind::permit_opening || control == nullptr || stated.empty())
        return not_applicable();
    // A client asks for each opening: nobody signs for those but its registry.
    if (!s.text("by").empty())
        return refuse("agreement.control_lease");
    const auto until = Time::parse(stated);
    const auto longest = lease_until(s.terms, *control, s.now);
    // The receiver reads what the originator stated by a clock of its own.
    const std::int64_t between = asks(s) ? 0 : kBetweenClocks;
    return refuse_if(!until || !longest || *until > longest->plus_seconds(between),
                     "agreement.control_lease");
}

//= O-20
// Fewer readers, an earlier day: what was let go on is not let go further by this.
Verdict narrow_only(const Situation& s) {
    const logbook::Control* control = control_of(s);
    if (control == nullptr)
        return not_applicable();
    const auto until = Time::parse(s.text("until"));
    if (until && control->until && *until > *control->until)
        return refuse("agreement.narrow_wider");
    const auto readers = logbook::parse_readers(s.text("readers"));
    if (!readers || !control->readers)
        return pass();
    return refuse_if(!std::ranges::includes(*control->readers, *readers), "agreement.narrow_wider");
}

//= O-20
// Once, and of what the other party was sent.
Verdict recall_held(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    if (s.state.recall(s.item->id) != nullptr)
        return refuse("agreement.recall_repeated");
    return refuse_if(!s.state.dispatched(s.item->id), "agreement.recall_nothing");
}

//= O-20
Verdict recall_told(const Situation& s) {
    if (s.item == nullptr || !s.terms.control())
        return not_applicable();
    return duty("agreement.recall_told", "await-recall-answer",
                plus_working_days(s.now, s.terms.control()->answer_days));
}

//= O-20
// The officer signs what the book says, not what would be good to hear.
Verdict recall_answer_true(const Situation& s) {
    if (s.notice == nullptr || s.notice->type != logbook::NoticeType::recall)
        return not_applicable(); // "notice-known" refuses
    const logbook::Item* item = s.state.dispatch(s.notice->dispatch) == nullptr
                                    ? nullptr
                                    : s.state.item(s.state.dispatch(s.notice->dispatch)->item);
    return refuse_if(item == nullptr ||
                         logbook::recall_answer(s.state, item->id).text() != s.text("answer"),
                     "agreement.recall_answer");
}

} // namespace valise::agreement
