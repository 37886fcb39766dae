// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <expected>
#include <string>

namespace valise::audit {

// The first thing that does not hold. `place` names where in what was given, so that a person can
// go and look; it is never empty.
struct Fault {
    std::string place;  // "private event 17, opening field 'act'"
    std::string reason; // stable id, "verify.outcome" or that of the room that refused
    std::string text;
};

template<class T> using Checked = std::expected<T, Fault>;

inline std::unexpected<Fault> fault(std::string place, std::string reason, std::string text) {
    return std::unexpected<Fault>(Fault{std::move(place), std::move(reason), std::move(text)});
}

// What a room found wrong, with the place that only we know.
template<class T> Checked<T> at(const std::string& place, Result<T> result) {
    if (result) {
        if constexpr (std::is_void_v<T>)
            return {};
        else
            return std::move(*result);
    }
    return fault(place, result.error().reason(),
                 result.error().context().empty() ? std::string(to_string(result.error().code()))
                                                  : result.error().context());
}

inline Checked<void> holds(bool condition, const std::string& place, const char* reason,
                           const char* text) {
    if (condition)
        return {};
    return fault(place, reason, text);
}

} // namespace valise::audit

namespace valise {

// For TRY and TRY_ASSIGN.
inline std::unexpected<audit::Fault> fail(audit::Fault found) {
    return std::unexpected<audit::Fault>(std::move(found));
}

} // namespace valise
