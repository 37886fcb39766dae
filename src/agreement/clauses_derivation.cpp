// SPDX-License-Identifier: Apache-2.0
// What is made out of an item stays under what the item is under (I3).
#include "agreement/internal/clauses.h"
#include "label/label_xml.h"

#include <algorithm>

namespace valise::agreement {
namespace {

using logbook::Item;
using logbook::MadeAs;

// Null where the register knows none of that id.
std::vector<const Item*> sources_of(const Situation& s) {
    std::vector<const Item*> out;
    if (s.kind() == logbook::ActKind::enter) {
        for (const ItemId& id : logbook::ids_in<ItemId>(s.text("sources")))
            out.push_back(s.state.item(id));
    } else if (s.item != nullptr) {
        for (const ItemId& id : s.item->sources)
            out.push_back(s.state.item(id));
    }
    return out;
}

bool is_translation(const Situation& s) {
    return s.text("made_as") == to_string(MadeAs::translation);
}

// The parties that an item may be with: those of its release, and who originated it.
std::set<std::string> within(const Item& item) {
    std::set<std::string> out = item.release;
    out.insert(item.origin);
    return out;
}

} // namespace

//= O-11
//= O-43
// A derivative of what nobody here holds or marked names no source that could be followed; what is
// frozen is not read, and so not worked from.
Verdict derived_sources(const Situation& s) {
    const auto sources = sources_of(s);
    if (sources.empty())
        return not_applicable();
    const bool good = std::ranges::all_of(sources, [](const Item* source) {
        return source != nullptr && source->entry != logbook::EntryState::cancelled &&
               !protected_level(*source).empty();
    });
    if (!good)
        return refuse("agreement.derived_source");
    const bool frozen_one = std::ranges::any_of(sources, [&](const Item* source) {
        return s.state.freezing(source->id, CopyId()) != nullptr;
    });
    return refuse_if(frozen_one, "agreement.derived_frozen");
}

//= O-11
//= O-33
//= I5
// Making something out of an item is reading it: no office gives access to a source.
Verdict derived_access(const Situation& s) {
    const auto sources = sources_of(s);
    if (sources.empty() || s.actor == nullptr)
        return not_applicable();
    if (s.terms.briefing().before_reading && !s.actor->briefed) //= O-25
        return refuse("agreement.derived_access");
    const auto clearance = s.state.clearance_at(s.actor->id, s.now);
    const bool good = std::ranges::all_of(sources, [&](const Item* source) {
        if (source == nullptr || protected_level(*source).empty())
            return true; // "derived-sources" refuses
        const bool author = source->entered_by && *source->entered_by == s.actor->id;
        return clearance && s.covers(clearance->level, protected_level(*source)) &&
               (author || !s.state.grants(s.actor->id, source->id, s.now).empty());
    });
    return refuse_if(!good, "agreement.derived_access");
}

//= O-16
//= O-11
// What is made out of provided information serves the purpose of its provision, as that does.
Verdict derived_purpose(const Situation& s) {
    const auto sources = sources_of(s);
    if (sources.empty())
        return not_applicable();
    const bool good = std::ranges::all_of(sources, [&](const Item* source) {
        return source == nullptr || source->direction == logbook::Direction::out ||
               source->purpose == s.text("purpose");
    });
    return refuse_if(!good, "agreement.derived_purpose");
}

//= O-11
//= I3
// At least as high as the highest source, when it is made and whenever it leaves: a source may have
// been raised since.
Verdict derived_class(const Situation& s) {
    const auto sources = sources_of(s);
    if (sources.empty())
        return not_applicable();
    const bool chosen =
        s.kind() == logbook::ActKind::enter || s.kind() == logbook::ActKind::change_class;
    const std::string level = chosen ? s.text("level") : protected_level(*s.item);
    const bool good = std::ranges::all_of(sources, [&](const Item* source) {
        return source == nullptr || protected_level(*source).empty() ||
               s.covers(level, protected_level(*source));
    });
    return refuse_if(!good, "agreement.derived_class");
}

//= O-11
//= O-15
//= I3
// Only to whom every source may go. Where nobody is left but its maker, the label must say so in
// words: a label that drops an empty "Releasable To" limits nothing, and would widen access
// (ADatP-4774.1, 4.4). That it is empty is never computed into a label; a person signs it.
Verdict derived_release(const Situation& s) {
    const auto sources = sources_of(s);
    if (sources.empty() || s.own == nullptr)
        return not_applicable();
    const auto xml = s.act.bytes_field("label");
    const auto read = xml ? label::read_4774(*xml) : Result<label::ReadLabel>(fail(xml.error()));
    if (!read)
        return refuse("agreement.derived_release");
    const auto parties = label::releasable_to(read->label);
    const bool good = !parties.empty() && std::ranges::all_of(parties, [&](const auto& party) {
        return party == s.own->code || std::ranges::all_of(sources, [&](const Item* source) {
                   return source == nullptr || within(*source).contains(party);
               });
    });
    return refuse_if(!good, "agreement.derived_release");
}

//= O-33
// A translation says in its own language whose information it holds.
Verdict translation_language(const Situation& s) {
    if (s.kind() != logbook::ActKind::enter || !is_translation(s))
        return not_applicable();
    const auto sources = sources_of(s);
    return refuse_if(sources.size() != 1 || s.text("language").empty(),
                     "agreement.translation_language");
}

} // namespace valise::agreement
