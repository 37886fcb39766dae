// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/ledger.h"

namespace valise::registry {

// What `work` records waits for the disk once, also when it fails on the way. Nothing may follow
// from it in there but other records.
template<class Work> Result<void> together(Ledger& ledger, Work work) {
    TRY(ledger.hold());
    Result<void> done;
    try {
        done = work();
    } catch (...) {
        static_cast<void>(ledger.settle());
        throw;
    }
    TRY(ledger.settle());
    return done;
}

} // namespace valise::registry
