// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/fields.h"

#include "base/clock.h"
#include "base/ids.h"
#include "base/text.h"
#include "crypto/webauthn.h"
#include "label/label.h"
#include "logbook/accord.h"
#include "logbook/control.h"
#include "logbook/derivation.h"
#include "logbook/form.h"
#include "logbook/notice.h"
#include "logbook/number.h"
#include "logbook/package.h"
#include "logbook/protection.h"
#include "logbook/receipt.h"
#include "logbook/state.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace valise::logbook::internal {
namespace {

using Fault = std::optional<std::string>;

Fault fault_of_line(std::string_view value, std::size_t max) {
    if (value.empty())
        return "empty";
    if (value.size() > max)
        return fmt::format("longer than {} bytes", max);
    if (printable(value, value.size()) != value)
        return "control characters or invalid UTF-8";
    return {};
}

Fault fault_of_text(std::string_view value, std::size_t max) {
    if (value.empty())
        return {};
    std::string flat(value);
    std::replace(flat.begin(), flat.end(), '\n', ' ');
    std::replace(flat.begin(), flat.end(), '\t', ' ');
    return fault_of_line(flat, max);
}

bool is_token(std::string_view value) {
    return !value.empty() && value.size() <= 64 &&
           std::all_of(value.begin(), value.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                      c == '-';
           });
}

// Sorted and without repetition, so that one set has one text.
bool is_parties(std::string_view value) {
    std::string_view last;
    for (;;) {
        const std::string_view party = value.substr(0, value.find(','));
        if (!is_party_code(party) || (!last.empty() && party <= last))
            return false;
        if (party.size() == value.size())
            return true;
        last = party;
        value.remove_prefix(party.size() + 1);
    }
}

bool is_number(std::string_view value, std::size_t digits) {
    return !value.empty() && value.size() <= digits && (value.front() != '0' || value == "0") &&
           std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_members(std::string_view value) {
    std::string_view last;
    while (!value.empty()) {
        const std::string_view name = value.substr(0, value.find(','));
        if (name.empty() || name <= last || !std::all_of(name.begin(), name.end(), [](char c) {
                return c == '_' || (c >= 'a' && c <= 'z');
            }))
            return false;
        last = name;
        if (name.size() + 1 == value.size())
            return false;
        value.remove_prefix(std::min(value.size(), name.size() + 1));
    }
    return !last.empty();
}

// As parties: one set has one text. The bounds keep a list within a skeleton.
constexpr std::size_t kMaxPersons = 64;
constexpr std::size_t kMaxSources = 16;
constexpr std::size_t kMaxCounted = 256;
constexpr std::size_t kMaxFormer = 40;

template<class IdType> bool is_ids(std::string_view value, std::size_t max) {
    std::string last;
    for (std::size_t n = 0; n < max; ++n) {
        const auto comma = value.find(',');
        const auto id = IdType::parse(value.substr(0, comma));
        if (!id || id->text() <= last)
            return false;
        last = id->text();
        if (comma == std::string_view::npos)
            return true;
        value.remove_prefix(comma + 1);
    }
    return false;
}

// As parties: one set has one text.
bool is_words(std::string_view value, std::span<const char* const> known) {
    std::string_view last;
    for (;;) {
        const std::string_view word = value.substr(0, value.find(','));
        if (std::ranges::find(known, word) == known.end() || word <= last)
            return false;
        if (word.size() == value.size())
            return true;
        last = word;
        value.remove_prefix(word.size() + 1);
    }
}

constexpr std::size_t kMaxSeals = 8;
constexpr std::size_t kMaxSeal = 24;

bool is_seal(std::string_view value) {
    return !value.empty() && value.size() <= kMaxSeal && std::ranges::all_of(value, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

bool is_seals(std::string_view value) {
    std::set<std::string_view> seen;
    for (std::size_t n = 0; n < kMaxSeals; ++n) {
        const auto comma = value.find(',');
        if (!is_seal(value.substr(0, comma)) || !seen.insert(value.substr(0, comma)).second)
            return false;
        if (comma == std::string_view::npos)
            return true;
        value.remove_prefix(comma + 1);
    }
    return false;
}

bool is_time(std::string_view value) {
    const auto time = Time::parse(value);
    return time && time->seconds >= 0 && time->text() == value;
}

Fault fault_of_base64(std::string_view value, std::size_t min, std::size_t max) {
    if (value.size() > (max + 2) / 3 * 4)
        return fmt::format("longer than {} bytes", max);
    const auto bytes = from_base64(value);
    if (!bytes)
        return "not canonical base64";
    if (bytes->size() < min || bytes->size() > max)
        return min == max ? fmt::format("expected {} bytes", max)
                          : fmt::format("expected {} to {} bytes", min, max);
    return {};
}

Fault unless(bool good, const char* expected) {
    return good ? Fault() : Fault(std::string("expected ") + expected);
}

bool is_passkey(std::string_view value) {
    const auto bytes = from_base64(value);
    return bytes && crypto::PasskeySigner::parse(*bytes).has_value();
}

bool is_what(std::string_view value) {
    constexpr std::string_view kWhat[] = {"role",          "clearance", "grant",     "person",
                                          "accreditation", "release",   "assurance", "passkey"};
    return std::find(std::begin(kWhat), std::end(kWhat), value) != std::end(kWhat);
}

} // namespace

Fault fault_of(FieldType type, std::string_view value, std::size_t max) {
    switch (type) {
    case FieldType::line:
        return fault_of_line(value, max);
    case FieldType::text:
        return fault_of_text(value, max);
    case FieldType::token:
        return unless(is_token(value), "a code of a-z, 0-9, '.', '_' and '-'");
    case FieldType::role:
        return unless(parse_role(value).has_value(), "a role");
    case FieldType::party:
        return unless(is_party_code(value), "the code of a party");
    case FieldType::parties:
        return unless(is_parties(value), "parties in order, separated by commas");
    case FieldType::time:
        return unless(is_time(value), "a time YYYY-MM-DDThh:mm:ssZ");
    case FieldType::hash:
    case FieldType::key:
        return fault_of_base64(value, 32, 32);
    case FieldType::base64:
        return fault_of_base64(value, 1, max);
    case FieldType::item:
        return unless(ItemId::parse(value).has_value(), "an item id");
    case FieldType::copy:
        return unless(CopyId::parse(value).has_value(), "a copy id");
    case FieldType::person:
        return unless(PersonId::parse(value).has_value(), "a person id");
    case FieldType::release:
        return unless(ReleaseId::parse(value).has_value(), "a release id");
    case FieldType::dispatch:
        return unless(DispatchId::parse(value).has_value(), "a dispatch id");
    case FieldType::blob:
        return unless(BlobId::parse(value).has_value(), "a blob id");
    case FieldType::container:
        return unless(ContainerId::parse(value).has_value(), "a container id");
    case FieldType::persons:
        return unless(is_ids<PersonId>(value, kMaxPersons),
                      "person ids in order, separated by commas");
    case FieldType::items:
        return unless(is_ids<ItemId>(value, kMaxSources), "item ids in order, separated by commas");
    case FieldType::copies:
        return unless(is_ids<CopyId>(value, kMaxCounted), "copy ids in order, separated by commas");
    case FieldType::muster:
        return unless(MusterId::parse(value).has_value(), "a muster id");
    case FieldType::count_finding:
        return unless(value == "present" || value == "missing", "'present' or 'missing'");
    case FieldType::made_as:
        return unless(parse_made_as(value).has_value(), "derivative, extract or translation");
    case FieldType::former:
        return fault_of_line(value, kMaxFormer);
    case FieldType::review_finding:
        return unless(parse_review_finding(value).has_value(), "kept, return or destroy");
    case FieldType::destruction_finding:
        return unless(value == "destroyed" || value == "kept", "'destroyed' or 'kept'");
    case FieldType::adoption:
        return unless(parse_adopted_as(value).has_value(), "amendment or arrangement");
    case FieldType::controls:
        return unless(is_words(value, kControls), "controls in order, separated by commas");
    case FieldType::rights:
        return unless(is_words(value, label::kRightsKinds),
                      "kinds of rights in order, separated by commas");
    case FieldType::yes_no:
        return unless(value == "yes" || value == "no", "'yes' or 'no'");
    case FieldType::control:
        return unless(value == "originator", "'originator'");
    case FieldType::by:
        return unless(value == "client", "'client'");
    case FieldType::readers:
        return unless(parse_readers(value).has_value(),
                      "one to 16 pseudonyms in order, separated by commas");
    case FieldType::recall_answer:
        return unless(RecallAnswer::parse(value).has_value(),
                      "five numbers: held,destroyed,returned,read,media");
    case FieldType::kind:
        return unless(parse_act_kind(value).has_value(), "a kind of act");
    case FieldType::events:
        return unless(parse_event_numbers(value).has_value(),
                      "one to 32 numbers of events in order, separated by commas");
    case FieldType::passkey:
        return unless(is_passkey(value), "a passkey with the page that may ask it");
    case FieldType::signed_by:
        return unless(value == "passkey", "'passkey'");
    case FieldType::copying:
        return unless(value == "reserved", "'reserved'");
    case FieldType::seals:
        return unless(is_seals(value), "one to 8 seal numbers, separated by commas");
    case FieldType::incident_finding:
        return unless(parse_incident_finding(value).has_value(), "'found' or 'lost'");
    case FieldType::seal_finding:
        return unless(parse_seal_finding(value).has_value(), "'intact' or 'broken'");
    case FieldType::form:
        return unless(parse_form(value).has_value(), "a form");
    case FieldType::finding:
        return unless(value == "in-order" || value == "discrepancy", "'in-order' or 'discrepancy'");
    case FieldType::what:
        return unless(is_what(value),
                      "role, clearance, grant, person, accreditation, release, assurance or "
                      "passkey");
    case FieldType::number:
        return unless(RegisterNumber::parse(value).has_value(), "a register number");
    case FieldType::count:
        return unless(is_number(value, 6) && value != "0", "a number from 1 to 999999");
    case FieldType::event:
        return unless(is_number(value, 15), "the number of an event");
    case FieldType::members:
        return unless(is_members(value), "names in order, separated by commas");
    case FieldType::notice:
        return unless(NoticeId::parse(value).has_value(), "a notice id");
    case FieldType::notice_type:
        return unless(parse_notice_type(value).has_value(), "a type of notice");
    case FieldType::incident:
        return unless(IncidentId::parse(value).has_value(), "an incident id");
    case FieldType::incident_what:
        return unless(parse_incident_what(value).has_value(), "loss, compromise or suspected");
    case FieldType::integer:
        break;
    }
    return "expected an integer";
}

namespace {

Fault fault_of_member(const Json& member, const FieldRule& rule) {
    if (rule.type == FieldType::count) {
        const bool good = member.is_number_integer() && member.get<std::int64_t>() >= 1 &&
                          member.get<std::int64_t>() <= 999999;
        return unless(good, "an integer from 1 to 999999");
    }
    if (rule.type == FieldType::integer) {
        const bool good = member.is_number_integer() && member.get<std::int64_t>() >= 0 &&
                          member.get<std::int64_t>() < (std::int64_t{1} << 53);
        return unless(good, "an integer from 0");
    }
    if (!member.is_string())
        return "expected a text";
    return fault_of(rule.type, member.get_ref<const std::string&>(), rule.max);
}

} // namespace

Result<void> check_members(const Json& object, std::span<const FieldRule> rules,
                           std::string_view where, const char* reason) {
    if (!object.is_object())
        return fail(Code::invalid, reason, fmt::format("{}: expected an object", where));
    std::vector<std::string> known;
    for (const FieldRule& rule : rules)
        known.emplace_back(rule.name);
    for (const auto& [name, member] : object.items())
        if (std::find(known.begin(), known.end(), name) == known.end())
            return fail(Code::invalid, reason,
                        fmt::format("{}: unknown member '{}'{}", where, printable(name, 60),
                                    suggestion(name, known)));
    for (const FieldRule& rule : rules) {
        const auto member = object.find(rule.name);
        if (member == object.end()) {
            if (rule.required)
                return fail(Code::invalid, reason, fmt::format("{}.{}: missing", where, rule.name));
            continue;
        }
        if (const Fault fault = fault_of_member(*member, rule))
            return fail(Code::invalid, reason, fmt::format("{}.{}: {}", where, rule.name, *fault));
    }
    return {};
}

} // namespace valise::logbook::internal
