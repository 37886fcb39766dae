// SPDX-License-Identifier: Apache-2.0
// A TDF of other makers, opened under the key that came with it. A whole file, or, since a checksum
// stands before the manifest, a manifest (the input begins with '{') that is packed with a payload
// of the right form. What is written is never more than what the segments say.
#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "crypto/aead.h"
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

const SecretBytes& payload_key() {
    static const SecretBytes key = SecretBytes::copy(Bytes(32, 0x44));
    return key;
}

// One segment of two bytes; the corpus has its MACs under the fixed key.
const Bytes& segment() {
    static const Bytes sealed = [] {
        crypto::GcmNonce nonce{};
        Bytes out = to_bytes(nonce);
        auto cipher = crypto::Aes256Gcm::create(payload_key()).value();
        append(out, cipher.seal(nonce, {}, view("ok")).value());
        return out;
    }();
    return sealed;
}

Bytes packed(ByteView manifest) {
    const Bytes& payload = segment();
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
    MemorySink plain;
    const auto imported = import_tdf(source, payload_key(), plain);
    if (imported)
        hold(tdf.has_value() && plain.bytes().size() == imported->plain_bytes &&
             imported->plain_bytes == tdf->plain_bytes() &&
             (!is_manifest || tdf->segments.size() != 1 || text_view(plain.bytes()) == "ok"));
    else
        hold(imported.error().reason().starts_with("envelope."));
    // By shares: whatever stands in a key access object, the share is the same.
    MemorySink other;
    const auto by_shares = import_tdf(
        source,
        [](const KeyAccess&) -> Result<SecretBytes> {
            return payload_key().clone(SecretAccess::because("fuzzing"));
        },
        other);
    if (by_shares && tdf->key_access.size() == 1)
        hold(imported.has_value() && other.bytes() == plain.bytes());
    (void)inspect(source);
    return 0;
}
