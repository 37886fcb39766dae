// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace valise::logbook::internal {

// The types of text that acts and skeletons are made of.
enum class FieldType {
    line,  // one line without control characters, not empty
    text,  // several lines, may be empty
    token, // [a-z0-9._-]+
    role,
    party,   // is_party_code()
    parties, // sorted, "JPN,UKR"
    time,    // RFC 3339 in full
    hash,    // base64 of 32 bytes
    key,     // base64 of 32 bytes
    base64,
    item,
    copy,
    person,
    release,
    dispatch,
    blob,
    integer, // no text
    count,   // an integer from 1 to 999999 in an act, its decimal text in a skeleton
    event,   // decimal text of an event's number
    members, // names of members, sorted, "pages,title"
    form,    // an entered item's
    finding,
    what,
    number, // register number
    notice,
    notice_type,
    incident,
    incident_what,
    container,
    persons, // one to 64 person ids in order, separated by commas
    items,   // one to 16 item ids, as persons
    copies,  // one to 256 copy ids, as persons
    made_as,
    muster,
    count_finding,
    former, // number in a register that was taken over: one line of at most 40 bytes
    review_finding,
    destruction_finding,
    copying,          // "reserved"
    seals,            // one to 8 seal numbers of [A-Za-z0-9-], separated by commas
    seal_finding,     // "intact" or "broken"
    incident_finding, // "found" or "lost"
    adoption,         // "amendment" or "arrangement"
    controls,         // of protection.h, sorted, "alarm,locked"
    rights,           // kinds of label::rights(), sorted, "copyright,patent"
    yes_no,
    control,       // "originator"
    by,            // "client"
    readers,       // one to 16 pseudonyms (hash) in order, separated by commas
    recall_answer, // RecallAnswer::text()
    kind,          // of an act
    events,        // parse_event_numbers()
    passkey,       // base64 of a crypto::PasskeySigner
    signed_by,     // "passkey"
};

struct FieldRule {
    const char* name;
    FieldType type;
    bool required;
    std::size_t max = 256; // bytes of a text; decoded bytes of base64
};

// What is wrong with the value ("expected ..."), or nothing.
std::optional<std::string> fault_of(FieldType type, std::string_view value, std::size_t max);

// `object` has exactly the members of the rules. The error names the member.
Result<void> check_members(const Json& object, std::span<const FieldRule> rules,
                           std::string_view where, const char* reason);

} // namespace valise::logbook::internal
