// SPDX-License-Identifier: Apache-2.0
#include "agreement/decide.h"
#include "logbook/leaf.h"
#include "registry/internal/impl.h"

// A reader has an item on paper: permitted and recorded, drawn by the renderer out of what the key
// process opens, its outcome recorded, and only then handed out.
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

//= O-32
// A sheet for its reader: recorded here, drawn once somebody asks for it, and a copy from then on.
Result<ActAnswer> Registry::Impl::do_print(const logbook::SignedAct& act, Draft draft,
                                           ActAnswer answer) {
    TRY_ASSIGN(const auto item_id, act.act().id_field<ItemId>("item"));
    draft.document = logbook::document_commitment(ledger.state().item(item_id)->payload_root);
    if (const auto number = logbook::print_number(act.act(), ledger.state()))
        draft.skeleton.facts["copy_number"] = std::to_string(*number);
    answer.result = {{"item", item_id.text()},
                     {"copy", draft.skeleton.ids["print"]},
                     {"copy_number", std::stoul(draft.skeleton.facts["copy_number"])},
                     {"place", "print"}};
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    TRY(sign(LogName::private_log));
    return answer;
}

//= O-22
// Drawing takes minutes: what was recalled, revoked or frozen meanwhile does not leave as a sheet.
Result<void> Registry::Impl::still_printable(std::uint64_t permit) {
    TRY_ASSIGN(const auto event, ledger.event(permit));
    const Bytes* bytes = event.opening.find("act");
    if (bytes == nullptr)
        return fail(Code::conflict, "registry.reading_over", "the act of that permit is not here");
    TRY_ASSIGN(const auto act, logbook::SignedAct::parse(*bytes));
    const auto decision = agreement::decide(terms(), ledger.state(), act.act(), ledger.now());
    if (!decision.permitted())
        return fail(Code::refused, "registry.reading_over",
                    "not permitted any more: " + decision.reason());
    return {};
}

//= O-26
//= O-32
Result<void> Registry::printed(std::uint64_t permit, std::optional<std::uint32_t> pages) {
    const std::scoped_lock lock(impl_->mutex);
    TRY(impl_->writable());
    const auto& permits = impl_->ledger.state().open_permits();
    const auto open = permits.find(permit);
    if (open == permits.end() || open->second.kind != ActKind::print)
        return fail(Code::not_found, "registry.no_permit",
                    "no open permit to print of that number");
    if (pages)
        TRY(impl_->still_printable(permit));
    TRY_ASSIGN(Draft outcome, impl_->outcome_draft(permit, pages ? Stage::done : Stage::failed));
    if (pages)
        outcome.skeleton.facts["pages"] = std::to_string(*pages);
    std::vector<Draft> drafts;
    drafts.push_back(std::move(outcome));
    TRY(impl_->ledger.record(std::move(drafts)));
    return {};
}

} // namespace valise::registry
