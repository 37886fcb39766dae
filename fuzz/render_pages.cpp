// SPDX-License-Identifier: Apache-2.0
// What comes out of the renderer, which a document may have taken over.
#include "rendering/pages.h"

#include <cstdlib>

namespace {

using namespace valise;
using rendering::Job;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes = to_bytes(ByteView(data, size));
    for (const auto output : {Job::Output::pages, Job::Output::print}) {
        MemorySource from(bytes);
        const auto shown = rendering::read_shown(from, output);
        if (!shown)
            continue;
        hold(shown->pages.size() == (output == Job::Output::pages ? shown->summary.shown : 0U));
        hold(shown->pages.size() <= rendering::kMaxPages);
        for (const auto& page : shown->pages)
            hold(page.width > 0 && page.width <= rendering::kLongestSide && page.height > 0 &&
                 page.height <= rendering::kLongestSide);
    }
    if (const auto pixels = rendering::check_png(bytes))
        hold(pixels->first > 0 && pixels->second > 0);
    return 0;
}
