// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/event.h"
#include "logbook/leaf.h"
#include "registry/ledger.h"

#include <functional>

namespace valise::testing {

// The private log as the daemon shows it to the vault.
std::vector<vault::RecordedEvent> log_of(const registry::Ledger& ledger);

logbook::Skeleton skeleton_of(const vault::RecordedEvent& event);

struct Told {
    logbook::SkeletonFields skeleton;
    logbook::Opening opening;
    logbook::LeafFields leaf;
};

// The event written anew with all that hangs on it, as somebody does who has the storage key.
vault::RecordedEvent retold(const vault::RecordedEvent& event,
                            const std::function<void(Told&)>& change);

} // namespace valise::testing
