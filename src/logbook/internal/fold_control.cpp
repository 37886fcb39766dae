// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fold.h"

// What an originator keeps of an item that it let go: each opening, and whether it comes back.
namespace valise::logbook {

Result<Control*> Fold::controlled_dispatch(Direction direction) {
    TRY_ASSIGN(const Dispatch* const dispatch, known_dispatch());
    const auto found = s_.controls_.find(dispatch->id);
    if (found == s_.controls_.end() || dispatch->direction != direction)
        return unknown_id("a dispatch whose originator controls it");
    return &found->second;
}

//= O-20
// The earliest of the days that were asked for counts.
void Fold::keep_until(std::optional<Time>& until) const {
    if (facts_.contains("until") && (!until || time_fact("until") < *until))
        until = time_fact("until");
}

//= O-20
// The originator's book: permitted before the answer leaves. An opening is asked for once.
Result<void> Fold::permit_opening() {
    TRY_ASSIGN(Control* const control, controlled_dispatch(Direction::out));
    const std::uint64_t opening = number_fact("opening");
    if (control->asked.repeated(opening))
        return known_id("the opening");
    control->asked.take(opening);
    return {};
}

Result<void> Fold::opening_permitted() {
    if (permit_ == nullptr)
        return opening_answered();
    TRY_ASSIGN(Control* const control, controlled_dispatch(Direction::out));
    Admitted& admitted = control->admitted[hash_fact("reader")];
    ++admitted.openings;
    admitted.last = e_.minute();
    return {};
}

// The receiver's book: the originator's answer stands beside the reader's own permit.
Result<void> Fold::opening_answered() {
    TRY(controlled_dispatch(Direction::in));
    const auto reading = s_.permits_.find(number_fact("opening"));
    const auto copy = id_as<CopyId>("copy");
    const auto reader =
        reading == s_.permits_.end() ? std::optional<PersonId>() : reading->second.reader();
    if (!reader || reading->second.answered || text_in(reading->second.ids, "item") != id("item") ||
        text_in(reading->second.ids, "copy") != id("copy"))
        return unknown_id("an open permit to read this copy");
    reading->second.answered = true;
    // A lease is for a reader who signs for each opening: whoever holds the daemon makes a
    // client's.
    if (facts_.contains("until") && reading->second.kind == ActKind::open)
        s_.leases_[{copy, *reader}] = {time_fact("until"), e_.seq()};
    return {};
}

// A controlled item was read when its originator permitted that, or leased it to its reader.
Result<void> Fold::reading_admitted(const CopyHolding& copy) const {
    const Item* item = s_.item(copy.item);
    if (item == nullptr || !s_.controlled(*item))
        return {};
    const auto reader = permit_ == nullptr ? std::optional<PersonId>() : permit_->reader();
    const bool leased = reader && permit_->kind == ActKind::open &&
                        s_.lease(copy.id, *reader, permit_->minute) != nullptr;
    if (!reader || (!permit_->answered && !leased))
        return unknown_id("the originator's permit to open it");
    return {};
}

//= O-20
// Tighter alone; that it is, a clause says.
Result<void> Fold::narrow() {
    TRY_ASSIGN(Control* const control, controlled_dispatch(Direction::out));
    if (facts_.contains("readers")) {
        TRY_ASSIGN(control->readers, parse_readers(fact("readers")));
    }
    if (facts_.contains("until"))
        control->until = time_fact("until");
    return {};
}

Result<void> Fold::recall() {
    const auto item = s_.items_.find(id_as<ItemId>("item"));
    if (item == s_.items_.end() || item->second.direction != Direction::out)
        return unknown_id("an item of this id that originated here");
    if (s_.recalls_.contains(item->first))
        return known_id("the recall");
    s_.recalls_[item->first] = {e_.seq(), e_.minute(), hash_fact("enclosed"), {}};
    return {};
}

Result<void> Fold::recalled_there(const NoticeEntry& notice) {
    const Dispatch& dispatch = s_.dispatches_.at(notice.dispatch);
    if (dispatch.direction != Direction::in || !std::as_const(s_.items_).contains(dispatch.item))
        return unknown_id("a received item of this dispatch");
    s_.recalls_[dispatch.item] = {e_.seq(), e_.minute(), hash_fact("enclosed"), notice.id};
    return {};
}

Result<void> Fold::answer_recall() {
    const auto found = s_.notices_.find(id_as<NoticeId>("notice"));
    if (found == s_.notices_.end() || found->second.ours ||
        found->second.type != NoticeType::recall)
        return unknown_id("a recall by the other party");
    NoticeEntry notice = found->second;
    TRY(move_notice(notice, NoticeEvent::answer));
    notice.answer = fact("answer");
    found->second = std::move(notice);
    return {};
}

Result<void> Fold::recall_answered(const NoticeEntry& answer) {
    const auto found = s_.notices_.find(answer.about);
    if (found == s_.notices_.end() || !found->second.ours ||
        found->second.type != NoticeType::recall || found->second.dispatch != answer.dispatch)
        return unknown_id("a recall of ours");
    NoticeEntry notice = found->second;
    TRY(move_notice(notice, NoticeEvent::acknowledgement_comes));
    notice.answer = answer.answer;
    found->second = std::move(notice);
    return {};
}

} // namespace valise::logbook
