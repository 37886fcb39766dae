// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/shared_table.h"
#include "logbook/event.h"

namespace valise::logbook {

// What the state does not keep, because no clause asks for it: when each thing happened. A value,
// as the state is one; copies share what neither changed.
struct Dates {
    Time moved;
    Time custody;
    Time contents;
    Time closed;
    bool operator==(const Dates&) const = default;
};
struct Chronicle {
    SharedTable<DispatchId, Dates> dispatches;
    SharedTable<CopyId, Time> opened; // the newest time
    std::uint64_t refusals = 0;
    std::uint64_t failures = 0;

    // The next event of the log.
    void take(const Skeleton& event);
    bool operator==(const Chronicle&) const = default;
};

} // namespace valise::logbook
