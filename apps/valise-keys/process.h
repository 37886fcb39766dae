// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace valise::keys_program {

// Keeps key bytes out of core dumps, debuggers of the same user and, where the machine allows it,
// swap. Best effort: an unprivileged user may lock little memory, and the program runs all the
// same.
void protect_memory();

// Blocks SIGINT and SIGTERM for every thread made after; wait_for_stop() returns at the first.
void block_stop_signals();
void wait_for_stop();

} // namespace valise::keys_program
