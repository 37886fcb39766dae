// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/shared_map.h"

#include <optional>
#include <string>

namespace valise::logbook {

enum class CountFinding : std::uint8_t { uncounted, present, missing };
std::string_view to_string(CountFinding finding);

// What the newest count found of one copy.
struct Counted {
    CountFinding finding = CountFinding::uncounted;
    PersonId by;
    Time minute;
    bool operator==(const Counted&) const = default;
};

//= O-26
// A muster: every copy that should be there, looked at by a person. A spot check is one over a
// sample that nobody chose.
struct Muster {
    MusterId id;
    std::uint64_t event = 0;   // number of the act that began it
    std::string level;         // own code: copies at this level alone; empty: all
    ContainerId container;     // copies in it alone; empty: wherever they are
    std::uint32_t percent = 0; // of a spot check, 1 to 99; 0: all
    PersonId begun_by;
    Time begun;
    SharedMap<CopyId, Counted> copies; // that should be there, as the book said when it began
    std::size_t uncounted = 0;         // of them
    std::size_t missing = 0;           // of them
    std::optional<Time> closed;
    bool operator==(const Muster&) const = default;
};

// Whether a spot check of this id looks at this copy: their common SHA-256, as a number, is among
// the lowest `percent` hundredths. The id follows from the signed act, so that whoever orders a
// check cannot choose what it looks at, and an outsider finds the same sample.
bool sampled(const MusterId& muster, const CopyId& copy, std::uint32_t percent);

} // namespace valise::logbook
