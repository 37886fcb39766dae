// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <string>
#include <string_view>
#include <vector>

namespace valise::label::internal {

// ASCII letters only: other scripts have no case here, or one that depends on the language.
std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);

// Not empty, at most kMaxLabelText bytes, UTF-8 and XML characters only, no control or
// bidirectional ones, no white space at either end.
bool is_plain(std::string_view text);

// xs:token: white space at the ends removed, inside joined into one space.
std::string collapse(std::string_view text);

// xs:dateTime, wider than what we write. A fraction of a second is cut off; without a zone it is
// read as UTC; the flags say so. Errors: label.time.
struct LooseTime {
    Time time;
    bool fraction = false;
    bool no_zone = false;
};
Result<LooseTime> parse_loose_time(std::string_view text);

// "A, B, C"
std::string joined(const std::vector<std::string>& values);

} // namespace valise::label::internal
