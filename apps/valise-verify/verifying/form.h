// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forms/form.h"
#include "verifying/report.h"

namespace valise::verifying {

inline constexpr std::size_t kMaxPrintedForm = 16 << 20;

// The event that a printed form speaks of, and what the form says. A person compares the lines with
// the paper: the digest proves these, not what somebody printed beside it.
struct FormFound {
    std::uint64_t event = 0; // of the private log
    Time minute;
    logbook::ActKind act = logbook::ActKind::found;
    std::string evidence; // E1, E2: of the private log
    forms::Form form;
    std::vector<std::string> lines;
};

struct FormReport {
    Hash32 digest{};
    Report book;                    // of the evidence file, whole
    std::optional<FormFound> found; // none: no event there stands behind the form

    bool verified() const { return book.verified() && found.has_value(); }
};

// The digest from what a person names: the text of the QR code or the digits, else the bytes of a
// PDF, in whose properties the text stands once or several times alike.
// Errors: forms.digest.
Result<Hash32> digest_in_pdf(ByteView pdf);

// Checks the evidence file from its first event, then makes every form of it anew and looks for the
// one with this digest.
FormReport check_form(const Hash32& digest, ByteView evidence, const Expected& expected,
                      std::string_view language);

Json form_json(const FormReport& report);
std::string form_text(const FormReport& report);

} // namespace valise::verifying
