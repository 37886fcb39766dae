// SPDX-License-Identifier: Apache-2.0
#include "logbook/landmarks.h"

#include <algorithm>

namespace valise::logbook {

void Landmarks::follow(const State& state, const Chronicle& chronicle) {
    if (state.next_seq() < next_)
        return;
    if (all_.size() == most_) {
        // The second, the fourth and so on stay: the newest is among them when `most_` is even.
        std::size_t kept = 0;
        for (std::size_t i = 1; i < all_.size(); i += 2)
            all_[kept++] = std::move(all_[i]);
        all_.resize(kept);
        spacing_ *= 2;
        next_ = (all_.empty() ? 0 : all_.back().state.next_seq()) + spacing_;
        if (state.next_seq() < next_)
            return;
    }
    all_.push_back({state, chronicle});
    next_ = state.next_seq() + spacing_;
}

const Landmark* Landmarks::before(Time at) const {
    // Events of one minute may stand on both sides of a landmark: one within it is too early never,
    // and too late only when it holds one of the next minute.
    const auto later = std::ranges::upper_bound(
        all_, at, {}, [](const Landmark& landmark) { return landmark.state.last_minute(); });
    return later == all_.begin() ? nullptr : &*std::prev(later);
}

} // namespace valise::logbook
