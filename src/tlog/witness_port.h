// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/witness.h"

namespace valise::tlog {

// Port: a witness, whatever carries the request to it.
class WitnessPort {
public:
    virtual ~WitnessPort() = default;
    // `body` is a WitnessRequest as printed. Any answer is an answer; errors are of the way there.
    virtual Result<WitnessAnswer> add_checkpoint(std::string_view body) = 0;
};

} // namespace valise::tlog
