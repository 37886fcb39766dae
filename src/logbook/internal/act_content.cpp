// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/act_rules.h"
#include "logbook/notice.h"

#include <fmt/format.h>

namespace valise::logbook::internal {
namespace {

using F = FieldType;
constexpr bool kMust = true;
constexpr bool kMay = false;

constexpr FieldRule kFor[] = {{"for", F::person, kMust}};

// Which members each word of one member needs and admits.
struct Variant {
    const char* word;
    std::span<const FieldRule> members;
};

constexpr FieldRule kRevokeRole[] = {{"person", F::person, kMust}, {"role", F::role, kMust}};
constexpr FieldRule kRevokePerson[] = {{"person", F::person, kMust}};
constexpr FieldRule kRevokeGrant[] = {
    {"person", F::person, kMust}, {"item", F::item, kMust}, {"purpose", F::line, kMay}};
constexpr FieldRule kRevokePeer[] = {{"peer", F::party, kMust}};
constexpr FieldRule kRevokeRelease[] = {{"release", F::release, kMust}};
constexpr FieldRule kRevokeAssurance[] = {{"recipient", F::party, kMust}};

constexpr Variant kRevokes[] = {
    {"role", kRevokeRole},           {"clearance", kRevokePerson},   {"person", kRevokePerson},
    {"grant", kRevokeGrant},         {"accreditation", kRevokePeer}, {"release", kRevokeRelease},
    {"assurance", kRevokeAssurance}, {"passkey", kRevokePerson},
};

constexpr FieldRule kElectronic[] = {
    {"blob", F::blob, kMust}, {"payload_root", F::hash, kMust}, {"plain_bytes", F::integer, kMay}};
constexpr FieldRule kPaper[] = {{"pages", F::count, kMust}, {"sheets", F::count, kMay}};
constexpr FieldRule kEquipment[] = {{"serial", F::line, kMust}};
//= O-01
// Nothing is left of what was said or shown but who, to whom and when.
constexpr FieldRule kDisclosure[] = {{"disclosed_by", F::line, kMust},
                                     {"disclosed_to", F::line, kMust},
                                     {"disclosed_at", F::time, kMust}};

constexpr Variant kForms[] = {
    {"electronic", kElectronic}, {"paper", kPaper},       {"equipment", kEquipment},
    {"oral", kDisclosure},       {"visual", kDisclosure},
};

// The members of `content` but for `common` are those of the variant that member `name` says.
Result<void> check_variant(const Json& content, const char* kind, const char* name,
                           std::initializer_list<const char*> common,
                           std::span<const Variant> variants) {
    const std::string word = content.at(name).get<std::string>();
    Json rest = content;
    rest.erase(name);
    for (const char* member : common)
        rest.erase(member);
    for (const Variant& variant : variants)
        if (variant.word == word)
            return check_members(rest, variant.members, fmt::format("{} {}", kind, word),
                                 "logbook.act_member");
    return fail(Code::internal, "logbook.act_member", name);
}

// A notice has the members of its type and no others: what a reader does not look for must not
// travel under a registry's signature.
Result<void> check_notice(const Json& content) {
    TRY_ASSIGN(const NoticeType type, parse_notice_type(content.at("type").get<std::string>()));
    if (content.contains("dispatch") != about_dispatch(type) ||
        (content.contains("item") && !about_dispatch(type)))
        return fail(Code::invalid, "logbook.act_member",
                    "notice.dispatch: stands where the notice is about one");
    for (const char* name : kNoticeMembers)
        if (content.contains(name) != has_member(type, name))
            return fail(Code::invalid, "logbook.act_member",
                        fmt::format("notice.{}: {} on a notice of this type", name,
                                    content.contains(name) ? "not admitted" : "missing"));
    return {};
}

// What is announced can be held in the hand.
Result<void> check_package(const Json& content) {
    const auto form = content.find("form");
    const bool package = content.contains("seals");
    if (package != (form != content.end()) || (!package && content.contains("returns")))
        return fail(Code::invalid, "logbook.act_member",
                    "arrive: 'seals' and 'form' stand together, and 'returns' with them");
    if (package && *form != "paper" && *form != "equipment")
        return fail(Code::invalid, "logbook.act_member",
                    "arrive.form: expected paper or equipment");
    if ((content.contains("pages") || content.contains("sheets")) && (!package || *form != "paper"))
        return fail(Code::invalid, "logbook.act_member", "arrive.pages: stand on paper only");
    return {};
}

Result<void> check_own_content(ActKind kind, const Json& content) {
    TRY(check_members(content, act_rules(kind), to_string(kind), "logbook.act_member"));
    if (kind == ActKind::revoke)
        return check_variant(content, "revoke", "what", {"reason"}, kRevokes);
    if (kind == ActKind::enter) {
        if (content.contains("sources") != content.contains("made_as"))
            return fail(Code::invalid, "logbook.act_member",
                        "enter: 'sources' and 'made_as' stand together");
        return check_variant(content, "enter", "form",
                             {"item", "level", "purpose", "title", "label", "authority", "copy",
                              "sources", "made_as", "language", "former", "rights_ground"},
                             kForms);
    }
    if (kind == ActKind::export_copy &&
        content.contains("person") != content.contains("session_key"))
        return fail(Code::invalid, "logbook.act_member",
                    "export: 'person' and 'session_key' stand together");
    if (kind == ActKind::dispatch && content.contains("copy") != content.contains("seals"))
        return fail(Code::invalid, "logbook.act_member",
                    "dispatch: 'copy' and 'seals' stand together");
    if ((kind == ActKind::ask_release || kind == ActKind::approve_release) &&
        content.contains("until") && !content.contains("control"))
        return fail(Code::invalid, "logbook.act_member",
                    "until: stands with 'control', which it ends");
    if (kind == ActKind::narrow && !content.contains("readers") && !content.contains("until"))
        return fail(Code::invalid, "logbook.act_member", "narrow: nothing is narrowed");
    if (kind == ActKind::arrive)
        return check_package(content);
    if (kind == ActKind::correct && content.size() < 3)
        return fail(Code::invalid, "logbook.act_member", "correct: nothing is corrected");
    if (kind == ActKind::give_notice || kind == ActKind::take_notice)
        return check_notice(content);
    return {};
}

} // namespace

//= O-27
// Whoever acts as a deputy says for whom, whatever the act.
Result<void> check_content(ActKind kind, const Json& content) {
    const auto deputised = content.is_object() ? content.find("for") : content.end();
    if (deputised == content.end())
        return check_own_content(kind, content);
    TRY(check_members({{"for", *deputised}}, kFor, to_string(kind), "logbook.act_member"));
    Json own = content;
    own.erase("for");
    return check_own_content(kind, own);
}

} // namespace valise::logbook::internal
