// SPDX-License-Identifier: Apache-2.0
// Who speaks, and under which terms.
#include "agreement/internal/clauses.h"

namespace valise::agreement {
namespace {

using logbook::ActKind;

// What the registry may attest as a fact, and whether a person may do it instead.
enum class Speaker { person, registry, either };

Speaker speaker(const Situation& s) {
    switch (s.kind()) {
    case ActKind::found:
    case ActKind::arrive:
    case ActKind::custody_receipt:
    case ActKind::give_notice:
    case ActKind::take_notice:
    case ActKind::permit_opening:
    case ActKind::put_in_force:
        return Speaker::registry;
    case ActKind::remark:
    case ActKind::close:
    case ActKind::countersign: // "recon-statement" says which
    case ActKind::export_copy: // "export-attested" says which
        return Speaker::either;
    case ActKind::contents_receipt:
        // Ours is signed by whoever opened the item; theirs comes with their registry's signature.
        return s.dispatch != nullptr && s.dispatch->direction == logbook::Direction::out
                   ? Speaker::registry
                   : Speaker::person;
    default:
        return Speaker::person;
    }
}

} // namespace

//= O-24
// Every act but an attested fact is that of a person whom the register of individuals holds.
Verdict actor_clause(const Situation& s) {
    if (s.founding())
        return pass();
    const Speaker who = speaker(s);
    if (s.act.attested_by_registry())
        return refuse_if(who == Speaker::person, "agreement.actor_person_needed");
    if (who == Speaker::registry)
        return refuse("agreement.actor_registry_only");
    if (s.actor == nullptr)
        return refuse("agreement.actor_unknown");
    //= O-27
    const auto officer = PersonId::parse(s.text("for"));
    return refuse_if(officer && !s.state.deputises(s.actor->id, *officer, s.now),
                     "agreement.deputy");
}

//= O-02
// An act speaks for the party in whose registry it is made, never for the other.
Verdict own_party(const Situation& s) {
    if (s.kind() == ActKind::found)
        return refuse_if(s.own == nullptr || s.text("party") != s.act.party(),
                         "agreement.own_party");
    return refuse_if(s.own == nullptr || s.act.party() != s.state.party(), "agreement.own_party");
}

//= O-08
// The person signed under these terms and no earlier or other version.
Verdict terms_digest(const Situation& s) {
    return refuse_if(s.act.terms() != s.terms.digest(), "agreement.terms_digest");
}

//= I13
Verdict draft_terms(const Situation& s) {
    if (!s.terms.test_mode_only())
        return not_applicable();
    return refuse_if(!s.terms.test_mode(), "agreement.draft_terms");
}

//= O-48
//= O-49
// After the end nothing new is exchanged; every rule that protects keeps running, so reading,
// receipts and revocation do not ask this clause. What was sent before the end may still arrive.
Verdict terms_in_force(const Situation& s) {
    if (s.now < s.terms.validity().from)
        return refuse("agreement.terms_not_yet");
    if (s.kind() == ActKind::arrive)
        return pass();
    const auto& end = s.state.termination();
    if (end && s.now >= end->ends)
        return refuse("agreement.terms_ended");
    return refuse_if(!s.terms.validity().contains(s.now), "agreement.terms_ended");
}

//= O-26
// A second founding would start a second book beside the first.
Verdict not_founded(const Situation& s) {
    return refuse_if(s.state.founded(), "agreement.already_founded");
}

} // namespace valise::agreement
