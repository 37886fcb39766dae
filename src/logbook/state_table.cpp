// SPDX-License-Identifier: Apache-2.0
#include "logbook/state_table.h"

#include "logbook/copy_states.h"
#include "logbook/dispatch_states.h"
#include "logbook/entry_states.h"
#include "logbook/incident_states.h"
#include "logbook/notice_states.h"
#include "logbook/passkey_states.h"
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
                                                                        "arrival_failed",
                                                                        "lost"};
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
                                                                        "send_discrepancy",
                                                                        "trace",
                                                                        "hand_over",
                                                                        "deliver",
                                                                        "lose"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(ReleaseState state) {
    static constexpr std::array<const char*, kReleaseStates> kNames = {
        "none", "asked", "approved_once", "approved", "reserved", "used", "refused", "withdrawn"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(ReleaseEvent event) {
    static constexpr std::array<const char*, kReleaseEvents> kNames = {
        "ask", "approve", "reserve", "use", "set_free", "refuse", "withdraw"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(CopyState state) {
    static constexpr std::array<const char*, kCopyStates> kNames = {
        "none", "held", "issued", "destroying", "destroyed", "away", "lost", "ordered"};
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
                                                                    "keep",
                                                                    "send",
                                                                    "come_back",
                                                                    "lose",
                                                                    "print",
                                                                    "order"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(EntryState state) {
    static constexpr std::array<const char*, kEntryStates> kNames = {"none", "entered", "corrected",
                                                                     "cancelled"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(EntryEvent event) {
    static constexpr std::array<const char*, kEntryEvents> kNames = {"enter", "use", "correct",
                                                                     "cancel"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(NoticeState state) {
    static constexpr std::array<const char*, kNoticeStates> kNames = {
        "none", "given", "taken", "acknowledged", "refused", "received", "answered"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(NoticeEvent event) {
    static constexpr std::array<const char*, kNoticeEvents> kNames = {
        "give", "take", "refuse", "acknowledgement_comes", "receive", "answer"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(IncidentState state) {
    static constexpr std::array<const char*, kIncidentStates> kNames = {
        "none",   "frozen", "investigated",    "report_given",   "report_acknowledged",
        "closed", "told",   "report_received", "report_answered"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(IncidentEvent event) {
    static constexpr std::array<const char*, kIncidentEvents> kNames = {
        "report_incident", "investigate",  "give_report",  "acknowledgement_comes",
        "close",           "notice_comes", "report_comes", "answer_report"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

std::string_view to_string(PasskeyState state) {
    static constexpr std::array<const char*, kPasskeyStates> kNames = {"none", "asked", "signing",
                                                                       "ended"};
    return name_in(kNames, static_cast<std::size_t>(state));
}

std::string_view to_string(PasskeyEvent event) {
    static constexpr std::array<const char*, kPasskeyEvents> kNames = {"ask", "confirm", "end"};
    return name_in(kNames, static_cast<std::size_t>(event));
}

Result<DispatchState> next(DispatchState state, DispatchEvent event) {
    return next_in(kDispatchTable, "the dispatch", state, event);
}

Result<ReleaseState> next(ReleaseState state, ReleaseEvent event) {
    return next_in(kReleaseTable, "the release", state, event);
}

Result<NoticeState> next(NoticeState state, NoticeEvent event) {
    return next_in(kNoticeTable, "the notice", state, event);
}

Result<IncidentState> next(IncidentState state, IncidentEvent event) {
    return next_in(kIncidentTable, "the incident", state, event);
}

Result<CopyState> next(CopyState state, CopyEvent event) {
    return next_in(kCopyTable, "the copy", state, event);
}

Result<EntryState> next(EntryState state, EntryEvent event) {
    return next_in(kEntryTable, "the entry", state, event);
}

Result<PasskeyState> next(PasskeyState state, PasskeyEvent event) {
    return next_in(kPasskeyTable, "the passkey", state, event);
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
