// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/event.h"

namespace valise::logbook::internal {

// The canonical JSON of a skeleton whose members were checked.
Bytes write_skeleton(const SkeletonFields& fields);

// The members of a skeleton in its ordinary form, read without a tree of values in between: a
// registry reads every one of them back when it starts. It accepts too much (order of members,
// types of texts), so the caller checks the members and compares what write_skeleton() makes of
// them, byte by byte. Nothing: not that form; the strict reader says what is wrong, or reads it.
std::optional<SkeletonFields> read_ordinary_skeleton(ByteView text);

} // namespace valise::logbook::internal
