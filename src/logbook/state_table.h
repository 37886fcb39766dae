// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <span>
#include <string>
#include <vector>

namespace valise::logbook {

// A state table says what is possible; what is allowed, a clause says.
template<class State, class Event> struct Transition {
    State from;
    Event event;
    State to;
};

struct PictureEdge {
    std::string from;
    std::string event;
    std::string to;
};

// A Mermaid state diagram; the state "none" is drawn as the start, states without a way out as
// ends.
std::string mermaid(std::span<const PictureEdge> edges);

template<class State, class Event>
std::string mermaid(std::span<const Transition<State, Event>> table) {
    std::vector<PictureEdge> edges;
    for (const auto& row : table)
        edges.push_back({std::string(to_string(row.from)), std::string(to_string(row.event)),
                         std::string(to_string(row.to))});
    return mermaid(std::span<const PictureEdge>(edges));
}

template<class State, class Event>
Result<State> next_in(std::span<const Transition<State, Event>> table, const char* dossier,
                      State from, Event event) {
    for (const auto& row : table)
        if (row.from == from && row.event == event)
            return row.to;
    return fail(Code::conflict, "logbook.no_transition",
                std::string(dossier) + " is '" + std::string(to_string(from)) +
                    "', which has no '" + std::string(to_string(event)) + "'");
}

} // namespace valise::logbook
