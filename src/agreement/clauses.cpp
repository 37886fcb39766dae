// SPDX-License-Identifier: Apache-2.0
// Which clauses are consulted for which act. The ids stand in skeletons: never renamed, never
// reused for something else.
#include "agreement/internal/clause_parts.h"

#include <algorithm>
#include <array>

namespace valise::agreement {
namespace {

using logbook::ActKind;

constexpr Clause kClearanceOfficer{"clearance-officer", "O-04", clearance_officer};
constexpr auto kFound = with_common({{"founding", "O-26", not_founded}, kAuthority});
constexpr auto kPair = with_common({kInForce, kControlOfficer, kThirdParty});
constexpr auto kEnrol =
    with_common({kControlOfficer, {"one-key-one-person", "O-24", one_key_one_person}});
constexpr auto kAppoint = with_common(
    {kControlOfficer, kPersonKnown, kNoSelfGrant, {"role-separation", "O-21", role_separation}});
constexpr auto kClear = with_common(
    {kClearanceOfficer, kPersonKnown, kNoSelfGrant, kAuthority, kClassification, kUntilAhead});
constexpr auto kGrant = with_common({kControlOfficer, kPersonKnown, kNoSelfGrant, kItemKnown,
                                     kNotCancelled, kPurpose, kUntilAhead});
constexpr auto kAccredit = with_common({kControlOfficer,
                                        kThirdParty,
                                        kClassification,
                                        kUntilAhead,
                                        {"accreditation-term", "O-38", accreditation_term}});
constexpr auto kEnter = with_common({{"entering-role", "O-26", entering_role},
                                     {"origin", "O-02", origin},
                                     kClassification,
                                     kForm,
                                     kAuthority,
                                     kPurposeKnown,
                                     {"derived-sources", "O-11", derived_sources},
                                     {"derived-access", "O-33", derived_access},
                                     {"derived-purpose", "O-16", derived_purpose},
                                     kDerivedClass,
                                     {"derived-release", "O-11", derived_release},
                                     {"translation-language", "O-33", translation_language},
                                     kPrivateRights});
constexpr auto kApproveRelease =
    with_common({kInForce,
                 kItemKnown,
                 kNotCancelled,
                 {"case-by-case", "O-05", case_by_case},
                 kReleasingAuthority,
                 {"release-distinct-persons", "O-05", release_distinct_persons},
                 {"asked-again", "O-05", asked_again},
                 kReleaseDigest,
                 kThirdParty,
                 kThirdPartyInformation,
                 kReleaseSet,
                 kLabelCurrent,
                 kFrozen,
                 kDerivedClass,
                 kControl});
constexpr auto kAskRelease = with_common({kInForce,
                                          kItemKnown,
                                          kNotCancelled,
                                          {"case-by-case", "O-05", case_by_case},
                                          {"asking-role", "O-05", asking_role},
                                          kReleaseDigest,
                                          kThirdParty,
                                          kThirdPartyInformation,
                                          kReleaseSet,
                                          kControl});
constexpr auto kRefuseRelease = with_common(
    {kItemKnown, kReleasingAuthority, kReleaseDigest, {"release-asked", "O-05", release_asked}});
constexpr auto kDispatch = with_common({kInForce,
                                        kControlOfficer,
                                        kItemKnown,
                                        kNotCancelled,
                                        kForm,
                                        {"release-separation", "O-05", release_separation},
                                        kReleaseDigest,
                                        kThirdParty,
                                        kThirdPartyInformation,
                                        kReleaseSet,
                                        kChannel,
                                        kMarkedFirst,
                                        kEquivalence,
                                        kLink,
                                        {"assurance", "O-19", assurance},
                                        kInspection,
                                        {"sealed-file", "O-26", sealed_file},
                                        kReceiptDue,
                                        kLabelCurrent,
                                        kFrozen,
                                        kDerivedClass,
                                        {"package", "O-35", package},
                                        kContainerAccess,
                                        {"return-form", "O-29", return_form},
                                        kControl,
                                        kNotRecalled});
constexpr auto kArrive = with_common({kInForce,
                                      kFacilityOffice,
                                      kChannel,
                                      kThirdPartyInformation,
                                      {"sender-release", "O-05", sender_release},
                                      kClassification,
                                      kPurposeKnown,
                                      kEquivalence,
                                      kEquivalencePerson,
                                      kLink,
                                      kInspection,
                                      {"custody", "O-34", custody},
                                      {"remark", "O-10", remark_duty},
                                      kReceiptDue,
                                      {"return-known", "O-29", return_known},
                                      kControl});
constexpr auto kCustodyReceipt = with_common({kDispatchKnown, kReceiptMatches, kReceiptDue});
constexpr auto kRemark = with_common({kControlOfficer,
                                      kItemKnown,
                                      {"received-item", "O-10", received_item},
                                      kClassification,
                                      kEquivalence,
                                      kEquivalencePerson,
                                      {"class-retained", "O-14", class_retained}});
// Opening here and taking out are both reading: who may not do the one may not do the other.
constexpr Clause kReading[] = {kItemKnown,
                               kNotCancelled,
                               kForm,
                               kCopyKnown,
                               {"copy-in-hand", "O-26", copy_in_hand},
                               {"no-access-by-role", "O-21", no_access_by_role},
                               kClearance,
                               kClearanceInDate,
                               kRevalidated,
                               kBriefed,
                               kNeedToKnow,
                               kPurpose,
                               kStillNeeded,
                               kOpenReleaseSet,
                               kMarkedFirst,
                               kNotRecalled};
constexpr auto kOpen = with_common(kReading, {kInspection, kFrozen});
constexpr auto kExport = with_common({kPersonKnown}, kReading,
                                     {{"copying-reserved", "O-32", copying_reserved},
                                      {"export-level", "O-32", export_level},
                                      {"export-attested", "O-22", export_attested},
                                      {"export-taken", "O-32", export_taken},
                                      kPrivateRights,
                                      kControlExport,
                                      kInspection,
                                      kFrozen});
constexpr auto kPrint = with_common(kReading, {{"print-level", "O-32", print_level},
                                               {"print-order", "O-32", print_order},
                                               {"copying-reserved", "O-32", copying_reserved},
                                               {"copy-limit", "O-32", copy_limit},
                                               {"issue-term", "O-26", issue_term},
                                               kPrivateRights,
                                               {"print-control", "O-20", print_control},
                                               kInspection,
                                               kFrozen});
constexpr auto kContentsReceipt = with_common({kDispatchKnown,
                                               kReceiptMatches,
                                               {"final-recipient", "O-36", final_recipient},
                                               {"discrepancy", "O-36", discrepancy}});
constexpr auto kClose =
    with_common({kControlOfficer, kDispatchKnown, {"receipts-back", "O-36", receipts_back}});
constexpr auto kRevoke =
    with_common({{"revoking-officer", "O-23", revoking_officer}, kPersonKnown, kItemKnown});
constexpr auto kCorrect =
    with_common({kItemKnown, kEnteredHere, kCorrectingRole, kNotCancelled, kForm});
constexpr auto kCancel = with_common({kItemKnown,
                                      kEnteredHere,
                                      kCorrectingRole,
                                      kNotCancelled,
                                      {"not-dispatched", "O-36", not_dispatched}});
constexpr auto kBrief = with_common({kPersonKnown, {"own-word", "O-25", own_word}});
constexpr auto kDebrief =
    with_common({kPersonKnown, {"debriefing-officer", "O-25", debriefing_officer}});
constexpr auto kTransfer =
    with_common({kPersonKnown, {"transfer-officer", "O-24", transfer_officer}});
constexpr auto kFacility =
    with_common({kControlOfficer, {"facility-officers", "O-27", facility_officers}});
constexpr auto kAbsence = with_common({kPersonKnown,
                                       {"absence-officer", "O-27", absence_officer},
                                       {"absence-dates", "O-27", absence_dates}});
constexpr auto kAssure = with_common(
    {kInForce, kControlOfficer, kThirdParty, kClassification, kUntilAhead, kFacilityOffice});
constexpr auto kRecordAssurance = with_common({kInForce,
                                               kControlOfficer,
                                               kThirdParty,
                                               kClassification,
                                               kUntilAhead,
                                               {"assurance-matches", "O-19", assurance_matches}});

constexpr auto kHandOver = with_common({kControlOfficer,
                                        kDispatchKnown,
                                        {"custody-chain", "O-37", custody_chain},
                                        {"package-frozen", "O-43", package_frozen},
                                        {"still-leaves", "O-34", still_leaves},
                                        kSealsIntact});
constexpr auto kTakeDelivery = with_common({kControlOfficer,
                                            kDispatchKnown,
                                            kFacilityOffice,
                                            {"delivery", "O-34", delivery},
                                            kSealsIntact});
constexpr auto kWithdraw =
    with_common({kControlOfficer, kDispatchKnown, {"still-here", "O-34", still_here}});
constexpr auto kConsent = with_common({kInForce,
                                       kItemKnown,
                                       kNotCancelled,
                                       kOriginatorOnly,
                                       kReleasingAuthority,
                                       {"consent-third", "O-15", consent_third},
                                       kUntilAhead});

constexpr auto kGiveNotice =
    with_common({kDispatchKnown, kNoticeChannel, {"notice-ground", "O-42", notice_ground}});
constexpr auto kTakeNotice = with_common({kDispatchKnown,
                                          kNoticeChannel,
                                          {"notice-originator", "O-14", notice_originator},
                                          {"notice-level", "O-09", notice_level},
                                          {"notice-duty", "O-13", notice_duty}});
constexpr auto kTrace =
    with_common({kControlOfficer, kDispatchKnown, {"tracer-due", "O-36", tracer_due}});
constexpr auto kChangeClass = with_common({{"class-change-office", "O-13", class_change_office},
                                           kItemKnown,
                                           kOriginatorOnly,
                                           kClassification,
                                           {"class-changes", "O-13", class_changes},
                                           {"class-change-told", "O-13", class_change_told},
                                           kDerivedClass});
constexpr auto kAcknowledge =
    with_common({kControlOfficer, kNoticeKnown, {"remarked-first", "O-13", remarked_first}});
constexpr auto kReportIncident =
    with_common({kItemKnown, kCopyKnown, {"incident-notice", "O-42", incident_notice}});
constexpr auto kInvestigate =
    with_common({kControlOfficer, kIncidentKnown, {"notice-before", "O-42", notice_before}});
constexpr auto kReport = with_common({kControlOfficer,
                                      kIncidentKnown,
                                      {"notice-before", "O-42", notice_before},
                                      kFindings,
                                      {"report-to-originator", "O-44", report_to_originator}});
constexpr auto kCloseIncident = with_common({kControlOfficer,
                                             kIncidentKnown,
                                             kFindings,
                                             {"report-acknowledged", "O-44", report_acknowledged},
                                             {"loss-copy", "O-43", loss_copy}});

constexpr auto kContainer = with_common({kControlOfficer,
                                         kClassification,
                                         kContainerCleared,
                                         {"container-contents", "O-28", container_contents},
                                         kControls,
                                         kContainerAccess});
constexpr auto kStore = with_common({kControlOfficer,
                                     kItemKnown,
                                     kForm,
                                     kCopyKnown,
                                     {"container-known", "O-28", container_known},
                                     kMarkedFirst,
                                     {"container-level", "O-28", container_level},
                                     kControls,
                                     kContainerCleared,
                                     kContainerAccess});
constexpr auto kCopy = with_common({{"copy-order", "O-32", copy_order},
                                    kItemKnown,
                                    kNotCancelled,
                                    kForm,
                                    kMarkedFirst,
                                    kStillNeeded,
                                    {"copy-source", "O-32", copy_source},
                                    {"copying-reserved", "O-32", copying_reserved},
                                    {"copy-limit", "O-32", copy_limit},
                                    {"page-count", "O-32", page_count},
                                    kPrivateRights,
                                    kFrozen,
                                    kNotRecalled});
constexpr auto kIssue = with_common({kControlOfficer,
                                     kPersonKnown,
                                     kItemKnown,
                                     kNotCancelled,
                                     kForm,
                                     kCopyKnown,
                                     kMarkedFirst,
                                     kClearance,
                                     kClearanceInDate,
                                     kRevalidated,
                                     kBriefed,
                                     kNeedToKnow,
                                     kPurpose,
                                     kStillNeeded,
                                     kOpenReleaseSet,
                                     kContainerAccess,
                                     {"issue-term", "O-26", issue_term},
                                     kFrozen,
                                     kNotRecalled});
constexpr auto kTakeBack =
    with_common({kControlOfficer, kItemKnown, kForm, kCopyKnown, kPageCheck});
constexpr auto kWitness =
    with_common({kItemKnown, kForm, kCopyKnown, kCopyFree, kMarkedFirst, kClearance,
                 kClearanceInDate, kRevalidated, kDestructionMethod, kPageCheck, kFrozen});
constexpr auto kDestroy = with_common({kControlOfficer,
                                       kItemKnown,
                                       kForm,
                                       kCopyKnown,
                                       kCopyFree,
                                       kMarkedFirst,
                                       kClearance,
                                       kClearanceInDate,
                                       kRevalidated,
                                       kDestructionMethod,
                                       kContainerAccess,
                                       kPageCheck,
                                       {"destruction-persons", "O-30", destruction_persons},
                                       kFrozen});
constexpr auto kCertify = with_common({kItemKnown,
                                       kCopyKnown,
                                       {"certifier", "O-30", certifier},
                                       {"modification-report", "O-31", modification_report}});
constexpr auto kReview =
    with_common({kControlOfficer, kItemKnown, {"review-term", "O-29", review_term}});
constexpr auto kAdoptTerms = with_common({kInForce,
                                          kClearanceOfficer,
                                          {"adopted-terms", "O-48", adopted_terms_match},
                                          {"arrangement-tightens", "O-08", arrangement_tightens},
                                          {"levels-kept", "O-49", levels_kept},
                                          {"adoption-date", "O-48", adoption_date}});
constexpr auto kRecover = with_common({kControlOfficer, {"recover-held", "O-26", recover_held}});
constexpr auto kPutInForce = with_common({{"countersigned", "O-48", countersigned}});
constexpr auto kTerminate =
    with_common({kInForce, kClearanceOfficer, {"termination-notice", "O-48", termination_notice}});
constexpr auto kLaw = with_common(
    {kControlOfficer, {"law-edition", "O-07", law_edition}, {"law-told", "O-07", law_told}});
constexpr auto kAskLaws =
    with_common({kControlOfficer, kNoticeChannel, {"law-request", "O-07", law_request}});
constexpr Clause kReconStatement{"recon-statement", "O-36", recon_statement};
constexpr Clause kReconContinues{"recon-continues", "O-36", recon_continues};
constexpr auto kReconcile = with_common(
    {kControlOfficer, kReconStatement, kReconContinues, {"recon-time", "O-36", recon_time}});
constexpr auto kCountersign = with_common({kControlOfficer,
                                           kReconStatement,
                                           kReconContinues,
                                           {"recon-proposed", "O-36", recon_proposed}});
constexpr Clause kMusterKnown{"muster-known", "O-26", muster_known};
constexpr auto kBeginMuster =
    with_common({kControlOfficer, {"muster-scope", "O-26", muster_scope}, kContainerAccess});
constexpr auto kCount = with_common({kMusterKnown,
                                     {"muster-copy", "O-26", muster_copy},
                                     {"muster-access", "O-26", muster_access},
                                     {"muster-missing", "O-42", muster_missing}});
constexpr auto kCloseMuster = with_common({kControlOfficer,
                                           kMusterKnown,
                                           {"muster-complete", "O-26", muster_complete},
                                           {"muster-second-person", "O-26", muster_second_person},
                                           {"losses-reported", "O-42", muster_losses_reported}});

constexpr auto kPermitOpening = with_common({kInForce,
                                             kLink,
                                             kDispatchKnown,
                                             kControlled,
                                             kNotRecalled,
                                             {"control-until", "O-20", control_until},
                                             kControlExport,
                                             {"reader-admitted", "O-20", reader_admitted},
                                             {"class-heard", "O-13", class_heard},
                                             {"asked-once", "O-20", asked_once},
                                             {"lease-term", "O-20", lease_term}});
constexpr auto kRecall = with_common({kItemKnown,
                                      kOriginatorOnly,
                                      kReleasingAuthority,
                                      {"recall-held", "O-20", recall_held},
                                      {"recall-told", "O-20", recall_told}});
constexpr auto kAnswerRecall =
    with_common({kControlOfficer, kNoticeKnown, {"recall-answer", "O-20", recall_answer_true}});
constexpr auto kNarrow = with_common(
    {kDispatchKnown, kControlled, kReleasingAuthority, {"narrow-only", "O-20", narrow_only}});
constexpr auto kPasskey = with_common({kPersonKnown,
                                       {"passkey-free", "O-24", passkey_free},
                                       {"passkey-own-word", "O-24", passkey_own_word},
                                       {"passkey-officer", "O-27", passkey_officer}});
constexpr auto kShred = with_common({{"shredding-officer", "O-26", shredding_officer},
                                     {"shredding-basis", "O-26", shredding_basis},
                                     {"shredding-term", "O-26", shredding_term},
                                     {"shredding-settled", "O-26", shredding_settled}});

} // namespace

std::span<const Clause> clauses_of(ActKind kind) {
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
        return kApproveRelease;
    case ActKind::ask_release:
        return kAskRelease;
    case ActKind::refuse_release:
        return kRefuseRelease;
    case ActKind::dispatch:
        return kDispatch;
    case ActKind::arrive:
        return kArrive;
    case ActKind::custody_receipt:
        return kCustodyReceipt;
    case ActKind::remark:
        return kRemark;
    case ActKind::open:
        return kOpen;
    case ActKind::contents_receipt:
        return kContentsReceipt;
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
    case ActKind::export_copy:
        return kExport;
    case ActKind::print:
        return kPrint;
    case ActKind::begin_muster:
        return kBeginMuster;
    case ActKind::count:
        return kCount;
    case ActKind::close_muster:
        return kCloseMuster;
    case ActKind::adopt_terms:
        return kAdoptTerms;
    case ActKind::put_in_force:
        return kPutInForce;
    case ActKind::terminate:
        return kTerminate;
    case ActKind::ask_laws:
        return kAskLaws;
    case ActKind::law:
        return kLaw;
    case ActKind::correct:
        return kCorrect;
    case ActKind::cancel:
        return kCancel;
    case ActKind::brief:
        return kBrief;
    case ActKind::debrief:
        return kDebrief;
    case ActKind::transfer:
        return kTransfer;
    case ActKind::facility:
        return kFacility;
    case ActKind::absence:
        return kAbsence;
    case ActKind::assure:
        return kAssure;
    case ActKind::record_assurance:
        return kRecordAssurance;
    case ActKind::hand_over:
        return kHandOver;
    case ActKind::take_delivery:
        return kTakeDelivery;
    case ActKind::consent:
        return kConsent;
    case ActKind::withdraw:
        return kWithdraw;
    case ActKind::give_notice:
        return kGiveNotice;
    case ActKind::take_notice:
        return kTakeNotice;
    case ActKind::trace:
        return kTrace;
    case ActKind::change_class:
        return kChangeClass;
    case ActKind::acknowledge:
        return kAcknowledge;
    case ActKind::report_incident:
        return kReportIncident;
    case ActKind::investigate:
        return kInvestigate;
    case ActKind::report:
        return kReport;
    case ActKind::close_incident:
        return kCloseIncident;
    case ActKind::recover:
        return kRecover;
    case ActKind::reconcile:
        return kReconcile;
    case ActKind::countersign:
        return kCountersign;
    case ActKind::permit_opening:
        return kPermitOpening;
    case ActKind::recall:
        return kRecall;
    case ActKind::answer_recall:
        return kAnswerRecall;
    case ActKind::narrow:
        return kNarrow;
    case ActKind::shred:
        return kShred;
    case ActKind::passkey:
        return kPasskey;
    }
    return {};
}

} // namespace valise::agreement
