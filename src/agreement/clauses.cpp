// SPDX-License-Identifier: Apache-2.0
// Which clauses are consulted for which act. The ids stand in skeletons: never renamed, never
// reused for something else.
#include "agreement/internal/clauses.h"

#include <array>

namespace valise::agreement {
namespace {

using logbook::ActKind;

// Consulted for every act.
constexpr Clause kActor{"actor", "O-24", actor_clause};
constexpr Clause kOwnParty{"own-party", "O-02", own_party};
constexpr Clause kTermsDigest{"terms-digest", "O-08", terms_digest};
constexpr Clause kDraft{"draft-terms", "I13", draft_terms};

constexpr Clause kInForce{"terms-in-force", "O-48", terms_in_force};
constexpr Clause kControlOfficer{"control-officer", "O-27", control_officer};
constexpr Clause kPersonKnown{"person-known", "O-24", person_known};
constexpr Clause kNoSelfGrant{"no-self-grant", "O-21", no_self_grant};
constexpr Clause kUntilAhead{"until-ahead", "O-23", until_ahead};
constexpr Clause kClassification{"classification", "O-09", classification};
constexpr Clause kAuthority{"authority", "O-03", authority};
constexpr Clause kPurposeKnown{"purpose-known", "O-16", purpose_known};
constexpr Clause kPurpose{"purpose", "O-16", purpose};
constexpr Clause kItemKnown{"item-known", "O-26", item_known};
constexpr Clause kThirdParty{"third-party", "O-15", third_party};
constexpr Clause kThirdPartyInformation{"third-party-information", "O-06", third_party_information};
constexpr Clause kReleaseSet{"release-set", "O-15", release_set};
constexpr Clause kReleaseDigest{"release-digest", "O-05", release_digest_matches};
constexpr Clause kChannel{"channel", "O-34", channel};
constexpr Clause kEquivalence{"equivalence", "O-12", equivalence};
constexpr Clause kEquivalencePerson{"equivalence-person", "O-12", equivalence_person};
constexpr Clause kLink{"link-accreditation", "O-38", link_accreditation};
constexpr Clause kInspection{"inspection", "O-19", inspection};
constexpr Clause kReceiptDue{"receipt-due", "O-36", receipt_due};
constexpr Clause kDispatchKnown{"dispatch-known", "O-36", dispatch_known};
constexpr Clause kReceiptMatches{"receipt-matches", "O-36", receipt_matches};
constexpr Clause kMarkedFirst{"marked-first", "O-10", marked_first};
constexpr Clause kCopyKnown{"copy-known", "O-26", copy_known};
constexpr Clause kClearance{"clearance", "O-22", clearance};
constexpr Clause kClearanceInDate{"clearance-in-date", "O-23", clearance_in_date};
constexpr Clause kNeedToKnow{"need-to-know", "O-22", need_to_know};
constexpr Clause kOpenReleaseSet{"release-set", "O-15", open_release_set};
constexpr Clause kStillNeeded{"still-needed", "O-29", still_needed};
constexpr Clause kContainerCleared{"container-cleared", "O-28", container_cleared};
constexpr Clause kContainerAccess{"container-access", "O-28", container_access};
constexpr Clause kPageCheck{"page-check", "O-26", page_check};
constexpr Clause kCopyFree{"copy-free", "O-26", copy_free};
constexpr Clause kDestructionMethod{"destruction-method", "O-30", destruction_method};

template<std::size_t N> constexpr auto with_common(const Clause (&more)[N]) {
    std::array<Clause, N + 4> out{kActor, kOwnParty, kTermsDigest, kDraft};
    for (std::size_t i = 0; i < N; ++i)
        out[i + 4] = more[i];
    return out;
}

constexpr auto kFound = with_common({{"founding", "O-26", not_founded}, kAuthority});
constexpr auto kPair = with_common({kInForce, kControlOfficer, kThirdParty});
constexpr auto kEnrol =
    with_common({kControlOfficer, {"one-key-one-person", "O-24", one_key_one_person}});
constexpr auto kAppoint = with_common(
    {kControlOfficer, kPersonKnown, kNoSelfGrant, {"role-separation", "O-21", role_separation}});
constexpr auto kClear = with_common({{"clearance-officer", "O-04", clearance_officer},
                                     kPersonKnown,
                                     kNoSelfGrant,
                                     kAuthority,
                                     kClassification,
                                     kUntilAhead});
constexpr auto kGrant =
    with_common({kControlOfficer, kPersonKnown, kNoSelfGrant, kItemKnown, kPurpose, kUntilAhead});
constexpr auto kAccredit = with_common({kControlOfficer,
                                        kThirdParty,
                                        kClassification,
                                        kUntilAhead,
                                        {"accreditation-term", "O-38", accreditation_term}});
constexpr auto kEnter = with_common({{"entering-role", "O-26", entering_role},
                                     {"origin", "O-02", origin},
                                     kClassification,
                                     {"form", "O-01", form},
                                     kAuthority,
                                     kPurposeKnown});
constexpr auto kApproveRelease =
    with_common({kInForce,
                 kItemKnown,
                 {"case-by-case", "O-05", case_by_case},
                 {"releasing-authority", "O-05", releasing_authority},
                 {"release-distinct-persons", "O-05", release_distinct_persons},
                 kReleaseDigest,
                 kThirdParty,
                 kThirdPartyInformation,
                 kReleaseSet});
constexpr auto kDispatch = with_common({kInForce,
                                        kControlOfficer,
                                        kItemKnown,
                                        {"release-separation", "O-05", release_separation},
                                        kReleaseDigest,
                                        kThirdParty,
                                        kThirdPartyInformation,
                                        kReleaseSet,
                                        kChannel,
                                        kMarkedFirst,
                                        kEquivalence,
                                        kLink,
                                        kInspection,
                                        {"sealed-file", "O-26", sealed_file},
                                        kReceiptDue});
constexpr auto kArrive = with_common({kInForce,
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
                                      kReceiptDue});
constexpr auto kCustodyReceipt = with_common({kDispatchKnown, kReceiptMatches, kReceiptDue});
constexpr auto kRemark = with_common({kControlOfficer,
                                      kItemKnown,
                                      {"received-item", "O-10", received_item},
                                      kClassification,
                                      kEquivalence,
                                      kEquivalencePerson,
                                      {"class-retained", "O-14", class_retained}});
constexpr auto kOpen = with_common({kItemKnown,
                                    kCopyKnown,
                                    {"copy-in-hand", "O-26", copy_in_hand},
                                    {"no-access-by-role", "O-21", no_access_by_role},
                                    kClearance,
                                    kClearanceInDate,
                                    kNeedToKnow,
                                    kPurpose,
                                    kStillNeeded,
                                    kOpenReleaseSet,
                                    kMarkedFirst,
                                    kInspection});
constexpr auto kContentsReceipt = with_common({kDispatchKnown,
                                               kReceiptMatches,
                                               {"final-recipient", "O-36", final_recipient},
                                               {"discrepancy", "O-36", discrepancy}});
constexpr auto kClose =
    with_common({kControlOfficer, kDispatchKnown, {"receipts-back", "O-36", receipts_back}});
constexpr auto kRevoke =
    with_common({{"revoking-officer", "O-23", revoking_officer}, kPersonKnown, kItemKnown});

constexpr auto kContainer = with_common({kControlOfficer,
                                         kClassification,
                                         kContainerCleared,
                                         {"container-contents", "O-28", container_contents}});
constexpr auto kStore = with_common({kControlOfficer,
                                     kItemKnown,
                                     kCopyKnown,
                                     {"container-known", "O-28", container_known},
                                     kMarkedFirst,
                                     {"container-level", "O-28", container_level},
                                     kContainerCleared,
                                     kContainerAccess});
constexpr auto kCopy = with_common({{"copy-order", "O-32", copy_order},
                                    kItemKnown,
                                    kMarkedFirst,
                                    kStillNeeded,
                                    {"copying-reserved", "O-32", copying_reserved},
                                    {"copy-limit", "O-32", copy_limit},
                                    {"page-count", "O-32", page_count}});
constexpr auto kIssue = with_common({kControlOfficer,
                                     kPersonKnown,
                                     kItemKnown,
                                     kCopyKnown,
                                     kMarkedFirst,
                                     kClearance,
                                     kClearanceInDate,
                                     kNeedToKnow,
                                     kPurpose,
                                     kStillNeeded,
                                     kOpenReleaseSet,
                                     kContainerAccess,
                                     {"issue-term", "O-26", issue_term}});
constexpr auto kTakeBack = with_common({kControlOfficer, kItemKnown, kCopyKnown, kPageCheck});
constexpr auto kWitness = with_common({kItemKnown, kCopyKnown, kCopyFree, kMarkedFirst, kClearance,
                                       kClearanceInDate, kDestructionMethod, kPageCheck});
constexpr auto kDestroy = with_common({kControlOfficer,
                                       kItemKnown,
                                       kCopyKnown,
                                       kCopyFree,
                                       kMarkedFirst,
                                       kClearance,
                                       kClearanceInDate,
                                       kDestructionMethod,
                                       kPageCheck,
                                       {"destruction-persons", "O-30", destruction_persons}});
constexpr auto kCertify = with_common({kItemKnown, kCopyKnown, {"certifier", "O-30", certifier}});
constexpr auto kReview =
    with_common({kControlOfficer, kItemKnown, {"review-term", "O-29", review_term}});

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
    }
    return {};
}

std::vector<std::pair<std::string, std::string>> clauses_for(ActKind kind) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const Clause& clause : clauses_of(kind))
        out.emplace_back(clause.id, clause.row);
    return out;
}

} // namespace valise::agreement
