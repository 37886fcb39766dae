// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client.h"
#include "crypto/sign.h"
#include "key_file.h"

namespace valise::cli {

// A registry and the person who acts there.
struct Acting {
    Client client;
    crypto::SigningKey key;

    // --as and --socket. Errors: those of acting_person() and Client::connect().
    static Result<Acting> begin();

    Result<logbook::SignedAct> sign(logbook::ActKind kind, Json content) const;
    Result<Json> hand_in(const logbook::SignedAct& act);
    // Signs the act and hands it in. The answer of POST /api/v1/acts, permitted or refused; with
    // --dry-run what would be decided, which records nothing, with `dry_run` in it.
    Result<Json> act(logbook::ActKind kind, Json content);
};

bool permitted(const Json& answer);
// Permitted, and recorded.
bool performed(const Json& answer);

// Number of the event that the answer to an act names. Errors: cli.answer.
Result<std::uint64_t> event_in(const Json& answer);

// The clauses that refuse, "REFUSED: clause x (O-05): …; …".
std::string refusals_of(const Json& answer);

// Prints `more` and the decision, "permitted, event 12 of the private log (E0)" with its duties, or
// "REFUSED by the agreement" with each refusing clause, its row and what it means; with --dry-run
// every clause under what would be decided. Done or refused.
Exit conclude(Json answer, std::string_view more);

// act() and conclude() in one, for acts that leave nothing else to do.
Result<Exit> act_and_conclude(logbook::ActKind kind, Json content, std::string_view what);

// One copy of an item as the registry shows it, for people.
std::string copy_line(const Json& copy);

// A date, a full time, or "+30d" from now.
Result<Time> parse_until(std::string_view text);

// A person's id, or the id of the key in this file.
Result<std::string> person_named(const std::string& text);

} // namespace valise::cli
