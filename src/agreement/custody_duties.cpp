// SPDX-License-Identifier: Apache-2.0
#include "agreement/custody_duties.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::CopyState;
using logbook::ReviewFinding;

CustodyDuty of_item(const Terms& terms, const logbook::Item& item) {
    CustodyDuty out;
    out.item = item.id;
    out.what = "review-purpose";
    if (!item.review) {
        out.due = plus_months(item.entered, terms.review().months);
    } else if (*item.review == ReviewFinding::kept) {
        out.due = item.next_review;
    } else {
        out.what = to_string(*item.review);
        out.due = item.reviewed;
    }
    return out;
}

} // namespace

std::vector<CustodyDuty> custody_duties(const Terms& terms, const logbook::State& state) {
    std::vector<CustodyDuty> out;
    std::set<ItemId> held;
    for (const auto& [id, copy] : state.copies()) {
        if (copy.state == CopyState::destroyed)
            continue;
        held.insert(copy.item);
        if (const auto* reader = std::get_if<PersonId>(&copy.place))
            out.push_back({"take-back", copy.item, id, *reader, copy.due});
    }
    for (const ItemId& id : held)
        if (const logbook::Item* item = state.item(id))
            out.push_back(of_item(terms, *item));
    std::ranges::stable_sort(out, {}, &CustodyDuty::due);
    return out;
}

} // namespace valise::agreement
