// SPDX-License-Identifier: Apache-2.0
// What goes by hand: packed, carried from hand to hand, delivered, and what comes back.
#include "logbook/internal/fold.h"

namespace valise::logbook {

//= O-35
//= I6
// From the permit on the copy lies in its envelopes: nobody issues, stores or destroys it.
Result<void> Fold::pack(Dispatch& dispatch) {
    dispatch.seals = fact("seals");
    if (!dispatch.package())
        return {};
    TRY_ASSIGN(CopyHolding* const copy, known_copy());
    if (copy->form == Form::electronic)
        return unknown_id("a copy that can be carried");
    TRY_ASSIGN(copy->state, next(copy->state, CopyEvent::send));
    copy->place = dispatch.id;
    copy->witnesses.clear();
    dispatch.copy = copy->id;
    if (const Item& item = std::as_const(s_.items_).at(dispatch.item);
        item.direction == Direction::in)
        dispatch.returns = item.dispatch;
    return {};
}

Result<void> Fold::unpack(const Dispatch& dispatch) {
    if (!dispatch.package())
        return {};
    const auto copy = s_.copies_.find(dispatch.copy);
    if (copy == s_.copies_.end())
        return unknown_id("the copy in this package");
    TRY_ASSIGN(copy->second.state, next(copy->second.state, CopyEvent::come_back));
    copy->second.place = AtRegistry{};
    return {};
}

//= O-29
// What comes back is a copy that left here in a package.
Result<void> Fold::returned_copy(const DispatchId& by) const {
    const Dispatch* sent = s_.dispatch(by);
    const auto item = id_as<ItemId>("item");
    const auto id = id_as<CopyId>("copy");
    const CopyHolding* copy = s_.copy(id);
    if (sent == nullptr || sent->direction != Direction::out || sent->item != item ||
        sent->copy != id || copy == nullptr || copy->place != Whereabouts(by))
        return unknown_id("a copy that left in that package");
    return {};
}

//= O-37
Result<void> Fold::hand_over() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    TRY(next(dispatch->state, DispatchEvent::hand_over));
    if (!dispatch->package())
        return unknown_id("a package");
    if (number_fact("leg") != dispatch->legs.size() + 1)
        return fail(Code::conflict, "logbook.number_spent",
                    "the next leg is " + std::to_string(dispatch->legs.size() + 1));
    TRY_ASSIGN(const SealFinding seals, parse_seal_finding(fact("finding")));
    dispatch->legs.push_back({e_.seq(), time_fact("at"), seals});
    return {};
}

//= O-34
Result<void> Fold::take_delivery() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    TRY(next(dispatch->state, DispatchEvent::deliver));
    if (!dispatch->package() || dispatch->delivered)
        return unknown_id("a package that was not delivered yet");
    TRY_ASSIGN(dispatch->delivered, parse_seal_finding(fact("finding")));
    return {};
}

//= I6
// The package that the copy lay in is lost with it.
Result<void> Fold::lose(CopyHolding& copy) {
    TRY_ASSIGN(const CopyState lost, next(copy.state, CopyEvent::lose));
    if (const auto* by = std::get_if<DispatchId>(&copy.place)) {
        Dispatch& dispatch = s_.dispatches_.at(*by);
        TRY_ASSIGN(const DispatchState to, next(dispatch.state, DispatchEvent::lose));
        move(dispatch, to);
    }
    copy.state = lost;
    copy.place = Lost{};
    copy.due = {};
    return {};
}

// The receiver has what was given up for lost.
Result<void> Fold::turned_up(const Dispatch& dispatch) {
    const auto copy = s_.copies_.find(dispatch.copy);
    if (dispatch.direction != Direction::out || copy == s_.copies_.end() ||
        copy->second.state != CopyState::lost)
        return {};
    TRY_ASSIGN(copy->second.state, next(copy->second.state, CopyEvent::send));
    copy->second.place = dispatch.id;
    return {};
}

// What has not left comes out of its envelopes again; the registry records that the dispatch
// failed.
Result<void> Fold::withdraw() {
    TRY_ASSIGN(Dispatch* const dispatch, known_dispatch());
    TRY(next(dispatch->state, DispatchEvent::fail));
    if (!dispatch->package() || dispatch->direction != Direction::out || !dispatch->legs.empty())
        return unknown_id("a package that is still here");
    dispatch->withdrawn = true;
    return {};
}

// Nothing will come by it: the registry records that its arrival failed.
Result<void> Fold::withdrawn_there(const NoticeEntry& notice) {
    Dispatch& dispatch = s_.dispatches_.at(notice.dispatch);
    if (dispatch.direction != Direction::in || !dispatch.package() || dispatch.delivered)
        return unknown_id("a package that was announced and not delivered");
    dispatch.withdrawn = true;
    return {};
}

} // namespace valise::logbook
