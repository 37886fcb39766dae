// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

enum class IncidentState : std::uint8_t {
    none,
    // reported here; the copies are frozen from `frozen` to `closed`
    frozen,
    investigated,
    report_given,
    report_acknowledged,
    closed,
    // reported there, of what we originated
    told,
    report_received,
    report_answered,
};

enum class IncidentEvent : std::uint8_t {
    report_incident,
    investigate,
    give_report,
    acknowledgement_comes,
    close,
    notice_comes,
    report_comes,
    answer_report,
};

inline constexpr std::size_t kIncidentStates = 9;
inline constexpr std::size_t kIncidentEvents = 8;

std::string_view to_string(IncidentState state);
std::string_view to_string(IncidentEvent event);

using IncidentTransition = Transition<IncidentState, IncidentEvent>;

namespace detail {
using I = IncidentState;
using J = IncidentEvent;

inline constexpr auto kIncidentTable = std::to_array<IncidentTransition>({
    {I::none, J::report_incident, I::frozen},
    {I::frozen, J::investigate, I::investigated},
    {I::investigated, J::investigate, I::investigated},
    {I::investigated, J::give_report, I::report_given},
    // One report is on its way at a time, so that an acknowledgement says which.
    {I::report_given, J::acknowledgement_comes, I::report_acknowledged},
    {I::report_acknowledged, J::investigate, I::investigated},
    {I::report_acknowledged, J::close, I::closed},
    // Of what we originated ourselves there is nobody to report to.
    {I::investigated, J::close, I::closed},

    {I::none, J::notice_comes, I::told},
    {I::told, J::report_comes, I::report_received},
    {I::report_received, J::answer_report, I::report_answered},
    {I::report_answered, J::report_comes, I::report_received},
});
} // namespace detail

inline constexpr std::span<const IncidentTransition> kIncidentTable = detail::kIncidentTable;

// Errors: conflict logbook.no_transition.
Result<IncidentState> next(IncidentState state, IncidentEvent event);

} // namespace valise::logbook
