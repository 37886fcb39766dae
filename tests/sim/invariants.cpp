// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants.h"

#include <fmt/format.h>

#include <algorithm>

// The invariants that one event can break.
namespace valise::testing {

using logbook::ActKind;
using logbook::Skeleton;
using logbook::Stage;

namespace {

constexpr std::size_t kPage = 4096;

constexpr Carried kCarried[] = {
    {"I1", "authority", ""},
    {"I1", "purpose-known", ""},
    {"I2", "class-change-office", ""},
    {"I2", "entered-here", "the fold corrects what was entered here alone"},
    {"I2", "received-item", "the fold marks what was received alone"},
    {"I2", "class-retained", "the state table marks again only after a notice"},
    {"I2", "originator-only", "the fold changes what originated here alone"},
    {"I2", "notice-originator", "the peer's own book owes no such notice"},
    {"I3", "derived-class", ""},
    {"I3", "derived-release", ""},
    {"I4", "third-party", ""},
    {"I4", "release-set", ""},
    {"I5", "need-to-know", ""},
    {"I5", "clearance", ""},
    {"I5", "clearance-in-date", ""},
    {"I5", "revalidated", ""},
    {"I5", "briefed", ""},
    {"I5", "purpose", ""},
    {"I5", "derived-access", ""},
    {"I5", "no-access-by-role", "clearance and need-to-know refuse the same"},
    {"I6", "copy-in-hand", ""},
    {"I6", "page-check", ""},
    {"I6", "package", "the state table sends what is held alone"},
    {"I6", "return-form", ""},
    {"I6", "return-known", "the fold takes back what left alone"},
    {"I6", "custody-chain", ""},
    {"I7", "tracer-due", ""},
    {"I7", "receipts-back", "the state table closes after the contents receipt alone"},
    {"I7", "not-dispatched", "the fold cancels nothing that was dispatched"},
    {"I8", "", "the outer face is a type that exists only without a word of a class"},
    {"I9", "link-accreditation", ""},
    {"I10", "destruction-persons", ""},
    {"I10", "destruction-method", ""},
    {"I10", "clearance", ""},
    {"I10", "clearance-in-date", ""},
    {"I10", "revalidated", ""},
    {"I10", "certifier", ""},
    {"I10", "page-check", ""},
    {"I10", "copy-free", "the state table destroys what is held alone"},
    {"I11", "report-acknowledged", ""},
    {"I11", "notice-before", ""},
    {"I12", "terms-in-force", ""},
    {"I13", "draft-terms", ""},
    {"I14", "receipt-matches", "the fold takes no receipt for another item or document"},
    {"I14", "", "log, state tables and signatures hold it, whatever a clause finds"},
    {"I15", "remarked-first", ""},
    {"I15", "label-current", ""},
    {"I15", "marked-first", ""},
};

} // namespace

std::span<const Carried> carried_invariants() {
    return kCarried;
}

void Watch::read_events() {
    for (;;) {
        const auto page = side_.journal.events(next_, kPage);
        for (const auto& stored : *page) {
            const auto skeleton = Skeleton::parse(stored.skeleton);
            if (!skeleton)
                return faults_.add("I14", side_.party + ": an event that cannot be read");
            count(*skeleton);
            event(*skeleton);
            history_.take(*skeleton);
            ++next_;
        }
        if (page->size() < kPage)
            return;
    }
}

void Watch::count(const Skeleton& e) {
    if (e.stage() == Stage::refused) {
        ++counts_[e.kind()].refused;
        for (const auto& one : e.clauses())
            if (one.finding == logbook::ClauseFinding::refuse)
                ++refusals_[one.clause];
    } else if (e.stage() == Stage::permitted || (e.stage() == Stage::done && !e.permit())) {
        ++counts_[e.kind()].permitted;
    }
}

int Watch::rank(const std::string& own_level) const {
    const label::Level* level = own().scheme.by_code(own_level);
    return level == nullptr ? -1 : level->rank;
}

bool Watch::cleared(const std::string& person, const std::string& level, Time at) const {
    const History::Person& who = history_.person(person);
    return !who.level.empty() && rank(who.level) >= rank(level) && who.until >= at && !who.moved;
}

void Watch::unless(bool held, const char* invariant, const Skeleton& e, const std::string& what) {
    if (!held)
        faults_.add(invariant, fmt::format("{} event {} ({}): {}", side_.party, e.seq(),
                                           to_string(e.kind()), what));
}

void Watch::event(const Skeleton& e) {
    const bool decided = e.stage() == Stage::permitted || (e.stage() == Stage::done && !e.permit());
    if (!decided)
        return;
    unless(!draft_runs_, "I13", e, "permitted under draft terms outside of test mode");
    ended(e);
    switch (e.kind()) {
    case ActKind::pair:
    case ActKind::accredit:
    case ActKind::assure:
    case ActKind::record_assurance:
    case ActKind::ask_release:
        return recipient(e);
    case ActKind::approve_release:
        recipient(e);
        return derived(e);
    case ActKind::dispatch:
        return leaves(e);
    case ActKind::put_in_force:
        return put_in_force(e);
    case ActKind::hand_over: {
        const auto& dispatch = history_.dispatches[e.id("dispatch")];
        const Time at = Time::parse(e.fact("at")).value_or(Time());
        return unless(dispatch.out && dispatch.package && at >= dispatch.last_leg &&
                          at <= side_.clock.at,
                      "I6", e, "a package was with nobody");
    }
    case ActKind::take_delivery: {
        const auto& dispatch = history_.dispatches[e.id("dispatch")];
        return unless(!dispatch.out && dispatch.package, "I6", e, "nothing was announced");
    }
    case ActKind::arrive: {
        if (!e.fact("returns").empty()) {
            const History::Copy& copy = history_.copies[e.id("copy")];
            return unless(copy.place == History::Place::away && copy.where == e.fact("returns"),
                          "I6", e, "what comes back never left");
        }
        std::set<std::string> levels;
        for (const auto& row : side_.terms.equivalences())
            if (row.from_party == other().code && row.from_level == e.fact("level") &&
                row.to_party == own().code)
                levels.insert(row.to_levels.begin(), row.to_levels.end());
        return link(e, levels);
    }
    case ActKind::enter:
        return derives(e);
    case ActKind::open:
        hand(e);
        return reads(e, e.actor());
    case ActKind::print:
        hand(e);
        return reads(e, e.actor());
    case ActKind::export_copy: {
        hand(e);
        const bool rewrap = !e.id("person").empty();
        const std::string who = rewrap ? e.id("person") : e.actor();
        const std::string key = e.id("item") + " " + who + " " + e.fact("client");
        unless(!rewrap || taken_.contains(key), "I5", e, "a copy that this person never took");
        if (!rewrap)
            taken_.insert(key);
        return reads(e, who);
    }
    case ActKind::issue:
        hand(e);
        return reads(e, e.id("person"));
    case ActKind::store:
    case ActKind::copy:
    case ActKind::take_back:
        return hand(e);
    case ActKind::witness_destruction:
    case ActKind::destroy:
        hand(e);
        return destruction(e);
    case ActKind::certify_destruction:
        return certificate(e);
    case ActKind::remark:
        return marking(e);
    case ActKind::change_class:
    case ActKind::take_notice:
    case ActKind::acknowledge:
        return class_change(e);
    case ActKind::investigate:
    case ActKind::report:
    case ActKind::close_incident:
        return incident(e);
    case ActKind::trace: {
        const auto& dispatch = history_.dispatches[e.id("dispatch")];
        const Time due =
            agreement::plus_working_days(dispatch.moved, side_.terms.receipt().tracer_days);
        return unless(dispatch.discrepancy || side_.clock.at >= due, "I7", e,
                      "a receipt is traced before it is due");
    }
    case ActKind::cancel:
        return unless(
            std::ranges::none_of(history_.dispatches,
                                 [&](const auto& one) { return one.second.item == e.id("item"); }),
            "I7", e, "an item that was dispatched is cancelled");
    default:
        return;
    }
}

//= I12
// Nothing new is exchanged once the agreement has ended; what was is looked after, and what left
// before may still arrive: the sender's dispatch is held to the end.
void Watch::ended(const Skeleton& e) {
    constexpr ActKind kNew[] = {ActKind::pair,     ActKind::ask_release, ActKind::approve_release,
                                ActKind::dispatch, ActKind::assure,      ActKind::adopt_terms,
                                ActKind::consent};
    if (std::ranges::find(kNew, e.kind()) != std::end(kNew))
        unless(history_.ends == Time{} || e.minute() < history_.ends, "I12", e,
               "something new after the agreement ended");
}

//= O-48
// Other terms are in force by the word of both, the same word, and not before its day.
void Watch::put_in_force(const Skeleton& e) {
    const auto& ours = history_.adopted;
    unless(ours && history_.peer_adopted == ours && ours->terms == e.fact("adopted") &&
               ours->from <= e.minute(),
           "O-48", e, "terms that the parties did not both countersign, or not yet");
    side_.terms = side_.registry->terms();
}

//= I4
void Watch::recipient(const Skeleton& e) {
    const std::string whom = e.fact("recipient").empty() ? e.fact("peer") : e.fact("recipient");
    const auto consent = history_.consents.find({e.id("item"), whom});
    const bool consented = e.kind() != ActKind::dispatch && consent != history_.consents.end() &&
                           consent->second >= e.minute();
    unless(whom == other().code || consented, "I4", e, "a third country: " + whom);
    if (e.id("item").empty() || consented)
        return;
    const History::Item& item = history_.item(e.id("item"));
    unless(item.release.contains(whom) || item.origin == whom, "I4", e,
           "the originator released it to others alone");
}

void Watch::leaves(const Skeleton& e) {
    recipient(e);
    const History::Item& item = history_.item(e.id("item"));
    //= I15
    unless(item.received || item.level == item.label_level, "I15", e,
           "what leaves carries its former class");
    link(e, {item.protected_level()});
    //= I6
    const bool package = !e.fact("seals").empty();
    const auto found = history_.copies.find(e.id("copy"));
    const History::Copy copy = found == history_.copies.end() ? History::Copy() : found->second;
    if (package)
        unless(copy.item == e.id("item") && copy.form != "electronic" &&
                   copy.place != History::Place::person && copy.place != History::Place::gone &&
                   copy.place != History::Place::away,
               "I6", e, "what lies in the package is not here");
    unless(!item.received || (package && copy.number == 1), "I6", e,
           "what goes back is not what came");
    derived(e);
}

//= I9
void Watch::link(const Skeleton& e, const std::set<std::string>& own_levels) {
    int needed = 1 << 20;
    const bool package =
        !e.fact("seals").empty(); // by hand: what it says does not go over the link
    for (const std::string& level : own_levels)
        needed = std::min(needed, rank(level));
    const auto found = history_.accreditations.find(other().code);
    const bool held = found != history_.accreditations.end() && found->second.until >= e.minute() &&
                      (package || rank(found->second.level) >= needed);
    unless(held, "I9", e, "above the link, or not in its time");
}

//= I3
void Watch::derived(const Skeleton& e) {
    const History::Item& item = history_.item(e.id("item"));
    const std::string& level =
        e.kind() == ActKind::change_class ? e.fact("level") : item.protected_level();
    for (const std::string& source : item.sources)
        unless(rank(level) >= rank(history_.item(source).protected_level()), "I3", e,
               "classed below its source " + source);
}

//= I3
//= I5
void Watch::derives(const Skeleton& e) {
    for (const std::string& id : split(e.fact("sources"))) {
        const History::Item& source = history_.item(id);
        unless(rank(e.fact("level")) >= rank(source.protected_level()), "I3", e,
               "classed below its source " + id);
        for (const std::string& party : split(e.fact("release")))
            unless(party == own().code || party == source.origin || source.release.contains(party),
                   "I3", e, "released wider than its source " + id);
        unless(cleared(e.actor(), source.protected_level(), e.minute()) &&
                   (source.author == e.actor() || history_.granted(e.actor(), id, "", e.minute())),
               "I5", e, "made out of what its maker may not read: " + id);
        unless(history_.person(e.actor()).briefed, "I5", e, "by somebody not told their duties");
        unless(!source.received || source.purpose == e.fact("purpose"), "O-16", e,
               "made for another purpose than its source: " + id);
    }
}

//= I5
void Watch::reads(const Skeleton& e, const std::string& person) {
    const History::Person& who = history_.person(person);
    const History::Item& item = history_.item(e.id("item"));
    unless(!who.level.empty() && rank(who.level) >= rank(item.protected_level()), "I5", e,
           "not cleared for the level");
    unless(who.level.empty() || (who.until >= e.minute() && !who.moved), "I5", e,
           "a clearance that counts no more");
    unless(who.briefed, "I5", e, "not told their duties");
    unless(history_.granted(person, e.id("item"), "", e.minute()), "I5", e, "no need-to-know");
    unless(e.fact("purpose") == item.purpose &&
               history_.granted(person, e.id("item"), item.purpose, e.minute()),
           "I5", e, "another purpose");
    unless(!item.received || item.release.empty() || item.release.contains(own().code), "I5", e,
           "not released to us");
}

//= I6
//= I10
//= I15
void Watch::hand(const Skeleton& e) {
    const History::Copy& copy = history_.copies[e.id("copy")];
    const History::Item& item = history_.item(e.id("item"));
    if (e.kind() == ActKind::open || e.kind() == ActKind::export_copy || e.kind() == ActKind::print)
        unless(copy.place != History::Place::person ||
                   copy.where == (e.id("person").empty() ? e.actor() : e.id("person")),
               "I6", e, "read from the copy that another person has");
    if (e.kind() != ActKind::copy) {
        unless(copy.place != History::Place::gone, "I6", e, "of a copy that is destroyed");
        unless(copy.item == e.id("item"), "I6", e, "of another item's copy");
    }
    if (e.kind() == ActKind::take_back)
        unless(number(e.fact("pages")) == copy.pages || copy.pages == 0, "I6", e,
               "it came back with other pages than it has");
    if (item.received && e.kind() != ActKind::take_back)
        unless(item.change.empty(), "I15", e, "its new class is not on it yet");
}

//= I10
void Watch::destruction(const Skeleton& e) {
    const History::Copy& copy = history_.copies[e.id("copy")];
    const std::string& level = history_.item(copy.item).protected_level();
    unless(cleared(e.actor(), level, e.minute()), "I10", e, "by somebody who is not cleared");
    unless(number(e.fact("pages")) == copy.pages || copy.pages == 0, "I10", e,
           "the pages were not those of the copy");
    if (e.kind() != ActKind::destroy)
        return;
    const auto* rule = side_.terms.destruction(side_.party, level);
    const auto form = logbook::parse_form(copy.form);
    if (rule == nullptr || !form)
        return unless(false, "I10", e, "the terms have no rule for it");
    const auto methods = rule->methods.find(*form);
    unless(methods != rule->methods.end() &&
               std::ranges::find(methods->second, e.fact("method")) != methods->second.end(),
           "I10", e, "by a method that the terms do not have");
    int persons = 1;
    for (const auto& [person, witness] : copy.witnesses)
        persons += person != e.actor() && witness.method == e.fact("method") &&
                           witness.minute.plus_days(1) >= e.minute() &&
                           cleared(person, level, e.minute())
                       ? 1
                       : 0;
    unless(persons >= rule->persons, "I10", e, "by fewer persons than the terms ask");
}

//= I10
void Watch::certificate(const Skeleton& e) {
    if (e.fact("finding") != "destroyed")
        return;
    const History::Copy& copy = history_.copies[e.id("copy")];
    const std::string& level = history_.item(copy.item).protected_level();
    const auto* rule = side_.terms.destruction(side_.party, level);
    const bool alone = rule != nullptr && rule->persons == 1;
    unless(copy.destroyer == e.actor()
               ? alone
               : copy.present.contains(e.actor()) && cleared(e.actor(), level, e.minute()),
           "I10", e, "certified by somebody who was not there");
}

//= I2
void Watch::marking(const Skeleton& e) {
    const History::Item& item = history_.item(e.id("item"));
    unless(item.received, "I2", e, "our own label is marked anew");
    unless(item.own_level.empty() || !item.change.empty() || item.own_level == e.fact("level"),
           "I2", e, "another class without the originator's notice");
}

//= I2
//= I15
void Watch::class_change(const Skeleton& e) {
    if (e.kind() == ActKind::change_class) {
        unless(!history_.item(e.id("item")).received, "I2", e, "not by its originator");
        unless(history_.person(e.actor()).roles.contains(side_.terms.notice().class_change_by),
               "I2", e, "by an office that the terms do not name");
        return derived(e);
    }
    if (e.kind() == ActKind::take_notice) {
        if (e.fact("type") != "class-change")
            return;
        const auto& dispatch = history_.dispatches[e.id("dispatch")];
        return unless(!dispatch.out && history_.item(dispatch.item).origin == e.fact("peer"), "I2",
                      e, "a notice of somebody who is not its originator");
    }
    const auto& notice = history_.notices[e.id("notice")];
    if (notice.type == "class-change")
        unless(history_.item(history_.dispatches[notice.dispatch].item).change.empty(), "I15", e,
               "acknowledged before it was carried out");
}

//= I11
void Watch::incident(const Skeleton& e) {
    const auto& incident = history_.incidents[e.id("incident")];
    if (!history_.item(incident.item).received)
        return;
    unless(incident.told, "I11", e, "the originator was not told first");
    if (e.kind() == ActKind::report)
        unless(incident.arrived, "I11", e, "reported on before the notice arrived");
    if (e.kind() == ActKind::close_incident)
        unless(incident.acknowledged, "I11", e, "closed without an acknowledged report");
}

//= I1
//= I10
void Watch::permitted(ActKind kind, const Json& content) {
    const auto text = [&](const char* name) { return content.value(name, std::string()); };
    if (kind == ActKind::enter) {
        const std::string item = side_.party + ": " + text("item");
        const auto* authority = side_.terms.authority(side_.party, text("authority"));
        faults_.unless(authority != nullptr && authority->valid.contains(side_.clock.at), "I1",
                       item + " has no competent authority");
        faults_.unless(side_.terms.purpose(text("purpose")) != nullptr, "I1",
                       item + " has no purpose of these terms");
        faults_.unless(rank(text("level")) >= 0, "I1", item + " has no class of these terms");
        faults_.unless(logbook::parse_form(text("form")).has_value(), "I1", item + " has no form");
    }
    if (kind == ActKind::destroy)
        faults_.unless(!text("reference").empty(), "I10", "a destruction without authority");
}

} // namespace valise::testing
