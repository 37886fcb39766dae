// SPDX-License-Identifier: Apache-2.0
#include "logbook/shredding.h"
#include "registry/internal/impl.h"

// Openings that are shredded: permitted and recorded, read by the key process, then erased, then
// recorded as done. Skeleton, leaf and every proof stay. //= O-26
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

// The clauses go by the kind and the item that the act names; that the events are of them is in the
// rows, which no clause sees. An act that names others is nothing to decide about.
Result<void> Registry::Impl::check_shredding(const logbook::Act& act) const {
    TRY_ASSIGN(const std::string numbers, act.field("events"));
    TRY_ASSIGN(const auto events, logbook::parse_event_numbers(numbers));
    for (const std::uint64_t number : events) {
        TRY_ASSIGN(const Recorded event, ledger.event(number));
        if (!logbook::shreds(act, event.skeleton))
            return fail(Code::conflict, "registry.shred_events",
                        "event " + std::to_string(number) +
                            " is not of the kind and item that the act names");
    }
    return {};
}

Result<ActAnswer> Registry::Impl::do_shred(Draft draft, ActAnswer answer) {
    answer.result = {{"events", draft.skeleton.facts.at("events")},
                     {"basis", draft.skeleton.facts.at("basis")}};
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    // What cannot be erased now is tried again by tick(): the act is recorded already.
    if (const auto done = shred(answer.seq); done)
        answer.outcome = *done;
    return answer;
}

Result<std::uint64_t> Registry::Impl::shred(std::uint64_t permit) {
    const std::string numbers = ledger.state().open_permits().at(permit).facts.at("events");
    TRY_ASSIGN(const auto events, logbook::parse_event_numbers(numbers));
    // The key process checks each opening once, before it signs a tree with the event in it; what
    // goes before that could never be signed.
    TRY(sign(LogName::private_log));
    for (const std::uint64_t event : events)
        TRY(ledger.shred(event));
    return outcome_of(permit, Stage::done);
}

Result<void> Registry::Impl::finish_shreddings() {
    std::vector<std::uint64_t> permits;
    for (const auto& [seq, permit] : ledger.state().open_permits())
        if (permit.kind == ActKind::shred)
            permits.push_back(seq);
    for (const std::uint64_t permit : permits)
        TRY(shred(permit));
    return {};
}

Result<void> Registry::Impl::shred_again() {
    for (const auto& [number, shredded] : ledger.state().shredded()) {
        if (!shredded.done)
            continue;
        TRY_ASSIGN(const auto stored, ledger.journal().events(number, 1));
        if (stored.empty() || stored.front().sealed_opening.empty())
            continue;
        TRY(ledger.shred(number));
        ++returned_openings;
    }
    return {};
}

} // namespace valise::registry
