// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

namespace valise::adapters {

// The clock of the machine, in whole seconds. It may be set back; the sequencer guards against that
// (design 6).
class SystemClock : public Clock {
public:
    Time now() const override;
};

// Milliseconds since some start; never goes back. For durations and deadlines.
std::uint64_t monotonic_milliseconds();

} // namespace valise::adapters
