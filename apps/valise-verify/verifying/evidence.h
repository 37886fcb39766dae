// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifying/report.h"

namespace valise::verifying {

// Checks all that docs/formats/evidence.md promises, and stops at the first thing that does not
// hold. Pure: believes nothing but the bytes and what `expected` brings from outside.
Report check_evidence(ByteView bytes, const Expected& expected = {});

// The same but for the logs' signatures and the digest: what not even a registry gets past that
// signs its own lies.
Checked<void> check_book(const EvidenceFile& file, const Expected& expected, Report& report);

} // namespace valise::verifying
