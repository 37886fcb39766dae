// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/editions.h"
#include "audit/rests.h"

#include <set>

namespace valise::audit {

// How far an event was decided again.
enum class Decided {
    permit,   // decided again from its act: permitted, by the clauses that the skeleton lists
    refuse,   // the same, refused
    follows,  // the outcome of an earlier permit; the fold takes it
    founding, // the registry and its officers
    withheld, // its act is not in the file, or was checked before; commitment, log and fold hold
};
std::string_view to_string(Decided decided);

struct Step {
    std::uint64_t index = 0;
    Time minute;
    logbook::ActKind kind = logbook::ActKind::found;
    logbook::Stage stage = logbook::Stage::permitted;
    std::string actor;
    Decided decided = Decided::withheld;
    std::vector<logbook::ConsultedClause> clauses;
};

// The book once more from its first event: each act decided again over the state that the events
// before it folded to, at the second that its opening keeps, in the minute of its event.
class Replay {
public:
    // `terms`: those that the book began with; it tells of others itself. //= O-48
    Replay(agreement::Terms terms, const Parties& parties, ByteView confirmation)
        : editions_(std::move(terms)), parties_(parties), confirmation_(confirmation) {}

    Checked<Step> take(const Record& record);
    // The last pairing is the one that the file's confirmation and key list are of.
    Checked<void> finish() const;

    const agreement::Terms& terms() const { return editions_.in_force(); }
    const logbook::State& state() const { return state_; }
    const Sendings& sendings() const { return sendings_; }

private:
    Checked<Decided> decide(const Record& record);
    Checked<void> check_act(const Record& record);
    Checked<void> check_ground(const Record& record);
    void remember(const Record& record);
    Surroundings around() const { return {terms(), state_, parties_.own.list.party, offers_}; }

    agreement::Editions editions_;
    const Parties& parties_;
    ByteView confirmation_;
    logbook::State state_;
    struct Named {
        logbook::ActKind kind;
        RawId item; // empty: zeros
    };
    Checked<void> check_shredding(const Record& record) const;

    std::vector<Named> named_; // of every event, by its number
    std::set<Hash32> acts_;    // digests: an act is performed once
    std::map<std::uint64_t, logbook::Act> offers_;
    Approvals approvals_;
    Sendings sendings_;
    std::optional<Record> pairing_;
};

} // namespace valise::audit
