// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise {

// RFC 1952, one member and nothing behind it, checksum and length checked. Never more than `max`
// bytes come out, whatever goes in. Errors: invalid base.gzip; limit base.gzip (more than `max`).
Result<Bytes> gunzip(ByteView packed, std::size_t max);

} // namespace valise
