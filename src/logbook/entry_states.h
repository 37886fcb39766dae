// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

// The line in the register itself: never edited, only corrected or cancelled by a later one.
enum class EntryState : std::uint8_t { none, entered, corrected, cancelled };
// `use`: granted, released, dispatched, opened.
enum class EntryEvent : std::uint8_t { enter, use, correct, cancel };

inline constexpr std::size_t kEntryStates = 4;
inline constexpr std::size_t kEntryEvents = 4;

std::string_view to_string(EntryState state);
std::string_view to_string(EntryEvent event);

using EntryTransition = Transition<EntryState, EntryEvent>;

namespace detail {
inline constexpr auto kEntryTable = std::to_array<EntryTransition>({
    {EntryState::none, EntryEvent::enter, EntryState::entered},
    {EntryState::entered, EntryEvent::use, EntryState::entered},
    {EntryState::entered, EntryEvent::correct, EntryState::corrected},
    {EntryState::entered, EntryEvent::cancel, EntryState::cancelled},
    {EntryState::corrected, EntryEvent::use, EntryState::corrected},
    {EntryState::corrected, EntryEvent::correct, EntryState::corrected},
    {EntryState::corrected, EntryEvent::cancel, EntryState::cancelled},
});
} // namespace detail

inline constexpr std::span<const EntryTransition> kEntryTable = detail::kEntryTable;

// Errors: conflict logbook.no_transition.
Result<EntryState> next(EntryState state, EntryEvent event);

} // namespace valise::logbook
