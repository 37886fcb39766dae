// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <optional>
#include <string>

namespace valise::desk {

// Time-based one-time codes, six digits of HMAC-SHA-1 each thirty seconds: what every generator
// knows.
//= RFC 6238 4
inline constexpr std::int64_t kCodeSeconds = 30;

// The number of the period that this moment lies in.
std::int64_t code_period(Time at);
// `digits`: 6 to 8; the vectors of the RFC have eight.
//= RFC 4226 5.3
std::string one_time_code(ByteView secret, std::int64_t period, unsigned digits = 6);
// The period whose code this is, of the present one and one on either side for clocks that differ;
// never one at or before `used`, since a code counts once.
//= RFC 6238 5.2
std::optional<std::int64_t> matching_period(ByteView secret, std::string_view code, Time now,
                                            std::int64_t used);

} // namespace valise::desk
