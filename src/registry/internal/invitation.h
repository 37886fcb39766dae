// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise::registry {

// What the control officers of two parties carry to each other by hand, as readable JSON. Form
// only: whether the list is signed by its own root, and whose root that is, is asked afterwards.
struct Invitation {
    std::string agreement; // id of the terms
    Hash32 terms{};
    std::string endpoint; // host:port of the inviting registry
    Bytes key_list;
    Bytes key_list_signature;

    std::string text() const;
    // Errors: base.json*, base.member, registry.invitation.
    static Result<Invitation> parse(std::string_view text);
};

} // namespace valise::registry
