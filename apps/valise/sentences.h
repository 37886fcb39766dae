// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace valise::cli {

// What a refusal means, for a person: by its reason id, else by its clause, else the reason itself.
std::string sentence_of_reason(std::string_view reason, std::string_view clause);

} // namespace valise::cli
