// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/keys.h"
#include "audit/record.h"
#include "audit/written.h"
#include "logbook/state.h"

namespace valise::audit {

// What is known of one dispatch from its statement, when its opening is held.
struct Sending {
    Hash32 link_tag{};
    Hash32 payload_root{}; // as it travelled
};
using Sendings = std::map<DispatchId, Sending>;

// Approvals as they were recorded, by release and person: the seq and the digest of the signed act.
struct Approval {
    std::uint64_t seq = 0;
    Hash32 signed_act{};
    std::optional<Hash32> release_digest; // none: the act is withheld
};
using Approvals = std::map<std::pair<ReleaseId, PersonId>, Approval>;

// The receipt that a "done" receipt event rests on: signed by the receiver's receipt key, of this
// dispatch, statement, number and finding. //= O-36
Checked<void> check_receipt(const Record& record, const Surroundings& around,
                            const Parties& parties, const Sendings& sendings);

// The notice that was given or taken: signed by its giver's receipt key, and saying exactly what
// the event says. //= O-13 //= O-42
Checked<void> check_notice(const Record& record, const Surroundings& around,
                           const Parties& parties);
// The text that a report encloses is that of its digest. //= O-44
Checked<void> check_enclosed(const Record& record);

// The statement that a sent or arrived dispatch rests on, signed by the sender's key; remembers
// what it says of the dispatch.
Checked<void> check_statement(const Record& record, const Surroundings& around,
                              const Parties& parties, const Approvals& approvals,
                              Sendings& sendings);

// A permitted dispatch rests on the acts of as many persons as the terms want, each over exactly
// this item, label, recipient and terms. //= O-05
Checked<void> check_release(const Record& record, const Surroundings& around,
                            const Approvals& approvals);

// The pairing confirmed what this file's confirmation says.
Checked<void> check_pairing(const Record& record, const Parties& parties, ByteView confirmation);

} // namespace valise::audit
