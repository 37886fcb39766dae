// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/event.h"

#include <span>

namespace valise::logbook {

// Which members of an act its event repeats, so that the fold needs no signed act. All else in a
// skeleton is the registry's own word or follows from the act; docs/formats/acts.md says how.
// Counts are numbers in an act and decimal texts in a skeleton. Members that the act has not are
// left as they are.
void repeat(const Act& act, TextMap& ids, TextMap& facts);

// What the event of a refused act still shows: what it was about.
void repeat_refused(const Act& act, TextMap& ids);

// Members of any act that stand in the opening, where they can be shredded.
std::span<const char* const> opened_members();

} // namespace valise::logbook
