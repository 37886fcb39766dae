// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/history.h"
#include "two_registries/side.h"

#include <span>

namespace valise::testing {

// Which invariant of docs/obligations.toml is carried by which clause alone: with that clause
// switched off, random acts break it. Where `why` is set none can: it says what holds the invariant
// beside the clause, or with an empty `clause` instead of any.
struct Carried {
    const char* invariant;
    const char* clause;
    const char* why;
};
std::span<const Carried> carried_invariants();

// What was found broken, the first text of each invariant.
class Faults {
public:
    void add(const std::string& invariant, const std::string& text) {
        first_.try_emplace(invariant, text);
    }
    void unless(bool held, const char* invariant, const std::string& text) {
        if (!held)
            add(invariant, text);
    }
    const std::map<std::string, std::string>& all() const { return first_; }

private:
    std::map<std::string, std::string> first_;
};

// Looks over the shoulder of one registry: at each event against what the events before it said
// (History), and at the whole state. It asks no clause.
class Watch {
public:
    Watch(Side& side, Faults& faults) : side_(side), faults_(faults) {}

    // Everything recorded since the last call.
    void read_events();
    // What a person's permitted act said that no skeleton holds.
    void permitted(logbook::ActKind kind, const Json& content);
    // The whole state, against History, the terms and what is listed as still to be done.
    void look();
    // The log only grew, and is one with what was signed, cosigned and exported.
    void prove();
    // The registry runs draft terms outside of test mode: nothing may be permitted.
    void draft_runs() { draft_runs_ = true; }

    // Events by kind: permitted (or, of the registry's own, done) and refused.
    struct Count {
        std::size_t permitted = 0;
        std::size_t refused = 0;
    };
    const std::map<logbook::ActKind, Count>& counts() const { return counts_; }
    const std::map<std::string, std::size_t>& refusals() const { return refusals_; } // by clause
    const History& history() const { return history_; }
    Side& side() const { return side_; }

private:
    void event(const logbook::Skeleton& e);
    void count(const logbook::Skeleton& e);
    void ended(const logbook::Skeleton& e);
    void put_in_force(const logbook::Skeleton& e);
    void recipient(const logbook::Skeleton& e);
    void leaves(const logbook::Skeleton& e);
    void link(const logbook::Skeleton& e, const std::set<std::string>& own_levels);
    void derived(const logbook::Skeleton& e);
    void derives(const logbook::Skeleton& e);
    void reads(const logbook::Skeleton& e, const std::string& person);
    void hand(const logbook::Skeleton& e);
    void destruction(const logbook::Skeleton& e);
    void certificate(const logbook::Skeleton& e);
    void marking(const logbook::Skeleton& e);
    void class_change(const logbook::Skeleton& e);
    void incident(const logbook::Skeleton& e);
    void items_stand();
    void copies_stand();
    void receipts_stand(const std::vector<agreement::StandingDuty>& duties);
    void pending_stand(const std::vector<agreement::StandingDuty>& duties);

    const agreement::Party& own() const { return *side_.terms.party(side_.party); }
    const agreement::Party& other() const { return *side_.terms.other(side_.party); }
    int rank(const std::string& own_level) const; // -1: no level of ours
    bool cleared(const std::string& person, const std::string& level, Time at) const;
    void unless(bool held, const char* invariant, const logbook::Skeleton& e,
                const std::string& what);

    Side& side_;
    Faults& faults_;
    History history_;
    std::uint64_t next_ = 0;
    std::set<std::string> taken_; // item, person and client of each copy that left
    bool draft_runs_ = false;
    std::map<logbook::ActKind, Count> counts_;
    std::map<std::string, std::size_t> refusals_;
    std::map<registry::LogName, std::pair<std::uint64_t, Hash32>> grown_;
};

// Between the two books: one document each way, and a change of class is there or is pending.
// Errors go to `faults`.
void compare(const Watch& from, const Watch& to, Faults& faults);

} // namespace valise::testing
