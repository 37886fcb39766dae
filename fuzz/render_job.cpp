// SPDX-License-Identifier: Apache-2.0
// What the renderer is asked, as it comes over its socket: a job in one form, and a document in
// pieces.
#include "rendering/job.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (const auto job = rendering::read_job(bytes)) {
        const auto written = rendering::write_job(*job);
        hold(written && std::ranges::equal(*written, bytes));
    }
    MemorySource from(to_bytes(bytes));
    if (const auto document = rendering::read_document(from))
        hold(document->size() + 4 <= size);
    return 0;
}
