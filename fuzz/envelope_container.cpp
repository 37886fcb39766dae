// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes, reading a sealed file ends in a manifest whose text is the one that was read,
// or in an error.
#include "base/codec/zip.h"
#include "envelope/container.h"
#include "envelope/inspect.h"
#include "envelope/internal/form.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const valise::MemorySource source(valise::Bytes(data, data + size));
    const auto container = valise::envelope::Container::open(source);
    if (container) {
        const valise::envelope::Manifest& manifest = container->manifest();
        const valise::Bytes again = manifest.bytes();
        const auto there =
            valise::read_stored_zip(source, {.later = valise::envelope::kAfterPayload});
        if (!there || there->at(1).size != again.size() ||
            !std::equal(again.begin(), again.end(), data + there->at(1).offset))
            std::abort();
        static_cast<void>(manifest.claimed_leaves());
        static_cast<void>(manifest.sender());
    }
    static_cast<void>(valise::envelope::inspect(source));
    return 0;
}
