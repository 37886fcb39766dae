// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/event_rules.h"

#include "base/text.h"

#include <fmt/format.h>

namespace valise::logbook::internal {
namespace {

using F = FieldType;
constexpr Needed kPermit = Needed::at_permit;
constexpr Needed kDone = Needed::at_done;
constexpr Needed kNever = Needed::never;

constexpr EventRule kPersonId[] = {{"person", F::person, kPermit}};
constexpr EventRule kGrantIds[] = {{"person", F::person, kPermit}, {"item", F::item, kPermit}};
constexpr EventRule kItemCopyIds[] = {{"item", F::item, kPermit}, {"copy", F::copy, kPermit}};
constexpr EventRule kReleaseIds[] = {{"item", F::item, kPermit}, {"release", F::release, kPermit}};
constexpr EventRule kDispatchIds[] = {{"item", F::item, kPermit},
                                      {"dispatch", F::dispatch, kPermit},
                                      {"release", F::release, kPermit},
                                      {"copy", F::copy, kNever}}; // of a package
constexpr EventRule kArriveIds[] = {
    {"dispatch", F::dispatch, kPermit}, {"item", F::item, kPermit}, {"copy", F::copy, kPermit}};
constexpr EventRule kReceiptIds[] = {{"dispatch", F::dispatch, kPermit}, {"item", F::item, kNever}};
constexpr EventRule kRemarkIds[] = {{"item", F::item, kPermit}, {"dispatch", F::dispatch, kNever}};
constexpr EventRule kCloseIds[] = {{"dispatch", F::dispatch, kPermit}};
constexpr EventRule kItemId[] = {{"item", F::item, kPermit}};
constexpr EventRule kRevokeIds[] = {
    {"person", F::person, kNever}, {"item", F::item, kNever}, {"release", F::release, kNever}};

constexpr EventRule kNoticeIds[] = {{"notice", F::notice, kPermit},
                                    {"dispatch", F::dispatch, kNever}, // as its type has it
                                    {"item", F::item, kNever},
                                    {"about", F::notice, kNever},
                                    {"incident", F::incident, kNever}};
constexpr EventRule kItemIds[] = {{"item", F::item, kPermit}};
constexpr EventRule kNoticeId[] = {{"notice", F::notice, kPermit}};
constexpr EventRule kReportIncidentIds[] = {
    {"incident", F::incident, kPermit}, {"item", F::item, kPermit}, {"copy", F::copy, kNever}};
constexpr EventRule kIncidentId[] = {{"incident", F::incident, kPermit}};

constexpr EventRule kFound[] = {{"party", F::party, kPermit}, {"authority", F::line, kNever}};
constexpr EventRule kPair[] = {
    {"peer", F::party, kPermit}, {"root", F::hash, kPermit}, {"fingerprint", F::line, kNever}};
constexpr EventRule kEnrol[] = {{"key", F::key, kPermit}};
constexpr EventRule kAppoint[] = {{"role", F::role, kPermit}};
constexpr EventRule kClear[] = {
    {"level", F::token, kPermit}, {"until", F::time, kPermit}, {"authority", F::line, kNever}};
constexpr EventRule kGrant[] = {{"purpose", F::line, kPermit}, {"until", F::time, kPermit}};
constexpr EventRule kAccredit[] = {
    {"peer", F::party, kPermit}, {"level", F::token, kPermit}, {"until", F::time, kPermit}};
constexpr EventRule kEnter[] = {
    {"level", F::token, kPermit},       {"purpose", F::line, kPermit},
    {"origin", F::party, kPermit},      {"number", F::number, kPermit},
    {"label_sha256", F::hash, kPermit}, {"release", F::parties, kNever},
    {"payload_root", F::hash, kNever},  {"blob", F::blob, kNever}, // check_entry()
    {"form", F::form, kNever},          {"pages", F::count, kNever},
    {"sheets", F::count, kNever},       {"copying", F::copying, kNever},
    {"sources", F::items, kNever},      {"made_as", F::made_as, kNever},
    {"language", F::token, kNever},     {"former", F::former, kNever},
    {"rights", F::rights, kNever}};
constexpr EventRule kApprove[] = {{"release_digest", F::hash, kPermit},
                                  {"recipient", F::party, kPermit},
                                  {"level", F::token, kNever},
                                  {"control", F::control, kNever},
                                  {"until", F::time, kNever}};
constexpr EventRule kDispatch[] = {{"recipient", F::party, kPermit}, {"level", F::token, kPermit},
                                   {"doc", F::hash, kDone},          {"seals", F::seals, kNever},
                                   {"control", F::control, kNever},  {"until", F::time, kNever}};
constexpr EventRule kArrive[] = {
    {"peer", F::party, kPermit},      {"level", F::token, kPermit},
    {"purpose", F::line, kDone},      {"number", F::number, kNever}, // check_arrival()
    {"payload_root", F::hash, kDone}, {"label_sha256", F::hash, kDone},
    {"blob", F::blob, kDone},         {"doc", F::hash, kDone},
    {"own_level", F::token, kNever},  {"origin", F::party, kNever},
    {"release", F::parties, kNever},  {"copying", F::copying, kNever},
    {"form", F::form, kNever},        {"pages", F::count, kNever},
    {"sheets", F::count, kNever},     {"seals", F::seals, kNever},
    {"returns", F::dispatch, kNever}, {"rights", F::rights, kNever},
    {"control", F::control, kNever}};
constexpr EventRule kHandOver[] = {
    {"leg", F::count, kPermit}, {"at", F::time, kPermit}, {"finding", F::seal_finding, kPermit}};
constexpr EventRule kTakeDelivery[] = {{"finding", F::seal_finding, kPermit}};
constexpr EventRule kConsent[] = {{"recipient", F::party, kPermit}, {"until", F::time, kPermit}};
constexpr EventRule kCustody[] = {{"doc", F::hash, kNever}};
constexpr EventRule kRemark[] = {{"level", F::token, kPermit}};
constexpr EventRule kOpen[] = {{"purpose", F::line, kNever}, {"refusal", F::line, kNever}};
constexpr EventRule kPermitOpening[] = {
    {"reader", F::hash, kPermit}, {"level", F::token, kPermit}, {"opening", F::event, kPermit},
    {"asked", F::hash, kPermit},  {"until", F::time, kNever},   {"by", F::by, kNever}};
constexpr EventRule kRecall[] = {{"enclosed", F::hash, kPermit}};
constexpr EventRule kAnswerRecall[] = {{"answer", F::recall_answer, kPermit}};
constexpr EventRule kNarrow[] = {{"readers", F::readers, kNever}, {"until", F::time, kNever}};
constexpr EventRule kContents[] = {{"finding", F::finding, kPermit}, {"doc", F::hash, kNever}};
constexpr EventRule kRevoke[] = {{"what", F::what, kPermit},
                                 {"role", F::role, kNever},
                                 {"purpose", F::line, kNever},
                                 {"peer", F::party, kNever},
                                 {"recipient", F::party, kNever}};

constexpr EventRule kCorrect[] = {{"entry", F::event, kPermit},
                                  {"members", F::members, kPermit},
                                  {"pages", F::count, kNever},
                                  {"sheets", F::count, kNever}};
constexpr EventRule kBrief[] = {{"briefing", F::hash, kPermit}};
constexpr EventRule kFacility[] = {{"facility", F::token, kPermit},
                                   {"officer", F::person, kPermit},
                                   {"deputy", F::person, kPermit}};
constexpr EventRule kAssure[] = {
    {"recipient", F::party, kPermit}, {"level", F::token, kPermit}, {"until", F::time, kPermit}};
constexpr EventRule kAbsence[] = {{"from", F::time, kPermit}, {"until", F::time, kPermit}};
constexpr EventRule kCancel[] = {{"entry", F::event, kPermit}};
constexpr EventRule kNotice[] = {
    {"type", F::notice_type, kPermit}, {"peer", F::party, kPermit},
    {"level", F::token, kNever},       {"what", F::incident_what, kNever},
    {"enclosed", F::hash, kNever},     {"until", F::time, kNever},
    {"from", F::time, kNever},         {"adopted", F::hash, kNever},
    {"third", F::party, kNever},       {"law", F::token, kNever},
    {"edition", F::token, kNever},     {"text", F::hash, kNever},
    {"affects", F::yes_no, kNever},    {"answer", F::recall_answer, kNever}};
constexpr EventRule kAdoptTerms[] = {
    {"adopted", F::hash, kPermit}, {"as", F::adoption, kPermit}, {"from", F::time, kPermit}};
constexpr EventRule kPutInForce[] = {{"adopted", F::hash, kPermit}};
// Signed last of the private log before it was lost, and the leaves of the shared one that came
// back from the mirror and of which nobody here has the events.
constexpr EventRule kRecover[] = {{"epoch", F::event, kPermit},  {"held", F::event, kPermit},
                                  {"signed", F::event, kPermit}, {"mirror", F::yes_no, kPermit},
                                  {"root", F::hash, kDone},      {"shared_from", F::event, kDone},
                                  {"shared_to", F::event, kDone}};
constexpr EventRule kRecon[] = {
    {"recon", F::hash, kPermit}, {"own", F::event, kPermit}, {"theirs", F::event, kPermit}};
constexpr EventRule kTerminate[] = {{"ends", F::time, kPermit}};
constexpr EventRule kAskLaws[] = {{"peer", F::party, kPermit}};
constexpr EventRule kLaw[] = {{"law", F::token, kPermit},      {"edition", F::token, kPermit},
                              {"from", F::time, kPermit},      {"text", F::hash, kPermit},
                              {"affects", F::yes_no, kPermit}, {"enclosed", F::hash, kPermit}};
constexpr EventRule kChangeClass[] = {{"level", F::token, kPermit}};
constexpr EventRule kReportIncident[] = {{"what", F::incident_what, kPermit}};
constexpr EventRule kCloseIncident[] = {{"finding", F::incident_finding, kNever}};
constexpr EventRule kReport[] = {{"enclosed", F::hash, kPermit}};
constexpr EventRule kContainerIds[] = {{"container", F::container, kPermit}};
constexpr EventRule kStoreIds[] = {
    {"item", F::item, kPermit}, {"copy", F::copy, kPermit}, {"container", F::container, kNever}};
constexpr EventRule kIssueIds[] = {
    {"item", F::item, kPermit}, {"copy", F::copy, kPermit}, {"person", F::person, kPermit}};
constexpr EventRule kContainer[] = {{"level", F::token, kPermit},
                                    {"access", F::persons, kPermit},
                                    {"controls", F::controls, kNever}};
constexpr EventRule kCopy[] = {
    {"form", F::form, kPermit}, {"copy_number", F::count, kPermit}, {"pages", F::count, kNever}};
constexpr EventRule kIssue[] = {{"purpose", F::line, kPermit}, {"due", F::time, kPermit}};
constexpr EventRule kTakeBack[] = {{"pages", F::count, kNever}};
constexpr EventRule kDestroy[] = {{"method", F::token, kPermit}, {"pages", F::count, kNever}};
constexpr EventRule kCertify[] = {{"finding", F::destruction_finding, kPermit},
                                  {"modification_report", F::hash, kNever}};
constexpr EventRule kReview[] = {{"finding", F::review_finding, kPermit},
                                 {"next", F::time, kNever}};

constexpr EventRule kPasskey[] = {{"passkey", F::passkey, kPermit}};
constexpr EventRule kShredIds[] = {{"item", F::item, kNever}};
constexpr EventRule kShred[] = {
    {"of", F::kind, kPermit}, {"events", F::events, kPermit}, {"basis", F::token, kPermit}};

constexpr EventRule kExportIds[] = {
    {"item", F::item, kPermit}, {"copy", F::copy, kPermit}, {"person", F::person, kNever}};
constexpr EventRule kExport[] = {{"purpose", F::line, kPermit},
                                 {"client", F::token, kPermit},
                                 {"copy_number", F::count, kPermit},
                                 {"refusal", F::line, kNever}};
constexpr EventRule kPrintIds[] = {
    {"item", F::item, kPermit}, {"copy", F::copy, kPermit}, {"print", F::copy, kPermit}};
constexpr EventRule kPrint[] = {{"purpose", F::line, kPermit},
                                {"due", F::time, kPermit},
                                {"copy_number", F::count, kPermit},
                                {"pages", F::count, kDone}};
constexpr EventRule kMusterIds[] = {{"muster", F::muster, kPermit},
                                    {"container", F::container, kNever}};
constexpr EventRule kMusterId[] = {{"muster", F::muster, kPermit}};
constexpr EventRule kBeginMuster[] = {{"level", F::token, kNever}, {"percent", F::count, kNever}};
constexpr EventRule kCount[] = {{"copies", F::copies, kPermit},
                                {"finding", F::count_finding, kPermit}};

struct KindRules {
    std::span<const EventRule> ids;
    std::span<const EventRule> facts;
};

KindRules rules_of(ActKind kind) {
    switch (kind) {
    case ActKind::found:
        return {{}, kFound};
    case ActKind::pair:
        return {{}, kPair};
    case ActKind::enrol:
        return {kPersonId, kEnrol};
    case ActKind::appoint:
        return {kPersonId, kAppoint};
    case ActKind::clear:
        return {kPersonId, kClear};
    case ActKind::grant:
        return {kGrantIds, kGrant};
    case ActKind::accredit:
        return {{}, kAccredit};
    case ActKind::enter:
        return {kItemCopyIds, kEnter};
    case ActKind::approve_release:
    case ActKind::ask_release:
    case ActKind::refuse_release:
        return {kReleaseIds, kApprove};
    case ActKind::dispatch:
        return {kDispatchIds, kDispatch};
    case ActKind::arrive:
        return {kArriveIds, kArrive};
    case ActKind::custody_receipt:
        return {kReceiptIds, kCustody};
    case ActKind::remark:
        return {kRemarkIds, kRemark};
    case ActKind::open:
        return {kItemCopyIds, kOpen};
    case ActKind::contents_receipt:
        return {kReceiptIds, kContents};
    case ActKind::close:
        return {kCloseIds, {}};
    case ActKind::revoke:
        return {kRevokeIds, kRevoke};
    case ActKind::container:
        return {kContainerIds, kContainer};
    case ActKind::store:
        return {kStoreIds, {}};
    case ActKind::copy:
        return {kItemCopyIds, kCopy};
    case ActKind::issue:
        return {kIssueIds, kIssue};
    case ActKind::take_back:
        return {kItemCopyIds, kTakeBack};
    case ActKind::witness_destruction:
    case ActKind::destroy:
        return {kItemCopyIds, kDestroy};
    case ActKind::certify_destruction:
        return {kItemCopyIds, kCertify};
    case ActKind::review_purpose:
        return {kItemId, kReview};
    case ActKind::export_copy:
        return {kExportIds, kExport};
    case ActKind::print:
        return {kPrintIds, kPrint};
    case ActKind::correct:
        return {kItemId, kCorrect};
    case ActKind::cancel:
        return {kItemId, kCancel};
    case ActKind::brief:
        return {kPersonId, kBrief};
    case ActKind::facility:
        return {{}, kFacility};
    case ActKind::absence:
        return {kPersonId, kAbsence};
    case ActKind::assure:
        return {{}, kAssure};
    case ActKind::record_assurance:
        return {{}, kAccredit};
    case ActKind::hand_over:
        return {kCloseIds, kHandOver};
    case ActKind::take_delivery:
        return {kCloseIds, kTakeDelivery};
    case ActKind::consent:
        return {kItemId, kConsent};
    case ActKind::withdraw:
        return {kCloseIds, {}};
    case ActKind::debrief:
    case ActKind::transfer:
        return {kPersonId, {}};
    case ActKind::begin_muster:
        return {kMusterIds, kBeginMuster};
    case ActKind::count:
        return {kMusterId, kCount};
    case ActKind::close_muster:
        return {kMusterId, {}};
    case ActKind::adopt_terms:
        return {{}, kAdoptTerms};
    case ActKind::put_in_force:
        return {{}, kPutInForce};
    case ActKind::terminate:
        return {{}, kTerminate};
    case ActKind::ask_laws:
        return {{}, kAskLaws};
    case ActKind::law:
        return {{}, kLaw};
    case ActKind::give_notice:
    case ActKind::take_notice:
        return {kNoticeIds, kNotice};
    case ActKind::trace:
        return {kCloseIds, {}};
    case ActKind::change_class:
        return {kItemIds, kChangeClass};
    case ActKind::acknowledge:
        return {kNoticeId, {}};
    case ActKind::report_incident:
        return {kReportIncidentIds, kReportIncident};
    case ActKind::report:
        return {kIncidentId, kReport};
    case ActKind::investigate:
        return {kIncidentId, {}};
    case ActKind::close_incident:
        return {kIncidentId, kCloseIncident};
    case ActKind::recover:
        return {{}, kRecover};
    case ActKind::reconcile:
    case ActKind::countersign:
        return {{}, kRecon};
    case ActKind::permit_opening:
        return {kArriveIds, kPermitOpening};
    case ActKind::recall:
        return {kItemId, kRecall};
    case ActKind::answer_recall:
        return {kNoticeId, kAnswerRecall};
    case ActKind::narrow:
        return {kCloseIds, kNarrow};
    case ActKind::shred:
        return {kShredIds, kShred};
    case ActKind::passkey:
        return {kPersonId, kPasskey};
    }
    return {};
}

constexpr std::size_t kLineMax = 256;

bool is_needed(Needed needed, Stage stage, bool whole) {
    if (stage == Stage::permitted)
        return needed == Needed::at_permit;
    if (stage == Stage::done)
        return needed == Needed::at_done || (whole && needed == Needed::at_permit);
    return false;
}

// An electronic item is its sealed file; every other form is named and has none.
Result<void> check_entry(const TextMap& facts) {
    const auto form = facts.find("form");
    const bool sealed = form == facts.end();
    for (const char* name : {"payload_root", "blob"})
        if (facts.contains(name) != sealed)
            return fail(Code::invalid, "logbook.skeleton",
                        fmt::format("facts.{}: stands on an electronic item only", name));
    if (!sealed && form->second == "electronic")
        return fail(Code::invalid, "logbook.skeleton", "facts.form: written by saying nothing");
    for (const char* name : {"pages", "sheets"})
        if (facts.contains(name) && (sealed || form->second != "paper"))
            return fail(Code::invalid, "logbook.skeleton",
                        fmt::format("facts.{}: stands on paper only", name));
    return {};
}

// What arrives for the first time gets a number here; what comes back has one. Of a package the
// form is named.
Result<void> check_arrival(const TextMap& facts) {
    if (facts.contains("number") == facts.contains("returns"))
        return fail(Code::invalid, "logbook.skeleton",
                    "facts.number: stands unless something comes back");
    const auto form = facts.find("form");
    if (facts.contains("seals") != (form != facts.end()) ||
        (form != facts.end() && form->second == "electronic"))
        return fail(Code::invalid, "logbook.skeleton", "facts.seals: stands on a package only");
    for (const char* name : {"pages", "sheets"})
        if (facts.contains(name) && (form == facts.end() || form->second != "paper"))
            return fail(Code::invalid, "logbook.skeleton",
                        fmt::format("facts.{}: stands on paper only", name));
    return {};
}

std::vector<std::string> names_of(std::span<const EventRule> rules) {
    std::vector<std::string> out;
    for (const EventRule& rule : rules)
        out.emplace_back(rule.name);
    return out;
}

} // namespace

std::span<const EventRule> id_rules(ActKind kind) {
    return rules_of(kind).ids;
}

std::span<const EventRule> fact_rules(ActKind kind) {
    return rules_of(kind).facts;
}

Result<void> check_map(const TextMap& values, std::span<const EventRule> rules, Stage stage,
                       bool whole, const char* where) {
    const auto is_known = [&](const std::string& name) {
        return std::ranges::any_of(rules, [&](const EventRule& rule) { return name == rule.name; });
    };
    for (const auto& [name, value] : values)
        if (!is_known(name))
            return fail(Code::invalid, "logbook.skeleton",
                        fmt::format("{}: unknown member '{}'{}", where, printable(name, 60),
                                    suggestion(name, names_of(rules))));
    for (const EventRule& rule : rules) {
        const auto value = values.find(rule.name);
        if (value == values.end()) {
            if (is_needed(rule.needed, stage, whole))
                return fail(Code::invalid, "logbook.skeleton",
                            fmt::format("{}.{}: missing", where, rule.name));
            continue;
        }
        if (const auto fault = fault_of(rule.type, value->second, kLineMax))
            return fail(Code::invalid, "logbook.skeleton",
                        fmt::format("{}.{}: {}", where, rule.name, *fault));
    }
    return {};
}

// What a person's act of any kind may also say: for whom, and by what it was signed.
constexpr EventRule kOfAnyKind[] = {{"for", F::person, kNever},
                                    {"signed_by", F::signed_by, kNever}};

Result<void> check_facts(ActKind kind, const TextMap& facts, Stage stage, bool whole) {
    for (const EventRule& rule : kOfAnyKind) {
        if (!facts.contains(rule.name))
            continue;
        TextMap own = facts;
        const auto said = own.extract(rule.name);
        if (const auto fault = fault_of(rule.type, said.mapped(), kLineMax))
            return fail(Code::invalid, "logbook.skeleton",
                        fmt::format("facts.{}: {}", rule.name, *fault));
        return check_facts(kind, own, stage, whole);
    }
    TRY(check_map(facts, fact_rules(kind), stage, whole, "facts"));
    if (kind == ActKind::enter && whole && stage != Stage::refused)
        TRY(check_entry(facts));
    if (kind == ActKind::arrive && whole && stage == Stage::done)
        TRY(check_arrival(facts));
    return {};
}

} // namespace valise::logbook::internal
