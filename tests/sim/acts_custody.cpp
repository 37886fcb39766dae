// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "logbook/protection.h"
#include "sim/acts.h"

#include <algorithm>

// Where copies go, and how they end.
namespace valise::testing {

using logbook::ActKind;
using logbook::CopyState;
using logbook::Form;
using logbook::Role;

bool Acts::of_custody(Proposal& p) {
    switch (p.kind) {
    case ActKind::container:
        container(p);
        return true;
    case ActKind::store: {
        const Copy* of = copy([](const Copy& c) { return c.state == CopyState::held; });
        name(p, of);
        if (const auto* into = one_of(state_.containers(), [](const auto&) { return true; });
            into != nullptr && random_.chance(70))
            p.content["container"] = into->id.text();
        by_officer(p);
        return true;
    }
    case ActKind::copy:
        copy(p);
        return true;
    case ActKind::issue:
        issue(p);
        return true;
    case ActKind::print:
        print(p);
        return true;
    case ActKind::take_back: {
        const Copy* of = copy([](const Copy& c) { return c.state == CopyState::issued; });
        name(p, of);
        if (of != nullptr && of->pages != 0)
            p.content["pages"] = random_.chance(85) ? of->pages : of->pages + 1;
        by_officer(p);
        return true;
    }
    case ActKind::witness_destruction:
    case ActKind::destroy:
    case ActKind::certify_destruction:
        destruction(p);
        return true;
    case ActKind::review_purpose:
        review(p);
        return true;
    case ActKind::begin_muster:
    case ActKind::count:
    case ActKind::close_muster:
        muster(p);
        return true;
    default:
        return false;
    }
}

void Acts::container(Proposal& p) {
    const std::string highest = level();
    const auto* old = one_of(state_.containers(), [](const auto&) { return true; });
    std::set<std::string> access = {side_.control_officer.id().text()};
    while (random_.chance(60))
        access.insert(cleared_for(highest).id().text());
    std::string list;
    for (const std::string& one : access)
        list += (list.empty() ? "" : ",") + one;
    p.content = {{"container", old != nullptr && state_.containers().size() > 3
                                   ? old->id.text()
                                   : fresh<ContainerId>()},
                 {"level", highest},
                 {"access", list},
                 {"name", "Safe"}};
    std::set<std::string> controls = own().controls.at(highest);
    if (random_.chance(15))
        controls.erase(controls.begin());
    if (random_.chance(30))
        controls.insert("guarded");
    if (!controls.empty())
        p.content["controls"] = logbook::words_text(controls);
    by_officer(p);
}

void Acts::copy(Proposal& p) {
    const Item* of = item([](const Item& i) {
        return (i.form == Form::electronic || i.form == Form::paper) &&
               (i.direction == logbook::Direction::out || !i.own_level.empty());
    });
    name(p, of);
    const bool paper = of == nullptr || of->form == Form::paper || random_.chance(60);
    p.content.update({{"copy", fresh<CopyId>()},
                      {"form", paper ? "paper" : "electronic"},
                      {"reason", "one more reader"}});
    if (paper && random_.chance(70)) // or to be printed
        p.content["pages"] = random_.from_to(1, 4);
    by_officer(p);
    ground(p, of);
    if (of != nullptr && of->copying_reserved && of->entered_by)
        if (const Someone* author = known(*of->entered_by)) {
            p.who = author;
            p.content.erase("for");
        }
}

void Acts::issue(Proposal& p) {
    const Copy* of = copy([&](const Copy& c) {
        const Item* what = state_.item(c.item);
        return c.state == CopyState::held && what != nullptr && reader_of(*what) != nullptr;
    });
    if (of == nullptr)
        of = copy([](const Copy& c) { return c.state == CopyState::held; });
    const Item* what = of != nullptr ? state_.item(of->item) : nullptr;
    const Someone* reader = what != nullptr ? reader_of(*what) : nullptr;
    name(p, of);
    p.content.update({{"person", (reader != nullptr ? *reader : somebody()).id().text()},
                      {"purpose", what != nullptr ? what->purpose : purpose()},
                      {"due", days_ahead(1, 29).text()}});
    by_officer(p);
}

// A sheet of what may be read; at times the one that an officer ordered, or one that is there.
void Acts::print(Proposal& p) {
    open(p);
    p.content.erase("session_key");
    const auto item = ItemId::parse(p.content["item"].get<std::string>());
    const Item* of = item ? state_.item(*item) : nullptr;
    const Copy* ordered = nullptr;
    if (random_.chance(60))
        ordered = copy([&](const Copy& c) {
            return of != nullptr && c.item == of->id &&
                   c.state == (random_.chance(90) ? CopyState::ordered : CopyState::held);
        });
    p.content.update({{"print", ordered != nullptr ? ordered->id.text() : fresh<CopyId>()},
                      {"due", days_ahead(1, 29).text()},
                      {"reason", "to write on"}});
    ground(p, of);
}

void Acts::destruction(Proposal& p) {
    const bool certify = p.kind == ActKind::certify_destruction;
    const Copy* of = copy([&](const Copy& c) {
        return certify ? c.state == CopyState::destroying && c.form != Form::electronic
                       : c.state == CopyState::held && !c.witnesses.empty();
    });
    if (of == nullptr || (p.kind == ActKind::witness_destruction && random_.chance(50)))
        of = copy([](const Copy& c) { return c.state == CopyState::held; });
    const Item* what = of != nullptr ? state_.item(of->item) : nullptr;
    name(p, of);
    if (certify) {
        p.content["finding"] = random_.chance(80) ? "destroyed" : "kept";
        if (of == nullptr || !of->destruction)
            return;
        if (of->destruction->method == agreement::kModification &&
            p.content["finding"] == "destroyed" && random_.chance(85))
            p.content["modification_report"] = to_base64(crypto::random_array<32>());
        const auto& there = of->destruction->witnesses;
        if (const Someone* one =
                known(there.empty() ? of->destruction->destroyer : random_.any(there)))
            p.who = one;
        return;
    }
    const std::string level = what == nullptr                             ? std::string()
                              : what->direction == logbook::Direction::in ? what->own_level
                                                                          : what->level;
    const auto* rule = side_.terms.destruction(side_.party, level);
    p.content["method"] = "shredding";
    if (of != nullptr && !of->witnesses.empty() && random_.chance(90))
        p.content["method"] = of->witnesses.begin()->second.method;
    else if (rule != nullptr && of != nullptr)
        if (const auto methods = rule->methods.find(of->form); methods != rule->methods.end())
            p.content["method"] = random_.any(methods->second);
    if (of != nullptr && of->pages != 0)
        p.content["pages"] = of->pages;
    p.who = &cleared_for(level);
    if (p.kind == ActKind::destroy) {
        p.content.update({{"reference", "order 7"}, {"place", "the cellar"}});
        by_officer(p);
    }
}

void Acts::review(Proposal& p) {
    name(p, item());
    const char* const finding = random_.chance(85) ? "kept" : random_.any({"return", "destroy"});
    p.content.update({{"finding", finding}, {"reason", "as it is used"}});
    if (p.content["finding"] == "kept")
        p.content["next"] = days_ahead(1, 360).text();
    by_officer(p);
}

void Acts::muster(Proposal& p) {
    if (p.kind == ActKind::begin_muster) {
        if (random_.chance(40))
            p.content["level"] = level();
        if (random_.chance(30))
            if (const auto* in = one_of(state_.containers(), [](const auto&) { return true; }))
                p.content["container"] = in->id.text();
        if (random_.chance(60))
            p.content["percent"] = random_.from_to(1, 30);
        return by_officer(p);
    }
    const auto* of = one_of(state_.musters(), [](const logbook::Muster& m) { return !m.closed; });
    if (p.kind == ActKind::close_muster)
        if (const auto* counted = one_of(state_.musters(), [](const logbook::Muster& m) {
                return !m.closed && m.uncounted == 0;
            }))
            of = counted;
    p.content["muster"] = id_or_fresh(of);
    if (p.kind == ActKind::close_muster)
        return by_officer(p);
    // All that is left of it, or a part.
    std::set<std::string> copies;
    if (of != nullptr)
        for (const auto& [id, counted] : of->copies)
            if (copies.size() < 200 &&
                (counted.finding != logbook::CountFinding::present || random_.chance(5)))
                copies.insert(id.text());
    if (copies.empty())
        copies.insert(fresh<CopyId>());
    std::string list;
    for (const std::string& one : copies)
        list += (list.empty() ? "" : ",") + one;
    p.content.update({{"copies", list}, {"finding", random_.chance(90) ? "present" : "missing"}});
    p.who = &cleared_for(own().scheme.levels.back().code);
}

} // namespace valise::testing
