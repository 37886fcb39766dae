// SPDX-License-Identifier: Apache-2.0
// What stands round a copy where it lies, and what private persons own of what it shows.
#include "agreement/internal/clauses.h"
#include "label/label_xml.h"
#include "logbook/protection.h"

#include <algorithm>

namespace valise::agreement {

using logbook::ActKind;

bool protects(const Party& own, const std::set<std::string>& controls, const std::string& level) {
    const auto asked = own.controls.find(level);
    return asked != own.controls.end() && std::ranges::includes(controls, asked->second);
}

//= O-17
// What the terms ask for the level counts wherever it lies: a place without it is not substantially
// equivalent, whatever is written on its door. A declaration is an act, so the set in force on a
// date is the newest before it; it never takes away what a copy inside needs.
Verdict minimum_controls(const Situation& s) {
    if (s.own == nullptr)
        return not_applicable();
    if (s.kind() == ActKind::container) {
        const auto declared = logbook::words_in(s.text("controls"));
        const auto lacks = [&](const auto& entry) {
            const auto* place = std::get_if<ContainerId>(&entry.second.place);
            const logbook::Item* item = s.state.item(entry.second.item);
            return s.container != nullptr && place != nullptr && *place == s.container->id &&
                   item != nullptr && !protects(*s.own, declared, protected_level(*item));
        };
        if (s.own->scheme.by_code(s.text("level")) == nullptr)
            return not_applicable(); // "classification" refuses
        return refuse_if(!protects(*s.own, declared, s.text("level")) ||
                             std::ranges::any_of(s.state.copies(), lacks),
                         "agreement.minimum_controls");
    }
    if (s.container == nullptr || s.item == nullptr || s.own_level().empty())
        return not_applicable();
    return refuse_if(!protects(*s.own, s.container->controls, s.own_level()),
                     "agreement.minimum_controls");
}

namespace {

// The kinds that the label of what is entered names; none where it cannot be read.
std::set<std::string> labelled_rights(const Situation& s) {
    const auto xml = s.act.bytes_field("label");
    const auto read = xml ? label::read_4774(*xml) : Result<label::ReadLabel>(fail(xml.error()));
    return read ? label::rights(read->label) : std::set<std::string>();
}

} // namespace

//= O-18
// Copying, translating, deriving and taking out are what a patent, a copyright or a trade secret
// reserves to its owner. No registry can judge on what ground it is done nevertheless; a person
// says it over their own signature. What is made out of it bears the mark on.
Verdict private_rights(const Situation& s) {
    std::set<std::string> rights;
    if (s.kind() == ActKind::enter) {
        for (const ItemId& id : logbook::ids_in<ItemId>(s.text("sources")))
            if (const logbook::Item* source = s.state.item(id))
                rights.insert(source->rights.begin(), source->rights.end());
    } else if (s.item != nullptr) {
        rights = s.item->rights;
    }
    if (rights.empty() || s.act.attested_by_registry())
        return not_applicable(); // what the registry attests, its person had signed for
    if (s.text("rights_ground").empty())
        return refuse("agreement.rights_ground");
    return refuse_if(s.kind() == ActKind::enter &&
                         !std::ranges::includes(labelled_rights(s), rights),
                     "agreement.rights_mark");
}

} // namespace valise::agreement
