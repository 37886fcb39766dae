// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <string_view>

// The life of the agreement itself: other terms, and its end. //= O-08 //= O-48
namespace valise::logbook {

// How other terms come: by both parties in writing, or as an arrangement between their competent
// authorities, which may only tighten.
enum class AdoptedAs : std::uint8_t { amendment, arrangement };
std::string_view to_string(AdoptedAs as);
Result<AdoptedAs> parse_adopted_as(std::string_view text); // logbook.adoption

// Terms that a party countersigned; in force once both did, from that day on.
struct Adoption {
    Hash32 terms{};
    Hash32 former{}; // the terms in force when it was signed: they are what it changes
    AdoptedAs as = AdoptedAs::amendment;
    Time from;
    std::uint64_t event = 0; // of this book: the act, or the notice that told of it
    // Both countersigned the same, of the same day.
    bool agrees_with(const Adoption& other) const {
        return terms == other.terms && as == other.as && from == other.from;
    }
    bool operator==(const Adoption&) const = default;
};

//= O-49
// After `ends` nothing new is exchanged; all that protects goes on.
struct Termination {
    bool ours = true; // given here; else the other party told us
    Time ends;
    std::uint64_t event = 0;
    bool operator==(const Termination&) const = default;
};

// A statement that both logs were held against each other up to these sizes of the shared logs.
struct Reconciliation {
    Hash32 recon{}; // digest of the statement
    std::uint64_t own = 0;
    std::uint64_t theirs = 0;
    std::uint64_t event = 0; // of this book
    bool operator==(const Reconciliation&) const = default;
};

// A book that was restored from a backup and went on in a new epoch. Sizes of the private log: what
// the restored book held, and what had been signed; of the shared one the leaves from `shared_from`
// up to `shared_to` came back without their events.
struct Recovery {
    std::uint64_t epoch = 0;
    std::uint64_t held = 0;
    std::uint64_t signed_size = 0;
    Hash32 root{}; // of the tree that was signed last before
    std::uint64_t shared_from = 0;
    std::uint64_t shared_to = 0;
    std::uint64_t event = 0;
    bool operator==(const Recovery&) const = default;
};

} // namespace valise::logbook
