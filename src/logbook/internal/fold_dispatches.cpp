// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

namespace valise::logbook {

Result<Dispatch*> Fold::known_dispatch() {
    const auto found = s_.dispatches_.find(id_as<DispatchId>("dispatch"));
    if (found == s_.dispatches_.end())
        return unknown_id("the dispatch");
    if (!id("item").empty() && id_as<ItemId>("item") != found->second.item)
        return unknown_id("the dispatch of this item");
    return &found->second;
}

Result<void> Fold::permit_dispatch() {
    const auto item = id_as<ItemId>("item");
    const auto dispatch = id_as<DispatchId>("dispatch");
    const auto release = s_.releases_.find(id_as<ReleaseId>("release"));
    const std::string recipient = fact("recipient");
    TRY(usable_item());
    if (s_.dispatches_.contains(dispatch))
        return known_id("the dispatch");
    if (release == s_.releases_.end() || release->second.item != item ||
        release->second.recipient != recipient)
        return unknown_id("a release of this item to this recipient");
    TRY_ASSIGN(const ReleaseState reserved, next(release->second.state, ReleaseEvent::reserve));
    TRY_ASSIGN(const DispatchState permitted, next(DispatchState::none, DispatchEvent::permit));

    Dispatch entry;
    entry.id = dispatch;
    entry.item = item;
    entry.release = release->first;
    entry.peer = recipient;
    entry.level = fact("level");
    entry.direction = Direction::out;
    TRY(pack(entry));
    release->second.state = reserved;
    move(entry, permitted);
    s_.dispatches_[dispatch] = std::move(entry);
    if (facts_.contains("control")) {
        Control& control = s_.controls_[dispatch];
        control.until = release->second.until;
        keep_until(control.until);
    }
    return {};
}

Result<void> Fold::send() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    const auto release = s_.releases_.find(dispatch->release);
    if (release == s_.releases_.end())
        return unknown_id("the release");
    TRY_ASSIGN(const ReleaseState used, next(release->second.state, ReleaseEvent::use));
    TRY_ASSIGN(const DispatchState sealed, next(dispatch->state, DispatchEvent::seal));
    TRY_ASSIGN(const DispatchState sent, next(sealed, DispatchEvent::send));
    if (dispatch->package() && dispatch->legs.empty())
        return unknown_id("the courier who took this package");

    release->second.state = used;
    dispatch->document = hash_fact("doc");
    dispatch->moved = e_.minute();
    move(*dispatch, sent);
    return {};
}

Result<void> Fold::dispatch_failed() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    const auto release = s_.releases_.find(dispatch->release);
    if (release == s_.releases_.end())
        return unknown_id("the release");
    TRY_ASSIGN(const ReleaseState freed, next(release->second.state, ReleaseEvent::set_free));
    TRY_ASSIGN(const DispatchState failed, next(dispatch->state, DispatchEvent::fail));
    TRY(unpack(*dispatch));
    release->second.state = freed;
    move(*dispatch, failed);
    return {};
}

Result<void> Fold::offer() {
    const auto returns = DispatchId::parse(fact("returns")).value_or(DispatchId());
    if (returns.empty())
        TRY(new_item_ids());
    else
        TRY(returned_copy(returns));
    if (facts_.contains("number"))
        TRY(checked_number());
    const auto id = id_as<DispatchId>("dispatch");
    const Dispatch* known = s_.dispatch(id);
    if (known != nullptr && known->direction != Direction::in)
        return known_id("the dispatch");
    const DispatchState before = known == nullptr ? DispatchState::none : known->state;
    TRY_ASSIGN(const DispatchState offered, next(before, DispatchEvent::offer));

    if (facts_.contains("number"))
        spend_number();
    Dispatch& entry = s_.dispatches_[id];
    entry = {};
    entry.id = id;
    entry.item = id_as<ItemId>("item");
    entry.peer = fact("peer");
    entry.level = fact("level");
    entry.direction = Direction::in;
    entry.document = hash_fact("doc");
    entry.seals = fact("seals");
    entry.copy = id_as<CopyId>("copy");
    entry.returns = returns;
    move(entry, offered);
    return {};
}

Result<void> Fold::arrive() {
    const auto returns = DispatchId::parse(fact("returns")).value_or(DispatchId());
    if (returns.empty())
        TRY(new_item_ids());
    else
        TRY(returned_copy(returns));
    if (fact_is_new("number"))
        TRY(checked_number());
    const auto id = id_as<DispatchId>("dispatch");
    const Dispatch* known = s_.dispatch(id);
    // Without a permit the arrival itself is the offer.
    DispatchState state = known == nullptr ? DispatchState::none : known->state;
    if (permit_ == nullptr) {
        if (known != nullptr && known->direction != Direction::in)
            return known_id("the dispatch");
        TRY_ASSIGN(state, next(state, DispatchEvent::offer));
    }
    TRY_ASSIGN(const DispatchState arrived, next(state, DispatchEvent::arrive));
    if (!fact("seals").empty() && (known == nullptr || !known->delivered))
        return unknown_id("the delivery of this package");

    if (!returns.empty()) // or nothing of what follows would be right
        TRY(next(s_.copy(id_as<CopyId>("copy"))->state, CopyEvent::come_back));
    if (fact_is_new("number"))
        spend_number();
    Dispatch& entry = s_.dispatches_[id];
    entry.id = id;
    entry.item = id_as<ItemId>("item");
    entry.peer = fact("peer");
    entry.level = fact("level");
    entry.direction = Direction::in;
    entry.document = hash_fact("doc");
    entry.moved = e_.minute();
    entry.seals = fact("seals");
    entry.copy = id_as<CopyId>("copy");
    entry.returns = returns;
    move(entry, arrived);
    if (facts_.contains("control"))
        s_.controls_[id] = {};
    if (!returns.empty())
        return unpack(entry);

    Item item;
    item.direction = Direction::in;
    item.origin = fact("origin").empty() ? entry.peer : fact("origin");
    item.dispatch = id;
    keep_item(std::move(item));
    return {};
}

Result<void> Fold::arrival_failed() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    TRY_ASSIGN(const DispatchState failed, next(dispatch->state, DispatchEvent::arrival_fails));
    move(*dispatch, failed);
    return {};
}

Result<void> Fold::custody_receipt(bool effect) {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    const auto event = dispatch->direction == Direction::out ? DispatchEvent::custody_receipt_comes
                                                             : DispatchEvent::send_custody_receipt;
    TRY_ASSIGN(const DispatchState to, next(dispatch->state, event));
    if (facts_.contains("doc") && hash_fact("doc") != dispatch->document)
        return unknown_id("a dispatch with this document");
    if (effect) {
        dispatch->receipted = e_.minute();
        if (dispatch->state == DispatchState::lost)
            TRY(turned_up(*dispatch));
        move(*dispatch, to);
    }
    return {};
}

Result<void> Fold::contents_receipt(bool effect) {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    TRY_ASSIGN(const ReceiptFinding finding, parse_receipt_finding(fact("finding")));
    const bool in_order = finding == ReceiptFinding::in_order;
    const auto event =
        dispatch->direction == Direction::out
            ? (in_order ? DispatchEvent::contents_receipt_comes : DispatchEvent::discrepancy_comes)
            : (in_order ? DispatchEvent::send_contents_receipt : DispatchEvent::send_discrepancy);
    TRY_ASSIGN(const DispatchState to, next(dispatch->state, event));
    if (facts_.contains("doc") && hash_fact("doc") != dispatch->document)
        return unknown_id("a dispatch with this document");
    if (effect) {
        dispatch->finding = finding;
        if (dispatch->state == DispatchState::lost)
            TRY(turned_up(*dispatch));
        move(*dispatch, to);
    }
    return {};
}

Result<void> Fold::close() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    TRY_ASSIGN(const DispatchState closed, next(dispatch->state, DispatchEvent::close));
    move(*dispatch, closed);
    return {};
}

} // namespace valise::logbook
