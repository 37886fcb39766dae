// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/act_rules.h"

namespace valise::logbook::internal {
namespace {

using F = FieldType;
constexpr bool kMust = true;
constexpr bool kMay = false;

constexpr std::size_t kKeyMax = 8 << 10;    // a hybrid public key
constexpr std::size_t kProofMax = 32 << 10; // a hybrid signature with its statement
constexpr std::size_t kLabelMax = 256 << 10;
constexpr std::size_t kTermsMax = 256 << 10;
constexpr std::size_t kReconMax = 512 << 10;
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
constexpr FieldRule kEnter[] = {
    {"item", F::item, kMust},          {"level", F::token, kMust},
    {"purpose", F::line, kMust},       {"title", F::line, kMust, kTitleMax},
    {"form", F::form, kMust},          {"label", F::base64, kMust, kLabelMax},
    {"authority", F::line, kMust},     {"copy", F::copy, kMay},
    {"blob", F::blob, kMay},           {"payload_root", F::hash, kMay},
    {"plain_bytes", F::integer, kMay}, {"pages", F::count, kMay},
    {"sheets", F::count, kMay},        {"serial", F::line, kMay},
    {"disclosed_by", F::line, kMay},   {"disclosed_to", F::line, kMay},
    {"disclosed_at", F::time, kMay},   {"sources", F::items, kMay},
    {"made_as", F::made_as, kMay},     {"language", F::token, kMay},
    {"former", F::former, kMay},       {"rights_ground", F::line, kMay}};
constexpr FieldRule kCorrect[] = {{"item", F::item, kMust},
                                  {"reason", F::text, kMust, kNoteMax},
                                  {"title", F::line, kMay, kTitleMax},
                                  {"pages", F::count, kMay},
                                  {"sheets", F::count, kMay},
                                  {"serial", F::line, kMay},
                                  {"disclosed_by", F::line, kMay},
                                  {"disclosed_to", F::line, kMay},
                                  {"disclosed_at", F::time, kMay}};
constexpr FieldRule kBrief[] = {
    {"person", F::person, kMust}, {"briefing", F::hash, kMust}, {"reference", F::line, kMay}};
constexpr FieldRule kDebrief[] = {{"person", F::person, kMust},
                                  {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kTransfer[] = {{"person", F::person, kMust},
                                   {"employer", F::line, kMust},
                                   {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kFacility[] = {{"facility", F::token, kMust},
                                   {"name", F::line, kMust},
                                   {"officer", F::person, kMust},
                                   {"deputy", F::person, kMust}};
constexpr FieldRule kAbsence[] = {{"person", F::person, kMust},
                                  {"from", F::time, kMust},
                                  {"until", F::time, kMust},
                                  {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kAssure[] = {{"recipient", F::party, kMust},
                                 {"level", F::token, kMust},
                                 {"until", F::time, kMust},
                                 {"reference", F::line, kMay}};
constexpr FieldRule kRecordAssurance[] = {{"peer", F::party, kMust},
                                          {"level", F::token, kMust},
                                          {"until", F::time, kMust},
                                          {"assurance", F::base64, kMust, kKeyMax}};
constexpr FieldRule kHandOver[] = {{"dispatch", F::dispatch, kMust},    {"carrier", F::line, kMust},
                                   {"reference", F::line, kMust},       {"at", F::time, kMust},
                                   {"finding", F::seal_finding, kMust}, {"place", F::line, kMay},
                                   {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kTakeDelivery[] = {{"dispatch", F::dispatch, kMust},
                                       {"carrier", F::line, kMust},
                                       {"finding", F::seal_finding, kMust},
                                       {"reference", F::line, kMay},
                                       {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kConsent[] = {{"item", F::item, kMust},
                                  {"recipient", F::party, kMust},
                                  {"until", F::time, kMust},
                                  {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kWithdraw[] = {{"dispatch", F::dispatch, kMust},
                                   {"reason", F::text, kMust, kNoteMax}};
constexpr FieldRule kCancel[] = {{"item", F::item, kMust}, {"reason", F::text, kMust, kNoteMax}};
constexpr FieldRule kApprove[] = {
    {"release_digest", F::hash, kMust}, {"item", F::item, kMust},
    {"recipient", F::party, kMust},     {"level", F::token, kMust},
    {"terms", F::hash, kMust},          {"control", F::control, kMay},
    {"until", F::time, kMay},           {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kRefuse[] = {{"release_digest", F::hash, kMust},
                                 {"item", F::item, kMust},
                                 {"recipient", F::party, kMust},
                                 {"terms", F::hash, kMust},
                                 {"reason", F::text, kMust, kNoteMax}};
constexpr FieldRule kDispatch[] = {{"item", F::item, kMust},        {"recipient", F::party, kMust},
                                   {"dispatch", F::dispatch, kMay}, {"release", F::release, kMay},
                                   {"copy", F::copy, kMay},         {"seals", F::seals, kMay},
                                   {"until", F::time, kMay}};
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
                                 {"release", F::parties, kMay},
                                 {"form", F::form, kMay},
                                 {"pages", F::count, kMay},
                                 {"sheets", F::count, kMay},
                                 {"seals", F::seals, kMay},
                                 {"returns", F::dispatch, kMay},
                                 {"control", F::control, kMay}};
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
                               {"session_key", F::base64, kMay, kKeyMax}};
constexpr FieldRule kExport[] = {
    {"item", F::item, kMust},        {"copy", F::copy, kMust},
    {"purpose", F::line, kMust},     {"client", F::token, kMust},
    {"person", F::person, kMay},     {"session_key", F::base64, kMay, kKeyMax},
    {"rights_ground", F::line, kMay}};
constexpr FieldRule kPrint[] = {
    {"item", F::item, kMust},        {"copy", F::copy, kMust}, {"print", F::copy, kMust},
    {"purpose", F::line, kMust},     {"due", F::time, kMust},  {"reason", F::text, kMust, kNoteMax},
    {"rights_ground", F::line, kMay}};
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
constexpr FieldRule kRevoke[] = {{"what", F::what, kMust},
                                 {"person", F::person, kMay},
                                 {"role", F::role, kMay},
                                 {"item", F::item, kMay},
                                 {"purpose", F::line, kMay},
                                 {"peer", F::party, kMay},
                                 {"release", F::release, kMay},
                                 {"recipient", F::party, kMay},
                                 {"reason", F::text, kMay, kNoteMax}};

constexpr FieldRule kContainer[] = {{"container", F::container, kMust},
                                    {"level", F::token, kMust},
                                    {"access", F::persons, kMust},
                                    {"controls", F::controls, kMay},
                                    {"name", F::line, kMust}};
constexpr FieldRule kStore[] = {
    {"item", F::item, kMust}, {"copy", F::copy, kMust}, {"container", F::container, kMay}};
constexpr FieldRule kCopy[] = {{"item", F::item, kMust},  {"copy", F::copy, kMust},
                               {"form", F::form, kMust},  {"reason", F::text, kMust, kNoteMax},
                               {"pages", F::count, kMay}, {"rights_ground", F::line, kMay}};
constexpr FieldRule kIssue[] = {{"item", F::item, kMust},
                                {"copy", F::copy, kMust},
                                {"person", F::person, kMust},
                                {"purpose", F::line, kMust},
                                {"due", F::time, kMust}};
constexpr FieldRule kTakeBack[] = {{"item", F::item, kMust},
                                   {"copy", F::copy, kMust},
                                   {"pages", F::count, kMay},
                                   {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kWitness[] = {{"item", F::item, kMust},
                                  {"copy", F::copy, kMust},
                                  {"method", F::token, kMust},
                                  {"pages", F::count, kMay}};
constexpr FieldRule kDestroy[] = {{"item", F::item, kMust},           {"copy", F::copy, kMust},
                                  {"method", F::token, kMust},        {"reference", F::line, kMust},
                                  {"place", F::line, kMust},          {"pages", F::count, kMay},
                                  {"reason", F::text, kMay, kNoteMax}};
constexpr FieldRule kCertify[] = {{"item", F::item, kMust},
                                  {"copy", F::copy, kMust},
                                  {"finding", F::destruction_finding, kMust},
                                  {"note", F::text, kMay, kNoteMax},
                                  {"modification_report", F::hash, kMay}};
constexpr FieldRule kReview[] = {{"item", F::item, kMust},
                                 {"finding", F::review_finding, kMust},
                                 {"reason", F::text, kMust, kNoteMax},
                                 {"next", F::time, kMay}};

constexpr FieldRule kGiveNotice[] = {
    {"type", F::notice_type, kMust}, {"peer", F::party, kMust},
    {"dispatch", F::dispatch, kMay}, {"item", F::item, kMay},
    {"about", F::notice, kMay},      {"incident", F::incident, kMay},
    {"level", F::token, kMay},       {"what", F::incident_what, kMay},
    {"enclosed", F::hash, kMay},     {"until", F::time, kMay},
    {"from", F::time, kMay},         {"adopted", F::hash, kMay},
    {"third", F::party, kMay},       {"law", F::token, kMay},
    {"edition", F::token, kMay},     {"text", F::hash, kMay},
    {"affects", F::yes_no, kMay},    {"answer", F::recall_answer, kMay}};
constexpr FieldRule kTakeNotice[] = {
    {"notice", F::notice, kMust},      {"type", F::notice_type, kMust},
    {"peer", F::party, kMust},         {"dispatch", F::dispatch, kMay},
    {"item", F::item, kMay},           {"about", F::notice, kMay},
    {"incident", F::incident, kMay},   {"level", F::token, kMay},
    {"what", F::incident_what, kMay},  {"enclosed", F::hash, kMay},
    {"until", F::time, kMay},          {"from", F::time, kMay},
    {"adopted", F::hash, kMay},        {"third", F::party, kMay},
    {"law", F::token, kMay},           {"edition", F::token, kMay},
    {"text", F::hash, kMay},           {"affects", F::yes_no, kMay},
    {"answer", F::recall_answer, kMay}};
constexpr FieldRule kTrace[] = {{"dispatch", F::dispatch, kMust},
                                {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kChangeClass[] = {
    {"item", F::item, kMust}, {"level", F::token, kMust}, {"reason", F::text, kMust, kNoteMax}};
constexpr FieldRule kAcknowledge[] = {{"notice", F::notice, kMust},
                                      {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kReportIncident[] = {{"item", F::item, kMust},
                                         {"what", F::incident_what, kMust},
                                         {"copy", F::copy, kMay},
                                         {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kInvestigate[] = {{"incident", F::incident, kMust},
                                      {"note", F::text, kMust, kNoteMax}};
constexpr FieldRule kReport[] = {{"incident", F::incident, kMust},
                                 {"note", F::text, kMust, kNoteMax}};
constexpr FieldRule kCloseIncident[] = {{"incident", F::incident, kMust},
                                        {"finding", F::incident_finding, kMay},
                                        {"note", F::text, kMay, kNoteMax}};

constexpr FieldRule kPermitOpening[] = {
    {"dispatch", F::dispatch, kMust}, {"item", F::item, kMust},
    {"copy", F::copy, kMust},         {"reader", F::hash, kMust},
    {"level", F::token, kMust},       {"opening", F::event, kMust},
    {"asked", F::hash, kMust},        {"session_key", F::base64, kMay, kKeyMax},
    {"until", F::time, kMay},         {"by", F::by, kMay}};
constexpr FieldRule kRecall[] = {{"item", F::item, kMust}, {"ground", F::text, kMust, kNoteMax}};
constexpr FieldRule kAnswerRecall[] = {{"notice", F::notice, kMust},
                                       {"answer", F::recall_answer, kMust},
                                       {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kNarrow[] = {{"dispatch", F::dispatch, kMust},
                                 {"readers", F::readers, kMay},
                                 {"until", F::time, kMay},
                                 {"reason", F::text, kMay, kNoteMax}};

constexpr FieldRule kBeginMuster[] = {{"level", F::token, kMay},
                                      {"container", F::container, kMay},
                                      {"percent", F::count, kMay},
                                      {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kCount[] = {{"muster", F::muster, kMust},
                                {"copies", F::copies, kMust},
                                {"finding", F::count_finding, kMust},
                                {"note", F::text, kMay, kNoteMax}};
constexpr FieldRule kCloseMuster[] = {{"muster", F::muster, kMust},
                                      {"note", F::text, kMay, kNoteMax}};

constexpr FieldRule kAdoptTerms[] = {{"adopted", F::hash, kMust},
                                     {"as", F::adoption, kMust},
                                     {"from", F::time, kMust},
                                     {"text", F::base64, kMust, kTermsMax}};
constexpr FieldRule kPutInForce[] = {{"adopted", F::hash, kMust}};
constexpr FieldRule kRecover[] = {{"epoch", F::event, kMust},
                                  {"held", F::event, kMust},
                                  {"root", F::hash, kMust},
                                  {"signed", F::event, kMust},
                                  {"mirror", F::yes_no, kMust}};
constexpr FieldRule kReconcile[] = {{"recon", F::hash, kMust},
                                    {"own", F::event, kMust},
                                    {"theirs", F::event, kMust},
                                    {"text", F::base64, kMust, kReconMax}};
constexpr FieldRule kCountersign[] = {{"recon", F::hash, kMust},
                                      {"own", F::event, kMust},
                                      {"theirs", F::event, kMust},
                                      {"text", F::base64, kMay, kReconMax},
                                      {"countersigned", F::base64, kMay, kReconMax * 3 / 2}};
constexpr FieldRule kTerminate[] = {{"ends", F::time, kMust}, {"reference", F::line, kMust}};

// Title and note travel in one notice, whose text has the bound of every note.
constexpr std::size_t kLawNoteMax = kNoteMax - kTitleMax - 2;
constexpr FieldRule kLaw[] = {{"law", F::token, kMust},
                              {"edition", F::token, kMust},
                              {"from", F::time, kMust},
                              {"text", F::hash, kMust},
                              {"affects", F::yes_no, kMust},
                              {"title", F::line, kMust, kTitleMax},
                              {"note", F::text, kMay, kLawNoteMax}};
constexpr FieldRule kAskLaws[] = {{"peer", F::party, kMust}, {"note", F::text, kMay, kNoteMax}};

constexpr FieldRule kShred[] = {{"of", F::kind, kMust},
                                {"events", F::events, kMust},
                                {"basis", F::token, kMust},
                                {"reference", F::line, kMust},
                                {"item", F::item, kMay}};

constexpr FieldRule kPasskey[] = {{"person", F::person, kMust}, {"passkey", F::passkey, kMust}};

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
    case ActKind::ask_release:
        return kApprove;
    case ActKind::refuse_release:
        return kRefuse;
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
    case ActKind::export_copy:
        return kExport;
    case ActKind::print:
        return kPrint;
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

} // namespace valise::logbook::internal
