// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/fault.h"
#include "audit/recorded_event.h"
#include "logbook/leaf.h"

namespace valise::audit {

// One event of which skeleton, fields and opening are those that its leaf commits to, and whose act
// is signed by the key that it names. Whether it could happen is another question (replay.h).
struct Record {
    std::uint64_t index = 0;
    logbook::Skeleton skeleton;
    logbook::Leaf leaf;
    bool withheld = false; // shredded, or kept back by who gave the file
    // By whoever reads it now; signature and decision are not checked again.
    bool checked_before = false;
    logbook::Opening opening;
    std::optional<logbook::SignedAct> signed_act; // a person's, from opening field 'act'
    std::optional<logbook::Act> attested;         // the registry's, from opening field 'attested'
    Time decided; // the second at which the act was decided; meant only where there is one

    // The act that was decided, whoever's; null on outcomes and where it is withheld.
    const logbook::Act* act() const {
        return signed_act ? &signed_act->act() : attested ? &*attested : nullptr;
    }
    std::string place() const { return event_place(index); }
    std::string place(const std::string& part) const { return place() + ", " + part; }
    std::string field_place(std::string_view name) const;
};

// `checked_before`: the event stands in a tree whose root the caller signed after it had checked
// every event of it, and the caller compares that root once it has read so far. Then an opening on
// which nothing later rests is not looked at, and no act's signature verified again.
Checked<Record> check_record(std::uint64_t index, const RecordedEvent& event,
                             bool checked_before = false);

// Whether the leaf says nothing that this version does not write (a checkpoint of the peer, a
// signer, dummy, redaction or correction).
Checked<void> plain_leaf(const logbook::Leaf& leaf, const std::string& place);

} // namespace valise::audit
