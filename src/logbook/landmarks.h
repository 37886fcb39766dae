// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/chronicle.h"
#include "logbook/state.h"

namespace valise::logbook {

// What the books are made of, at one moment.
struct Landmark {
    State state;
    Chronicle chronicle;
};

// Past states, some hundred events apart, so that a book of any past minute folds few events and
// never the whole log. Copies that share what did not change between them. Bounded: when there are
// too many, every second one goes, and from then on they stand twice as far apart.
class Landmarks {
public:
    static constexpr std::uint64_t kSpacing = 512; // events
    static constexpr std::size_t kMost = 4096;

    // NOLINTNEXTLINE(google-explicit-constructor): `{}` is the ordinary ladder
    Landmarks(std::uint64_t spacing = kSpacing, std::size_t most = kMost)
        : spacing_(spacing), most_(most), next_(spacing) {}

    // What the log folds to after an event; of the events in order, and of both together.
    void follow(const State& state, const Chronicle& chronicle);

    // The newest that holds no event later than this; nullptr: begin with the first event.
    const Landmark* before(Time at) const;

    std::size_t size() const { return all_.size(); }
    std::uint64_t spacing() const { return spacing_; }

private:
    std::uint64_t spacing_;
    std::size_t most_;
    std::uint64_t next_; // number of events at which the next one stands, or soon after
    std::vector<Landmark> all_;
};

} // namespace valise::logbook
