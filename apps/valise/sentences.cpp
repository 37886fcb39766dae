// SPDX-License-Identifier: Apache-2.0
#include "sentences.h"

#include "agreement/explain.h"
#include "command.h"

#include <algorithm>
#include <span>

namespace valise::cli {

namespace {

struct Sentence {
    std::string_view id;
    std::string_view text;
};

// By reason id, without "agreement.".
constexpr Sentence kReasons[] = {
    {"absence_dates", "the absence ends before it begins"},
    {"absence_officer", "only the person, or a control officer, may record an absence"},
    {"accreditation_term", "the accreditation runs longer than the agreement allows"},
    {"actor_person_needed", "only a person may do this, with their own signature"},
    {"actor_registry_only", "only the registry itself attests this"},
    {"actor_unknown", "nobody in the register of individuals has this key"},
    {"already_founded", "the registry was founded before"},
    {"asking_role", "only an originator or a control officer may ask for a release"},
    {"assurance_expired", "the receiver's assurance has run out"},
    {"assurance_level", "the receiver's assurance does not reach the level of the item"},
    {"assurance_missing", "the receiver has given no assurance"},
    {"assurance_other", "the assurance says something else than is recorded"},
    {"assurance_signature", "the assurance is not signed"},
    {"authority_out_of_date", "the competent authority is not valid on this day"},
    {"authority_unknown", "the agreement names no such competent authority"},
    {"cancelled", "the entry was cancelled"},
    {"case_by_case", "the level that was signed is not the item's"},
    {"certifier", "only somebody who was there, and not who destroyed it, says that it was done"},
    {"channel_party", "this comes from no party of the agreement"},
    {"channel_unpaired", "the two registries are not paired"},
    {"class_change_office", "the terms name another office for changing a class"},
    {"class_retained", "the level may not change without the originator"},
    {"class_same", "the item has this class already"},
    {"classification", "the party's scheme has no such level"},
    {"clearance_expired", "the clearance has run out"},
    {"clearance_level", "the clearance does not reach the level of the item"},
    {"clearance_missing", "the person has no clearance"},
    {"clearance_officer", "only a clearance officer may do this"},
    {"clearance_transfer", "the person changed employers and was not cleared anew"},
    {"consent_party", "the consent names one of the two parties"},
    {"container_access", "the person is not on the access list of the container"},
    {"container_cleared", "somebody who reaches into the container is not cleared for this level"},
    {"container_contents", "copies of a higher level lie in the container"},
    {"container_level", "the container may not hold this level"},
    {"container_unknown", "no such container is registered"},
    {"control_officer", "only a control officer may do this"},
    {"copy_gone", "the copy is under way, destroyed, or being destroyed"},
    {"copy_in_use", "the copy is being read or sent; that is to end first"},
    {"copy_issued", "a reader has the copy"},
    {"copy_limit", "no more copies of an item of this level may be held"},
    {"copy_medium", "a paper copy is not opened by a key"},
    {"copy_source", "nothing of the item is held any more that could be copied"},
    {"copy_unknown", "no such copy of the item is held here"},
    {"copying_reserved", "the originator keeps copying to itself"},
    {"correcting_role", "only a control officer, or who entered the item, may do this"},
    {"custody_gap", "the package was with nobody then: a leg begins where the one before it ended"},
    {"debriefing_officer", "only a control officer, or the person, may debrief"},
    {"deputy", "the person does not act for that officer now"},
    {"derived_access",
     "the person is not cleared, or has no need to know, for what it was made out of"},
    {"derived_class", "what it was made out of is classified higher"},
    {"derived_frozen", "something that it was made out of is frozen by an open incident"},
    {"derived_purpose", "something that it was made out of was received for another purpose"},
    {"derived_release", "something that it was made out of may not go to one of these parties, or "
                        "the label names nobody"},
    {"derived_source",
     "something that it was made out of is not held here, is cancelled or not marked"},
    {"destruction_method", "the method is not allowed for this level and medium"},
    {"destruction_persons", "fewer cleared persons signed for this today than the level asks for"},
    {"disclosed_ahead", "the disclosure lies in the future"},
    {"dispatch_unknown", "no such dispatch is known here"},
    {"dispatched", "the item was dispatched"},
    {"draft_terms", "draft terms decide nothing outside of test mode"},
    {"entering_role", "the person's role does not let them enter items"},
    {"equivalence_level", "the level chosen is not among those that the agreement lists"},
    {"equivalence_person", "several levels answer to this one: a person has to choose"},
    {"equivalence_unlisted", "the agreement lists no equivalent of this level in this direction"},
    {"export_attested", "at this level the registry's word for a client is not enough"},
    {"export_level", "the agreement lets no copy of this level leave for a client"},
    {"export_not_taken", "the person took no copy for this client and purpose"},
    {"export_speaker", "a person takes the copy, and the registry attests its opening there"},
    {"facility_deputy", "the deputy is not enrolled, is the officer, or is an administrator"},
    {"facility_missing", "no facility with a control officer and a deputy is recorded"},
    {"facility_office", "neither a control officer nor a deputy is in office"},
    {"facility_officer", "the officer of a facility has to be a control officer"},
    {"final_recipient", "who signs for the contents must have opened the item"},
    {"form", "only an electronic item is sent over the wire or opened at the registry"},
    {"form_member", "an item of this form has no such particulars"},
    {"findings_missing", "nobody has investigated the incident yet"},
    {"frozen", "an incident that is not closed freezes it"},
    {"incident_closed", "the incident is closed already"},
    {"incident_unknown", "no such incident was reported here"},
    {"inspection_none", "contents go without inspection in test mode only"},
    {"inspection_report", "the agreement asks for the sender's inspection report"},
    {"issue_term", "the copy must come back on a day ahead, within the longest loan"},
    {"item_unknown", "no such item is in the register"},
    {"key_taken", "this key belongs to another person"},
    {"label_outdated", "its label carries the former class: enter it anew under the present one"},
    {"leaves_no_more", "since it was permitted, agreement, link, assurance or class have changed"},
    {"link_expired", "the accreditation of the link has run out"},
    {"link_level", "the link is accredited for lower levels only"},
    {"link_missing", "nobody accredited the link"},
    {"loss_copy",
     "an incident is closed over a loss when it is about one copy that can be held in the hand"},
    {"loss_received", "the other party has receipted the copy, or it has not left"},
    {"loss_unreported", "a copy is missing, and nobody reported it"},
    {"muster_access", "who counts is not cleared for one of the copies"},
    {"muster_copy", "this muster does not look for one of the copies"},
    {"muster_incomplete", "some copies were not looked for yet"},
    {"muster_scope", "a spot check looks at 1 to 99 in a hundred"},
    {"muster_second_person", "nobody else than the person who closes it has counted"},
    {"muster_unknown", "no such muster was begun here, or it is closed"},
    {"need_to_know", "nobody granted the person need-to-know for this item"},
    {"no_access_by_role", "an administrator reads nothing by that role"},
    {"no_package", "it does not go in a package from here"},
    {"not_briefed", "the person has not acknowledged a briefing"},
    {"not_entered_here", "the item was not entered here but received"},
    {"not_received", "the item was not received from the other party"},
    {"officer_absent", "the control officer is recorded as absent"},
    {"notice_answered", "the notice was answered already"},
    {"notice_first", "the originator is not told yet"},
    {"notice_ground", "nothing in the register asks for this notice"},
    {"notice_needs_none", "an acknowledgement is not acknowledged"},
    {"notice_not_taken", "the originator's registry has not taken the notice yet"},
    {"notice_originator", "the other party may not say this of the item"},
    {"notice_unknown", "no such notice came from the other party"},
    {"origin", "only what this party originated is entered here"},
    {"own_party", "the act speaks for another party"},
    {"own_word", "only the person who was briefed may acknowledge it"},
    {"package_copy", "only a copy on paper, or the equipment itself, goes in a package"},
    {"package_delivered", "the package was delivered before"},
    {"package_left", "the package has left"},
    {"package_withdrawn", "the package was withdrawn before it left"},
    {"page_check", "the pages that were counted are not those of the copy"},
    {"page_count", "a paper copy is made with its pages counted, and a sealed file has none"},
    {"person_exists", "the person is enrolled already"},
    {"person_unknown", "no such active person is in the register of individuals"},
    {"purpose", "the item was provided for another purpose"},
    {"purpose_ended", "a review found that the item is no longer needed"},
    {"purpose_of_grant", "the person's need-to-know is for another purpose"},
    {"purpose_unknown", "the agreement knows no such purpose"},
    {"receipt_item", "the receipt names another item than the dispatch"},
    {"receipt_statement", "the receipt names another statement than the dispatch"},
    {"receipts_back", "not every receipt is back"},
    {"release_digest", "what was signed is not this item, label, recipient and agreement"},
    {"release_distinct_persons", "this person has signed the release already"},
    {"release_missing", "nobody approved the release of this item to this recipient"},
    {"release_not_asked", "there is no release to refuse: none was asked for, or it was used"},
    {"release_persons", "fewer persons approved the release than the level asks for"},
    {"release_refused", "a releasing authority refused it; it has to be asked for again"},
    {"release_separation", "a releasing authority other than the originator has to sign"},
    {"release_set", "the originator did not release the item to this party"},
    {"release_withdrawn",
     "the release was taken back or refused, or the entry was corrected since"},
    {"releasing_authority", "the person is no releasing authority"},
    {"remark_pending", "the originator changed the class: it has to be marked anew first"},
    {"report_given", "a report is on its way, or was acknowledged"},
    {"report_to_nobody", "the item originated here: there is nobody to report to"},
    {"report_unacknowledged", "the originator has not acknowledged the report"},
    {"return_copy", "it is not the copy that came"},
    {"return_electronic", "a sealed file that is sent back is still here: it is destroyed instead"},
    {"return_unknown", "nothing of ours that is away comes back by this"},
    {"review_term", "what is kept needs a next review in time; what is not kept has none"},
    {"revoking_officer", "only the officer for it may take this back"},
    {"role_separation", "one person may not hold these roles together"},
    {"role_unknown", "there is no such role"},
    {"sealed_file", "no sealed copy of the item is held any more"},
    {"self_grant", "nobody grants anything to themselves"},
    {"sender_release", "fewer persons of the sender signed the release than the level asks for"},
    {"terms_digest", "the act was signed under another text of the agreement"},
    {"terms_ended", "the agreement has ended; nothing new is exchanged"},
    {"translation_language", "a translation is of one item and names its language"},
    {"terms_not_yet", "the agreement is not yet in force"},
    {"third_party", "the recipient is no party of this agreement"},
    {"third_party_information", "the sender did not originate the item"},
    {"transfer_officer", "only a control officer or a clearance officer may record a move"},
    {"tracer_early", "the day for a tracer has not come"},
    {"tracer_nothing", "no receipt of this dispatch is missing"},
    {"unmarked", "the item is not marked with an own level yet"},
    {"until_past", "the date is in the past"},
};

std::string_view find(std::span<const Sentence> table, std::string_view id) {
    const auto found = std::ranges::find(table, id, &Sentence::id);
    return found == table.end() ? std::string_view() : found->text;
}

} // namespace

std::string sentence_of_reason(std::string_view reason, std::string_view clause) {
    constexpr std::string_view kPrefix = "agreement.";
    if (reason.starts_with(kPrefix)) {
        const auto text = find(kReasons, reason.substr(kPrefix.size()));
        if (!text.empty())
            return std::string(text);
    }
    const auto text = agreement::clause_text(clause, globals().language);
    return text ? *text : std::string(reason);
}

} // namespace valise::cli
