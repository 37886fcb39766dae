// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/decide.h"

namespace valise::agreement {

// Languages are "en", "ja" and "uk"; another one is refused with agreement.language.

// One short sentence that says what a clause asks. Errors: agreement.language, agreement.clause.
Result<std::string> clause_text(std::string_view clause, std::string_view lang);

// The terms in plain sentences: what they are, the parties, the levels and what each becomes on the
// other side, who releases, until when, and what every clause asks. Values that nobody has verified
// are marked. Ends with a line feed.
Result<std::string> explain_terms(const Terms& terms, std::string_view lang);

// The same as one page of HTML: nothing is loaded, nothing runs, every sign is also a word.
Result<std::string> explain_terms_html(const Terms& terms, std::string_view lang);

// A decision for a person: the outcome, then each clause that refused or laid a duty on somebody.
Result<std::string> explain_decision(const Decision& decision, std::string_view lang);

// Everything that these terms decide, in a fixed order and in English codes, so that a change of
// the terms or of the clauses shows as a difference of lines. Without the digest: a changed comment
// decides nothing.
std::string decision_table(const Terms& terms);

} // namespace valise::agreement
