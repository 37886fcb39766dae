// SPDX-License-Identifier: Apache-2.0
#include "adapters/clock/system_clock.h"

#include <chrono>

namespace valise::adapters {

Time SystemClock::now() const {
    using namespace std::chrono;
    return {floor<seconds>(system_clock::now()).time_since_epoch().count()};
}

std::uint64_t monotonic_milliseconds() {
    using namespace std::chrono;
    const auto since = steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(duration_cast<milliseconds>(since).count());
}

} // namespace valise::adapters
