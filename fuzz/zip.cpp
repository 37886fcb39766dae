// SPDX-License-Identifier: Apache-2.0
// Entries lie inside the file, do not overlap, and what the exact reader takes the tolerant one
// takes as well.
#include "base/codec/zip.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const valise::MemorySource source(valise::Bytes(data, data + size));
    const auto exact = valise::read_stored_zip(source, {.later = 1000});
    const auto tolerant =
        valise::read_stored_zip(source, {.form = valise::ZipForm::tolerant, .later = 1000});
    if (exact && !tolerant)
        std::abort();
    if (!tolerant)
        return 0;
    std::uint64_t end = 0;
    for (const valise::ZipEntry& entry : *tolerant) {
        if (entry.offset < end || entry.offset > size || entry.size > size - entry.offset)
            std::abort();
        end = entry.offset + entry.size;
    }
    return 0;
}
