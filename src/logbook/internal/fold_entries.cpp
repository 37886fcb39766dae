// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

// A line in the register is never edited: what was wrong in it stays, and a later line says so.
namespace valise::logbook {

// What persons signed was the entry as it stood: an approval that was not used yet does not pass to
// what the entry says now.
void Fold::withdraw_releases(const ItemId& item) {
    std::vector<std::pair<ReleaseId, ReleaseState>> withdrawn;
    for (const auto& [id, release] : s_.releases_)
        if (release.item == item)
            if (const auto to = next(release.state, ReleaseEvent::withdraw))
                withdrawn.emplace_back(id, *to);
    for (const auto& [id, to] : withdrawn)
        s_.releases_.at(id).state = to;
}

Result<Item*> Fold::noted_entry(EntryEvent what) {
    const auto found = s_.items_.find(id_as<ItemId>("item"));
    if (found == s_.items_.end() || found->second.direction != Direction::out ||
        found->second.event != number_fact("entry"))
        return unknown_id("an entry made here with this item and event");
    Item& item = found->second;
    TRY_ASSIGN(const EntryState to, next(item.entry, what));
    item.entry = to;
    item.notes.push_back({e_.seq(), what, e_.minute(), actor(), fact("members"),
                          static_cast<std::uint32_t>(number_fact("pages")),
                          static_cast<std::uint32_t>(number_fact("sheets"))});
    withdraw_releases(item.id);
    return &item;
}

Result<void> Fold::correct() {
    TRY_ASSIGN(const Item* const item, noted_entry(EntryEvent::correct));
    // What the first copy is counted against from now on; of what lies in a package more was
    // stated.
    if (const auto pages = static_cast<std::uint32_t>(number_fact("pages")); pages != 0)
        for (const CopyId& id : item->copies)
            if (CopyHolding& copy = s_.copies_.find(id)->second;
                copy.number == 1 && copy.state != CopyState::destroying && held_here(copy.state))
                copy.pages = pages;
    return {};
}

// What left the house cannot be unmade by a line in a book.
Result<void> Fold::cancel() {
    if (s_.dispatched(id_as<ItemId>("item")))
        return fail(Code::conflict, "logbook.no_transition",
                    "the item was dispatched; its entry cannot be cancelled");
    TRY(noted_entry(EntryEvent::cancel));
    return {};
}

} // namespace valise::logbook
