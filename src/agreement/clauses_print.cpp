// SPDX-License-Identifier: Apache-2.0
// A sheet that a reader has of an item: a numbered copy, drawn here with its marks. Who may read at
// all, the clauses of reading say; how many copies there are, those of copying.
#include "agreement/internal/clauses.h"

namespace valise::agreement {

//= O-32
// The terms name the levels of which a sheet may exist; of every other none is drawn.
Verdict print_level(const Situation& s) {
    if (s.item == nullptr || s.own == nullptr || s.own_level().empty())
        return not_applicable();
    return refuse_if(!s.own->prints.contains(s.own_level()), "agreement.print_level");
}

//= O-32
//= O-21
// From some level on two persons stand for each sheet: a control officer ordered this very copy,
// and the reader, who is somebody else, draws it. What was drawn once, or was ever entered as
// sheets, is not drawn again under its number.
Verdict print_order(const Situation& s) {
    if (s.item == nullptr || s.own == nullptr || s.actor == nullptr)
        return not_applicable();
    const auto id = s.act.id_field<CopyId>("print");
    const logbook::CopyHolding* ordered = id ? s.state.copy(*id) : nullptr;
    const auto level = s.own->prints.find(s.own_level());
    const bool needed = level != s.own->prints.end() && level->second;
    if (ordered == nullptr)
        return refuse_if(needed, "agreement.print_order");
    if (ordered->item != s.item->id || ordered->state != logbook::CopyState::ordered)
        return refuse("agreement.print_copy");
    return refuse_if(needed && *ordered->ordered_by == s.actor->id, "agreement.print_order");
}

//= O-20
//= O-32
// Whoever looks at a sheet asks nobody, and its originator keeps each opening.
Verdict print_control(const Situation& s) {
    if (s.item == nullptr || !s.state.controlled(*s.item))
        return not_applicable();
    return refuse("agreement.print_control");
}

} // namespace valise::agreement
