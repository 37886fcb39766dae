// SPDX-License-Identifier: Apache-2.0
// Two logs held against each other. Whether the statement is what the leaves say, the registry
// finds out before it asks: here is who may sign one, about what, and when.
#include "agreement/internal/clauses.h"
#include "agreement/recon.h"

namespace valise::agreement {
namespace {

using logbook::ActKind;

constexpr std::int64_t kProposalSeconds = std::int64_t{24} * 3600;

std::optional<ReconStatement> statement_of(const Situation& s) {
    const auto text = s.act.bytes_field("text");
    if (!text)
        return std::nullopt;
    auto read = ReconStatement::parse(*text);
    return read ? std::optional(std::move(*read)) : std::nullopt;
}

// The peer's officer countersigned what an officer of ours had proposed.
Verdict countersigned_there(const Situation& s) {
    const auto bytes = s.act.bytes_field("countersigned");
    const auto given = bytes ? logbook::SignedAct::parse(*bytes)
                             : Result<logbook::SignedAct>(std::unexpected(bytes.error()));
    // No passkey signs what speaks to the peer, on either side.
    if (!given || given->act().by_passkey() || !given->verify())
        return refuse("agreement.recon_signature");
    const logbook::Act& act = given->act();
    const bool same = s.other != nullptr && act.kind() == ActKind::countersign &&
                      act.party() == s.other->code &&
                      act.optional_field("recon") == s.text("recon") &&
                      act.optional_field("own") == s.text("theirs") &&
                      act.optional_field("theirs") == s.text("own");
    return refuse_if(!same, "agreement.recon_other");
}

} // namespace

//= O-36
// What the officer signs is a statement under these terms between these parties, proposed by the
// one that proposes it, and the digest and sizes that the book keeps are its own.
Verdict recon_statement(const Situation& s) {
    if (s.act.attested_by_registry())
        return countersigned_there(s);
    const auto said = statement_of(s);
    if (!said || s.own == nullptr || s.other == nullptr)
        return refuse("agreement.recon_unreadable");
    const std::string& by = s.kind() == ActKind::reconcile ? s.own->code : s.other->code;
    const bool parties = said->of(s.own->code).party == s.own->code &&
                         said->of(s.other->code).party == s.other->code;
    if (!parties || said->by != by || said->agreement != s.terms.id() ||
        said->terms != s.terms.digest() || said->due_days != s.terms.receipt().due_days)
        return refuse("agreement.recon_other");
    const bool same = to_base64(said->digest()) == s.text("recon") &&
                      std::to_string(said->of(s.own->code).to) == s.text("own") &&
                      std::to_string(said->of(s.other->code).to) == s.text("theirs");
    return refuse_if(!same, "agreement.recon_digest");
}

//= O-36
// No leaf falls between two periods.
Verdict recon_continues(const Situation& s) {
    const auto said = statement_of(s);
    if (!said || s.own == nullptr || s.other == nullptr)
        return not_applicable();
    const auto& before = s.state.reconciled();
    const std::uint64_t own = before ? before->own : 0;
    const std::uint64_t theirs = before ? before->theirs : 0;
    return refuse_if(said->of(s.own->code).from > own || said->of(s.other->code).from > theirs,
                     "agreement.recon_gap");
}

//= O-36
// A statement dated back would call in flight what is overdue.
Verdict recon_time(const Situation& s) {
    const auto said = statement_of(s);
    if (!said)
        return not_applicable();
    const std::int64_t age = s.now.seconds - said->at.seconds;
    return refuse_if(age < 0 || age > kProposalSeconds, "agreement.recon_time");
}

//= O-36
// What the other party countersigned is what an officer here proposed.
Verdict recon_proposed(const Situation& s) {
    if (!s.act.attested_by_registry())
        return not_applicable();
    const auto recon = s.act.hash_field("recon");
    return refuse_if(!recon || !s.state.proposed().contains(*recon), "agreement.recon_unproposed");
}

} // namespace valise::agreement
