// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/open.h"
#include "label/json5636.h"
#include "label/label_xml.h"

#include <string>
#include <vector>

namespace valise::envelope {

// A plain TDF of other makers, opened on purpose and never as a dispatch: it has no sender.
struct Imported {
    bool hex_mode = false; // before 4.3.0: MACs as hexadecimal text
    std::string schema_version;
    std::string mime_type;
    std::string policy; // decoded JSON text
    std::uint64_t plain_bytes = 0;
    std::size_t assertions_checked = 0;
    std::vector<std::string> attributes;        // the data attributes of the policy
    std::optional<label::ReadLabel> label_4774; // of an assertion that holds one
    std::optional<label::Summary5636> label_5636;
    std::string metadata;              // of a share; opened by shares only
    std::vector<std::string> findings; // what our own profile would have refused
};

// Root, policy binding (where the key has one share) and every assertion binding hold under the
// payload key before the first byte is written, each segment's hash and tag before its own bytes.
// Keys that a file brings along itself (jwk, x5c) count for nothing. Errors: envelope.zip,
// .import (form), .not_encrypted, .root_algorithm, .hash_algorithm, .sizes, .root_signature,
// .policy_binding, .assertion_binding, .segment_hash.
Result<Imported> import_tdf(const RandomSource& source, const SecretBytes& payload_key,
                            ByteSink& plain);

// The same by its wrapped shares. Errors also: envelope.share, .metadata; those of the provider.
Result<Imported> import_tdf(const RandomSource& source, const ShareProvider& shares,
                            ByteSink& plain);

} // namespace valise::envelope
