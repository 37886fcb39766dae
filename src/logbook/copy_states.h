// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

enum class CopyState : std::uint8_t { none, held, opened };
enum class CopyEvent : std::uint8_t { enter, open };

inline constexpr std::size_t kCopyStates = 3;
inline constexpr std::size_t kCopyEvents = 2;

std::string_view to_string(CopyState state);
std::string_view to_string(CopyEvent event);

using CopyTransition = Transition<CopyState, CopyEvent>;

namespace detail {
inline constexpr auto kCopyTable = std::to_array<CopyTransition>({
    {CopyState::none, CopyEvent::enter, CopyState::held},
    {CopyState::held, CopyEvent::open, CopyState::opened},
    {CopyState::opened, CopyEvent::open, CopyState::opened},
});
} // namespace detail

inline constexpr std::span<const CopyTransition> kCopyTable = detail::kCopyTable;

// Errors: conflict logbook.no_transition.
Result<CopyState> next(CopyState state, CopyEvent event);

} // namespace valise::logbook
