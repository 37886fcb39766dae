// SPDX-License-Identifier: Apache-2.0
#include "logbook/leaf.h"
#include "registry/internal/impl.h"

namespace valise::registry {

//= O-12: the own level that a person chose where the terms list several.
Result<ActAnswer> Registry::Impl::do_remark(const logbook::SignedAct& act, Draft draft,
                                            ActAnswer answer) {
    TRY_ASSIGN(const auto id, act.act().id_field<ItemId>("item"));
    TRY_ASSIGN(const std::string level, act.act().field("level"));
    const logbook::Item* item = ledger.state().item(id);
    if (item == nullptr)
        return fail(Code::not_found, "registry.no_item", id.text());
    auto& skeleton = draft.skeleton;
    skeleton.ids = {{"item", id.text()}};
    // The dossier moves on with its item; one that is marked already only changes its level.
    if (const auto* dispatch = ledger.state().dispatch(item->dispatch);
        dispatch != nullptr && dispatch->state == logbook::DispatchState::custody_receipt_sent)
        skeleton.ids["dispatch"] = item->dispatch.text();
    skeleton.facts["level"] = level;
    draft.document = logbook::document_commitment(item->payload_root);
    TRY(record_as_done(std::move(draft), answer));
    answer.result = {{"item", id.text()}, {"own_level", level}};
    return answer;
}

} // namespace valise::registry
