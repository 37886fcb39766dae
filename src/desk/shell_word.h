// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace valise::desk {

// A text as one word of a POSIX shell: what a person copies from a page does what it says and
// nothing else, whatever stands in a title.
std::string shell_word(std::string_view text);

} // namespace valise::desk
