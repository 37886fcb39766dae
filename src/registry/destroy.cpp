// SPDX-License-Identifier: Apache-2.0
#include "logbook/leaf.h"
#include "registry/internal/impl.h"

// The end of a copy: permitted and recorded, then destroyed, then recorded as done. A sealed file
// is deleted here; what became of paper a person certifies.
namespace valise::registry {

using logbook::ActKind;
using logbook::CopyHolding;
using logbook::CopyState;
using logbook::Form;
using logbook::Stage;

namespace {

// The sealed file is one for all electronic copies of an item: it goes with the last of them.
bool needed_by_others(const logbook::State& state, const CopyHolding& going) {
    for (const CopyHolding& copy : state.copies_of(going.item))
        if (copy.id != going.id && copy.form == Form::electronic && held_here(copy.state))
            return true;
    return false;
}

} // namespace

//= I10
Result<ActAnswer> Registry::Impl::do_destroy(const logbook::SignedAct& act, Draft draft,
                                             ActAnswer answer) {
    TRY_ASSIGN(const auto id, act.act().id_field<CopyId>("copy"));
    const CopyHolding copy = *ledger.state().copy(id);
    draft.document = logbook::document_commitment(ledger.state().item(copy.item)->payload_root);
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    answer.result = {{"item", copy.item.text()}, {"copy", id.text()}, {"certificate", answer.seq}};
    // A file that cannot be deleted now is tried again by tick(): the act is recorded already.
    if (copy.form == Form::electronic)
        if (const auto done = erase(answer.seq); done)
            answer.outcome = *done;
    return answer;
}

// Who was there says what became of it: their act and the outcome stand in one transaction, so that
// no certificate is without its destruction and none the other way round.
Result<ActAnswer> Registry::Impl::do_certify(const logbook::SignedAct& act, Draft draft,
                                             ActAnswer answer) {
    TRY_ASSIGN(const auto id, act.act().id_field<CopyId>("copy"));
    TRY_ASSIGN(const std::string finding, act.act().field("finding"));
    const CopyHolding& copy = *ledger.state().copy(id);
    if (!copy.destruction)
        return fail(Code::conflict, "logbook.unknown", "a permitted destruction of this copy");
    const std::uint64_t permit = copy.destruction->permit;
    answer.result = {{"item", copy.item.text()}, {"copy", id.text()}, {"certificate", permit}};
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(drafts.emplace_back(),
               outcome_draft(permit, finding == "destroyed" ? Stage::done : Stage::failed));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs[0];
    answer.outcome = seqs[1];
    return answer;
}

Result<std::uint64_t> Registry::Impl::erase(std::uint64_t permit) {
    TRY_ASSIGN(const auto id,
               CopyId::parse(ledger.state().open_permits().at(permit).ids.at("copy")));
    const CopyHolding& copy = *ledger.state().copy(id);
    const BlobId blob = ledger.state().item(copy.item)->blob;
    if (blob != BlobId() && !needed_by_others(ledger.state(), copy)) {
        const auto removed = ports.blobs.remove(blob);
        // It may have been deleted before a crash came between it and its record.
        if (!removed && removed.error().code() != Code::not_found)
            return fail(removed.error());
    }
    return outcome_of(permit, Stage::done);
}

Result<void> Registry::Impl::finish_erasures() {
    std::vector<std::uint64_t> erasures;
    for (const auto& [seq, permit] : ledger.state().open_permits()) {
        if (permit.kind != ActKind::destroy)
            continue;
        TRY_ASSIGN(const auto id, CopyId::parse(permit.ids.at("copy")));
        if (ledger.state().copy(id)->form == Form::electronic)
            erasures.push_back(seq);
    }
    for (const std::uint64_t permit : erasures)
        TRY(erase(permit));
    return {};
}

} // namespace valise::registry
