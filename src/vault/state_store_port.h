// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <optional>

namespace valise::vault {

// Port: the vault's own file, apart from the daemon's database, so that neither a restored database
// nor a taken-over daemon can make the vault forget what it signed. save() returns when the bytes
// are durable; a crash leaves the old bytes or the new ones.
class StateStore {
public:
    virtual ~StateStore() = default;
    virtual Result<std::optional<Bytes>> load() = 0;
    virtual Result<void> save(ByteView bytes) = 0;
};

} // namespace valise::vault
