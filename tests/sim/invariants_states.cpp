// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "sim/checks.h"
#include "sim/invariants.h"
#include "tlog/tree.h"

#include <algorithm>

// The invariants of whole states: of one registry, and of both together.
namespace valise::testing {

using logbook::Direction;

void Watch::look() {
    read_events();
    items_stand();
    copies_stand();
    const auto duties = side_.registry->duties();
    receipts_stand(duties);
    pending_stand(duties);
}

//= I1
//= I2
void Watch::items_stand() {
    const auto state = side_.registry->state();
    faults_.unless(state.items().size() == history_.items.size(), "I1",
                   side_.party + ": items that no event entered");
    for (const auto& [id, item] : state.items()) {
        const History::Item& told = history_.item(id.text());
        const std::string which = side_.party + ": " + id.text();
        const auto* origin = side_.terms.party(item.origin);
        faults_.unless(origin != nullptr && origin->scheme.by_code(item.level) != nullptr &&
                           side_.terms.purpose(item.purpose) != nullptr && !item.number.empty(),
                       "I1", which + " has not all that an item has");
        faults_.unless(item.origin == told.origin &&
                           to_base64(item.label_sha256) == told.label_sha256 &&
                           item.label_level == told.label_level && item.purpose == told.purpose,
                       "I2", which + " is not what was entered");
        faults_.unless(item.level == told.level && item.own_level == told.own_level &&
                           item.change.text() == told.change,
                       "I2", which + " has another class than was told");
    }
}

//= I6
void Watch::copies_stand() {
    const auto state = side_.registry->state();
    std::map<std::string, std::set<std::uint32_t>> numbers;
    for (const auto& [id, copy] : state.copies()) {
        const auto found = history_.copies.find(id.text());
        const std::string which = side_.party + ": " + id.text();
        if (found == history_.copies.end()) {
            faults_.add("I6", which + " comes from nowhere");
            continue;
        }
        const History::Copy& told = found->second;
        numbers[copy.item.text()].insert(copy.number);
        const auto* container = std::get_if<ContainerId>(&copy.place);
        const auto* person = std::get_if<PersonId>(&copy.place);
        const auto* left_by = std::get_if<DispatchId>(&copy.place);
        const bool gone = std::holds_alternative<logbook::Gone>(copy.place);
        const bool lost_one = std::holds_alternative<logbook::Lost>(copy.place);
        const std::string where = container != nullptr ? container->text()
                                  : person != nullptr  ? person->text()
                                  : left_by != nullptr ? left_by->text()
                                                       : std::string();
        const auto place = container != nullptr ? History::Place::container
                           : person != nullptr  ? History::Place::person
                           : left_by != nullptr ? History::Place::away
                           : gone               ? History::Place::gone
                           : lost_one           ? History::Place::lost
                                                : History::Place::registry;
        faults_.unless(place == told.place && where == told.where, "I6",
                       which + " is not where the events put it");
        faults_.unless(copy.item.text() == told.item && copy.number == told.number, "I6",
                       which + " is another copy than was made");
        using enum logbook::CopyState;
        faults_.unless((copy.state == issued) == (person != nullptr) &&
                           (copy.state == away) == (left_by != nullptr) &&
                           (copy.state == destroyed) == gone && (copy.state == lost) == lost_one &&
                           (copy.state == destroying) == told.destroying,
                       "I6", which + " is in a state that its place denies");
        faults_.unless(copy.pages == told.pages, "I6", which + " has other pages");
    }
    faults_.unless(state.copies().size() == history_.copies.size(), "I6",
                   side_.party + ": a copy is missing from the book");
    // Each number once, from 1 to the number ever made: held, issued, destroying,
    // destroyed, and out with a client.
    for (auto [item, held] : numbers) {
        held.insert(history_.item(item).exported.begin(), history_.item(item).exported.end());
        faults_.unless(held.size() == history_.item(item).copies && *held.begin() == 1 &&
                           *held.rbegin() == held.size(),
                       "I6", side_.party + ": the copies of " + item + " do not add up");
    }
}

namespace {

bool listed(const std::vector<agreement::StandingDuty>& duties, std::string_view what,
            const std::string& subject) {
    return std::ranges::any_of(duties, [&](const agreement::StandingDuty& duty) {
        return duty.what == what && (duty.subject == subject || duty.item == subject);
    });
}

} // namespace

//= I7
void Watch::receipts_stand(const std::vector<agreement::StandingDuty>& duties) {
    for (const auto& [id, dispatch] : history_.dispatches) {
        if (!dispatch.out || dispatch.moved == Time{} || dispatch.in_order || dispatch.traced)
            continue;
        const Time due =
            agreement::plus_working_days(dispatch.moved, side_.terms.receipt().tracer_days);
        const bool of_incident = std::ranges::any_of(
            history_.incidents, [&](const auto& one) { return one.second.item == dispatch.item; });
        faults_.unless(side_.registry->now() < due || of_incident || listed(duties, "trace", id),
                       "I7", side_.party + ": " + id + " has no receipt and nobody is to ask");
    }
}

//= I15
void Watch::pending_stand(const std::vector<agreement::StandingDuty>& duties) {
    for (const auto& [id, item] : history_.items) {
        if (!item.change.empty())
            faults_.unless(listed(duties, "remark", id), "I15",
                           side_.party + ": " + id + " waits to be marked, unlisted");
        for (const std::string& source : item.sources) {
            if (rank(history_.item(source).protected_level()) <= rank(item.protected_level()))
                continue;
            const bool held = std::ranges::any_of(history_.copies, [&](const auto& one) {
                return one.second.item == id && one.second.place != History::Place::gone &&
                       one.second.place != History::Place::lost;
            });
            faults_.unless(!held || listed(duties, "raise-class", id), "I15",
                           side_.party + ": " + id + " is below its source, unlisted");
        }
    }
}

//= I14
void Watch::prove() {
    for (const auto log : {registry::LogName::private_log, registry::LogName::shared_log}) {
        tlog::MemoryTree tree;
        const auto leaves = side_.journal.leaves(log, 0, 1 << 20);
        for (const auto& leaf : *leaves)
            tree.append(crypto::leaf_hash(leaf.leaf));
        auto& [size, root] = grown_[log];
        const auto before = tree.root_at(size);
        faults_.unless(size == 0 || (before && *before == root), "I14",
                       side_.party + ": the log did not only grow");
        size = leaves->size();
        root = *tree.root_at(size);
    }
    try {
        one_history(side_);
        proven(side_);
    } catch (const Broken& broken) {
        faults_.add("I14", broken.invariant);
    }
}

void compare(const Watch& from, const Watch& to, Faults& faults) {
    const auto here = from.side().registry->state();
    const auto there = to.side().registry->state();
    const auto owed = logbook::owed_notices(here);
    for (const auto& [id, dispatch] : from.history().dispatches) {
        const auto arrived = to.history().dispatches.find(id);
        if (!dispatch.out || dispatch.moved == Time{} || arrived == to.history().dispatches.end() ||
            arrived->second.moved == Time{}) // with a courier
            continue;
        const std::string which = from.side().party + ": " + id;
        //= I14
        faults.unless(arrived->second.document == dispatch.document, "I14",
                      which + " is not the document that arrived");
        //= I15
        // Of a package nothing is told before its receipt is here, and that is awaited.
        const auto* sent = here.dispatch(*DispatchId::parse(id));
        const bool pending =
            (sent->package() && sent->state == logbook::DispatchState::sent) ||
            std::ranges::any_of(owed, [&](const auto& one) { return one.dispatch.text() == id; }) ||
            std::ranges::any_of(from.history().notices, [&](const auto& one) {
                using enum History::Notice::State;
                return one.second.ours && one.second.dispatch == id &&
                       (one.second.state == given || one.second.state == refused);
            });
        const auto& item = from.history().item(dispatch.item);
        const auto& held = to.history().item(arrived->second.item);
        // What was given back is told of by its originator, under the dispatch that had brought it.
        faults.unless(pending || item.received || item.level == held.level, "I15",
                      which + ": the other party has another class, and nothing is pending");
    }
}

} // namespace valise::testing
