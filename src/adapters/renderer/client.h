// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vault/renderer_port.h"

#include <sys/types.h>

#include <string>

namespace valise::adapters {

// valise-render, over its unix socket (docs/formats/render-socket.md): a connection for each
// document. Safe to call from several threads. Errors: unavailable adapters.renderer_down, refused
// adapters.renderer_owner (it runs neither as `user` nor, without one, as we do), render.*.
class RendererClient : public vault::Renderer {
public:
    explicit RendererClient(std::string path, std::optional<uid_t> user = {});
    Result<std::unique_ptr<Drawing>> begin(const rendering::Job& job, int pages) override;

private:
    std::string path_;
    uid_t user_;
};

} // namespace valise::adapters
