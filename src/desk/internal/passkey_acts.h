// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/desks.h"

namespace valise::desk {

// Under which name and as which page this one was called; an empty name: a number, which has no
// passkeys. (passkeys.cpp)
std::string passkey_host(const Visit& visit);
std::string passkey_origin(const Visit& visit);

// On the page of a prepared act: a button for each passkey that may sign it, or why there is none.
std::vector<Block> passkey_signing(const Visit& visit, const Prepared& prepared);
// Whether it signs acts, and the way there.
Cell passkey_signs(const Visit& visit, const Passkey& passkey);
// For a control officer: what others asked for. Nothing where nobody did.
std::vector<Block> passkeys_to_confirm(const Visit& visit);

// act_desk.cpp: back to the page of the act, with what became of it.
Answer handed_in(Visit& visit, const Prepared& prepared, const Result<registry::ActAnswer>& done);

} // namespace valise::desk
