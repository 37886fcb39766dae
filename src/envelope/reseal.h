// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/open.h"
#include "envelope/seal.h"

namespace valise::envelope {

// Opens `from` and seals the same document anew under a fresh key for the recipients of `request`,
// in one pass: plaintext exists one segment at a time and never leaves the process. Errors: those
// of open() and seal().
Result<SealResult> reseal(const RandomSource& from, const ShareProvider& shares,
                          const Expectation& expectation, ByteSink& to, const SealRequest& request);

} // namespace valise::envelope
