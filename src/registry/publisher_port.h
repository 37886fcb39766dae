// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise::registry {

// Port: where a log is published in tlog-tiles layout, a folder or a bucket. Paths are those of
// c2sp.org/tlog-tiles below a prefix per log ("private/tile/0/000", "shared/checkpoint").
class Publisher {
public:
    virtual ~Publisher() = default;
    // Writes or replaces; the reader sees the old bytes or the new, never half.
    virtual Result<void> put(const std::string& path, ByteView bytes) = 0;
    // Removes what was put below `path` ("private/tile/0/000.p"); nothing there is no error.
    virtual Result<void> drop_folder(const std::string& path) = 0;
};

} // namespace valise::registry
