// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace valise::render {

// What the drawing process has open: who it reads from, and where its pages go.
inline constexpr int kConnection = 3;
inline constexpr int kPages = 4;

// The list of system calls that the drawing process may make from here on, for all its threads.
// `files`: reading may be left to what stands around it. Errors: unavailable render.sandbox.
Result<void> restrict_calls(bool files);

} // namespace valise::render
