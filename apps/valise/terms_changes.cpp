// SPDX-License-Identifier: Apache-2.0
#include "terms_changes.h"

#include <fmt/core.h>

namespace valise::cli {

std::string change_lines(const std::vector<agreement::TermsChange>& changes) {
    const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
    std::string lines;
    for (const auto& change : changes)
        lines += fmt::format("{:8} {}: {} -> {} (clause {})\n", to_string(change.effect),
                             change.parameter, or_dash(change.before), or_dash(change.after),
                             change.clause);
    return lines;
}

} // namespace valise::cli
