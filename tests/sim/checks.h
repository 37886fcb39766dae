// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "two_registries/side.h"

#include <set>

// What must hold of two whole registries, whatever persons, network and machines did. Each check
// throws Broken.
namespace valise::testing {

struct Broken {
    std::string invariant;
};

void require(bool held, const std::string& invariant);

// What `to` recorded as told by `from`, that one gave, and of the same thing.
void same_notices(const Side& from, const Side& to);
// The log that the rows give, the state that the skeletons give, and what was signed and cosigned
// of it: one history. //= I14
void one_history(Side& side);
// Of a registry whose peer never lost a word of its book.
void arrivals_were_sent(const Side& side);

// Once everything has come to its end: both books say the same, each permitted dispatch arrived
// exactly once, at least `permitted` of them.
void told(const Side& from, const Side& to);
// `lied`: dispatches that may have failed, since somebody said so in the receiver's name.
void settled(const Side& from, const Side& to, std::size_t permitted,
             const std::set<std::string>& lied);

// An outsider decides every event again and comes to the same.
void proven(Side& side);

} // namespace valise::testing
