// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

enum class ReleaseState : std::uint8_t {
    none,
    asked,
    approved_once,
    approved,  // by two persons or more
    reserved,  // a dispatch under it is permitted
    used,      // that dispatch was sent
    refused,   // by a releasing authority: somebody has to ask again
    withdrawn, // taken back, or the entry was corrected since
};

enum class ReleaseEvent : std::uint8_t { ask, approve, reserve, use, set_free, refuse, withdraw };

inline constexpr std::size_t kReleaseStates = 8;
inline constexpr std::size_t kReleaseEvents = 7;

std::string_view to_string(ReleaseState state);
std::string_view to_string(ReleaseEvent event);

using ReleaseTransition = Transition<ReleaseState, ReleaseEvent>;

namespace detail {
using R = ReleaseState;
using A = ReleaseEvent;

// `reserve` is possible from `approved` only: no terms can let one person release alone.
inline constexpr auto kReleaseTable = std::to_array<ReleaseTransition>({
    {R::none, A::ask, R::asked},
    {R::asked, A::approve, R::approved_once},
    {R::asked, A::refuse, R::refused},
    {R::approved_once, A::approve, R::approved},
    {R::approved_once, A::refuse, R::refused},
    {R::approved, A::approve, R::approved},
    {R::approved, A::refuse, R::refused},
    {R::approved, A::reserve, R::reserved},
    {R::reserved, A::use, R::used},
    {R::reserved, A::set_free, R::approved},
    // Sending the same again (lost, or returned with a discrepancy) needs both approvals anew.
    {R::used, A::ask, R::asked},
    {R::refused, A::ask, R::asked},
    {R::asked, A::withdraw, R::withdrawn},
    {R::approved_once, A::withdraw, R::withdrawn},
    {R::approved, A::withdraw, R::withdrawn},
    {R::withdrawn, A::ask, R::asked},
});
} // namespace detail

inline constexpr std::span<const ReleaseTransition> kReleaseTable = detail::kReleaseTable;

// Errors: conflict logbook.no_transition.
Result<ReleaseState> next(ReleaseState state, ReleaseEvent event);

} // namespace valise::logbook
