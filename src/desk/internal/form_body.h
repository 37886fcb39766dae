// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <map>
#include <optional>
#include <string>

namespace valise::desk {

inline constexpr std::size_t kMaxFormBody = 1 << 20;
inline constexpr std::size_t kMaxFormFields = 64;

// The body of a form, application/x-www-form-urlencoded: at most 1 MiB and 64 fields, each once,
// UTF-8 without NUL; a line break is LF. Errors: invalid desk.form_body; limit desk.form_limit.
Result<std::map<std::string, std::string>> parse_form_body(ByteView body);

// The cookie of this name. Two of one name are refused: one of them may have been planted by
// another site of the same domain. Errors: invalid desk.cookie.
//= RFC 6265 5.4
Result<std::optional<std::string>> cookie_in(std::string_view header, std::string_view name);

} // namespace valise::desk
