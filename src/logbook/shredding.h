// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "logbook/act.h"

#include <vector>

namespace valise::logbook {

class Skeleton;

// An event of which the opening was shredded, or is about to be. Its skeleton, its leaf and every
// proof stay.
struct Shredded {
    std::uint64_t permit = 0; // the act `shred`
    std::string basis;        // code of the terms
    bool done = false;        // erased, and recorded as that
    bool operator==(const Shredded&) const = default;
};

inline constexpr std::size_t kMaxShredded = 32; // events of one act

// "4,17,205": in order, each once. Errors: logbook.event_numbers.
Result<std::vector<std::uint64_t>> parse_event_numbers(std::string_view text);

// Whether the book itself goes on needing what such an event opens: the terms that were adopted,
// the pairing, and the acts that shredded others. No terms can allow that.
bool never_shredded(ActKind kind);

// The event is of the kind that the act names, and of its item where such events name one.
bool shreds(const Act& act, const Skeleton& event);

std::int64_t day_of(Time time); // days since 1970-01-01

} // namespace valise::logbook
