// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace valise::desk {

// A file of src/desk that was compiled in, by its name; empty: none. Made by cmake/Embed.cmake.
std::string_view embedded(std::string_view name);

} // namespace valise::desk
