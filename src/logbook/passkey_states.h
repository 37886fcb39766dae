// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "logbook/state_table.h"

#include <array>
#include <cstdint>

namespace valise::logbook {

// A passkey that signs acts of its person. What ended never signs again, for whomever: its acts
// would get a second author.
enum class PasskeyState : std::uint8_t { none, asked, signing, ended };
enum class PasskeyEvent : std::uint8_t { ask, confirm, end };

inline constexpr std::size_t kPasskeyStates = 4;
inline constexpr std::size_t kPasskeyEvents = 3;

std::string_view to_string(PasskeyState state);
std::string_view to_string(PasskeyEvent event);

using PasskeyTransition = Transition<PasskeyState, PasskeyEvent>;

namespace detail {
inline constexpr auto kPasskeyTable = std::to_array<PasskeyTransition>({
    {PasskeyState::none, PasskeyEvent::ask, PasskeyState::asked},
    {PasskeyState::asked, PasskeyEvent::confirm, PasskeyState::signing},
    {PasskeyState::asked, PasskeyEvent::end, PasskeyState::ended},
    {PasskeyState::signing, PasskeyEvent::end, PasskeyState::ended},
});
} // namespace detail

inline constexpr std::span<const PasskeyTransition> kPasskeyTable = detail::kPasskeyTable;

// Errors: conflict logbook.no_transition.
Result<PasskeyState> next(PasskeyState state, PasskeyEvent event);

struct SigningPasskey {
    Bytes signer; // crypto::PasskeySigner
    PasskeyState state = PasskeyState::none;
    Time since; // minute of the newest change of state
    bool operator==(const SigningPasskey&) const = default;
};

} // namespace valise::logbook
