// SPDX-License-Identifier: Apache-2.0
// A print, out of a program that a document may have taken over.
#include "rendering/print.h"

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto pages = valise::rendering::check_print(valise::ByteView(data, size));
    const std::string_view text = valise::text_view(valise::ByteView(data, size));
    // What is taken begins and ends as a print does, and has no page without its bytes.
    if (pages && (!text.starts_with("%PDF-1.4\n") || !text.ends_with("%%EOF\n") || *pages > size))
        std::abort();
    return 0;
}
