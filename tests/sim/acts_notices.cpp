// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "sim/acts.h"

#include <algorithm>

// What the other party has to hear of.
namespace valise::testing {

using logbook::ActKind;
using logbook::Direction;
using logbook::DispatchState;
using logbook::IncidentState;
using logbook::Role;

bool Acts::of_notices(Proposal& p) {
    switch (p.kind) {
    case ActKind::trace: {
        const auto* of = one_of(state_.dispatches(), [](const logbook::Dispatch& d) {
            return d.state == DispatchState::sent || d.state == DispatchState::custody_receipted ||
                   d.state == DispatchState::discrepancy;
        });
        p.content["dispatch"] = id_or_fresh(of);
        by_officer(p);
        return true;
    }
    case ActKind::change_class:
        change_class(p);
        return true;
    case ActKind::acknowledge: {
        const auto* of = one_of(state_.notices(), [](const logbook::NoticeEntry& n) {
            return n.state == logbook::NoticeState::received &&
                   n.type != logbook::NoticeType::acknowledge;
        });
        p.content["notice"] = id_or_fresh(of);
        by_officer(p);
        return true;
    }
    case ActKind::law:
        law(p);
        return true;
    case ActKind::ask_laws:
        p.content["peer"] = other().code;
        by_officer(p);
        return true;
    case ActKind::report_incident: {
        // Of what came from the other party first: that is what a notice goes out for.
        const Item* of = item([](const Item& i) { return i.direction == Direction::in; });
        if (of == nullptr || random_.chance(40))
            of = item();
        name(p, of);
        p.content["what"] = random_.any({"loss", "compromise", "suspected"});
        if (of != nullptr && random_.chance(60))
            p.content["copy"] = random_.any(of->copies).text();
        return true;
    }
    case ActKind::investigate:
    case ActKind::report:
    case ActKind::close_incident:
        incident(p);
        return true;
    case ActKind::recall: {
        const auto* sent = one_of(state_.dispatches(), [](const logbook::Dispatch& d) {
            return d.direction == Direction::out && d.moved != Time{};
        });
        // Final, so seldom: what is recalled takes part in nothing any more.
        name(p, sent != nullptr && random_.chance(30) ? state_.item(sent->item) : item());
        p.content["ground"] = "as it is now";
        p.who = &with(Role::releasing_authority);
        return true;
    }
    case ActKind::answer_recall:
        answer_recall(p);
        return true;
    case ActKind::narrow:
        narrow(p);
        return true;
    case ActKind::shred:
        // Of any event: whether it is one of this kind, the registry says.
        p.content = {{"of", random_.any({"absence", "grant", "clear", "pair"})},
                     {"events", std::to_string(random_.below(state_.next_seq() + 2))},
                     {"basis", random_.any({"retention-ended", "tidiness"})},
                     {"reference", "rule 12"}};
        by_officer(p);
        return true;
    case ActKind::recover:
    case ActKind::reconcile:
    case ActKind::countersign:
        proof(p);
        return true;
    default:
        return false;
    }
}

// What an officer signs over the logs: of a book that lacks nothing, and of what both hold.
void Acts::proof(Proposal& p) {
    by_officer(p);
    if (p.kind == ActKind::recover) {
        p.content.update({{"epoch", "2"},
                          {"held", std::to_string(state_.next_seq())},
                          {"root", to_base64(crypto::random_array<32>())},
                          {"signed", std::to_string(state_.next_seq() + 1)},
                          {"mirror", random_.any({"yes", "no"})}});
        return;
    }
    auto statement = side_.registry->propose_reconciliation();
    if (const auto known = side_.registry->reconciliations();
        known && !known->empty() && (p.kind == ActKind::countersign || random_.chance(20)))
        statement = known->back().statement;
    if (!statement) {
        p.content.update({{"recon", to_base64(crypto::random_array<32>())},
                          {"own", "1"},
                          {"theirs", "1"},
                          {"text", to_base64(crypto::random_array<32>())}});
        return;
    }
    const auto& own_log = statement->of(side_.party);
    const auto& theirs = &own_log == &statement->first ? statement->second : statement->first;
    p.content.update({{"recon", to_base64(statement->digest())},
                      {"own", std::to_string(own_log.to)},
                      {"theirs", std::to_string(theirs.to)},
                      {"text", to_base64(statement->bytes())}});
}

void Acts::change_class(Proposal& p) {
    const Item* of = item([](const Item& i) { return i.direction == Direction::out; });
    if (random_.chance(50)) // there is somebody to tell
        if (const auto* sent = one_of(state_.dispatches(), [](const logbook::Dispatch& d) {
                return d.direction == Direction::out && d.moved != Time{};
            }))
            of = state_.item(sent->item);
    name(p, of);
    p.content.update({{"level", level()}, {"reason", "as it is now"}});
    p.who = &with(Role::releasing_authority);
}

//= O-07
void Acts::law(Proposal& p) {
    const std::string code = random_.any({"secrets", "archives", "patents"});
    const auto known = state_.laws().find(code);
    const Time from = known == state_.laws().end() ? now() : std::max(now(), known->second.from);
    p.content = {{"law", code},
                 {"edition", random_.chance(90) ? std::to_string(now().seconds) : "1"},
                 {"from", from.text()},
                 {"text", to_base64(crypto::random_array<32>())},
                 {"affects", random_.chance(60) ? "yes" : "no"},
                 {"title", "Act on " + code}};
    if (random_.chance(40))
        p.content["note"] = "article 5";
    by_officer(p);
}

void Acts::answer_recall(Proposal& p) {
    const auto* of = one_of(state_.notices(), [](const logbook::NoticeEntry& n) {
        return n.type == logbook::NoticeType::recall && !n.ours;
    });
    const auto* by = of == nullptr ? nullptr : state_.dispatch(of->dispatch);
    p.content["notice"] = id_or_fresh(of);
    p.content["answer"] = by == nullptr || random_.chance(20)
                              ? "0,1,0,0,0"
                              : logbook::recall_answer(state_, by->item).text();
    by_officer(p);
}

void Acts::narrow(Proposal& p) {
    const auto* of = one_of(state_.dispatches(), [&](const logbook::Dispatch& d) {
        return d.direction == Direction::out && state_.control(d.id) != nullptr;
    });
    p.content["dispatch"] = id_or_fresh(of);
    const auto* control = of == nullptr ? nullptr : state_.control(of->id);
    if (control != nullptr && !control->admitted.empty() && random_.chance(50))
        p.content["readers"] = logbook::readers_text({control->admitted.begin()->first});
    else
        p.content["until"] = days_ahead(1, 60).text();
    p.who = &with(Role::releasing_authority);
}

void Acts::incident(Proposal& p) {
    using enum IncidentState;
    const auto at = [&](IncidentState state) {
        switch (p.kind) {
        case ActKind::investigate:
            return state == frozen || state == investigated || state == report_acknowledged;
        case ActKind::report:
            return state == investigated;
        default:
            return state == investigated || state == report_acknowledged;
        }
    };
    const auto* of = one_of(state_.incidents(), [&](const logbook::Incident& i) {
        const Item* what = state_.item(i.item);
        return i.ours && at(i.state) && what != nullptr &&
               (p.kind != ActKind::report || what->direction == Direction::in);
    });
    if (of == nullptr)
        of = one_of(state_.incidents(), [](const auto&) { return true; });
    p.content["incident"] = id_or_fresh(of);
    if (p.kind != ActKind::close_incident)
        p.content["note"] = "what was seen";
    else if (random_.chance(60))
        p.content["finding"] = random_.any({"lost", "lost", "found"});
    by_officer(p);
}

} // namespace valise::testing
