// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/printed_forms.h"

#include "forms/form.h"

namespace valise::desk {

namespace {

using forms::Form;
using forms::FormKind;

// A form, and the event of the private log that it rests on.
struct Made {
    Form form;
    std::uint64_t event = 0;
};

Result<Made> of_dispatch(const registry::Registry& registry, FormKind kind,
                         std::string_view dispatch) {
    TRY_ASSIGN(const auto id, DispatchId::parse(dispatch));
    TRY_ASSIGN(const auto papers, registry.papers(id));
    forms::Papers parts{papers.statement.text, papers.statement.signature, {}, {}};
    const registry::SignedPaper* rests_on = &papers.statement;
    if (kind != FormKind::transmittal_note) {
        const auto& receipt =
            kind == FormKind::custody_receipt ? papers.custody_receipt : papers.contents_receipt;
        if (!receipt)
            return fail(Code::not_found, "registry.no_paper", "no such receipt was recorded yet");
        parts.receipt = receipt->text;
        parts.receipt_signature = receipt->signature;
        rests_on = &*receipt;
    }
    TRY_ASSIGN(auto form, Form::make(kind, registry.terms(), parts));
    return Made{std::move(form), rests_on->event};
}

// Of a subject of which there is such a form.
std::uint64_t event_behind(FormKind kind, const logbook::State& state, std::string_view subject) {
    switch (kind) {
    case FormKind::incident_report:
        return state.incident(*IncidentId::parse(subject))->event;
    case FormKind::muster_report:
        return state.muster(*MusterId::parse(subject))->event;
    default:
        return state.copy(*CopyId::parse(subject))->destruction->permit;
    }
}

Result<Made> of_book(const registry::Registry& registry, FormKind kind, std::string_view subject) {
    const logbook::State state = registry.state();
    TRY_ASSIGN(auto form, Form::of_book(kind, registry.terms(), state, subject));
    return Made{std::move(form), event_behind(kind, state, subject)};
}

} // namespace

Result<Json> form_json(const registry::Registry& registry, std::string_view kind_text,
                       std::string_view subject) {
    TRY_ASSIGN(const auto kind, forms::parse_form_kind(kind_text));
    TRY_ASSIGN(const Made made, forms::of_dispatch(kind) ? of_dispatch(registry, kind, subject)
                                                         : of_book(registry, kind, subject));
    return Json{{"v", 1},
                {"form", made.form.json()},
                {"digest", to_base64(made.form.digest())},
                {"code", forms::code_text(made.form.digest())},
                {"event", {{"log", "private"}, {"index", made.event}}},
                {"evidence", registry.evidence(made.event)}};
}

} // namespace valise::desk
