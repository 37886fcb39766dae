// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "base/io.h"
#include "envelope/manifest.h"

#include <string>
#include <vector>

namespace valise::envelope {

// The manifest of a TDF of other makers, as far as it can be trusted to be read: facts/tdf.md 1.2
// to 1.7. Two integrity modes; several sizes and orders; unknown members ignored.
struct PlainTdf {
    struct Segment {
        Bytes hash; // decoded from base64; in hex mode still hexadecimal text
        std::uint32_t plain = 0;
        std::uint32_t cipher = 0;
    };

    bool hex_mode = false;
    std::string schema_version;
    std::string mime_type;
    std::string policy;                // base64, verbatim
    std::vector<KeyAccess> key_access; // with 4.4.0's names of members under 4.3.0's
    Bytes root_signature;              // decoded from base64
    bool gmac = true;                  // else HS256 segment hashes
    std::vector<Segment> segments;
    Json assertions = Json::array();

    std::uint64_t payload_offset = 0;
    std::uint64_t payload_bytes = 0;

    Bytes joined_hashes() const;
    std::uint64_t plain_bytes() const;

    // Errors: see import_tdf().
    static Result<PlainTdf> read(const RandomSource& source);
};

} // namespace valise::envelope
