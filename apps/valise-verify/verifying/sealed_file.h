// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"
#include "envelope/statement.h"
#include "verifying/keys.h"

namespace valise::verifying {

// A sealed file as it travels, checked without any key that could open it.
struct SealedReport {
    std::optional<envelope::Statement> statement; // signed by the sender's key, once it is here
    std::uint64_t segments = 0;                   // that were read and are the signed ones
    std::size_t approvals = 0;                    // distinct keys whose signed acts it rests on
    bool compared = false;                        // the root key, with one from outside
    std::optional<Fault> found;                   // none: verified

    bool verified() const { return !found; }
};

// `invitation` is the JSON that the sender's officer gave when pairing: it brings the sender's key
// list. Of `expected` the root keys are compared.
SealedReport check_sealed_file(const RandomSource& file, ByteView invitation,
                               const Expected& expected);

Json sealed_json(const SealedReport& report);
std::string sealed_text(const SealedReport& report);

} // namespace valise::verifying
