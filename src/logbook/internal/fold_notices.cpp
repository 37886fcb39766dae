// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

// Notices between the registries, and the acts that they rest on.
namespace valise::logbook {

Result<NoticeEntry> Fold::new_notice(bool ours) {
    NoticeEntry out;
    out.id = id_as<NoticeId>("notice");
    if (s_.notices_.contains(out.id))
        return known_id("the notice");
    out.ours = ours;
    out.seq = e_.seq();
    TRY_ASSIGN(out.type, parse_notice_type(fact("type")));
    out.peer = fact("peer");
    if (about_dispatch(out.type) || e_.ids().contains("dispatch")) {
        TRY_ASSIGN(const Dispatch* const dispatch, known_dispatch());
        if (out.peer != dispatch->peer || !about_dispatch(out.type))
            return unknown_id("a dispatch with this party, of this type of notice");
        out.dispatch = dispatch->id;
    }
    out.about = id_as<NoticeId>("about");
    out.incident = id_as<IncidentId>("incident");
    out.level = fact("level");
    if (facts_.contains("what")) {
        TRY_ASSIGN(out.what, parse_incident_what(fact("what")));
    }
    for (const char* name : kNoticeMembers)
        if (has_member(out.type, name) != (facts_.contains(name) || e_.ids().contains(name)))
            return fail(Code::invalid, "logbook.skeleton",
                        std::string(name) + ": not as this type of notice has it");
    if (facts_.contains("until"))
        out.until = time_fact("until");
    if (facts_.contains("from"))
        out.from = time_fact("from");
    out.adopted = hash_fact("adopted");
    out.third = fact("third");
    out.law = fact("law");
    out.edition = fact("edition");
    out.text = hash_fact("text");
    out.affects = fact("affects") == "yes";
    out.answer = fact("answer");
    out.at = out.since = e_.minute();
    return out;
}

Result<void> Fold::give_notice() {
    TRY_ASSIGN(NoticeEntry entry, new_notice(true));
    if (entry.id != notice_id(s_.party_, e_.seq()))
        return unknown_id("a notice of this event");
    TRY_ASSIGN(entry.state, next(NoticeState::none, NoticeEvent::give));
    s_.notices_[entry.id] = std::move(entry);
    return {};
}

Result<void> Fold::notice_ends(NoticeEvent event) {
    const auto found = s_.notices_.find(id_as<NoticeId>("notice"));
    if (found == s_.notices_.end())
        return unknown_id("the notice");
    return move_notice(found->second, event);
}

Result<void> Fold::move_notice(NoticeEntry& notice, NoticeEvent event) {
    TRY_ASSIGN(const NoticeState to, next(notice.state, event));
    if (to != notice.state)
        notice.since = e_.minute();
    notice.state = to;
    return {};
}

Result<void> Fold::move_incident(const IncidentId& id, IncidentEvent event) {
    const auto found = s_.incidents_.find(id);
    if (found == s_.incidents_.end())
        return unknown_id("the incident");
    TRY_ASSIGN(const IncidentState to, next(found->second.state, event));
    found->second.state = to;
    found->second.since = e_.minute();
    found->second.event = e_.seq();
    return {};
}

Result<void> Fold::take_notice() {
    TRY_ASSIGN(NoticeEntry entry, new_notice(false));
    TRY_ASSIGN(entry.state, next(NoticeState::none, NoticeEvent::receive));
    switch (entry.type) {
    case NoticeType::tracer:
        break;
    case NoticeType::class_change:
        TRY(class_changed(entry));
        break;
    case NoticeType::incident:
        TRY(incident_told(entry));
        break;
    case NoticeType::incident_report:
        TRY(move_incident(entry.incident, IncidentEvent::report_comes));
        s_.incidents_.at(entry.incident).enclosed = hash_fact("enclosed");
        break;
    case NoticeType::acknowledge:
    case NoticeType::acknowledge_law:
        TRY(acknowledged(entry));
        break;
    case NoticeType::law:
        TRY(peer_tells_law(entry));
        break;
    case NoticeType::ask_laws:
        TRY(peer_asks_laws(entry));
        break;
    case NoticeType::assurance:
        TRY(peer_assures(entry));
        break;
    case NoticeType::amendment:
    case NoticeType::arrangement:
        TRY(peer_adopts(entry));
        break;
    case NoticeType::termination:
        TRY(peer_terminates(entry));
        break;
    case NoticeType::consent:
        TRY(peer_consents(entry));
        break;
    case NoticeType::withdrawal:
        TRY(withdrawn_there(entry));
        break;
    case NoticeType::destruction:
        TRY(destroyed_there(entry));
        break;
    case NoticeType::recall:
        TRY(recalled_there(entry));
        break;
    case NoticeType::recall_answer:
        TRY(recall_answered(entry));
        break;
    }
    s_.notices_[entry.id] = std::move(entry);
    return {};
}

//= O-13
//= I15
// From here on the item has the originator's new level, and everything that was made of it waits
// for a person to mark it anew.
Result<void> Fold::class_changed(const NoticeEntry& notice) {
    const auto found = s_.items_.find(s_.dispatches_.at(notice.dispatch).item);
    if (found == s_.items_.end() || found->second.direction != Direction::in)
        return unknown_id("a received item of this dispatch");
    found->second.level = notice.level;
    found->second.change = notice.id;
    return {};
}

Result<void> Fold::incident_told(const NoticeEntry& notice) {
    if (s_.incidents_.contains(notice.incident))
        return known_id("the incident");
    Incident incident;
    incident.id = notice.incident;
    incident.ours = false;
    incident.item = s_.dispatches_.at(notice.dispatch).item;
    incident.what = notice.what.value_or(IncidentWhat::suspected);
    TRY_ASSIGN(incident.state, next(IncidentState::none, IncidentEvent::notice_comes));
    incident.at = incident.since = e_.minute();
    incident.event = e_.seq();
    s_.incidents_[incident.id] = incident;
    return {};
}

Result<void> Fold::acknowledged(const NoticeEntry& answer) {
    const auto found = s_.notices_.find(answer.about);
    if (found == s_.notices_.end() || !found->second.ours ||
        found->second.dispatch != answer.dispatch ||
        (found->second.type == NoticeType::law) != (answer.type == NoticeType::acknowledge_law))
        return unknown_id("a notice of ours");
    NoticeEntry notice = found->second;
    TRY(move_notice(notice, NoticeEvent::acknowledgement_comes));
    if (notice.type == NoticeType::incident_report)
        TRY(move_incident(notice.incident, IncidentEvent::acknowledgement_comes));
    found->second = std::move(notice);
    return {};
}

//= O-36
Result<void> Fold::trace() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    TRY(next(dispatch->state, DispatchEvent::trace));
    dispatch->traced = e_.seq();
    return {};
}

//= O-13
//= I2
// The label as it was signed stays; the level beside it is what counts from now on.
Result<void> Fold::change_class() {
    const auto found = s_.items_.find(id_as<ItemId>("item"));
    if (found == s_.items_.end() || found->second.direction != Direction::out)
        return unknown_id("an item of this id that originated here");
    found->second.level = fact("level");
    return {};
}

Result<void> Fold::acknowledge() {
    const auto found = s_.notices_.find(id_as<NoticeId>("notice"));
    if (found == s_.notices_.end() || found->second.ours)
        return unknown_id("a notice of the other party");
    NoticeEntry notice = found->second;
    TRY(move_notice(notice, NoticeEvent::answer));
    if (notice.type == NoticeType::incident_report)
        TRY(move_incident(notice.incident, IncidentEvent::answer_report));
    found->second = std::move(notice);
    return {};
}

//= O-42
//= O-43
// From this event on the copies are frozen: State::freezing() finds it.
Result<void> Fold::report_incident() {
    Incident incident;
    incident.id = id_as<IncidentId>("incident");
    incident.item = id_as<ItemId>("item");
    incident.copy = id_as<CopyId>("copy");
    if (s_.incidents_.contains(incident.id))
        return known_id("the incident");
    if (!s_.items_.contains(incident.item))
        return unknown_id("the item");
    const CopyHolding* copy = s_.copy(incident.copy);
    if (!incident.copy.empty() && (copy == nullptr || copy->item != incident.item))
        return unknown_id("the copy of this item");
    TRY_ASSIGN(incident.what, parse_incident_what(fact("what")));
    TRY_ASSIGN(incident.state, next(IncidentState::none, IncidentEvent::report_incident));
    incident.at = incident.since = e_.minute();
    incident.event = e_.seq();
    s_.incidents_[incident.id] = incident;
    return {};
}

Result<void> Fold::investigate() {
    return move_incident(id_as<IncidentId>("incident"), IncidentEvent::investigate);
}

//= O-44
Result<void> Fold::report() {
    const auto incident = id_as<IncidentId>("incident");
    TRY(move_incident(incident, IncidentEvent::give_report));
    s_.incidents_.at(incident).enclosed = hash_fact("enclosed");
    return {};
}

//= O-43
Result<void> Fold::close_incident() {
    const auto id = id_as<IncidentId>("incident");
    TRY(move_incident(id, IncidentEvent::close));
    if (fact("finding") != to_string(IncidentFinding::lost))
        return {};
    const auto copy = s_.copies_.find(s_.incidents_.at(id).copy);
    if (copy == s_.copies_.end())
        return unknown_id("the copy that is lost");
    return lose(copy->second);
}

} // namespace valise::logbook
