// SPDX-License-Identifier: Apache-2.0
// Whether what should be there is there.
#include "logbook/internal/fold.h"

namespace valise::logbook {

Result<void> Fold::begin_muster() {
    const auto id = id_as<MusterId>("muster");
    if (s_.musters_.contains(id))
        return known_id("the muster");
    const auto officer = actor();
    if (!officer)
        return unknown_id("the person who musters");
    Muster muster;
    muster.id = id;
    muster.event = e_.seq();
    muster.level = fact("level");
    muster.percent = static_cast<std::uint32_t>(number_fact("percent"));
    if (!this->id("container").empty()) {
        muster.container = id_as<ContainerId>("container");
        if (!s_.containers_.contains(muster.container))
            return unknown_id("the container");
    }
    muster.begun_by = *officer;
    muster.begun = e_.minute();
    const auto look_at = [&](const CopyHolding& copy) {
        const auto* place = std::get_if<ContainerId>(&copy.place);
        const bool there = copy.state == CopyState::held || copy.state == CopyState::issued;
        if (there && tangible(copy.form) &&
            (muster.container == ContainerId() ||
             (place != nullptr && *place == muster.container)) &&
            (muster.percent == 0 || sampled(id, copy.id, muster.percent)) &&
            (muster.level.empty() || muster.level == protected_level(*s_.item(copy.item))))
            muster.copies[copy.id] = {};
    };
    // A safe is counted without looking at a million copies that lie elsewhere.
    if (muster.container == ContainerId())
        for (const auto& [copy_id, copy] : std::as_const(s_.copies_))
            look_at(copy);
    else
        for (const auto& [copy_id, was] : s_.stored_in(muster.container))
            look_at(*s_.copy(copy_id));
    muster.uncounted = muster.copies.size();
    s_.musters_[id] = std::move(muster);
    return {};
}

// Counted anew, a copy is what the newest count says: one that was missing may be found.
Result<void> Fold::count() {
    const auto found = s_.musters_.find(id_as<MusterId>("muster"));
    if (found == s_.musters_.end() || found->second.closed)
        return unknown_id("a muster that is not closed");
    const auto counter = actor();
    if (!counter)
        return unknown_id("the person who counted");
    const auto copies = ids_in<CopyId>(fact("copies"));
    for (const CopyId& copy : copies)
        if (!found->second.copies.contains(copy))
            return unknown_id("a copy that this muster looks for");
    Muster& muster = found->second;
    const auto finding =
        fact("finding") == "present" ? CountFinding::present : CountFinding::missing;
    for (const CopyId& copy : copies) {
        Counted& counted = muster.copies.find(copy)->second;
        muster.uncounted -= counted.finding == CountFinding::uncounted ? 1 : 0;
        muster.missing -= counted.finding == CountFinding::missing ? 1 : 0;
        muster.missing += finding == CountFinding::missing ? 1 : 0;
        counted = {finding, *counter, e_.minute()};
    }
    return {};
}

Result<void> Fold::close_muster() {
    const auto found = s_.musters_.find(id_as<MusterId>("muster"));
    if (found == s_.musters_.end() || found->second.closed)
        return unknown_id("a muster that is not closed");
    if (found->second.uncounted != 0)
        return fail(Code::conflict, "logbook.no_transition",
                    "the muster has copies that nobody counted");
    found->second.closed = e_.minute();
    return {};
}

} // namespace valise::logbook
