// SPDX-License-Identifier: Apache-2.0
// A TDF of other makers, opened under the key that came with it. A whole file, or, since a checksum
// stands before the manifest, a manifest (the input begins with '{') that is packed with a payload
// of the right form. What is written is never more than what the segments say.
#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "envelope/import.h"
#include "envelope/inspect.h"
#include "envelope/internal/form.h"
#include "envelope/internal/plain_tdf.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::envelope;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

// One segment of two bytes; the corpus has the MACs of it under the fixed key.
Bytes packed(ByteView manifest) {
    const Bytes payload(2 + kSegmentOverhead, 0x33);
    StoredZipWriter zip(manifest.size() + 4096);
    Bytes out = zip.begin_streamed(kPayloadEntry);
    append(out, payload);
    append(out, zip.end_streamed(payload.size(), crc32(payload)));
    append(out, zip.add(kManifestEntry, manifest.size(), crc32(manifest)));
    append(out, manifest);
    append(out, zip.finish());
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const bool is_manifest = size > 0 && bytes[0] == '{';
    const MemorySource source(is_manifest ? packed(bytes) : to_bytes(bytes));
    const auto tdf = PlainTdf::read(source);
    if (tdf)
        hold(tdf->payload_offset + tdf->payload_bytes <= source.size() &&
             tdf->plain_bytes() <= tdf->payload_bytes);
    static const SecretBytes key = SecretBytes::copy(Bytes(32, 0x44));
    MemorySink plain;
    const auto imported = import_tdf(source, key, plain);
    if (imported)
        hold(tdf.has_value() && plain.bytes().size() == imported->plain_bytes &&
             imported->plain_bytes == tdf->plain_bytes());
    else
        hold(imported.error().reason().starts_with("envelope."));
    (void)inspect(source);
    return 0;
}
