// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "tlog/cose.h"
#include "verifying/checkpoint.h"

#include <optional>

namespace valise::verifying {

// One COSE receipt against one entry, under whichever key that is believed signed it.
struct CoseReport {
    tlog::Checkpoint tree; // as claimed until it is verified
    std::uint64_t index = 0;
    std::string algorithm;
    std::optional<Fault> found;

    bool verified() const { return !found; }
};

CoseReport check_cose(ByteView receipt, ByteView entry, const Believed& believed);
Json cose_json(const CoseReport& report);
std::string cose_text(const CoseReport& report);

} // namespace valise::verifying
