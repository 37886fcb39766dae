// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rendering/pages.h"

#include <chrono>
#include <functional>

namespace valise::adapters {

// Page images, or a print, out of a pipe, of which `ask` gives the other end away and waits until
// they are drawn. Whoever keeps that end open, and writes nothing, holds nobody up: after
// `patience` it is closed here. Throws nothing. Errors: those of `ask` first, for they say more
// than a pipe that ended; those of rendering::read_shown(); unavailable adapters.renderer_slow.
Result<rendering::Shown> taken_pages(const std::function<Result<void>(int pages)>& ask,
                                     std::chrono::milliseconds patience,
                                     rendering::Job::Output output);

} // namespace valise::adapters
