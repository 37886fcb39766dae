// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"
#include "desk/pages.h"
#include "registry/registry.h"

#include <atomic>

namespace valise::desk {

// /api/v1 for people: requests turned into use cases, results into JSON. Holds no rule: what is
// allowed, the registry decides. Thread-safe.
class Api {
public:
    // `registry` and `pages` must outlive it. `link`: what protects the link to the peer, empty
    // when there is none. `pages`: whose accounts are made here; null: this registry has no desks.
    Api(registry::Registry& registry, std::function<std::string()> link,
        const Pages* pages = nullptr);

    HttpResponse answer(const HttpRequest& request) const;
    // POST /api/v1/blobs; null for everything else.
    std::unique_ptr<HttpUpload> open_upload(const HttpRequest& request) const;
    // /healthz and /readyz only: for a listener that anybody on the machine can reach.
    HttpResponse answer_health(const HttpRequest& request) const;

    // OpenAPI 3.1, from the table of routes.
    static Json openapi();

private:
    friend struct Routes;

    registry::Registry& registry_;
    std::function<std::string()> link_;
    const Pages* pages_;
};

} // namespace valise::desk
