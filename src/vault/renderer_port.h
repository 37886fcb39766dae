// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rendering/job.h"

#include <memory>

namespace valise::vault {

// Port: the program that draws documents, reached by the key process itself. The daemon names
// neither where it is nor what it writes over the pages.
class Renderer {
public:
    // One document on its way; what was not finished is never shown.
    class Drawing : public ByteSink {
    public:
        // All of it was written; waits until it is drawn. Errors: render.*, those of the socket.
        virtual Result<void> finish() = 0;
    };
    virtual ~Renderer() = default;
    // `pages` is where the images go; it is handed over and stays open here. Errors: unavailable
    // adapters.renderer_down, refused adapters.renderer_owner.
    virtual Result<std::unique_ptr<Drawing>> begin(const rendering::Job& job, int pages) = 0;
};

} // namespace valise::vault
