// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

enum class CopyState : std::uint8_t {
    none,
    held,       // at the registry or in a container
    issued,     // with one reader
    destroying, // permitted and not yet said to be done
    destroyed,
    away,    // on its way to the other party, or with it
    lost,    // an incident was closed over it
    ordered, // its reader will print it: there is no sheet yet
};
enum class CopyEvent : std::uint8_t {
    enter,
    reproduce,
    open,
    store,
    issue,
    take_back,
    witness_destruction,
    permit_destruction,
    destroy,
    keep, // the permitted destruction was not carried out
    send,
    come_back, // returned, or never sent
    lose,
    print, // drawn for its reader, on an officer's order or without one
    order, // to be printed by a reader
};

inline constexpr std::size_t kCopyStates = 8;
inline constexpr std::size_t kCopyEvents = 15;

std::string_view to_string(CopyState state);
std::string_view to_string(CopyEvent event);

using CopyTransition = Transition<CopyState, CopyEvent>;

namespace detail {
using C = CopyState;
using V = CopyEvent;

// Nothing leads from `issued` to `destroying`: what a reader holds comes back first, and is
// counted.
inline constexpr auto kCopyTable = std::to_array<CopyTransition>({
    {C::none, V::enter, C::held},
    {C::none, V::reproduce, C::held},
    {C::none, V::print, C::issued},
    // A number that waits for its sheet: nothing to keep, to count, to give or to destroy.
    {C::none, V::order, C::ordered},
    {C::ordered, V::print, C::issued},
    {C::held, V::open, C::held},
    {C::held, V::store, C::held},
    {C::held, V::issue, C::issued},
    {C::held, V::witness_destruction, C::held},
    {C::held, V::permit_destruction, C::destroying},
    {C::issued, V::open, C::issued},
    {C::issued, V::take_back, C::held},
    {C::destroying, V::destroy, C::destroyed},
    {C::destroying, V::keep, C::held},
    {C::held, V::send, C::away},
    {C::away, V::come_back, C::held},
    {C::held, V::lose, C::lost},
    {C::issued, V::lose, C::lost},
    {C::away, V::lose, C::lost},
    // What is found is counted as it comes back, here or with the other party.
    {C::lost, V::take_back, C::held},
    {C::lost, V::send, C::away},
});
} // namespace detail

inline constexpr std::span<const CopyTransition> kCopyTable = detail::kCopyTable;

// Errors: conflict logbook.no_transition.
Result<CopyState> next(CopyState state, CopyEvent event);

} // namespace valise::logbook
