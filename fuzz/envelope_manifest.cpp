// SPDX-License-Identifier: Apache-2.0
// A manifest comes alone with an offer, before anybody knows who sent it.
#include "envelope/manifest.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const valise::ByteView text(data, size);
    const auto manifest = valise::envelope::Manifest::parse(text);
    if (!manifest)
        return 0;
    const valise::Bytes again = manifest->bytes();
    if (!std::equal(again.begin(), again.end(), text.begin(), text.end()))
        std::abort();
    static_cast<void>(manifest->claimed_leaves());
    static_cast<void>(manifest->sender());
    return 0;
}
