// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"
#include "desk/issuer.h"
#include "desk/security_log.h"
#include "registry/registry.h"

#include <memory>

namespace valise::desk {

struct OpenTdfSetup {
    std::string url;                  // as clients reach us: "https://kas.tokyo.example:8443"
    std::vector<std::string> origins; // of pages that may call, "https://reader.example"
    // Whose tokens are taken beside our own.
    struct Issuer {
        std::string name;     // `iss`, exactly
        std::string audience; // `aud` contains it
        Json keys;            // a JSON Web Key Set, where they are not fetched
        std::shared_ptr<desk::Issuer> fetched = nullptr;
    };
    std::optional<Issuer> issuer;
    // PEM of the key that clients seal to, whose other half is with whoever enters what they send:
    // never the registry's own, under which its items lie. Empty: clients are given none.
    std::string intake = {};
    SecurityLog noted = [](const SecurityEvent&) {};
};

inline constexpr std::size_t kMaxOpenTdfBody = std::size_t{1} << 20;

// What programs of the OpenTDF world ask of a platform, as far as opening files needs it:
// docs/formats/opentdf.md. Holds no rule: who may have a key, the registry decides. Thread-safe.
class OpenTdfDesk {
public:
    // `registry` must outlive it.
    OpenTdfDesk(registry::Registry& registry, OpenTdfSetup setup);
    ~OpenTdfDesk();

    HttpResponse answer(const HttpRequest& request) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace valise::desk
