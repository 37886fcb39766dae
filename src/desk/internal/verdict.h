// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/house.h"

namespace valise::desk {

// What follows from the register for an act's content: digests, the terms, ids that are fresh. What
// the person said is left as it is. Errors: not_found desk.no_item, desk.no_dispatch; those of the
// label.
Result<void> complete(const Visit& visit, const logbook::State& state,
                      const agreement::Terms& terms, logbook::ActKind kind, Json& content);
// The act as the person who is signed in would sign it now. Errors: those of Act::make().
Result<logbook::Act> act_of(const Visit& visit, const logbook::State& state,
                            const agreement::Terms& terms, logbook::ActKind kind, Json content);

// Where the form for this act is, with these members filled in.
std::string act_path(logbook::ActKind kind, const std::map<std::string, std::string>& members);

// A link to the form of an act, and before the click whether the agreement would permit it to the
// person who is signed in, or which clauses refuse.
Cell offered(const Visit& visit, const logbook::State& state, const agreement::Terms& terms,
             logbook::ActKind kind, const std::map<std::string, std::string>& members);

// A clause in the reader's language; its id where it has no text.
std::string clause_words(const Visit& visit, std::string_view clause);
// The clauses of a decision as a table, those that refuse first.
Table clauses_table(const Visit& visit, const Json& decision);

} // namespace valise::desk
