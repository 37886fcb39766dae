// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/sandbox.h"
#include "rendering/job.h"

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

namespace valise::render {

struct Serving {
    std::string socket;
    std::optional<uid_t> user; // of valise-keys, where it is another one
    Limits limits;
    unsigned at_once = 4; // documents
    bool namespaces_or_nothing = false;
};

// Serves until SIGTERM or SIGINT: one process for each document, which draws it and ends. Only ever
// one thread here, for it forks. Errors: those of listening; unavailable render.sandbox.
Result<void> serve(const Serving& serving);

// The way to LibreOffice: whether there is one, and the file of serve_office's turn.
struct OfficeRoad {
    bool open = true;
    int turn = -1;
};

// One document over a connection, in a process of its own that holds nothing but these two
// descriptors; ends in the verdict byte on the connection. For tests: `draws` in place of what
// draws.
using Draws = std::function<rendering::Verdict(int connection, int pages)>;
void serve_one(int connection, const Limits& limits, bool namespaces_or_nothing, const Draws& draws,
               const OfficeRoad& road = {});
// Reads job and document from the connection and draws. In the sandbox.
rendering::Verdict draw_from(int connection, int pages);

} // namespace valise::render
