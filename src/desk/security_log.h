// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace valise::desk {

// What somebody has to be able to look into afterwards and no act says: who came in, who was turned
// away and from where. It never holds a secret, and of a name that no account has only that it was
// none: people type passwords into that field.
struct SecurityEvent {
    const char* what;    // "sign-in", "sign-in-refused", ...: docs/formats/security-log.md
    std::string who;     // account, client or person; empty: nobody whom we know
    std::string address; // of the other end
    std::string reason;  // reason id of a refusal, way of an account; else empty
};

// Called by several threads at once; must not throw.
using SecurityLog = std::function<void(const SecurityEvent&)>;

} // namespace valise::desk
