// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "base/io.h"
#include "base/secret.h"

namespace valise::envelope {

// A plain TDF of other makers, opened on purpose and never as a dispatch: it has no sender.
struct Imported {
    bool hex_mode = false; // before 4.3.0: MACs as hexadecimal text
    std::string schema_version;
    std::string mime_type;
    std::string policy; // decoded JSON text
    std::uint64_t plain_bytes = 0;
    std::size_t assertions_checked = 0;
    std::vector<std::string> findings; // what our own profile would have refused
};

// Checks root, every segment and every assertion binding under the payload key before the first
// byte is written. Errors: envelope.import (form), .not_encrypted, .root_algorithm,
// .hash_algorithm, .sizes, .root_signature, .assertion_binding, .segment_hash.
Result<Imported> import_tdf(const RandomSource& source, const SecretBytes& payload_key,
                            ByteSink& plain);

} // namespace valise::envelope
