// SPDX-License-Identifier: Apache-2.0
// Where each copy is, from the first to the certificate of its destruction.
#include "logbook/internal/fold.h"
#include "logbook/protection.h"

#include <algorithm>

namespace valise::logbook {
namespace {

std::set<PersonId> persons_in(std::string_view text) {
    std::set<PersonId> out;
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find(','));
        out.insert(PersonId::parse(one).value_or(PersonId()));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
    }
    return out;
}

} // namespace

Result<CopyHolding*> Fold::known_copy() {
    const auto item = id_as<ItemId>("item");
    if (!s_.items_.contains(item))
        return unknown_id("the item");
    const auto found = s_.copies_.find(id_as<CopyId>("copy"));
    if (found == s_.copies_.end() || found->second.item != item)
        return unknown_id("the copy of this item");
    return &found->second;
}

// A container that is known gets a new level and access list: locks and keepers change.
Result<void> Fold::container() {
    const auto id = id_as<ContainerId>("container");
    s_.containers_[id] = {id, fact("level"), persons_in(fact("access")),
                          words_in(fact("controls"))};
    return {};
}

Result<void> Fold::store() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    TRY_ASSIGN(const CopyState stored, next(copy->state, CopyEvent::store));
    Whereabouts place;
    if (!id("container").empty()) {
        const auto container = id_as<ContainerId>("container");
        if (!s_.containers_.contains(container))
            return unknown_id("the container");
        place = container;
    }
    copy->state = stored;
    copy->place = place;
    if (const auto* container = std::get_if<ContainerId>(&place))
        s_.stored_[*container][copy->id] = {};
    return {};
}

//= O-32
// The next number of its item and no other: a number that came back would give two sheets one name.
Result<void> Fold::reproduce() {
    const auto item = s_.items_.find(id_as<ItemId>("item"));
    if (item == s_.items_.end())
        return unknown_id("the item");
    TRY(new_copy_id());
    if (!std::ranges::any_of(item->second.copies, [&](const CopyId& id) {
            return held_here(std::as_const(s_.copies_).at(id).state);
        }))
        return unknown_id("a copy that could be copied");
    if (number_fact("copy_number") != item->second.copies_made + 1)
        return fail(Code::conflict, "logbook.number_spent",
                    "the next copy is " + std::to_string(item->second.copies_made + 1));
    TRY_ASSIGN(const Form form, parse_form(fact("form")));
    const auto pages = static_cast<std::uint32_t>(number_fact("pages"));
    // Paper of which nobody counted a page is paper that is not there: its reader will print it.
    const bool ordered = form == Form::paper && pages == 0;
    TRY_ASSIGN(const CopyState made,
               next(CopyState::none, ordered ? CopyEvent::order : CopyEvent::reproduce));
    CopyHolding copy;
    copy.id = id_as<CopyId>("copy");
    copy.item = item->first;
    copy.number = ++item->second.copies_made;
    copy.form = form;
    copy.pages = pages;
    copy.state = made;
    copy.ordered_by = actor();
    item->second.copies.push_back(copy.id);
    s_.copies_[copy.id] = copy;
    return {};
}

Result<void> Fold::issue() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    TRY_ASSIGN(const Person* const reader, active_person());
    TRY_ASSIGN(copy->state, next(copy->state, CopyEvent::issue));
    copy->place = reader->id;
    copy->due = time_fact("due");
    // Who signed to destroy it had another copy before them: pages may be missing when it returns.
    copy->witnesses.clear();
    return {};
}

//= O-32
// A print has its number from the permit on, whatever becomes of it: the one that an officer
// ordered has it already.
Result<void> Fold::permit_print() {
    TRY(possible_open());
    if (copy_reserved(id("print")))
        return known_id("the copy that is printed");
    Item& item = s_.items_.at(id_as<ItemId>("item"));
    const auto ordered = std::as_const(s_.copies_).find(id_as<CopyId>("print"));
    if (ordered == std::as_const(s_.copies_).end()) {
        if (number_fact("copy_number") != item.copies_made + 1)
            return fail(Code::conflict, "logbook.number_spent",
                        "the next copy is " + std::to_string(item.copies_made + 1));
        ++item.copies_made;
        return {};
    }
    const CopyHolding& copy = ordered->second;
    if (copy.item != item.id)
        return known_id("the copy that is printed");
    TRY(next(copy.state, CopyEvent::print)); // ordered, and no sheet yet
    if (number_fact("copy_number") != copy.number)
        return fail(Code::conflict, "logbook.number_spent",
                    "this copy is " + std::to_string(copy.number));
    return {};
}

//= O-26
//= O-32
// Whoever printed it has read it, and answers for the sheets until they come back.
Result<void> Fold::printed() {
    const auto reader = actor();
    const Person* person = reader ? s_.person(*reader) : nullptr;
    if (person == nullptr || !person->active) // who left the house answers for nothing new
        return unknown_id("the person who prints");
    const auto id = id_as<CopyId>("print");
    CopyHolding copy;
    if (const auto found = std::as_const(s_.copies_).find(id);
        found != std::as_const(s_.copies_).end())
        copy = found->second;
    const bool made = copy.state == CopyState::none;
    TRY_ASSIGN(copy.state, next(copy.state, CopyEvent::print));
    TRY(possible_open());
    TRY(reading_admitted(s_.copies_.at(id_as<CopyId>("copy"))));
    TRY(read_by(reader));
    if (made) {
        Item& item = s_.items_.at(id_as<ItemId>("item"));
        copy.id = id;
        copy.item = item.id;
        copy.number = static_cast<std::uint32_t>(number_fact("copy_number"));
        copy.form = Form::paper;
        item.copies.push_back(id);
    }
    copy.pages = static_cast<std::uint32_t>(number_fact("pages"));
    copy.place = *reader;
    copy.due = time_fact("due");
    copy.printed = e_.seq();
    copy.witnesses.clear();
    s_.copies_[id] = std::move(copy);
    return {};
}

Result<void> Fold::take_back() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    TRY_ASSIGN(copy->state, next(copy->state, CopyEvent::take_back));
    copy->place = AtRegistry{};
    copy->due = {};
    return {};
}

Result<void> Fold::witness_destruction() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    const auto witness = actor();
    if (!witness || !s_.persons_.contains(*witness))
        return unknown_id("the person who takes part");
    TRY_ASSIGN(copy->state, next(copy->state, CopyEvent::witness_destruction));
    copy->witnesses[*witness] = {fact("method"), e_.minute()};
    return {};
}

Result<void> Fold::permit_destruction() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    const auto destroyer = actor();
    if (!destroyer || !s_.persons_.contains(*destroyer))
        return unknown_id("the person who destroys");
    // Its reader, or the sealing of its item, would find it gone under their hands.
    for (const auto& [seq, permit] : s_.permits_) {
        const bool read = (permit.kind == ActKind::open || permit.kind == ActKind::export_copy ||
                           permit.kind == ActKind::print) &&
                          (text_in(permit.ids, "copy") == id("copy") ||
                           text_in(permit.ids, "print") == id("copy"));
        const bool sent = permit.kind == ActKind::dispatch && copy->form == Form::electronic &&
                          text_in(permit.ids, "item") == id("item");
        if (read || sent)
            return fail(Code::conflict, "logbook.copy_in_use",
                        "it is needed under event " + std::to_string(seq));
    }
    TRY_ASSIGN(copy->state, next(copy->state, CopyEvent::permit_destruction));
    Destruction destruction;
    destruction.permit = e_.seq();
    destruction.method = fact("method");
    destruction.destroyer = *destroyer;
    destruction.minute = e_.minute();
    destruction.pages = copy->pages;
    for (const CopyId& other : std::as_const(s_.items_).at(copy->item).copies)
        destruction.remaining +=
            other != copy->id && held_here(std::as_const(s_.copies_).at(other).state) ? 1 : 0;
    for (const auto& [person, witness] : copy->witnesses)
        if (witness.method == destruction.method && person != *destroyer &&
            e_.minute().seconds - witness.minute.seconds <= kWitnessSeconds)
            destruction.witnesses.insert(person);
    copy->destruction = std::move(destruction);
    return {};
}

Result<void> Fold::certify_destruction() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    const auto certifier = actor();
    if (copy->state != CopyState::destroying || !certifier)
        return unknown_id("a permitted destruction of this copy");
    copy->destruction->certified_by.reset();
    copy->destruction->modification_report.reset();
    if (fact("finding") == "destroyed")
        copy->destruction->certified_by = *certifier;
    if (!fact("modification_report").empty())
        copy->destruction->modification_report = hash_fact("modification_report");
    return {};
}

//= I10
Result<void> Fold::destroyed() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    TRY_ASSIGN(const CopyState gone, next(copy->state, CopyEvent::destroy));
    // The registry deletes a sealed file itself; of paper only a person can say that it is gone.
    if (copy->form != Form::electronic && !copy->destruction->certified_by)
        return unknown_id("the certificate of this destruction");
    copy->state = gone;
    copy->place = Gone{};
    copy->destruction->minute = e_.minute();
    return {};
}

Result<void> Fold::destruction_failed() {
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    if (copy->destruction && copy->destruction->certified_by)
        return known_id("the certificate of this destruction");
    TRY_ASSIGN(copy->state, next(copy->state, CopyEvent::keep));
    copy->destruction.reset();
    copy->witnesses.clear();
    return {};
}

Result<void> Fold::review_purpose() {
    const auto item = s_.items_.find(id_as<ItemId>("item"));
    if (item == s_.items_.end())
        return unknown_id("the item");
    TRY_ASSIGN(item->second.review, parse_review_finding(fact("finding")));
    item->second.reviewed = e_.minute();
    item->second.next_review = time_fact("next");
    return {};
}

} // namespace valise::logbook
