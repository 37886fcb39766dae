// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"

#include <algorithm>

// Both shared logs held against each other, from leaves alone: what one party says it sent is what
// the other says it received. One officer proposes, one of the other party countersigns, and both
// logs hold a leaf over the very same bytes. //= O-36
namespace valise::registry {

using agreement::ReconReading;
using agreement::ReconStatement;
using exchange::Frame;
using logbook::ActKind;
using logbook::SignedAct;
using logbook::Stage;

namespace {

constexpr std::size_t kPage = 4096;

std::string proposal_note(const Hash32& digest) {
    return "recon/theirs/" + to_hex(digest);
}

std::string outbox_id(ActKind kind, const Hash32& digest) {
    return std::string(to_string(kind)) + "/" + to_hex(digest);
}

Result<ReconStatement> statement_in(const logbook::Act& act) {
    TRY_ASSIGN(const Bytes text, act.bytes_field("text"));
    TRY_ASSIGN(auto statement, ReconStatement::parse(text));
    TRY_ASSIGN(const Hash32 named, act.hash_field("recon"));
    if (statement.digest() != named)
        return fail(Code::integrity, "registry.recon", "another statement than the act names");
    return statement;
}

} // namespace

Result<ReconReading> Registry::Impl::read_log(LogName log, std::uint64_t from,
                                              std::uint64_t to) const {
    if (to > ledger.tree(log).size())
        return fail(Code::conflict, "registry.recon_unmirrored",
                    "leaves that the statement is about are not here yet");
    ReconReading out(from, to);
    while (!out.whole()) {
        TRY_ASSIGN(const auto page, ledger.journal().leaves(log, out.size(), kPage));
        if (page.empty())
            return fail(Code::integrity, "registry.rows", "leaves are missing");
        for (const StoredLeaf& leaf : page)
            TRY(out.take(leaf.leaf));
    }
    return out;
}

Result<ReconStatement> Registry::Impl::recomputed(const ReconStatement& head) const {
    const bool ours_first = head.first.party == setup.party;
    const auto read = [&](const agreement::ReconLog& log, bool ours) {
        return read_log(ours ? LogName::shared_log : LogName::mirrored_log, log.from, log.to);
    };
    TRY_ASSIGN(const auto first, read(head.first, ours_first));
    TRY_ASSIGN(const auto second, read(head.second, !ours_first));
    return agreement::reconcile(head, first, second);
}

Result<ReconStatement> Registry::propose_reconciliation() const {
    const std::scoped_lock lock(impl_->mutex);
    const Impl& self = *impl_;
    const auto& ours = self.published[1];
    if (!self.peer || ours.mirrored_size == 0 || !self.mirrors)
        return fail(Code::conflict, "registry.recon_mirror",
                    "each side must hold the other's leaves first");
    const auto& before = self.ledger.state().reconciled();
    const agreement::ReconLog own{
        self.setup.party, before ? before->own : 0, ours.mirrored_size, {}, {}};
    const agreement::ReconLog other{
        self.peer->list.party, before ? before->theirs : 0, self.mirrors->size, {}, {}};
    const bool ours_first = own.party < other.party;
    ReconStatement head;
    head.agreement = self.terms().id();
    head.terms = self.terms().digest();
    head.by = self.setup.party;
    head.due_days = self.terms().receipt().due_days;
    head.first = ours_first ? own : other;
    head.second = ours_first ? other : own;
    // The peer's clock may be a little ahead of ours, and no leaf is newer than the statement.
    TRY_ASSIGN(const auto mine, self.read_log(LogName::shared_log, own.from, own.to));
    TRY_ASSIGN(const auto theirs, self.read_log(LogName::mirrored_log, other.from, other.to));
    head.at = std::max({self.ledger.minute(), mine.newest(), theirs.newest()});
    return agreement::reconcile(head, ours_first ? mine : theirs, ours_first ? theirs : mine);
}

// Whoever signs, signs what the leaves here say, and nothing that merely was handed to them.
Result<void> Registry::Impl::check_statement(const logbook::Act& act) const {
    if (!act.optional_field("text"))
        return {}; // the clause says what is missing
    TRY_ASSIGN(const auto said, statement_in(act));
    if (!peer || said.of(setup.party).party != setup.party ||
        said.of(peer->list.party).party != peer->list.party)
        return fail(Code::invalid, "registry.recon", "a statement between other parties");
    if (act.kind() == ActKind::countersign) {
        const auto theirs = ledger.mirrored_proposals();
        if (std::ranges::find(theirs, said.digest()) == theirs.end())
            return fail(Code::conflict, "registry.recon_unproposed",
                        "the other party proposed no such statement");
    }
    TRY_ASSIGN(const auto here, recomputed(said));
    if (here != said)
        return fail(Code::conflict, "registry.recon_differs",
                    "the leaves that lie here do not say what the statement says");
    return {};
}

Result<ActAnswer> Registry::Impl::do_reconcile(const SignedAct& act, Draft draft,
                                               ActAnswer answer) {
    TRY_ASSIGN(const Hash32 digest, act.act().hash_field("recon"));
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    JournalChange extra;
    extra.put.push_back({outbox_id(act.act().kind(), digest), "reconcile", act.bytes()});
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts), std::move(extra)));
    answer.seq = seqs.front();
    answer.result = {{"recon", to_base64(digest)}};
    return answer;
}

Result<void> Registry::Impl::send_reconcile(exchange::Carrier& carrier, const OutboxEntry& entry) {
    const auto told = call(
        carrier, exchange::Reconcile{entry.body}.frame(setup.party, peer->list.party), "taken");
    if (!told && told.error().code() != Code::refused)
        return fail(told.error());
    const std::scoped_lock lock(mutex);
    JournalChange change;
    change.drop.push_back(entry.id);
    if (!told)
        change.notes["refusal/" + entry.id] = to_bytes(told.error().reason());
    return ledger.journal_commit(change);
}

// Nobody here knows the keys of the peer's officers. That its registry let this officer act, its
// own log says: the leaf holds the digest of the signed act and of the statement.
Result<Frame> Registry::Impl::take_reconcile(const Frame& request) {
    TRY_ASSIGN(const auto message, exchange::Reconcile::parse(request));
    TRY_ASSIGN(const auto act, SignedAct::parse(message.act));
    TRY(act.verify());
    const ActKind kind = act.act().kind();
    if (act.act().party() != peer->list.party || act.act().by_passkey() ||
        (kind != ActKind::reconcile && kind != ActKind::countersign))
        return fail(Code::invalid, "registry.recon", "not an act of the peer over a statement");
    TRY_ASSIGN(const auto statement, statement_in(act.act()));
    const auto document = ledger.mirrored_document(act.digest(), kind);
    if (!document)
        return fail(Code::conflict, "registry.recon_unmirrored",
                    "the leaf of this act is not mirrored here yet");
    if (*document != statement.digest())
        return fail(Code::integrity, "registry.recon", "its leaf is over another statement");
    TRY(kind == ActKind::reconcile ? take_proposal(act) : take_countersigned(act));
    return Frame{"taken", setup.party, peer->list.party, Json::object(), {}};
}

// Kept also when it differs: the officers of both sides have something to look into then.
Result<void> Registry::Impl::take_proposal(const SignedAct& act) {
    TRY_ASSIGN(const auto said, statement_in(act.act()));
    if (said.of(setup.party).party != setup.party ||
        said.of(peer->list.party).party != peer->list.party)
        return fail(Code::invalid, "registry.recon", "a statement between other parties");
    const std::string name = proposal_note(said.digest());
    TRY_ASSIGN(const auto known, ledger.journal().note(name));
    if (!known)
        TRY(ledger.note(name, act.bytes()));
    const auto checked = check_statement(act.act());
    if (!checked && checked.error().reason() == "registry.recon_differs")
        return fail(Code::refused, "registry.recon_differs",
                    "the leaves here do not say what the statement says");
    return checked;
}

Result<void> Registry::Impl::take_countersigned(const SignedAct& act) {
    TRY_ASSIGN(const auto said, statement_in(act.act()));
    const Hash32 digest = said.digest();
    if (!ledger.state().proposed().contains(digest)) {
        TRY_ASSIGN(const auto acts, recon_acts());
        if (const auto found = acts.find(digest); found != acts.end() && found->second.theirs)
            return {}; // recorded when it came first
    }
    const logbook::TextMap facts = {{"recon", to_base64(digest)},
                                    {"own", std::to_string(said.of(setup.party).to)},
                                    {"theirs", std::to_string(said.of(peer->list.party).to)}};
    Json content = {{"countersigned", to_base64(act.bytes())}};
    for (const auto& [name, value] : facts)
        content[name] = value;
    Draft draft;
    draft.skeleton.stage = Stage::permitted;
    draft.skeleton.facts = facts;
    draft.document = digest;
    draft.shared = true;
    TRY_ASSIGN(const auto attested,
               attest(ActKind::countersign, std::move(content), std::move(draft)));
    if (!attested.decision.permitted())
        return fail(Code::refused, attested.decision.reason(), "this registry refuses it");
    return {};
}

Result<std::map<Hash32, Registry::Impl::ReconActs>> Registry::Impl::recon_acts() const {
    std::map<Hash32, ReconActs> out;
    const auto& rows = ledger.rows();
    for (std::uint64_t seq = 0; seq < rows.size(); ++seq) {
        if ((rows[seq].kind != ActKind::reconcile && rows[seq].kind != ActKind::countersign) ||
            rows[seq].stage != Stage::permitted)
            continue;
        TRY_ASSIGN(const auto event, ledger.event(seq));
        if (const Bytes* bytes = event.opening.find("act")) {
            TRY_ASSIGN(auto act, SignedAct::parse(*bytes));
            TRY_ASSIGN(const Hash32 digest, act.act().hash_field("recon"));
            out[digest].ours = std::move(act);
        } else if (const Bytes* attested = event.opening.find("attested")) {
            TRY_ASSIGN(const auto act, logbook::Act::parse(*attested));
            TRY_ASSIGN(const Bytes inner, act.bytes_field("countersigned"));
            TRY_ASSIGN(const Hash32 digest, act.hash_field("recon"));
            TRY_ASSIGN(out[digest].theirs, SignedAct::parse(inner));
        }
    }
    for (const Hash32& digest : ledger.mirrored_proposals()) {
        TRY_ASSIGN(const auto kept, ledger.journal().note(proposal_note(digest)));
        if (kept) {
            TRY_ASSIGN(out[digest].theirs, SignedAct::parse(*kept));
        }
    }
    return out;
}

Result<std::vector<ReconView>> Registry::reconciliations() const {
    const std::scoped_lock lock(impl_->mutex);
    TRY_ASSIGN(const auto all, impl_->recon_acts());
    std::vector<ReconView> out;
    for (const auto& [digest, acts] : all) {
        const SignedAct& either = acts.ours ? *acts.ours : *acts.theirs; // the same statement
        TRY_ASSIGN(auto statement, statement_in(either.act()));
        ReconView view{std::move(statement),    digest, false, acts.ours.has_value(),
                       acts.theirs.has_value(), false};
        view.ours = view.statement.by == impl_->setup.party;
        if (!view.ours && !view.signed_here) {
            const auto here = impl_->recomputed(view.statement);
            view.differs = !here || *here != view.statement;
        }
        out.push_back(std::move(view));
    }
    std::ranges::stable_sort(
        out, {}, [&](const ReconView& one) { return one.statement.of(impl_->setup.party).to; });
    return out;
}

} // namespace valise::registry
