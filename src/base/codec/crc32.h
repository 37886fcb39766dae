// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise {

// CRC-32 as zip uses it. `before` is the CRC of what came earlier, 0 at the start. It finds
// accidents only; nothing may rest on it.
std::uint32_t crc32(ByteView bytes, std::uint32_t before = 0);

// The CRC of A || B from those of A and of B, so that segments can be summed on several cores.
std::uint32_t crc32_join(std::uint32_t a, std::uint32_t b, std::uint64_t b_bytes);

} // namespace valise
