// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <map>
#include <mutex>

namespace valise::desk {

// What may be shown once and not again until it has run out by itself. Bounded: when it is full of
// what has not run out, nothing more is taken, since forgetting one would let it be replayed.
class Once {
public:
    // Whether this is the first time. `until` and `now` in seconds.
    bool first(const Hash32& what, std::int64_t until, std::int64_t now) {
        const std::scoped_lock lock(mutex_);
        while (!ends_.empty() && ends_.begin()->first < now) {
            seen_.erase(ends_.begin()->second);
            ends_.erase(ends_.begin());
        }
        if (seen_.contains(what) || seen_.size() >= kMost)
            return false;
        seen_.emplace(what, until);
        ends_.emplace(until, what);
        return true;
    }

private:
    static constexpr std::size_t kMost = 200'000;
    std::mutex mutex_;
    std::map<Hash32, std::int64_t> seen_;
    std::multimap<std::int64_t, Hash32> ends_;
};

} // namespace valise::desk
