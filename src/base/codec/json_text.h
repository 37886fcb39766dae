// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

// For writers of canonical JSON that need no tree of values: what canonical_json() and to_base64()
// would give, behind what is there already.
namespace valise {

// With its quotes.
void append_json_string(std::string& out, std::string_view text);
void append_base64(std::string& out, ByteView bytes);

} // namespace valise
