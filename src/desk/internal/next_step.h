// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/house.h"

// Which act comes next, and who signs it: whoever stands before a page for the first time finds the
// way without a description of it. What may be done, the agreement decides; this only points.
namespace valise::desk {

// "releasing authority: kobayashi, yamada": the roles that the clauses of such an act ask for, and
// who holds them here. Empty: no clause asks for a role.
std::string signers_of(const Visit& visit, const logbook::State& state, logbook::ActKind kind);

// Nobody asked for the release, or it has to be asked for again.
bool to_be_asked(logbook::ReleaseState state);

// After an act that was permitted and recorded: the next one's form, filled in.
std::vector<Block> next_steps(const Visit& visit, const logbook::State& state,
                              const agreement::Terms& terms, const logbook::Act& act);

// The act that gives what a clause found missing, and who signs it, for one line under a verdict;
// empty: nobody gives it.
std::string remedy_words(const Visit& visit, std::string_view clause);
// The same for each clause that refuses, with the form filled in.
std::vector<Block> remedies(const Visit& visit, const logbook::State& state,
                            const logbook::Act& act, const Json& decision);

// Copies lying here that this person holds a need-to-know grant for, and does not hold themselves.
std::vector<const logbook::CopyHolding*>
granted_copies(const Visit& visit, const logbook::State& state, std::size_t most);
// The copy that the person would open: their own, else one that lies in the registry.
const logbook::CopyHolding* copy_to_open(const Visit& visit, const logbook::State& state,
                                         const ItemId& item);
Cell open_cell(const Visit& visit, const logbook::State& state, const agreement::Terms& terms,
               const logbook::Item& item, const logbook::CopyHolding& copy);

// What waits for the person who is signed in; nothing where nothing does.
std::vector<Block> waiting_for(const Visit& visit, Page& page, const logbook::State& state,
                               const agreement::Terms& terms);

} // namespace valise::desk
