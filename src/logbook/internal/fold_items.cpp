// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"
#include "logbook/protection.h"

#include <algorithm>

namespace valise::logbook {
namespace {

std::set<std::string> parties_in(const std::string& text) {
    std::set<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        out.insert(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

} // namespace

// The next number of its year and no other: a number is spent by the permit, so that a failed entry
// leaves a visible gap instead of a number with two meanings.
Result<std::uint32_t> Fold::checked_number() const {
    TRY_ASSIGN(const RegisterNumber number, RegisterNumber::parse(fact("number")));
    if (fact("number") != s_.next_number(number.year))
        return fail(Code::conflict, "logbook.number_spent",
                    "the next number is " + s_.next_number(number.year));
    return number.sequence;
}

void Fold::spend_number() {
    const auto number = RegisterNumber::parse(fact("number"));
    if (number)
        s_.numbers_[number->year] = number->sequence;
}

// An id is taken from its permit on: two open permits may not be for one item.
Result<void> Fold::new_item_ids() const {
    if (s_.items_.contains(id_as<ItemId>("item")))
        return known_id("the item");
    if (reserved("item"))
        return known_id("the item");
    // With one file under two items the destruction of the one would take the other's with it.
    if (!fact("blob").empty() &&
        std::as_const(s_.sealed_).contains(BlobId::parse(fact("blob")).value_or(BlobId())))
        return known_id("the sealed file");
    return new_copy_id();
}

Result<void> Fold::new_copy_id() const {
    if (s_.copies_.contains(id_as<CopyId>("copy")) || copy_reserved(id("copy")))
        return known_id("the copy");
    return {};
}

bool Fold::copy_reserved(const std::string& copy) const {
    return std::ranges::any_of(s_.permits_, [&](const auto& entry) {
        const OpenPermit& permit = entry.second;
        const bool comes = permit.kind == ActKind::enter || permit.kind == ActKind::arrive;
        return &permit != permit_ &&
               ((comes && text_in(permit.ids, "copy") == copy) ||
                (permit.kind == ActKind::print && text_in(permit.ids, "print") == copy));
    });
}

bool Fold::reserved(const char* name) const {
    return std::ranges::any_of(s_.permits_, [&](const auto& entry) {
        const OpenPermit& permit = entry.second;
        return &permit != permit_ &&
               (permit.kind == ActKind::enter || permit.kind == ActKind::arrive) &&
               text_in(permit.ids, name) == id(name);
    });
}

Result<void> Fold::reserve_entry() const {
    TRY(new_item_ids());
    TRY(checked_number());
    return {};
}

void Fold::keep_item(Item item) {
    item.id = id_as<ItemId>("item");
    item.level = item.label_level = fact("level");
    item.own_level = fact("own_level");
    item.purpose = fact("purpose");
    item.form = parse_form(fact("form")).value_or(Form::electronic);
    item.pages = static_cast<std::uint32_t>(number_fact("pages"));
    item.sheets = static_cast<std::uint32_t>(number_fact("sheets"));
    item.event = permit_ == nullptr ? e_.seq() : permit_->seq;
    item.number = fact("number");
    item.payload_root = hash_fact("payload_root");
    item.label_sha256 = hash_fact("label_sha256");
    item.blob = BlobId::parse(fact("blob")).value_or(BlobId());
    item.entered = e_.minute();
    item.release = parties_in(fact("release"));
    for (const ItemId& source : ids_in<ItemId>(fact("sources")))
        item.sources.insert(source);
    if (!item.sources.empty())
        item.made_as = parse_made_as(fact("made_as")).value_or(MadeAs::derivative);
    item.language = fact("language");
    item.former = fact("former");
    item.copying_reserved = !fact("copying").empty();
    item.rights = words_in(fact("rights"));
    CopyHolding copy;
    copy.id = id_as<CopyId>("copy");
    copy.item = item.id;
    copy.form = item.form;
    copy.pages = item.pages;
    copy.state = CopyState::held;
    item.copies.push_back(copy.id);
    s_.copies_[copy.id] = copy;
    if (item.blob != BlobId())
        s_.sealed_[item.blob] = item.id;
    s_.items_[item.id] = std::move(item);
}

Result<void> Fold::enter() {
    TRY(new_item_ids());
    for (const ItemId& source : ids_in<ItemId>(fact("sources")))
        if (!s_.items_.contains(source))
            return unknown_id("an item that it was made out of");
    Item item;
    item.direction = Direction::out;
    item.origin = fact("origin");
    item.entered_by = actor();
    keep_item(std::move(item));
    return {};
}

Result<void> Fold::usable_item() const {
    const Item* item = s_.item(id_as<ItemId>("item"));
    if (item == nullptr)
        return unknown_id("the item");
    TRY(next(item->entry, EntryEvent::use));
    return {};
}

// The dossier that an act about a release names, new or known, by somebody whom the register holds.
Result<Release> Fold::named_release() const {
    const auto who = actor();
    if (!who || !s_.persons_.contains(*who))
        return unknown_id("the person who decides");
    const Hash32 digest = hash_fact("release_digest");
    const auto id = id_as<ReleaseId>("release");
    if (id != release_id(digest))
        return unknown_id("a release with this id and digest");
    Release named;
    named.id = id;
    named.digest = digest;
    named.item = id_as<ItemId>("item");
    named.recipient = fact("recipient");
    const Release* known = s_.release(id);
    if (known == nullptr)
        return named;
    // The id holds 80 bits of the digest: whoever finds two digests with one id must not be
    // able to add the approval of one to that of the other.
    if (known->digest != digest || known->item != named.item || known->recipient != named.recipient)
        return known_id("another release under this id");
    return *known;
}

Result<void> Fold::ask_release() {
    TRY(usable_item());
    TRY_ASSIGN(Release entry, named_release());
    TRY_ASSIGN(entry.state, next(entry.state, ReleaseEvent::ask));
    entry.approvals.clear();
    entry.by_passkey.clear();
    entry.asked_by = actor();
    entry.control = facts_.contains("control");
    entry.until.reset();
    keep_until(entry.until);
    s_.releases_[entry.id] = std::move(entry);
    return {};
}

// Whoever approves first asks by that, but not against a refusal.
Result<void> Fold::approve_release() {
    TRY(usable_item());
    TRY_ASSIGN(Release entry, named_release());
    const auto asked = next(entry.state, ReleaseEvent::ask);
    if (asked && entry.state != ReleaseState::refused) {
        entry.state = *asked;
        entry.approvals.clear();
        entry.by_passkey.clear();
        entry.asked_by.reset();
        entry.control = false;
        entry.until.reset();
    }
    // One who asks for it is enough: the others may be stricter than they, never looser.
    entry.control = entry.control || facts_.contains("control");
    keep_until(entry.until);
    TRY_ASSIGN(entry.state, next(entry.state, ReleaseEvent::approve));
    if (!entry.approvals.insert(*actor()).second)
        return fail(Code::conflict, "logbook.approval_repeated",
                    "the same person has approved this release already");
    if (facts_.contains("signed_by"))
        entry.by_passkey.insert(*actor());
    s_.releases_[entry.id] = std::move(entry);
    return {};
}

Result<void> Fold::refuse_release() {
    TRY_ASSIGN(Release entry, named_release());
    TRY_ASSIGN(entry.state, next(entry.state, ReleaseEvent::refuse));
    s_.releases_[entry.id] = std::move(entry);
    return {};
}

Result<void> Fold::possible_open() {
    TRY(usable_item());
    TRY_ASSIGN(const CopyHolding* const copy, known_copy());
    TRY(next(copy->state, CopyEvent::open));
    const Item* item = s_.item(copy->item);
    if (item->direction == Direction::in) {
        const Dispatch* dispatch = s_.dispatch(item->dispatch);
        if (dispatch == nullptr)
            return unknown_id("the dispatch of this item");
        TRY(next(dispatch->state, DispatchEvent::open));
    }
    return {};
}

Result<void> Fold::open() {
    TRY(possible_open());
    TRY(reading_admitted(s_.copies_.at(id_as<CopyId>("copy"))));
    return read_by(actor());
}

Result<void> Fold::read_by(const std::optional<PersonId>& reader) {
    TRY(possible_open());
    CopyHolding& copy = s_.copies_.at(id_as<CopyId>("copy"));
    TRY_ASSIGN(const CopyState copy_state, next(copy.state, CopyEvent::open));
    const Item& item = s_.items_.at(copy.item);
    if (item.direction == Direction::in) {
        Dispatch& dispatch = s_.dispatches_.at(item.dispatch);
        TRY_ASSIGN(const DispatchState moved, next(dispatch.state, DispatchEvent::open));
        move(dispatch, moved);
    }
    copy.state = copy_state;
    if (reader)
        copy.opened_by.insert(*reader);
    return {};
}

//= O-32
// Who takes a copy out spends a number; a rewrap is of a copy that was taken, and says which.
Result<void> Fold::permit_export() {
    TRY(possible_open());
    Item& item = s_.items_.at(s_.copies_.at(id_as<CopyId>("copy")).item);
    if (id("person").empty()) {
        if (number_fact("copy_number") != item.copies_made + 1)
            return fail(Code::conflict, "logbook.number_spent",
                        "the next copy is " + std::to_string(item.copies_made + 1));
        ++item.copies_made;
        return {};
    }
    const auto taken = item.taken.find({id_as<PersonId>("person"), fact("client")});
    if (taken == item.taken.end() || taken->second.number != number_fact("copy_number"))
        return unknown_id("a copy that this person took for this client");
    return {};
}

Result<void> Fold::exported() {
    if (!id("person").empty()) {
        TRY(possible_open());
        TRY(reading_admitted(s_.copies_.at(id_as<CopyId>("copy"))));
        return read_by(id_as<PersonId>("person"));
    }
    TRY(possible_open());
    const auto reader = actor();
    if (!reader)
        return unknown_id("the person who takes the copy");
    const auto copy = id_as<CopyId>("copy");
    Item& item = s_.items_.at(s_.copies_.at(copy).item);
    item.taken[{*reader, fact("client")}] = {e_.seq(),
                                             static_cast<std::uint32_t>(number_fact("copy_number")),
                                             copy, fact("purpose"), e_.minute()};
    return {};
}

// //= O-10: the receiver's own level stands beside the originator's, never in its place.
Result<void> Fold::remark(bool effect) {
    const auto found = s_.items_.find(id_as<ItemId>("item"));
    if (found == s_.items_.end() || found->second.direction != Direction::in)
        return unknown_id("a received item of this id");
    const auto dispatch = s_.dispatches_.find(found->second.dispatch);
    if (dispatch == s_.dispatches_.end() ||
        (!id("dispatch").empty() && id_as<DispatchId>("dispatch") != dispatch->first))
        return unknown_id("the dispatch of this item");
    // Marked anew after the originator's notice: the item was marked before, its dossier stays.
    const bool anew = !found->second.change.empty() && !found->second.own_level.empty();
    DispatchState marked = dispatch->second.state;
    if (!anew) {
        TRY_ASSIGN(marked, next(dispatch->second.state, DispatchEvent::mark));
    }
    if (effect) {
        found->second.own_level = fact("level");
        found->second.change = {};
        move(dispatch->second, marked);
    }
    return {};
}

} // namespace valise::logbook
