// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/decide.h"
#include "base/codec/json.h"

#include <vector>

namespace valise::bench {

// One act in one world at one time.
struct Situation {
    logbook::Act act;
    Time now;
};

// A registry of Examplia with its persons, items, releases and incidents, folded from skeletons,
// and every combination of person, item, copy, purpose, recipient, level, digest and time for the
// acts `open` and `approve-release`: what decide() is measured on beside other engines.
struct Situations {
    agreement::Terms terms;
    logbook::State state;
    std::vector<Situation> all;

    // `terms_file`: agreements/examplia-borduria.toml.
    static Situations make(const std::string& terms_file);

    // All that a peer needs to decide the same: the state and the terms as plain JSON, and each
    // situation with the clauses by which decide() refuses it. "timed" are the permitted ones and
    // as many refused.
    Json json() const;
    std::vector<const Situation*> timed() const;
};

// Seconds of one decide() over the timed situations.
Json decide(const std::string& terms_file, double seconds);

} // namespace valise::bench
