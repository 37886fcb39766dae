// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace valise::render {

// What holds the process that draws one document. It is put up before a byte of the document is
// read, and comes down only with the process (docs/decisions/0018-reading-desk.md).
struct Limits {
    unsigned cpu_seconds = 60;
    unsigned wall_seconds = 90;          // kept by the process outside
    unsigned long memory = 1536UL << 20; // bytes of address space
    unsigned long files = 64;            // open at once
    unsigned long processes = 16;        // threads, counted only with namespaces
};

struct Layers {
    bool namespaces = false; // user, mount, process, network, IPC and host name
    bool landlock = false;
    // "namespaces, landlock, system calls, limits"
    std::string text() const;
};

// What the drawing reads beside the document; nothing else of the machine is there for it.
std::vector<std::string> readable_folders();

// Parts of both sandboxes, for a process that is alone in its namespaces. `from` read-only under
// `root`, and with `programs` executed too; `root` as the only one there is, read-only; and no
// right to change either. Errors: unavailable render.sandbox.
Result<void> bind_readable(const std::string& root, const std::string& from, bool programs);
// Read-only from here on, with all that is mounted below it.
Result<void> close_folder(const char* at, bool programs);
Result<void> enter_root(const char* root);
Result<void> drop_capabilities();

// In the process that will fork the one that draws: what is forked next is alone in new namespaces.
// False: this kernel or its settings do not give them.
bool leave_namespaces();

// In the process that draws, still single-threaded. Landlock is used where the kernel has it; where
// there is neither it nor a mount namespace, no file is opened at all. System calls beyond a list
// fail with EPERM; those that only an attacker makes (sockets, programs, processes, mounts,
// tracing) end the process at once with SIGSYS. Errors: unavailable render.sandbox.
Result<Layers> enter_sandbox(const Limits& limits, bool namespaces);

// Which layers there are here, tried in a child. Errors: unavailable render.sandbox.
Result<Layers> try_sandbox(const Limits& limits);

} // namespace valise::render
