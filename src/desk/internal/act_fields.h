// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/house.h"
#include "logbook/act_members.h"

namespace valise::desk {

// Whether a person decides an act of this kind at the desks: not what only the registry attests,
// and not what needs a document or a session key on the person's own machine.
bool at_desk(logbook::ActKind kind);
// Those that are, by what they are about; every one stands once.
std::vector<std::pair<const char*, std::vector<logbook::ActKind>>> act_groups();

// Fields of the form for an entry that stand in its label and are no members of the act. //= O-18
inline constexpr const char* kLabelRights = "label_rights"; // kinds, with commas
inline constexpr const char* kLabelRightsNote = "label_rights_note";

// The fields of an act's form, from the table of its members, with these values in them.
std::vector<Field> act_fields(const Visit& visit, const logbook::State& state,
                              const agreement::Terms& terms, logbook::ActKind kind,
                              const std::map<std::string, std::string>& values);
// What was filled in, as the content of the act: names and numbers in the register became ids.
// Errors: invalid desk.field; not_found desk.no_item, desk.no_copy, desk.no_person.
Result<Json> content_of(const Visit& visit, const logbook::State& state, logbook::ActKind kind);

} // namespace valise::desk
