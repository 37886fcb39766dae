// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <map>
#include <mutex>
#include <string>

namespace valise::desk {

// How often somebody may guess. Counted for each name at each address, and for each address over
// all names; never for a name alone: strangers elsewhere could lock an officer out. The pauses grow
// to a minute and no further, and an attempt that is turned away does not prolong them. Names that
// nobody has are counted the same way. Thread-safe.
class Throttle {
public:
    // Seconds to wait before this attempt; 0: it may be made, and counts as failed until
    // succeeded(). Without a name the address alone counts.
    std::int64_t admit(const std::string& name, const std::string& address, Time now);
    void succeeded(const std::string& name, const std::string& address);
    // The operator made the account anew: whoever waits for it need not.
    void forget(const std::string& name);

private:
    struct Count {
        unsigned failures = 0;
        Time last;
    };
    using Key = std::pair<std::string, std::string>; // name, or "" for all; network

    std::mutex mutex_;
    std::map<Key, Count> counts_;
};

// The network that an address stands for: one of IPv6 has 64 bits to play with.
std::string network_of(const std::string& address);

} // namespace valise::desk
