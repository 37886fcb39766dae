// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "base/io.h"

namespace valise::envelope {

// What a file says of itself, without keys; nothing in it is proved. Peer text is escaped for the
// terminal. {"form":"dispatch"|"at-rest"|"plain-tdf", ...}. Errors: those of Container::open().
Result<Json> inspect(const RandomSource& source);

} // namespace valise::envelope
