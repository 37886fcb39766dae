// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace valise::desk {

// Whether this is a password that everybody uses, as "Password2026!!" or "qwertyuiop12": nothing is
// left of it, or too little, once the words, rows and runs that lists of leaked passwords are made
// of are taken out. A list of millions would say the same of twelve characters. //= ASVS 2.1.7
bool known_password(std::string_view password);

} // namespace valise::desk
