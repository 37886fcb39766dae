// SPDX-License-Identifier: Apache-2.0
// Marking what came, and the receipts that close a dispatch.
#include "agreement/internal/clauses.h"

#include <algorithm>

namespace valise::agreement {

using logbook::Direction;
using logbook::DispatchState;

namespace {

// Of a package: a cleared person who has the copy, or the officer at whose desk it lies; and it is
// marked first, unless it is our own that came back.
Verdict package_opened(const Situation& s) {
    const logbook::Item* item = s.state.item(s.dispatch->item);
    const logbook::CopyHolding* copy = s.state.copy(s.dispatch->copy);
    if (item == nullptr || copy == nullptr)
        return refuse("agreement.final_recipient");
    const std::string& level = logbook::protected_level(*item);
    if (level.empty())
        return refuse("agreement.unmarked");
    const auto clearance = s.state.clearance_at(s.actor->id, s.now);
    const auto* reader = std::get_if<PersonId>(&copy->place);
    const bool has_it = reader != nullptr ? *reader == s.actor->id : s.actor_controls();
    return refuse_if(!has_it || !clearance || !s.covers(clearance->level, level),
                     "agreement.final_recipient");
}

} // namespace

//= O-36
Verdict dispatch_known(const Situation& s) {
    const auto notice = logbook::parse_notice_type(s.text("type"));
    if (notice && !about_dispatch(*notice))
        return not_applicable();
    return refuse_if(s.dispatch == nullptr, "agreement.dispatch_unknown");
}

//= O-10
//= I2
// Only what the other party provided is re-marked; our own label is never changed this way.
Verdict received_item(const Situation& s) {
    if (s.item == nullptr)
        return not_applicable();
    return refuse_if(!s.received(), "agreement.not_received");
}

//= O-14
//= I2
// Once marked, the level changes only by the originator's notice.
Verdict class_retained(const Situation& s) {
    if (s.item == nullptr || s.item->own_level.empty())
        return not_applicable();
    if (!s.item->change.empty())
        return pass(); // that notice came
    return refuse_if(s.item->own_level != s.text("level"), "agreement.class_retained");
}

//= O-36
//= I14
// A receipt for something else than what was sent is no receipt.
Verdict receipt_matches(const Situation& s) {
    if (s.dispatch == nullptr)
        return not_applicable();
    if (s.text("item") != s.dispatch->item.text())
        return refuse("agreement.receipt_item");
    const auto statement = s.act.hash_field("statement");
    return refuse_if(statement && s.dispatch->document != Hash32{} &&
                         *statement != s.dispatch->document,
                     "agreement.receipt_statement");
}

//= O-36
// The receipt for the contents is signed by who opened and checked them.
Verdict final_recipient(const Situation& s) {
    if (s.dispatch == nullptr || s.dispatch->direction == Direction::out || s.actor == nullptr)
        return not_applicable();
    if (s.dispatch->package())
        return package_opened(s);
    const auto copies = s.state.copies_of(s.dispatch->item);
    const bool opened = std::ranges::any_of(copies, [&](const logbook::CopyHolding& copy) {
        return copy.opened_by.contains(s.actor->id);
    });
    return refuse_if(!opened, "agreement.final_recipient");
}

//= O-36
// A discrepancy is told to the sender at once and traced.
Verdict discrepancy(const Situation& s) {
    if (s.text("finding") != "discrepancy")
        return not_applicable();
    return duty("agreement.discrepancy", "trace-discrepancy", s.now);
}

//= O-36
//= I7
Verdict receipts_back(const Situation& s) {
    if (s.dispatch == nullptr)
        return not_applicable();
    return refuse_if(s.dispatch->direction == Direction::out &&
                         s.dispatch->state != DispatchState::contents_receipted,
                     "agreement.receipts_back");
}

} // namespace valise::agreement
