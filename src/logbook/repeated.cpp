// SPDX-License-Identifier: Apache-2.0
#include "logbook/repeated.h"

namespace valise::logbook {
namespace {

using Names = const char* const[];

constexpr Names kItem = {"item"};
constexpr Names kCopy = {"item", "copy"};
constexpr Names kPerson = {"person"};
constexpr Names kDispatch = {"dispatch"};
constexpr Names kIncident = {"incident"};
constexpr Names kNotice = {"notice"};
constexpr Names kContainer = {"container"};
constexpr Names kGrantIds = {"person", "item"};
constexpr Names kDispatchIds = {"item", "dispatch", "release", "copy"};
constexpr Names kArriveIds = {"dispatch", "item", "copy"};
constexpr Names kReceiptIds = {"dispatch", "item"};
constexpr Names kRevokeIds = {"person", "item", "release"};
constexpr Names kStoreIds = {"item", "copy", "container"};
constexpr Names kIssueIds = {"item", "copy", "person"};
constexpr Names kGiveIds = {"dispatch", "item", "about", "incident"};
constexpr Names kTakeIds = {"notice", "dispatch", "item", "about", "incident"};
constexpr Names kRefusedIds = {"item",   "copy",     "dispatch", "person",
                               "notice", "incident", "muster"};

constexpr Names kExportIds = {"item", "copy", "person"};
constexpr Names kPrintIds = {"item", "copy", "print"};
constexpr Names kPrint = {"purpose", "due"};
constexpr Names kEnrol = {"key"};
constexpr Names kAppoint = {"role"};
constexpr Names kClear = {"level", "until", "authority"};
constexpr Names kGrant = {"purpose", "until"};
constexpr Names kAccredit = {"peer", "level", "until"};
constexpr Names kPair = {"peer"};
constexpr Names kEnter = {"level",   "purpose", "blob",     "payload_root",
                          "sources", "made_as", "language", "former"};
constexpr Names kRelease = {"release_digest", "recipient", "level", "control", "until"};
constexpr Names kSending = {"recipient", "seals", "until"};
constexpr Names kArrive = {"peer", "level", "form", "seals", "returns", "control"};
constexpr Names kHandOver = {"at", "finding"};
constexpr Names kConsent = {"recipient", "until"};
constexpr Names kLevel = {"level"};
constexpr Names kPurpose = {"purpose"};
constexpr Names kExport = {"purpose", "client"};
constexpr Names kFinding = {"finding"};
constexpr Names kCounted = {"copies", "finding"};
constexpr Names kMuster = {"muster"};
constexpr Names kRevoke = {"what", "role", "purpose", "peer", "recipient"};
constexpr Names kBrief = {"briefing"};
constexpr Names kFacility = {"facility", "officer", "deputy"};
constexpr Names kAssure = {"recipient", "level", "until"};
constexpr Names kAbsence = {"from", "until"};
constexpr Names kToldNotice = {"type",    "peer", "level",   "what",  "enclosed",
                               "until",   "from", "adopted", "third", "law",
                               "edition", "text", "affects", "answer"};
constexpr Names kLaw = {"law", "edition", "from", "text", "affects"};
constexpr Names kAskLaws = {"peer"};
constexpr Names kCertify = {"finding", "modification_report"};
constexpr Names kOpening = {"reader", "level", "opening", "asked", "until", "by"};
constexpr Names kNarrow = {"readers", "until"};
constexpr Names kAnswer = {"answer"};
constexpr Names kShred = {"of", "events", "basis"};
constexpr Names kPasskey = {"passkey"};
constexpr Names kAdopt = {"adopted", "as", "from"};
constexpr Names kAdopted = {"adopted"};
constexpr Names kRecover = {"epoch", "held", "signed", "mirror"};
constexpr Names kRecon = {"recon", "own", "theirs"};
constexpr Names kEnds = {"ends"};
constexpr Names kWhat = {"what"};
constexpr Names kPlace = {"level", "access", "controls"};
constexpr Names kForm = {"form"};
constexpr Names kIssue = {"purpose", "due"};
constexpr Names kMethod = {"method"};
constexpr Names kReview = {"finding", "next"};

constexpr Names kCounts = {"pages", "sheets", "percent"};
constexpr Names kOpened = {"title", "name",    "reason",        "note",  "reference",
                           "place", "carrier", "rights_ground", "ground"};

struct Repeated {
    std::span<const char* const> ids;
    std::span<const char* const> facts;
};

Repeated repeated(ActKind kind) {
    switch (kind) {
    case ActKind::found:
        return {};
    case ActKind::pair:
        return {{}, kPair};
    case ActKind::enrol:
        return {kPerson, kEnrol};
    case ActKind::appoint:
        return {kPerson, kAppoint};
    case ActKind::clear:
        return {kPerson, kClear};
    case ActKind::grant:
        return {kGrantIds, kGrant};
    case ActKind::accredit:
    case ActKind::record_assurance:
        return {{}, kAccredit};
    case ActKind::enter:
        return {kCopy, kEnter};
    case ActKind::ask_release:
    case ActKind::refuse_release:
    case ActKind::approve_release:
        return {kItem, kRelease};
    case ActKind::dispatch:
        return {kDispatchIds, kSending};
    case ActKind::arrive:
        return {kArriveIds, kArrive};
    case ActKind::custody_receipt:
        return {kReceiptIds, {}};
    case ActKind::remark:
        return {kItem, kLevel};
    case ActKind::open:
        return {kCopy, kPurpose};
    case ActKind::contents_receipt:
        return {kReceiptIds, kFinding};
    case ActKind::withdraw:
    case ActKind::close:
    case ActKind::trace:
        return {kDispatch, {}};
    case ActKind::revoke:
        return {kRevokeIds, kRevoke};
    case ActKind::container:
        return {kContainer, kPlace};
    case ActKind::store:
        return {kStoreIds, {}};
    case ActKind::copy:
        return {kCopy, kForm};
    case ActKind::issue:
        return {kIssueIds, kIssue};
    case ActKind::take_back:
        return {kCopy, {}};
    case ActKind::witness_destruction:
    case ActKind::destroy:
        return {kCopy, kMethod};
    case ActKind::certify_destruction:
        return {kCopy, kCertify};
    case ActKind::review_purpose:
        return {kItem, kReview};
    case ActKind::export_copy:
        return {kExportIds, kExport};
    case ActKind::print:
        return {kPrintIds, kPrint};
    case ActKind::begin_muster:
        return {kContainer, kLevel};
    case ActKind::count:
        return {kMuster, kCounted};
    case ActKind::close_muster:
        return {kMuster, {}};
    case ActKind::adopt_terms:
        return {{}, kAdopt};
    case ActKind::put_in_force:
        return {{}, kAdopted};
    case ActKind::terminate:
        return {{}, kEnds};
    case ActKind::ask_laws:
        return {{}, kAskLaws};
    case ActKind::law:
        return {{}, kLaw};
    case ActKind::correct:
    case ActKind::cancel:
        return {kItem, {}};
    case ActKind::brief:
        return {kPerson, kBrief};
    case ActKind::debrief:
    case ActKind::transfer:
        return {kPerson, {}};
    case ActKind::facility:
        return {{}, kFacility};
    case ActKind::absence:
        return {kPerson, kAbsence};
    case ActKind::assure:
        return {{}, kAssure};
    case ActKind::hand_over:
        return {kDispatch, kHandOver};
    case ActKind::take_delivery:
        return {kDispatch, kFinding};
    case ActKind::consent:
        return {kItem, kConsent};
    case ActKind::give_notice:
        return {kGiveIds, kToldNotice};
    case ActKind::take_notice:
        return {kTakeIds, kToldNotice};
    case ActKind::change_class:
        return {kItem, kLevel};
    case ActKind::acknowledge:
        return {kNotice, {}};
    case ActKind::report_incident:
        return {kCopy, kWhat};
    case ActKind::investigate:
    case ActKind::report:
        return {kIncident, {}};
    case ActKind::close_incident:
        return {kIncident, kFinding};
    case ActKind::recover:
        return {{}, kRecover};
    case ActKind::reconcile:
    case ActKind::countersign:
        return {{}, kRecon};
    case ActKind::permit_opening:
        return {kArriveIds, kOpening};
    case ActKind::recall:
        return {kItem, {}};
    case ActKind::answer_recall:
        return {kNotice, kAnswer};
    case ActKind::narrow:
        return {kDispatch, kNarrow};
    case ActKind::shred:
        return {kItem, kShred};
    case ActKind::passkey:
        return {kPerson, kPasskey};
    }
    return {};
}

void copy_members(const Act& act, std::span<const char* const> names, TextMap& out) {
    for (const char* name : names)
        if (auto value = act.optional_field(name))
            out[name] = std::move(*value);
}

} // namespace

void repeat(const Act& act, TextMap& ids, TextMap& facts) {
    const Repeated names = repeated(act.kind());
    copy_members(act, names.ids, ids);
    copy_members(act, names.facts, facts);
    for (const char* name : kCounts)
        if (const auto count = act.optional_integer(name))
            facts[name] = std::to_string(*count);
    if (auto officer = act.optional_field("for"))
        facts["for"] = std::move(*officer);
    if (act.by_passkey())
        facts["signed_by"] = "passkey";
}

void repeat_refused(const Act& act, TextMap& ids) {
    copy_members(act, kRefusedIds, ids);
}

std::span<const char* const> opened_members() {
    return kOpened;
}

} // namespace valise::logbook
