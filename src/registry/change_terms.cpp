// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"

// Other terms, once both parties countersigned them. //= O-48
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

namespace {

// The text of an adoption stands in its signed act, which no opening of the kind may lose.
Result<std::optional<logbook::SignedAct>> act_of(const Recorded& event) {
    const Bytes* bytes = event.opening.find("act");
    if (bytes == nullptr)
        return std::optional<logbook::SignedAct>();
    TRY_ASSIGN(auto act, logbook::SignedAct::parse(*bytes));
    return std::optional(std::move(act));
}

} // namespace

Result<void> Registry::Impl::load_terms() {
    const auto& rows = ledger.rows();
    for (std::uint64_t seq = 0; seq < rows.size(); ++seq)
        if (rows[seq].kind == ActKind::adopt_terms || rows[seq].kind == ActKind::put_in_force)
            TRY(follow_terms(seq));
    return {};
}

Result<void> Registry::Impl::follow_terms(std::uint64_t seq) {
    TRY_ASSIGN(const auto event, ledger.event(seq));
    TRY_ASSIGN(const auto act, act_of(event));
    return editions.follow(event.skeleton, act ? &act->act() : nullptr);
}

// An event of its own, so that everybody who reads the book changes at the same place in it.
Result<void> Registry::Impl::change_terms() {
    const auto& ours = ledger.state().adopted();
    const auto& theirs = ledger.state().peer_adopted();
    if (!ours || !theirs || !theirs->agrees_with(*ours) || ours->former != terms().digest() ||
        ledger.now() < ours->from)
        return {};
    const std::string adopted = to_base64(ours->terms);
    Draft draft;
    draft.skeleton.stage = Stage::permitted;
    draft.skeleton.facts = {{"adopted", adopted}};
    draft.shared = true;
    TRY_ASSIGN(const auto attested,
               attest(ActKind::put_in_force, {{"adopted", adopted}}, std::move(draft)));
    if (!attested.decision.permitted())
        return {};
    // What the peer said before was of the terms before.
    peer_terms.reset();
    greeted = false;
    return follow_terms(attested.seq);
}

} // namespace valise::registry
