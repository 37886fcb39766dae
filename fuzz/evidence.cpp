// SPDX-License-Identifier: Apache-2.0
// A whole evidence file: read, folded and decided again without a crash; what is refused is refused
// with its place, and the report of either can be written.
#include "verifying/evidence.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace valise::verifying;
    const Report report = check_evidence({data, size});
    if (report.found && (report.found->place.empty() || report.found->reason.empty()))
        std::abort();
    (void)report_text(report);
    (void)valise::canonical_json(report_json(report));
    return 0;
}
