// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise::crypto {

// False for the encodings of the eight points of small order and for y >= p (RFC 8032 5.1.3 refuses
// the latter; OpenSSL reduces it). Whether the point is on the curve shows at verification.
bool is_sound_ed25519_point(std::span<const Byte, 32> encoded);

} // namespace valise::crypto
