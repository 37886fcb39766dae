// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/seal.h"

namespace valise::envelope {

// A plain TDF for clients and key services in the field, which cannot read our own rules: what is
// unprotected in one is unprotected here (facts/tdf.md 7.1). No sender, no payload tree; never a
// dispatch, and only import_tdf() reads it back.
struct ExportRequest {
    bool hex_mode = false;     // as before 4.3.0: MACs as hexadecimal text, no schemaVersion
    bool segment_hmac = false; // HS256 segment hashes instead of GMAC
    bool raw_binding = false;  // policy bindings without the detour over hexadecimal
    std::uint32_t segment_plain = kSegmentPlain; // 16 KiB to 4 MiB - 28
    std::string policy_uuid;                     // made at random when empty
    std::vector<std::string> attributes;
    std::string mime_type;
    std::string label_xml; // each may be empty
    std::string label_5636;
    std::string metadata;
    std::vector<Recipient> recipients;
};

// Streams, one segment at a time. Returns the bytes written. Errors: invalid envelope.request;
// limit envelope.manifest_limit (10 MiB, which is where clients in the field stop); those of source
// and sink.
Result<std::uint64_t> export_tdf(ByteSource& plain, ByteSink& out, const ExportRequest& request);

} // namespace valise::envelope
