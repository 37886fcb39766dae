// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/act.h"
#include "logbook/state.h"

namespace valise::agreement {

enum class Outcome { permit, refuse };
enum class Finding { pass, refuse, duty, not_applicable };
std::string_view to_string(Outcome outcome);
std::string_view to_string(Finding finding);

// One clause that was looked at, and what it found. The texts are the program's own and live as
// long as it does: every decision has some twenty of them.
struct Consulted {
    std::string_view clause; // stable id: "third-party"
    std::string_view row;    // of the obligations catalogue: "O-15"
    Finding finding = Finding::pass;
    std::string_view reason; // stable id on refuse and duty, "agreement.third_party"; else empty
    bool operator==(const Consulted&) const = default;
};

// What follows from a permitted act.
struct Duty {
    std::string clause;
    std::string what; // stable id: "contents-receipt", "custody-receipt", "remark", "inspect",
                      // "trace-discrepancy"
    Time due;
    bool operator==(const Duty&) const = default;
};

struct Decision {
    Outcome outcome = Outcome::refuse;
    std::vector<Consulted> consulted; // every clause for this kind of act, always all of them
    std::vector<Duty> duties;         // empty when refused

    bool permitted() const { return outcome == Outcome::permit; }
    std::vector<Consulted> refusals() const;
    // Reason id of the first refusal; empty when permitted.
    std::string reason() const;
    // As the skeleton of the event keeps it: without those that were not applicable.
    std::vector<logbook::ConsultedClause> for_skeleton() const;
};

// Whether the agreement allows this act now. Pure, and a refusal is an answer, not an error. Says
// nothing about the signature (SignedAct::verify comes first), nor about what is possible (the
// state tables); of an id that the state does not know the clause "item-known" or its like speaks.
// An act without a signer is the registry's own attestation: only some kinds may be attested.
// `now` is the registry's time and is what every date is compared with.
Decision decide(const Terms& terms, const logbook::State& state, const logbook::Act& act, Time now);

// Every clause that decide() consults for this kind of act, in that order: (clause id, row).
std::vector<std::pair<std::string, std::string>> clauses_for(logbook::ActKind kind);

} // namespace valise::agreement
