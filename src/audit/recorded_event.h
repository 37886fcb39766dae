// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "logbook/event.h"

#include <optional>
#include <string>

namespace valise::audit {

// An event of a private log with all that is known of it, taken apart and not yet believed. It is
// what an evidence file lists and what the daemon shows to the vault.
struct RecordedEvent {
    Bytes leaf;                        // 256 bytes
    Bytes skeleton;                    // canonical JSON
    Hash32 salt{};                     // of the skeleton
    std::vector<Hash32> fields;        // leaf hashes of all fields, the skeleton's first
    std::optional<Hash32> record_salt; // none: the opening is withheld
    Bytes opening;                     // empty when withheld
};

std::string event_place(std::size_t index); // "private event 17"

// Whether a later event, or whoever acts on the book, may ask for the opening of such an event once
// it was checked: a statement, a receipt, an act that something waits for. False only for kinds of
// which that is known.
bool rests_on_opening(logbook::ActKind kind, logbook::Stage stage);

} // namespace valise::audit
