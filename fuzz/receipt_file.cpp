// SPDX-License-Identifier: Apache-2.0
// A receipt file, and the invitation beside it: whatever they hold, nothing verifies that no known
// key signed, each refusal names its place, and the report can be written.
#include "verifying/receipt_file.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace valise;
    const ByteView bytes(data, size);
    for (const auto& invitations : {std::vector<Bytes>(), std::vector<Bytes>{to_bytes(bytes)}}) {
        const auto report = verifying::check_receipt_file(bytes, invitations, {}, {});
        if (report.verified() || report.found->place.empty() || report.found->reason.empty())
            std::abort();
        (void)verifying::receipt_text(report);
        (void)canonical_json(verifying::receipt_json(report));
    }
    return 0;
}
