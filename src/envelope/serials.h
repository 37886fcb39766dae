// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/verify.h"

#include <map>
#include <utility>

namespace valise::envelope {

// Which serials of which sender were taken already, and for what: a signature that holds says
// nothing about how often it was shown. The keeper fills it from its log at start.
class TakenSerials {
public:
    // True: new, and now taken. False: the very statement that was taken before, which does no harm
    // and tells the carrier nothing new. Errors: integrity envelope.serial (another statement under
    // a serial that was taken).
    Result<bool> take(const Verified& verified);
    Result<bool> take(std::string_view sender, std::string_view recipient, std::int64_t serial,
                      const Hash32& commitment);

private:
    std::map<std::pair<std::string, std::string>, std::map<std::int64_t, Hash32>> taken_;
};

} // namespace valise::envelope
