// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace valise::logbook {

//= O-01
// What an item is. Only an electronic one has a sealed file; of the others the register holds the
// label and a description, and the thing itself lies in a container or was said or shown.
enum class Form : std::uint8_t { electronic, paper, equipment, oral, visual };

std::string_view to_string(Form form);          // "electronic"
Result<Form> parse_form(std::string_view text); // Errors: logbook.form
std::span<const Form> all_forms();
bool tangible(Form form); // not what was said or shown
bool copyable(Form form); // sealed files and sheets are; things, words and sights are not

} // namespace valise::logbook
