// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/printed_forms.h"

#include "forms/form.h"

namespace valise::desk {

Result<Json> form_json(const registry::Registry& registry, std::string_view kind_text,
                       std::string_view dispatch) {
    TRY_ASSIGN(const auto kind, forms::parse_form_kind(kind_text));
    TRY_ASSIGN(const auto id, DispatchId::parse(dispatch));
    TRY_ASSIGN(const auto papers, registry.papers(id));
    forms::Papers parts{papers.statement.text, papers.statement.signature, {}, {}};
    const registry::SignedPaper* rests_on = &papers.statement;
    if (kind != forms::FormKind::transmittal_note) {
        const auto& receipt = kind == forms::FormKind::custody_receipt ? papers.custody_receipt
                                                                       : papers.contents_receipt;
        if (!receipt)
            return fail(Code::not_found, "registry.no_paper", "no such receipt was recorded yet");
        parts.receipt = receipt->text;
        parts.receipt_signature = receipt->signature;
        rests_on = &*receipt;
    }
    TRY_ASSIGN(const auto form, forms::Form::make(kind, registry.terms(), parts));
    return Json{{"v", 1},
                {"form", form.json()},
                {"digest", to_base64(form.digest())},
                {"code", forms::code_text(form.digest())},
                {"event", {{"log", "private"}, {"index", rests_on->event}}},
                {"evidence", rests_on->evidence}};
}

} // namespace valise::desk
