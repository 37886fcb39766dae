// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "logbook/copy_states.h"
#include "logbook/form.h"

#include <map>
#include <optional>
#include <set>
#include <variant>

namespace valise::logbook {

// What a review found of an item: still needed for its purpose, or not, and then what becomes of
// it.
enum class ReviewFinding : std::uint8_t { kept, give_back, destroy };
std::string_view to_string(ReviewFinding finding);                 // "kept" | "return" | "destroy"
Result<ReviewFinding> parse_review_finding(std::string_view text); // Errors: logbook.finding

// A storage place: what it may hold and who can reach into it.
struct Container {
    ContainerId id;
    std::string level;              // the highest, a code of the own scheme
    std::set<PersonId> access;      // never empty
    std::set<std::string> controls; // of protection.h, as the newest act declares them //= O-17
    bool operator==(const Container&) const = default;
};

// Where a copy is. One value, so that no copy has two places or none. //= I6
struct AtRegistry {
    bool operator==(const AtRegistry&) const = default;
};
struct Gone { // destroyed
    bool operator==(const Gone&) const = default;
};
struct Lost { // nobody knows where
    bool operator==(const Lost&) const = default;
};
// On its way, or with the other party, by this dispatch.
using Whereabouts = std::variant<AtRegistry, ContainerId, PersonId, Gone, DispatchId, Lost>;

// A witness has seen and counted the copy: what was signed longer ago was about another day.
// [own proposal]
inline constexpr std::int64_t kWitnessSeconds = 24 * 3600;

// A cleared person's signature that they take part in destroying a copy.
struct DestructionWitness {
    std::string method;
    Time minute;
    bool operator==(const DestructionWitness&) const = default;
};

struct Destruction {
    std::uint64_t permit = 0; // event that permitted it: the number of the certificate
    std::string method;
    PersonId destroyer;
    std::set<PersonId> witnesses;         // who else had signed for this method within a day
    std::optional<PersonId> certified_by; // who said that it was done; electronic copies: nobody
    Time minute;                          // of the permit, then of the outcome
    std::uint32_t pages = 0;              // as they were checked
    std::uint32_t remaining = 0;          // other copies that were not destroyed then
    std::optional<Hash32> modification_report; // of equipment that was modified //= O-31
    bool operator==(const Destruction&) const = default;
};

// Whether a copy in this state is in this house.
inline bool held_here(CopyState state) {
    return state != CopyState::destroyed && state != CopyState::away && state != CopyState::lost &&
           state != CopyState::ordered;
}

struct CopyHolding {
    CopyId id;
    ItemId item;
    std::uint32_t number = 1; // copy i of its item; never given to another copy
    Form form = Form::electronic;
    std::uint32_t pages = 0; // 0: not counted
    CopyState state = CopyState::none;
    Whereabouts place;
    Time due;                           // while issued: back by then
    std::optional<PersonId> ordered_by; // who ordered that it be made; absent: entered or printed
    std::uint64_t printed = 0;          // outcome of the print that drew it; 0: none did
    std::set<PersonId> opened_by;
    std::map<PersonId, DestructionWitness> witnesses; // since the copy was last issued
    std::optional<Destruction> destruction;           // while destroying, and ever after
    bool operator==(const CopyHolding&) const = default;
};

} // namespace valise::logbook
