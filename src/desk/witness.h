// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"
#include "registry/registry.h"

namespace valise::desk {

// 63 hashes, and a checkpoint with a hundred lines of which a few are ML-DSA.
inline constexpr std::size_t kMaxWitnessBody = 128 << 10;

// The listener for logs that ask to be cosigned: POST /add-checkpoint and nothing else. It needs no
// caller's name: what is cosigned is signed by the log, and the key process knows of which logs.
//= c2sp.org/tlog-witness
class WitnessDesk {
public:
    explicit WitnessDesk(registry::Registry& registry) : registry_(registry) {}
    HttpResponse answer(const HttpRequest& request) const;

private:
    registry::Registry& registry_;
};

} // namespace valise::desk
