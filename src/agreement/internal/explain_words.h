// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/decide.h"

#include <fmt/format.h>

// What the explanations in text and HTML share: the words of each language and how a value is said.
namespace valise::agreement {

// Patterns of fmt; what they take stands beside them.
struct Words {
    const char* lang;
    const char* head; // id, version, status
    const char* draft;
    const char* confirmed;
    const char* unverified;
    const char* own_proposal;
    const char* space;    // before a mark
    const char* in_force; // from
    const char* until;
    const char* parties;
    const char* authority;
    const char* level;   // native, name, persons
    const char* becomes; // level, party, levels
    const char* or_word;
    const char* chooses;
    const char* unlisted;
    const char* in_use; // candidate
    const char* also;   // candidate
    const char* purposes;
    const char* receipt; // due, reminder, tracer
    const char* notice;  // days, role, days
    const char* laws;    // days, mark
    const char* link;
    const char* copies;        // number, mark
    const char* destroy;       // persons, methods of paper, mark
    const char* lies;          // controls, mark
    const char* exported;      // mark
    const char* taken;         // mark
    const char* not_out;       // (nothing)
    const char* printed;       // mark
    const char* print_ordered; // mark
    const char* not_printed;   // (nothing)
    const char* muster;        // months, mark
    const char* spot;          // percent, days, mark
    const char* custody;       // days out, months to the review, mark
    const char* termination;   // days, mark
    const char* clauses;
    const char* clause;
    const char* row;
    const char* asks;
    const char* permit;
    const char* refuse;
    const char* duty;
};

// Errors: agreement.language.
Result<const Words*> words_for(std::string_view lang);

template<class... Values> std::string say(const char* pattern, const Values&... values) {
    return fmt::format(fmt::runtime(pattern), values...);
}

// " [U; not verified]", or nothing for what was verified.
std::string mark(const Words& w, const Provenance& provenance);
std::string period_text(const Words& w, const Period& period);
// "極秘 or 特定秘密; a person chooses"
std::string targets_text(const Words& w, const Party& to, const Equivalence& row);
// The rows of a level, the earliest first.
std::vector<const Equivalence*> rows_of(const std::vector<Equivalence>& table, const Party& from,
                                        const std::string& level);
// Every clause once with its row, in the order in which the kinds of act first consult it.
std::vector<std::pair<std::string, std::string>> all_clauses();

} // namespace valise::agreement
