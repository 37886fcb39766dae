// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"

// What the printed forms of a dispatch are made of: signed texts that both registries keep in the
// openings of the events that rest on them. None of them holds a title, a name or a reason.
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

namespace {

// The opening's signed text under this name, and its signature's. Shredded openings have none.
Result<SignedPaper> paper_of(const Recorded& event, const char* text, const char* signature) {
    const Bytes* bytes = event.opening.find(text);
    const Bytes* signed_by = event.opening.find(signature);
    if (bytes == nullptr || signed_by == nullptr)
        return fail(Code::not_found, "registry.no_paper", "its opening was shredded");
    return SignedPaper{*bytes, *signed_by, event.stored.seq, {}};
}

} // namespace

// What was sealed and is not yet the outcome of its permit.
Result<SignedPaper> Registry::Impl::sealed_paper(const DispatchId& dispatch) const {
    const auto sealed = note_json(dispatch_note(dispatch, "sealed"));
    if (!sealed)
        return fail(Code::not_found, "registry.no_paper", "it was not sealed yet");
    logbook::Opening opening;
    TRY(add_sealed_statement(*sealed, opening));
    return SignedPaper{*opening.find("statement"), *opening.find("statement-signature"), 0, {}};
}

std::string Registry::evidence(std::uint64_t seq) const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->evidence_level(seq);
}

Result<DispatchPapers> Registry::papers(const DispatchId& dispatch) const {
    const std::scoped_lock lock(impl_->mutex);
    const logbook::Dispatch* known = impl_->ledger.state().dispatch(dispatch);
    if (known == nullptr)
        return fail(Code::not_found, "registry.no_dispatch", dispatch.text());
    const auto done = [&](ActKind kind) {
        return impl_->ledger.newest(kind, Stage::done, dispatch.text());
    };
    const bool out = known->direction == logbook::Direction::out;
    TRY_ASSIGN(const auto moved, done(out ? ActKind::dispatch : ActKind::arrive));
    DispatchPapers papers;
    if (moved) {
        TRY_ASSIGN(papers.statement, paper_of(*moved, "statement", "statement-signature"));
    } else if (out) { // the note lies in the envelope before it is closed, or goes with the bag
        TRY_ASSIGN(papers.statement, impl_->sealed_paper(dispatch));
    } else {
        return fail(Code::not_found, "registry.no_paper", "it was neither sent nor received yet");
    }
    const std::pair<ActKind, std::optional<SignedPaper>*> receipts[] = {
        {ActKind::custody_receipt, &papers.custody_receipt},
        {ActKind::contents_receipt, &papers.contents_receipt}};
    for (const auto& [kind, paper] : receipts) {
        TRY_ASSIGN(const auto event, done(kind));
        if (event) {
            TRY_ASSIGN(*paper, paper_of(*event, "receipt", "signature"));
            (*paper)->evidence = impl_->evidence_level((*paper)->event);
        }
    }
    if (moved)
        papers.statement.evidence = impl_->evidence_level(papers.statement.event);
    return papers;
}

} // namespace valise::registry
