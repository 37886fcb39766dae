// SPDX-License-Identifier: Apache-2.0
// A manifest comes alone with an offer, before anybody knows who sent it. Read once as it is, and
// once keeping short what otherwise only a document of gibibytes has long: what the second reading
// takes, the first takes too, and both write what was read.
#include "envelope/internal/manifest_text.h"

#include <algorithm>
#include <cstdlib>

namespace {

using valise::envelope::Manifest;

void looked_at(const valise::Result<Manifest>& manifest, valise::ByteView text) {
    if (!manifest)
        return;
    const valise::Bytes again = manifest->bytes();
    if (!std::equal(again.begin(), again.end(), text.begin(), text.end()))
        std::abort();
    static_cast<void>(manifest->claimed_leaves());
    static_cast<void>(manifest->sender());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const valise::ByteView text(data, size);
    const auto manifest = Manifest::parse(text);
    looked_at(manifest, text);
    const valise::MemorySource source(valise::to_bytes(text));
    const auto in_short = valise::envelope::read_manifest(source, 0, size, 40);
    looked_at(in_short, text);
    if (in_short && !manifest)
        std::abort();
    return 0;
}
