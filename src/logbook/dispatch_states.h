// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

enum class DispatchState : std::uint8_t {
    none,
    // the sender's dossier
    permitted,
    sealed,
    sent,
    custody_receipted,
    contents_receipted,
    discrepancy,
    closed,
    failed,
    // the receiver's dossier
    offered,
    arrived,
    custody_receipt_sent,
    marked,
    opened,
    contents_receipt_sent,
    discrepancy_sent,
    arrival_failed,
    // the sender's again
    lost, // the package, and an incident was closed over it
};

enum class DispatchEvent : std::uint8_t {
    permit,
    seal,
    send,
    fail,
    custody_receipt_comes,
    contents_receipt_comes,
    discrepancy_comes,
    close,
    offer,
    arrive,
    arrival_fails,
    send_custody_receipt,
    mark,
    open,
    send_contents_receipt,
    send_discrepancy,
    trace,
    hand_over, // of a package, from hand to hand
    deliver,   // of a package, to the receiving officer
    lose,
};

inline constexpr std::size_t kDispatchStates = 18;
inline constexpr std::size_t kDispatchEvents = 20;

std::string_view to_string(DispatchState state);
std::string_view to_string(DispatchEvent event);

using DispatchTransition = Transition<DispatchState, DispatchEvent>;

namespace detail {
using enum DispatchState;
using E = DispatchEvent;

inline constexpr auto kDispatchTable = std::to_array<DispatchTransition>({
    {none, E::permit, permitted},
    {permitted, E::seal, sealed},
    {permitted, E::fail, failed},
    {sealed, E::send, sent},
    {sealed, E::fail, failed},
    {sent, E::custody_receipt_comes, custody_receipted},
    // By courier the second receipt can overtake the first; who checked the contents has custody.
    {sent, E::contents_receipt_comes, contents_receipted},
    {sent, E::discrepancy_comes, discrepancy},
    {custody_receipted, E::contents_receipt_comes, contents_receipted},
    {custody_receipted, E::discrepancy_comes, discrepancy},
    {contents_receipted, E::custody_receipt_comes, contents_receipted},
    {contents_receipted, E::close, closed},
    {discrepancy, E::custody_receipt_comes, discrepancy},
    {discrepancy, E::contents_receipt_comes, contents_receipted},
    {sent, E::trace, sent},
    {custody_receipted, E::trace, custody_receipted},
    {discrepancy, E::trace, discrepancy},
    {permitted, E::hand_over, permitted},
    {sent, E::hand_over, sent},
    // The couriers' receipts come back after the package was delivered.
    {custody_receipted, E::hand_over, custody_receipted},
    {contents_receipted, E::hand_over, contents_receipted},
    {discrepancy, E::hand_over, discrepancy},
    {closed, E::hand_over, closed},
    {sent, E::lose, lost},
    {lost, E::hand_over, lost},
    // It turned up after all.
    {lost, E::custody_receipt_comes, custody_receipted},
    {lost, E::contents_receipt_comes, contents_receipted},
    {lost, E::discrepancy_comes, discrepancy},

    {none, E::offer, offered},
    {offered, E::deliver, offered},
    {offered, E::arrive, arrived},
    {offered, E::arrival_fails, arrival_failed},
    {arrival_failed, E::offer, offered},
    {arrived, E::send_custody_receipt, custody_receipt_sent},
    {custody_receipt_sent, E::mark, marked},
    // A package has no key to ask for, and what came back needs no marking: a clause says which.
    {custody_receipt_sent, E::send_contents_receipt, contents_receipt_sent},
    {custody_receipt_sent, E::send_discrepancy, discrepancy_sent},
    {marked, E::send_contents_receipt, contents_receipt_sent},
    {marked, E::send_discrepancy, discrepancy_sent},
    {marked, E::open, opened},
    {opened, E::open, opened},
    {opened, E::send_contents_receipt, contents_receipt_sent},
    {opened, E::send_discrepancy, discrepancy_sent},
    {contents_receipt_sent, E::open, contents_receipt_sent},
    {discrepancy_sent, E::open, discrepancy_sent},
    {discrepancy_sent, E::send_contents_receipt, contents_receipt_sent},
});
} // namespace detail

// Both dossiers of one sending: the sender's from `permit`, the receiver's from `offer`.
inline constexpr std::span<const DispatchTransition> kDispatchTable = detail::kDispatchTable;

// Errors: conflict logbook.no_transition.
Result<DispatchState> next(DispatchState state, DispatchEvent event);

} // namespace valise::logbook
