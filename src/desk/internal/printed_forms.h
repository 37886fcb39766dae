// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/routes.h"

namespace valise::desk {

// One form of one dispatch as a value, to be printed by who asks. Errors: not_found forms.kind,
// registry.no_dispatch, registry.no_paper (what it rests on has not happened yet).
Result<Json> form_json(const registry::Registry& registry, std::string_view kind,
                       std::string_view subject);

} // namespace valise::desk
