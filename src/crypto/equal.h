// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise::crypto {

// Takes the same time whichever byte differs, so that a guesser of a tag or key learns nothing from
// the clock. The sizes are not secret.
bool constant_time_equal(ByteView a, ByteView b);

} // namespace valise::crypto
