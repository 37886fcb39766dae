// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/act_rules.h"

#include <fmt/format.h>

namespace valise::logbook::internal {
namespace {

using F = FieldType;
constexpr bool kMust = true;
constexpr bool kMay = false;

constexpr std::size_t kKeyMax = 8 << 10;    // a hybrid public key
constexpr std::size_t kProofMax = 32 << 10; // a hybrid signature with its statement
constexpr std::size_t kLabelMax = 256 << 10;
constexpr std::size_t kTitleMax = 1024;
constexpr std::size_t kNoteMax = 4096;

constexpr FieldRule kFound[] = {{"party", F::party, kMust}, {"authority", F::line, kMust}};
constexpr FieldRule kPair[] = {{"peer", F::party, kMust},
                               {"fingerprint", F::line, kMust},
                               {"confirmation", F::base64, kMust, kProofMax},
                               {"peer_root", F::base64, kMust, kKeyMax}};
constexpr FieldRule kEnrol[] = {
    {"person", F::person, kMust}, {"key", F::key, kMust}, {"name", F::line, kMust}};
constexpr FieldRule kAppoint[] = {{"person", F::person, kMust}, {"role", F::role, kMust}};
constexpr FieldRule kClear[] = {{"person", F::person, kMust},
                                {"level", F::token, kMust},
                                {"until", F::time, kMust},
                                {"authority", F::line, kMust}};
constexpr FieldRule kGrant[] = {{"person", F::person, kMust},
                                {"item", F::item, kMust},
                                {"purpose", F::line, kMust},
                                {"until", F::time, kMust},
                                {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kAccredit[] = {{"peer", F::party, kMust},
                                   {"level", F::token, kMust},
                                   {"until", F::time, kMust},
                                   {"reference", F::line, kMust}};
constexpr FieldRule kEnter[] = {{"item", F::item, kMust},
                                {"blob", F::blob, kMust},
                                {"level", F::token, kMust},
                                {"purpose", F::line, kMust},
                                {"title", F::line, kMust, kTitleMax},
                                {"label", F::base64, kMust, kLabelMax},
                                {"payload_root", F::hash, kMust},
                                {"form", F::form, kMust},
                                {"authority", F::line, kMust},
                                {"plain_bytes", F::integer, kMay},
                                {"copy", F::copy, kMay}};
constexpr FieldRule kApprove[] = {
    {"release_digest", F::hash, kMust}, {"item", F::item, kMust},
    {"recipient", F::party, kMust},     {"level", F::token, kMust},
    {"terms", F::hash, kMust},          {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kDispatch[] = {{"item", F::item, kMust},
                                   {"recipient", F::party, kMust},
                                   {"dispatch", F::dispatch, kMay},
                                   {"release", F::release, kMay}};
constexpr FieldRule kArrive[] = {{"dispatch", F::dispatch, kMust},
                                 {"peer", F::party, kMust},
                                 {"item", F::item, kMust},
                                 {"level", F::token, kMust},
                                 {"purpose", F::line, kMust},
                                 {"payload_root", F::hash, kMust},
                                 {"statement", F::hash, kMust},
                                 {"blob", F::blob, kMust},
                                 {"copy", F::copy, kMay},
                                 {"own_level", F::token, kMay},
                                 {"label", F::base64, kMay, kLabelMax},
                                 {"label_sha256", F::hash, kMay},
                                 {"title", F::line, kMay, kTitleMax},
                                 {"number", F::line, kMay},
                                 {"origin", F::party, kMay},
                                 {"approvals", F::integer, kMay},
                                 {"release", F::parties, kMay}};
constexpr FieldRule kCustody[] = {{"dispatch", F::dispatch, kMust},
                                  {"item", F::item, kMust},
                                  {"statement", F::hash, kMay},
                                  {"payload_root", F::hash, kMay},
                                  {"receipt", F::base64, kMay, kProofMax},
                                  {"number", F::line, kMay}};
constexpr FieldRule kRemark[] = {{"item", F::item, kMust},
                                 {"level", F::token, kMust},
                                 {"label", F::base64, kMay, kLabelMax},
                                 {"dispatch", F::dispatch, kMay}};
constexpr FieldRule kOpen[] = {{"item", F::item, kMust},
                               {"copy", F::copy, kMust},
                               {"purpose", F::line, kMust},
                               {"session_key", F::base64, kMust, kKeyMax}};
constexpr FieldRule kContents[] = {{"dispatch", F::dispatch, kMust},
                                   {"item", F::item, kMust},
                                   {"finding", F::finding, kMust},
                                   {"note", F::text, kMay, kNoteMax},
                                   {"statement", F::hash, kMay},
                                   {"payload_root", F::hash, kMay},
                                   {"receipt", F::base64, kMay, kProofMax},
                                   {"number", F::line, kMay}};
constexpr FieldRule kClose[] = {{"dispatch", F::dispatch, kMust},
                                {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kRevoke[] = {
    {"what", F::what, kMust},      {"person", F::person, kMay},        {"role", F::role, kMay},
    {"item", F::item, kMay},       {"purpose", F::line, kMay},         {"peer", F::party, kMay},
    {"release", F::release, kMay}, {"reason", F::text, kMay, kNoteMax}};

constexpr FieldRule kContainer[] = {{"container", F::container, kMust},
                                    {"level", F::token, kMust},
                                    {"access", F::persons, kMust},
                                    {"name", F::line, kMust}};
constexpr FieldRule kStore[] = {
    {"item", F::item, kMust}, {"copy", F::copy, kMust}, {"container", F::container, kMay}};
constexpr FieldRule kCopy[] = {{"item", F::item, kMust},
                               {"copy", F::copy, kMust},
                               {"medium", F::medium, kMust},
                               {"reason", F::text, kMust, kNoteMax},
                               {"pages", F::integer, kMay}};
constexpr FieldRule kIssue[] = {{"item", F::item, kMust},
                                {"copy", F::copy, kMust},
                                {"person", F::person, kMust},
                                {"purpose", F::line, kMust},
                                {"due", F::time, kMust}};
constexpr FieldRule kTakeBack[] = {{"item", F::item, kMust},
                                   {"copy", F::copy, kMust},
                                   {"pages", F::integer, kMay},
                                   {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kWitness[] = {{"item", F::item, kMust},
                                  {"copy", F::copy, kMust},
                                  {"method", F::token, kMust},
                                  {"pages", F::integer, kMay}};
constexpr FieldRule kDestroy[] = {{"item", F::item, kMust},           {"copy", F::copy, kMust},
                                  {"method", F::token, kMust},        {"reference", F::line, kMust},
                                  {"place", F::line, kMust},          {"pages", F::integer, kMay},
                                  {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kCertify[] = {{"item", F::item, kMust},
                                  {"copy", F::copy, kMust},
                                  {"finding", F::destruction_finding, kMust},
                                  {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kReview[] = {{"item", F::item, kMust},
                                 {"finding", F::review_finding, kMust},
                                 {"reason", F::text, kMust, kNoteMax},
                                 {"next", F::time, kMay}};

// revoke: which members each `what` needs and admits.
struct RevokeRule {
    const char* what;
    std::span<const FieldRule> members;
};

constexpr FieldRule kRevokeRole[] = {{"person", F::person, kMust}, {"role", F::role, kMust}};
constexpr FieldRule kRevokePerson[] = {{"person", F::person, kMust}};
constexpr FieldRule kRevokeGrant[] = {
    {"person", F::person, kMust}, {"item", F::item, kMust}, {"purpose", F::line, kMay}};
constexpr FieldRule kRevokePeer[] = {{"peer", F::party, kMust}};
constexpr FieldRule kRevokeRelease[] = {{"release", F::release, kMust}};

constexpr RevokeRule kRevokeRules[] = {
    {"role", kRevokeRole},   {"clearance", kRevokePerson},   {"person", kRevokePerson},
    {"grant", kRevokeGrant}, {"accreditation", kRevokePeer}, {"release", kRevokeRelease},
};

Result<void> check_revoke(const Json& content) {
    const auto& what = content.at("what").get_ref<const std::string&>();
    Json target = content;
    target.erase("what");
    target.erase("reason");
    for (const RevokeRule& rule : kRevokeRules)
        if (rule.what == what)
            return check_members(target, rule.members, "revoke " + what, "logbook.act_member");
    return fail(Code::internal, "logbook.act_member", "revoke.what");
}

} // namespace

std::span<const FieldRule> act_rules(ActKind kind) {
    switch (kind) {
    case ActKind::found:
        return kFound;
    case ActKind::pair:
        return kPair;
    case ActKind::enrol:
        return kEnrol;
    case ActKind::appoint:
        return kAppoint;
    case ActKind::clear:
        return kClear;
    case ActKind::grant:
        return kGrant;
    case ActKind::accredit:
        return kAccredit;
    case ActKind::enter:
        return kEnter;
    case ActKind::approve_release:
        return kApprove;
    case ActKind::dispatch:
        return kDispatch;
    case ActKind::arrive:
        return kArrive;
    case ActKind::custody_receipt:
        return kCustody;
    case ActKind::remark:
        return kRemark;
    case ActKind::open:
        return kOpen;
    case ActKind::contents_receipt:
        return kContents;
    case ActKind::close:
        return kClose;
    case ActKind::revoke:
        return kRevoke;
    case ActKind::container:
        return kContainer;
    case ActKind::store:
        return kStore;
    case ActKind::copy:
        return kCopy;
    case ActKind::issue:
        return kIssue;
    case ActKind::take_back:
        return kTakeBack;
    case ActKind::witness_destruction:
        return kWitness;
    case ActKind::destroy:
        return kDestroy;
    case ActKind::certify_destruction:
        return kCertify;
    case ActKind::review_purpose:
        return kReview;
    }
    return {};
}

Result<void> check_content(ActKind kind, const Json& content) {
    TRY(check_members(content, act_rules(kind), to_string(kind), "logbook.act_member"));
    if (kind == ActKind::revoke)
        TRY(check_revoke(content));
    return {};
}

} // namespace valise::logbook::internal
