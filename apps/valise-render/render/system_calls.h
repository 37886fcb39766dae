// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace valise::render {

// What the drawing process has open: who it reads from, and where its pages go.
inline constexpr int kConnection = 3;
inline constexpr int kPages = 4;
// Where an office document goes, and its PDF comes from; open where LibreOffice is installed.
inline constexpr int kToOffice = 6;
inline constexpr int kFromOffice = 7;

// The list of system calls that the drawing process may make from here on, for all its threads.
// `files`: reading may be left to what stands around it. Errors: unavailable render.sandbox.
Result<void> restrict_calls(bool files);
// For a program of many processes that nobody here wrote: all but what leads out of its namespaces,
// into another process or deep into the kernel. Of sockets those between its own processes. Errors:
// unavailable render.sandbox.
Result<void> restrict_office_calls();

} // namespace valise::render
