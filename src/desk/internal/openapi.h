// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"

namespace valise::desk {

// What the answers of /api/v1 look like, by name: "item" -> JSON Schema (2020-12). Every object
// names all of its members and admits no other.
Json answer_schemas();

// OpenAPI 3.1, from the table of routes and the schemas.
Json openapi_document();

} // namespace valise::desk
