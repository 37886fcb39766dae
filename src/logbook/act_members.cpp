// SPDX-License-Identifier: Apache-2.0
#include "logbook/act_members.h"

#include "logbook/internal/act_rules.h"

namespace valise::logbook {

namespace {

std::string_view type_of(internal::FieldType type) {
    using F = internal::FieldType;
    switch (type) {
    case F::text:
        return "text";
    case F::token:
        return "token";
    case F::role:
        return "role";
    case F::party:
        return "party";
    case F::time:
        return "time";
    case F::hash:
        return "hash";
    case F::key:
        return "key";
    case F::base64:
        return "base64";
    case F::item:
        return "item";
    case F::copy:
        return "copy";
    case F::person:
        return "person";
    case F::persons:
        return "persons";
    case F::items:
        return "items";
    case F::copies:
        return "copies";
    case F::release:
        return "release";
    case F::dispatch:
        return "dispatch";
    case F::notice:
        return "notice";
    case F::incident:
        return "incident";
    case F::container:
        return "container";
    case F::muster:
        return "muster";
    case F::count:
        return "count";
    case F::integer:
        return "integer";
    case F::form:
        return "electronic|paper|equipment|oral|visual";
    case F::finding:
        return "in-order|discrepancy";
    case F::seal_finding:
        return "intact|broken";
    case F::incident_finding:
        return "found|lost";
    case F::count_finding:
        return "present|missing";
    case F::destruction_finding:
        return "destroyed|kept";
    case F::review_finding:
        return "kept|return|destroy";
    case F::incident_what:
        return "loss|compromise|suspected";
    case F::made_as:
        return "derivative|extract|translation";
    case F::controls:
        return "controls";
    case F::yes_no:
        return "yes|no";
    case F::adoption:
        return "amendment|arrangement";
    case F::what:
        return "role|clearance|grant|person|accreditation|release|assurance|passkey";
    case F::passkey:
        return "passkey";
    default:
        return "line";
    }
}

} // namespace

std::vector<ActMember> act_members(ActKind kind) {
    std::vector<ActMember> out;
    for (const internal::FieldRule& rule : internal::act_rules(kind))
        out.push_back({rule.name, type_of(rule.type), rule.required, rule.max});
    return out;
}

} // namespace valise::logbook
