// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

enum class NoticeState : std::uint8_t {
    none,
    // ours
    given, // recorded, and on its way
    taken, // recorded by the other registry
    acknowledged,
    refused, // by the other party's agreement
    // the other party's
    received,
    answered,
};

enum class NoticeEvent : std::uint8_t {
    give,
    take,
    refuse,
    acknowledgement_comes,
    receive,
    answer,
};

inline constexpr std::size_t kNoticeStates = 7;
inline constexpr std::size_t kNoticeEvents = 6;

std::string_view to_string(NoticeState state);
std::string_view to_string(NoticeEvent event);

using NoticeTransition = Transition<NoticeState, NoticeEvent>;

namespace detail {
using N = NoticeState;
using M = NoticeEvent;

inline constexpr auto kNoticeTable = std::to_array<NoticeTransition>({
    {N::none, M::give, N::given},
    {N::given, M::take, N::taken},
    {N::given, M::refuse, N::refused},
    {N::taken, M::acknowledgement_comes, N::acknowledged},
    // The answer "taken" was lost, and what a person answered overtook its repetition.
    {N::given, M::acknowledgement_comes, N::acknowledged},
    {N::acknowledged, M::take, N::acknowledged},

    {N::none, M::receive, N::received},
    {N::received, M::answer, N::answered},
});
} // namespace detail

inline constexpr std::span<const NoticeTransition> kNoticeTable = detail::kNoticeTable;

// Errors: conflict logbook.no_transition.
Result<NoticeState> next(NoticeState state, NoticeEvent event);

} // namespace valise::logbook
