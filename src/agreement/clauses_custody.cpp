// SPDX-License-Identifier: Apache-2.0
// Where each copy lies, who has it, and how many there are (I6).
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::CopyState;
using logbook::Form;

const logbook::Container* place_of(const Situation& s) {
    if (s.copy == nullptr)
        return nullptr;
    const auto* container = std::get_if<ContainerId>(&s.copy->place);
    return container == nullptr ? nullptr : s.state.container(*container);
}

bool cleared(const Situation& s, const PersonId& person, const std::string& level) {
    const auto held = s.state.clearance_at(person, s.now);
    return held && s.covers(held->level, level);
}

bool is_held(const logbook::CopyHolding& copy) {
    return held_here(copy.state);
}

} // namespace

//= O-28
Verdict container_known(const Situation& s) {
    if (s.text("container").empty())
        return not_applicable(); // back into the registry itself
    return refuse_if(s.container == nullptr, "agreement.container_unknown");
}

//= O-28
// Above its level a container is a shelf.
Verdict container_level(const Situation& s) {
    if (s.container == nullptr || s.item == nullptr)
        return not_applicable();
    return refuse_if(!s.covers(s.container->level, s.own_level()), "agreement.container_level");
}

//= O-28
//= O-21
// Whoever can reach into a container can take what lies there: a place is a way of access, so all
// of its list are cleared, for its level when it is registered and for the copy when it goes in.
Verdict container_cleared(const Situation& s) {
    if (s.kind() == ActKind::container) {
        std::string_view rest = s.act.content().at("access").get_ref<const std::string&>();
        while (!rest.empty()) {
            const auto one = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            const auto person = PersonId::parse(one);
            if (!person || !cleared(s, *person, s.text("level")))
                return refuse("agreement.container_cleared");
        }
        return pass();
    }
    if (s.container == nullptr || s.item == nullptr)
        return not_applicable();
    return refuse_if(
        !std::ranges::all_of(s.container->access,
                             [&](const PersonId& p) { return cleared(s, p, s.own_level()); }),
        "agreement.container_cleared");
}

//= O-28
// Who puts something in, takes it out or changes who may is on the list of that container, officer
// or not. Where nobody of the list is left in the register, any officer gives it new keepers.
Verdict container_access(const Situation& s) {
    if (s.kind() == ActKind::container) {
        if (s.container == nullptr || s.actor == nullptr)
            return not_applicable();
        const bool kept = std::ranges::any_of(s.container->access, [&](const PersonId& id) {
            const logbook::Person* person = s.state.person(id);
            return person != nullptr && person->active;
        });
        return refuse_if(kept && !s.container->access.contains(s.actor->id),
                         "agreement.container_access");
    }
    const logbook::Container* from = place_of(s);
    if (s.actor == nullptr || (s.container == nullptr && from == nullptr))
        return not_applicable();
    const auto denied = [&](const logbook::Container* c) {
        return c != nullptr && !c->access.contains(s.actor->id);
    };
    return refuse_if(denied(s.container) || denied(from), "agreement.container_access");
}

//= O-28
// A container is not lowered over the head of what lies in it.
Verdict container_contents(const Situation& s) {
    if (s.container == nullptr)
        return not_applicable();
    for (const auto& [id, was] : s.state.stored_in(s.container->id)) {
        const logbook::CopyHolding& copy = *s.state.copy(id);
        const auto* place = std::get_if<ContainerId>(&copy.place);
        const logbook::Item* item = s.state.item(copy.item);
        if (place == nullptr || *place != s.container->id || item == nullptr)
            continue;
        if (!s.covers(s.text("level"), protected_level(*item)))
            return refuse("agreement.container_contents");
    }
    return pass();
}

//= O-32
// The originator may keep reproduction to itself: the receiver then makes none, and here only the
// person who entered the item.
Verdict copying_reserved(const Situation& s) {
    if (s.item == nullptr || !s.item->copying_reserved)
        return not_applicable();
    const logbook::Person* who = s.reader();
    const bool originator =
        !s.received() && who != nullptr && s.item->entered_by && *s.item->entered_by == who->id;
    return refuse_if(!originator, "agreement.copying_reserved");
}

//= O-32
// A control officer orders a copy, or the originator of an item who kept that right.
Verdict copy_order(const Situation& s) {
    if (s.item != nullptr && s.item->copying_reserved)
        return not_applicable(); // "copying-reserved" decides
    return control_officer(s);
}

//= O-32
// With those that are being printed, each once: the key process decides again while the permit of
// this very print is open. What was ordered and is not printed is no copy yet.
Verdict copy_limit(const Situation& s) {
    if (s.item == nullptr || s.own == nullptr)
        return not_applicable();
    const auto copies = s.state.copies_of(s.item->id);
    const auto held = std::ranges::count_if(copies, is_held);
    const auto coming = std::ranges::count_if(s.state.open_permits(), [&](const auto& entry) {
        const logbook::OpenPermit& permit = entry.second;
        return permit.kind == ActKind::print && permit.ids.at("item") == s.item->id.text() &&
               permit.ids.at("print") != s.text("print");
    });
    return refuse_if(held + coming > s.terms.copies(s.own->code, s.own_level()),
                     "agreement.copy_limit");
}

//= O-32
// What is copied is there to be copied; a sealed copy is one of a sealed file.
Verdict copy_source(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    const bool sealed = s.text("form") == to_string(Form::electronic);
    const auto copies = s.state.copies_of(s.item->id);
    const bool there = std::ranges::any_of(copies, [&](const logbook::CopyHolding& copy) {
        return (copy.state == CopyState::held || copy.state == CopyState::issued) &&
               (!sealed || copy.form == Form::electronic);
    });
    return refuse_if(!there, "agreement.copy_source");
}

//= O-32
// What was never counted can never be found to be whole. An order to print has nothing to count: it
// is no sheet, and can be given only where one may be printed.
Verdict page_count(const Situation& s) {
    const bool paper = s.text("form") == to_string(Form::paper);
    if (paper && s.pages() == 0 && s.kind() == ActKind::copy && s.own != nullptr &&
        s.own->prints.contains(s.own_level()))
        return pass();
    return refuse_if(paper != (s.pages() > 0), "agreement.page_count");
}

//= O-26
//= I6
//= I10
// Sheets are counted whenever a copy changes hands for good. A copy that comes back short stays
// with its reader, who answers for the rest.
Verdict page_check(const Situation& s) {
    if (s.copy == nullptr || s.copy->pages == 0)
        return not_applicable();
    return refuse_if(s.pages() != s.copy->pages, "agreement.page_check");
}

//= O-26
// A copy is with its reader by a day that the terms bound; from then on it is asked for.
Verdict issue_term(const Situation& s) {
    const auto due = s.act.time_field("due");
    if (!due || *due <= s.now || *due > s.now.plus_days(s.terms.circulation().issue_days))
        return refuse("agreement.issue_term");
    return duty("agreement.take_back_due", "take-back", *due);
}

//= O-26
//= I6
// The key is released for the copy that lies here or that the reader has, never for one that
// somebody else answers for, that is paper, or that is destroyed.
Verdict copy_in_hand(const Situation& s) {
    if (s.copy == nullptr || s.item == nullptr || s.copy->item != s.item->id ||
        s.item->form != Form::electronic)
        return not_applicable(); // "copy-known" or "form" refuses
    if (s.copy->form != Form::electronic)
        return refuse("agreement.copy_medium");
    if (s.copy->state == CopyState::destroying || s.copy->state == CopyState::destroyed)
        return refuse("agreement.copy_gone");
    const auto* reader = std::get_if<PersonId>(&s.copy->place);
    if (reader == nullptr)
        return not_applicable();
    const logbook::Person* who = s.reader();
    return refuse_if(who == nullptr || who->id != *reader, "agreement.copy_issued");
}

//= O-26
// Nothing is sent of which the sealed file is destroyed.
Verdict sealed_file(const Situation& s) {
    if (s.item == nullptr || s.item->form != Form::electronic || !s.text("seals").empty())
        return not_applicable(); // "form" refuses, and a package needs none
    const auto copies = s.state.copies_of(s.item->id);
    const bool there = std::ranges::any_of(copies, [](const logbook::CopyHolding& copy) {
        return copy.form == Form::electronic && copy.state != CopyState::destroyed &&
               copy.state != CopyState::destroying;
    });
    return there ? not_applicable() : refuse("agreement.sealed_file");
}

//= O-29
//= O-16
// Once a review found that the purpose has ended, nobody uses the item for it.
Verdict still_needed(const Situation& s) {
    if (s.item == nullptr || !s.item->review || *s.item->review == logbook::ReviewFinding::kept)
        return not_applicable();
    return refuse("agreement.purpose_ended");
}

} // namespace valise::agreement
