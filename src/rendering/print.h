// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace valise::rendering {

// A print goes to a viewer on its reader's own machine, from a program that a hostile document may
// have taken over. It is therefore held to what our renderer writes: PDF 1.4, each object where the
// one table says, each stream as long as it says, and no name outside of a list of those that draw.
// None of them runs a script, opens a file or an address, or hides objects in a stream. Returns how
// many pages it has. Errors: invalid render.print (says where).
Result<std::uint32_t> check_print(ByteView pdf);

} // namespace valise::rendering
