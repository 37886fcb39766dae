// SPDX-License-Identifier: Apache-2.0
#include "logbook/state_table.h"

#include "logbook/copy_states.h"
#include "logbook/dispatch_states.h"
#include "logbook/release_states.h"

#include <algorithm>

namespace valise::logbook {
namespace {

template<std::size_t N>
std::string_view name_in(const std::array<const char*, N>& names, std::size_t index) {
    return index < N ? names[index] : "?";
}

} // namespace

std::string_view to_string(DispatchState state) {
    static constexpr std::array<const char*, kDispatchStates> kNames = {"none",
                                                                        "permitted",
                                                                        "sealed",
                                                                        "sent",
                                                                        "custody_receipted",
                                                                        "contents_receipted",
                                                                        "discrepancy",
                                                                        "closed",
                                                                        "failed",
                                                                        "offered",
                                                                        "arrived",
                                                                        "custody_receipt_sent",
                                                                        "marked",
                                                                        "opened",
                                                                        "contents_receipt_sent",
                                                                        "discrepancy_sent",
                                                                        "arrival_failed"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(DispatchEvent event) {
    static constexpr std::array<const char*, kDispatchEvents> kNames = {"permit",
                                                                        "seal",
                                                                        "send",
                                                                        "fail",
                                                                        "custody_receipt_comes",
                                                                        "contents_receipt_comes",
                                                                        "discrepancy_comes",
                                                                        "close",
                                                                        "offer",
                                                                        "arrive",
                                                                        "arrival_fails",
                                                                        "send_custody_receipt",
                                                                        "mark",
                                                                        "open",
                                                                        "send_contents_receipt",
                                                                        "send_discrepancy"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(ReleaseState state) {
    static constexpr std::array<const char*, kReleaseStates> kNames = {
        "none", "asked", "approved_once", "approved", "reserved", "used", "refused"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(ReleaseEvent event) {
    static constexpr std::array<const char*, kReleaseEvents> kNames = {"ask", "approve",  "reserve",
                                                                       "use", "set_free", "refuse"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(CopyState state) {
    static constexpr std::array<const char*, kCopyStates> kNames = {"none", "held", "issued",
                                                                    "destroying", "destroyed"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(CopyEvent event) {
    static constexpr std::array<const char*, kCopyEvents> kNames = {"enter",
                                                                    "reproduce",
                                                                    "open",
                                                                    "store",
                                                                    "issue",
                                                                    "take_back",
                                                                    "witness_destruction",
                                                                    "permit_destruction",
                                                                    "destroy",
                                                                    "keep"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

Result<DispatchState> next(DispatchState state, DispatchEvent event) {
    return next_in(kDispatchTable, "the dispatch", state, event);
}

Result<ReleaseState> next(ReleaseState state, ReleaseEvent event) {
    return next_in(kReleaseTable, "the release", state, event);
}

Result<CopyState> next(CopyState state, CopyEvent event) {
    return next_in(kCopyTable, "the copy", state, event);
}

std::string mermaid(std::span<const PictureEdge> edges) {
    const auto shown = [](const std::string& state) { return state == "none" ? "[*]" : state; };
    std::string out = "stateDiagram-v2\n";
    for (const PictureEdge& edge : edges)
        out += "    " + shown(edge.from) + " --> " + edge.to + ": " + edge.event + "\n";
    std::vector<std::string> ended;
    for (const PictureEdge& edge : edges) {
        const bool leaves = std::any_of(edges.begin(), edges.end(), [&](const PictureEdge& other) {
            return other.from == edge.to;
        });
        if (!leaves && std::find(ended.begin(), ended.end(), edge.to) == ended.end())
            ended.push_back(edge.to);
    }
    for (const std::string& state : ended)
        out += "    " + state + " --> [*]\n";
    return out;
}

} // namespace valise::logbook
