// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace valise::render {

// The list of system calls that the drawing process may make from here on, for all its threads.
// `files`: reading may be left to what stands around it. Errors: unavailable render.sandbox.
Result<void> restrict_calls(bool files);

} // namespace valise::render
