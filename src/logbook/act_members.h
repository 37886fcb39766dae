// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/act.h"

#include <vector>

namespace valise::logbook {

// One member of an act's content, for whoever offers a form for it.
struct ActMember {
    std::string_view name; // "recipient"
    // "line", "text", "token", "role", "party", "time", "hash", "key", "base64", "item", "copy",
    // "person", "persons", "items", "copies", "release", "dispatch", "notice", "incident",
    // "container", "muster", "controls", "count", "integer", or the words that it admits with '|'
    // between them.
    std::string_view type;
    bool required = false;
    std::size_t max = 0; // bytes of a text
};

// In the order of docs/formats/acts.md, without `for`. What depends on the value of another member
// (`revoke`, `enter`) only Act::make() tells.
std::vector<ActMember> act_members(ActKind kind);

} // namespace valise::logbook
