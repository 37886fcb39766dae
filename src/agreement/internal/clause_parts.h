// SPDX-License-Identifier: Apache-2.0
#pragma once

// Clauses that several kinds of acts consult. The ids stand in skeletons: never renamed, never
// reused for something else.
#include "agreement/internal/clauses.h"

#include <algorithm>
#include <array>

namespace valise::agreement {

// Consulted for every act.
inline constexpr Clause kActor{"actor", "O-24", actor_clause};
inline constexpr Clause kOwnParty{"own-party", "O-02", own_party};
inline constexpr Clause kTermsDigest{"terms-digest", "O-08", terms_digest};
inline constexpr Clause kDraft{"draft-terms", "I13", draft_terms};
inline constexpr Clause kByPasskey{"by-passkey", "O-24", by_passkey};

inline constexpr Clause kInForce{"terms-in-force", "O-48", terms_in_force};
inline constexpr Clause kControlOfficer{"control-officer", "O-27", control_officer};
inline constexpr Clause kPersonKnown{"person-known", "O-24", person_known};
inline constexpr Clause kNoSelfGrant{"no-self-grant", "O-21", no_self_grant};
inline constexpr Clause kUntilAhead{"until-ahead", "O-23", until_ahead};
inline constexpr Clause kClassification{"classification", "O-09", classification};
inline constexpr Clause kAuthority{"authority", "O-03", authority};
inline constexpr Clause kPurposeKnown{"purpose-known", "O-16", purpose_known};
inline constexpr Clause kPurpose{"purpose", "O-16", purpose};
inline constexpr Clause kItemKnown{"item-known", "O-26", item_known};
inline constexpr Clause kNotCancelled{"not-cancelled", "O-26", not_cancelled};
inline constexpr Clause kForm{"form", "O-01", form};
inline constexpr Clause kEnteredHere{"entered-here", "O-02", entered_here};
inline constexpr Clause kCorrectingRole{"correcting-role", "O-26", correcting_role};
inline constexpr Clause kThirdParty{"third-party", "O-15", third_party};
inline constexpr Clause kThirdPartyInformation{"third-party-information", "O-06",
                                               third_party_information};
inline constexpr Clause kReleaseSet{"release-set", "O-15", release_set};
inline constexpr Clause kReleaseDigest{"release-digest", "O-05", release_digest_matches};
inline constexpr Clause kChannel{"channel", "O-34", channel};
inline constexpr Clause kEquivalence{"equivalence", "O-12", equivalence};
inline constexpr Clause kEquivalencePerson{"equivalence-person", "O-12", equivalence_person};
inline constexpr Clause kLink{"link-accreditation", "O-38", link_accreditation};
inline constexpr Clause kInspection{"inspection", "O-19", inspection};
inline constexpr Clause kReceiptDue{"receipt-due", "O-36", receipt_due};
inline constexpr Clause kDispatchKnown{"dispatch-known", "O-36", dispatch_known};
inline constexpr Clause kReceiptMatches{"receipt-matches", "O-36", receipt_matches};
inline constexpr Clause kFacilityOffice{"facility-office", "O-27", facility_office};
inline constexpr Clause kMarkedFirst{"marked-first", "O-10", marked_first};
inline constexpr Clause kCopyKnown{"copy-known", "O-26", copy_known};
inline constexpr Clause kLabelCurrent{"label-current", "O-13", label_current};
inline constexpr Clause kFrozen{"frozen", "O-43", frozen};
inline constexpr Clause kNoticeChannel{"notice-channel", "O-34", notice_channel};
inline constexpr Clause kIncidentKnown{"incident-known", "O-42", incident_known};
inline constexpr Clause kFindings{"findings-first", "O-43", findings_first};
inline constexpr Clause kClearance{"clearance", "O-22", clearance};
inline constexpr Clause kClearanceInDate{"clearance-in-date", "O-23", clearance_in_date};
inline constexpr Clause kRevalidated{"revalidated", "O-24", revalidated};
inline constexpr Clause kBriefed{"briefed", "O-25", briefed};
inline constexpr Clause kNeedToKnow{"need-to-know", "O-22", need_to_know};
inline constexpr Clause kOpenReleaseSet{"release-set", "O-15", open_release_set};
inline constexpr Clause kStillNeeded{"still-needed", "O-29", still_needed};
inline constexpr Clause kContainerCleared{"container-cleared", "O-28", container_cleared};
inline constexpr Clause kContainerAccess{"container-access", "O-28", container_access};
inline constexpr Clause kPageCheck{"page-check", "O-26", page_check};
inline constexpr Clause kCopyFree{"copy-free", "O-26", copy_free};
inline constexpr Clause kDerivedClass{"derived-class", "O-11", derived_class};
inline constexpr Clause kSealsIntact{"seals-intact", "O-35", seals_intact};
inline constexpr Clause kReleasingAuthority{"releasing-authority", "O-05", releasing_authority};
inline constexpr Clause kOriginatorOnly{"originator-only", "O-14", originator_only};
inline constexpr Clause kDestructionMethod{"destruction-method", "O-30", destruction_method};
inline constexpr Clause kControls{"minimum-controls", "O-17", minimum_controls};
inline constexpr Clause kPrivateRights{"private-rights", "O-18", private_rights};

inline constexpr Clause kControlExport{"control-export", "O-20", control_export};
inline constexpr Clause kControl{"originator-control", "O-20", originator_control};
inline constexpr Clause kNotRecalled{"not-recalled", "O-20", not_recalled};
inline constexpr Clause kControlled{"controlled", "O-20", controlled};
inline constexpr Clause kNoticeKnown{"notice-known", "O-13", notice_known};

template<std::size_t... N> constexpr auto with_common(const Clause (&... parts)[N]) {
    std::array<Clause, (5 + ... + N)> out{kActor, kByPasskey, kOwnParty, kTermsDigest, kDraft};
    auto next = out.begin() + 5;
    ((next = std::ranges::copy(parts, next).out), ...);
    return out;
}

} // namespace valise::agreement
