// SPDX-License-Identifier: Apache-2.0
// Statements on both logs, and the files that carry them: what is admitted is written back as the
// same bytes, what is refused is refused with its place, and the report of either can be written.
#include "verifying/recon.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace valise;
    const ByteView bytes(data, size);
    if (const auto statement = agreement::ReconStatement::parse(bytes)) {
        if (statement->bytes() != to_bytes(bytes))
            std::abort();
        (void)verifying::statement_text(*statement);
    }
    const auto whole = verifying::check_recon(bytes, {});
    const auto absent = verifying::check_absence(bytes, {});
    for (const auto* found : {&whole.found, &absent.found})
        if (*found && ((*found)->place.empty() || (*found)->reason.empty()))
            std::abort();
    if (whole.verified()) // no key was believed
        std::abort();
    (void)verifying::recon_text(whole);
    (void)canonical_json(verifying::recon_json(whole));
    (void)verifying::absence_text(absent);
    (void)canonical_json(verifying::absence_json(absent));
    return 0;
}
