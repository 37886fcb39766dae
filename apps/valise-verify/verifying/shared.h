// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/rests.h"
#include "verifying/evidence_file.h"

namespace valise::verifying {

// The shared log says of the private one's events exactly those that the agreement entitles the
// peer to know, in their order, each with the same commitment, and links the leaves of one transfer
// by the tag that follows from its statement.
Checked<void> check_shared(const std::vector<Bytes>& leaves,
                           const std::vector<audit::Record>& records,
                           const audit::Sendings& sendings);

} // namespace valise::verifying
