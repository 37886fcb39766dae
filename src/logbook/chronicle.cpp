// SPDX-License-Identifier: Apache-2.0
#include "logbook/chronicle.h"

namespace valise::logbook {

void Chronicle::take(const Skeleton& e) {
    refusals += e.stage() == Stage::refused ? 1 : 0;
    failures += e.stage() == Stage::failed ? 1 : 0;
    // The event with which something took effect. What is merely permitted has not happened.
    if (e.stage() != effect_stage(e.kind()))
        return;
    const bool rewrap = e.kind() == ActKind::export_copy && !e.id("person").empty();
    if (e.kind() == ActKind::open || e.kind() == ActKind::print || rewrap) {
        if (const auto copy = CopyId::parse(e.id("copy")))
            opened[*copy] = e.minute();
        return;
    }
    const auto dispatch = DispatchId::parse(e.id("dispatch"));
    if (!dispatch)
        return;
    Dates& dates = dispatches[*dispatch];
    if (e.kind() == ActKind::dispatch || e.kind() == ActKind::arrive)
        dates.moved = e.minute();
    if (e.kind() == ActKind::custody_receipt)
        dates.custody = e.minute();
    if (e.kind() == ActKind::contents_receipt)
        dates.contents = e.minute();
    if (e.kind() == ActKind::close)
        dates.closed = e.minute();
}

} // namespace valise::logbook
