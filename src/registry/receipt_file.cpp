// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"
#include "tlog/proof.h"
#include "tlog/proof_file.h"

// A receipt that leaves the house by itself: what was signed, what it is a receipt for, and where
// in the shared log it stands. No title, name, level or reason. //= O-36
namespace valise::registry {

using logbook::ActKind;

namespace {

constexpr std::size_t kLeafPage = 1;

} // namespace

// That the receipt's event has a leaf in our shared log, under the newest checkpoint with all of
// its lines; empty where none is signed yet.
Result<std::string> Registry::Impl::shared_leaf_proof(std::uint64_t event) const {
    const auto leaf = ledger.shared_leaf_of(event);
    const tlog::Checkpoint& tree = published[static_cast<std::size_t>(LogName::shared_log)].tree;
    if (!leaf || *leaf >= tree.size)
        return std::string();
    TRY_ASSIGN(const std::string note, whole_note(LogName::shared_log));
    TRY_ASSIGN(auto checkpoint, tlog::SignedCheckpoint::parse(view(note)));
    TRY_ASSIGN(auto path,
               tlog::inclusion_proof(ledger.tree(LogName::shared_log), *leaf, tree.size));
    TRY_ASSIGN(const auto leaves, ledger.journal().leaves(LogName::shared_log, *leaf, kLeafPage));
    if (leaves.size() != kLeafPage)
        return fail(Code::integrity, "registry.rows", "a leaf of the shared log is not there");
    TRY_ASSIGN(const auto proof,
               tlog::ProofFile::make(*leaf, std::move(path), std::move(checkpoint),
                                     to_bytes(leaves.front().leaf)));
    return proof.print();
}

Result<Bytes> Registry::export_receipt(const DispatchId& dispatch, ActKind kind) const {
    TRY_ASSIGN(const DispatchPapers held, papers(dispatch));
    const auto& receipt =
        kind == ActKind::custody_receipt ? held.custody_receipt : held.contents_receipt;
    if (!receipt)
        return fail(Code::not_found, "registry.no_paper", "no such receipt was given yet");
    const std::scoped_lock lock(impl_->mutex);
    TRY_ASSIGN(const std::string proof, impl_->shared_leaf_proof(receipt->event));
    const Json out = {{"v", 1},
                      {"type", "valise-receipt"},
                      {"receipt", to_base64(receipt->text)},
                      {"signature", to_base64(receipt->signature)},
                      {"statement", to_base64(held.statement.text)},
                      {"statement_signature", to_base64(held.statement.signature)},
                      {"evidence", receipt->evidence},
                      {"proof", proof}};
    return to_bytes(canonical_json(out));
}

} // namespace valise::registry
