// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifying/report.h"
#include "verifying/rests.h"

#include <set>

namespace valise::verifying {

// The book once more from its first event: each act decided again over the state that the events
// before it folded to, at the second that its opening keeps, in the minute of its event.
class Replay {
public:
    Replay(const agreement::Terms& terms, const Identity& identity, ByteView confirmation)
        : terms_(terms), identity_(identity), confirmation_(confirmation) {}

    Checked<Step> take(const Record& record);
    // The last pairing is the one that the file's confirmation and key list are of.
    Checked<void> finish() const;

    const Sendings& sendings() const { return sendings_; }

private:
    Checked<Decided> decide(const Record& record);
    Checked<void> check_act(const Record& record);
    Checked<void> check_ground(const Record& record);
    void remember(const Record& record);
    Surroundings around() const { return {terms_, state_, identity_.own.list.party, offers_}; }

    const agreement::Terms& terms_;
    const Identity& identity_;
    ByteView confirmation_;
    logbook::State state_;
    std::set<Hash32> acts_; // digests: an act is performed once
    std::map<std::uint64_t, logbook::Act> offers_;
    Approvals approvals_;
    Sendings sendings_;
    std::optional<Record> pairing_;
};

} // namespace valise::verifying
