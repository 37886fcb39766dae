// SPDX-License-Identifier: Apache-2.0
#include "agreement/equivalence.h"
#include "logbook/control.h"
#include "sim/bond.h"

// What the persons of both registries do.
namespace valise::testing {

using logbook::ActKind;
using logbook::DispatchState;
using logbook::IncidentState;
using logbook::NoticeState;
using logbook::NoticeType;

void Bond::something(One& one) {
    switch (random_.below(14)) {
    case 0:
    case 1:
        return send_something(one);
    case 2:
        return read_something(one);
    case 3:
        return tell_something(one);
    case 4:
        return go_on(one);
    case 5:
        return random_.chance(50) ? send_package(one) : carry_packages(one);
    case 6:
        return reconcile(one);
    case 7:
        return control(one);
    case 8:
        return courier(one);
    case 9:
        return attack(one);
    default:
        (void)one.side.work(); // a lost message is no news
    }
}

bool Bond::approve(One& one, const Someone& who, const ItemId& id, bool control) {
    const auto state = one.side.registry->state();
    const logbook::Item* item = state.item(id);
    const std::string to = one.side.peer->party;
    const Hash32 terms = one.side.terms.digest();
    const Hash32 digest =
        logbook::release_digest(id, item->payload_root, item->label_sha256, to, terms);
    Json content = {{"release_digest", to_base64(digest)},
                    {"item", id.text()},
                    {"recipient", to},
                    {"level", item->level},
                    {"terms", to_base64(terms)}};
    if (control)
        content["control"] = "originator";
    const auto answer = one.side.try_act(who, ActKind::approve_release, std::move(content));
    return answer && answer->decision.permitted();
}

void Bond::send_something(One& one) {
    const std::string purpose = one.side.terms.purposes().front().code;
    Bytes document(random_.below(3000) + (random_.chance(10) ? (2U << 20) : 0U));
    const ItemId item = one.side.enter(one.staff.originator, document, one.level, purpose);
    const bool control = faults_ && random_.chance(20);
    if (!approve(one, one.staff.first, item, control) ||
        !approve(one, one.staff.second, item, false))
        return;
    const auto answer =
        one.side.try_act(one.side.control_officer, ActKind::dispatch,
                         {{"item", item.text()}, {"recipient", one.side.peer->party}});
    if (!answer || !answer->decision.permitted())
        return;
    ++one.permitted;
    told(control ? "controlled dispatch" : "dispatch");
}

//= O-35
void Bond::send_package(One& one) {
    const std::string purpose = one.side.terms.purposes().front().code;
    const ItemId item =
        one.side.enter_described(one.staff.originator, one.level, purpose, "paper", {{"pages", 3}});
    if (!approve(one, one.staff.first, item, false) || !approve(one, one.staff.second, item, false))
        return;
    const CopyId copy = one.side.registry->state().item(item)->copies.front();
    const auto answer = one.side.try_act(one.side.control_officer, ActKind::dispatch,
                                         {{"item", item.text()},
                                          {"recipient", one.side.peer->party},
                                          {"copy", copy.text()},
                                          {"seals", "A-17"}});
    if (answer && answer->decision.permitted())
        told("package");
}

// What was announced is given to the courier, who gives it to the officer there.
void Bond::carry_packages(One& one) {
    const auto state = one.side.registry->state();
    const auto officer = [&](Side& side, ActKind kind, Json content) {
        (void)side.try_act(side.control_officer, kind, std::move(content));
    };
    for (const auto& [id, dispatch] : state.dispatches()) {
        if (!dispatch.package())
            continue;
        if (dispatch.direction == logbook::Direction::out &&
            dispatch.state == DispatchState::permitted)
            officer(one.side, ActKind::hand_over,
                    {{"dispatch", id.text()},
                     {"carrier", "a courier"},
                     {"reference", "C-17"},
                     {"at", one.side.registry->now().text()},
                     {"finding", "intact"}});
        const auto there =
            other(one).side.registry ? other(one).side.registry->state() : logbook::State();
        const auto* sent = there.dispatch(id);
        if (dispatch.direction == logbook::Direction::in &&
            dispatch.state == DispatchState::offered && sent != nullptr && !sent->legs.empty())
            officer(one.side, ActKind::take_delivery,
                    {{"dispatch", id.text()}, {"carrier", "a courier"}, {"finding", "intact"}});
        if (dispatch.direction == logbook::Direction::in && dispatch.state == DispatchState::marked)
            officer(
                one.side, ActKind::contents_receipt,
                {{"dispatch", id.text()}, {"item", dispatch.item.text()}, {"finding", "in-order"}});
    }
}

void Bond::read_something(One& one) {
    Side& side = one.side;
    const auto state = side.registry->state();
    for (const auto& [id, dispatch] : state.dispatches()) {
        if (dispatch.direction != logbook::Direction::in || dispatch.package() ||
            dispatch.state != DispatchState::marked)
            continue;
        const std::string purpose = state.item(dispatch.item)->purpose;
        (void)side.try_act(one.side.control_officer, ActKind::grant,
                           {{"person", one.staff.reader.id().text()},
                            {"item", dispatch.item.text()},
                            {"purpose", purpose},
                            {"until", side.registry->now().plus_days(10).text()}});
        if (!side.read(one.staff.reader, dispatch.item, purpose))
            return;
        told("reading");
        (void)side.try_act(
            one.staff.reader, ActKind::contents_receipt,
            {{"dispatch", id.text()}, {"item", dispatch.item.text()}, {"finding", "in-order"}});
        return;
    }
}

void Bond::accredit(One& one) {
    (void)one.side.try_act(one.side.control_officer, ActKind::accredit,
                           {{"peer", one.side.peer->party},
                            {"level", one.top},
                            {"until", one.side.registry->now().plus_days(90).text()},
                            {"reference", "ACC"}});
}

// Far enough for a tracer; links are accredited anew meanwhile.
void Bond::weeks_pass() {
    base_ = base_.plus_days(22);
    set_clocks();
    for (One* one : {&first_, &second_})
        accredit(*one);
}

// Something that the other party has to know: another class, an overdue receipt, an incident.
void Bond::tell_something(One& one) {
    Side& side = one.side;
    const auto state = side.registry->state();
    if (state.dispatches().empty())
        return;
    const auto& [id, dispatch] = random_.any(state.dispatches());
    const auto* item = state.item(dispatch.item);
    if (item == nullptr)
        return;
    if (dispatch.direction == logbook::Direction::in)
        (void)side.try_act(one.staff.reader, ActKind::report_incident,
                           {{"item", item->id.text()}, {"what", "suspected"}});
    else if (random_.chance(50))
        (void)side.try_act(one.staff.first, ActKind::change_class,
                           {{"item", item->id.text()},
                            {"level", item->level == one.low ? one.level : one.low},
                            {"reason", "as it is now"}});
    else
        (void)side.try_act(side.control_officer, ActKind::trace, {{"dispatch", id.text()}});
}

// Openings that the originator keeps to its permit are narrowed, and now and then all is had back.
void Bond::control(One& one) {
    const auto state = one.side.registry->state();
    for (const auto& [id, dispatch] : state.dispatches()) {
        if (dispatch.direction != logbook::Direction::out || state.control(id) == nullptr)
            continue;
        if (random_.chance(20)) {
            const auto answer =
                one.side.try_act(one.staff.first, ActKind::recall,
                                 {{"item", dispatch.item.text()}, {"ground", "sent in error"}});
            if (answer && answer->decision.permitted())
                told("recall");
        } else if (random_.chance(50)) {
            (void)one.side.try_act(one.staff.first, ActKind::narrow,
                                   {{"dispatch", id.text()},
                                    {"until", one.side.registry->now().plus_days(30).text()}});
        }
    }
}

//= O-37
void Bond::reconcile(One& one) {
    Side& side = one.side;
    const auto content = [&](const agreement::ReconStatement& statement) {
        const auto& own = statement.of(side.party);
        const auto& theirs = &own == &statement.first ? statement.second : statement.first;
        return Json{{"recon", to_base64(statement.digest())},
                    {"own", std::to_string(own.to)},
                    {"theirs", std::to_string(theirs.to)},
                    {"text", to_base64(statement.bytes())}};
    };
    const auto views = side.registry->reconciliations();
    if (views)
        for (const auto& view : *views) {
            require(restored_ || !view.differs, side.party + ": both logs give one statement");
            if (view.signed_there && !view.signed_here && !view.differs) {
                const auto answer = side.try_act(side.control_officer, ActKind::countersign,
                                                 content(view.statement));
                if (answer && answer->decision.permitted())
                    told("statement signed by both");
                return;
            }
        }
    if (const auto statement = side.registry->propose_reconciliation())
        (void)side.try_act(side.control_officer, ActKind::reconcile, content(*statement));
}

// The officer does whatever is possible: marks anew, acknowledges, carries incidents on.
void Bond::go_on(One& one) {
    Side& side = one.side;
    const auto state = side.registry->state();
    const auto act = [&](ActKind kind, Json content) {
        (void)side.try_act(side.control_officer, kind, std::move(content));
    };
    for (const auto& [id, item] : state.items()) {
        const auto* row = item.change.empty()
                              ? nullptr
                              : agreement::find_equivalence(side.terms, item.origin, item.level,
                                                            side.party, side.registry->now());
        if (row != nullptr)
            act(ActKind::remark, {{"item", id.text()}, {"level", row->to_levels.front()}});
    }
    for (const auto& [id, notice] : state.notices()) {
        if (notice.state != NoticeState::received || notice.type == NoticeType::acknowledge)
            continue;
        const auto* by = state.dispatch(notice.dispatch);
        if (notice.type == NoticeType::recall && by != nullptr)
            act(ActKind::answer_recall,
                {{"notice", id.text()},
                 {"answer", logbook::recall_answer(state, by->item).text()}});
        else
            act(ActKind::acknowledge, {{"notice", id.text()}});
    }
    for (const auto& [id, incident] : state.incidents()) {
        const auto kind = incident.state == IncidentState::frozen         ? ActKind::investigate
                          : incident.state == IncidentState::investigated ? ActKind::report
                                                                          : ActKind::close_incident;
        if (incident.ours && incident.state != IncidentState::closed)
            act(kind, {{"incident", id.text()}, {"note", "what was seen"}});
    }
}

} // namespace valise::testing
