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
    {"accreditation_term", "the accreditation runs longer than the agreement allows"},
    {"actor_person_needed", "only a person may do this, with their own signature"},
    {"actor_registry_only", "only the registry itself attests this"},
    {"actor_unknown", "nobody in the register of individuals has this key"},
    {"already_founded", "the registry was founded before"},
    {"authority_out_of_date", "the competent authority is not valid on this day"},
    {"authority_unknown", "the agreement names no such competent authority"},
    {"case_by_case", "the level that was signed is not the item's"},
    {"certifier", "only somebody who was there, and not who destroyed it, says that it was done"},
    {"channel_party", "this comes from no party of the agreement"},
    {"channel_unpaired", "the two registries are not paired"},
    {"class_retained", "the level may not change without the originator"},
    {"classification", "the party's scheme has no such level"},
    {"clearance_expired", "the clearance has run out"},
    {"clearance_level", "the clearance does not reach the level of the item"},
    {"clearance_missing", "the person has no clearance"},
    {"clearance_officer", "only a clearance officer may do this"},
    {"container_access", "the person is not on the access list of the container"},
    {"container_cleared", "somebody who reaches into the container is not cleared for this level"},
    {"container_contents", "copies of a higher level lie in the container"},
    {"container_level", "the container may not hold this level"},
    {"container_unknown", "no such container is registered"},
    {"control_officer", "only a control officer may do this"},
    {"copy_gone", "the copy is destroyed, or is being destroyed"},
    {"copy_in_use", "the copy is being read or sent; that is to end first"},
    {"copy_issued", "a reader has the copy"},
    {"copy_limit", "no more copies of an item of this level may be held"},
    {"copy_medium", "a paper copy is not opened by a key"},
    {"copy_unknown", "no such copy of the item is held here"},
    {"copying_reserved", "the originator keeps copying to itself"},
    {"destruction_method", "the method is not allowed for this level and medium"},
    {"destruction_persons", "fewer cleared persons signed for this today than the level asks for"},
    {"dispatch_unknown", "no such dispatch is known here"},
    {"draft_terms", "draft terms decide nothing outside of test mode"},
    {"entering_role", "the person's role does not let them enter items"},
    {"equivalence_level", "the level chosen is not among those that the agreement lists"},
    {"equivalence_person", "several levels answer to this one: a person has to choose"},
    {"equivalence_unlisted", "the agreement lists no equivalent of this level in this direction"},
    {"final_recipient", "who signs for the contents must have opened the item"},
    {"form", "information of this form cannot be entered"},
    {"inspection_none", "contents go without inspection in test mode only"},
    {"inspection_report", "the agreement asks for the sender's inspection report"},
    {"issue_term", "the copy must come back on a day ahead, within the longest loan"},
    {"item_unknown", "no such item is in the register"},
    {"key_taken", "this key belongs to another person"},
    {"link_expired", "the accreditation of the link has run out"},
    {"link_level", "the link is accredited for lower levels only"},
    {"link_missing", "nobody accredited the link"},
    {"need_to_know", "nobody granted the person need-to-know for this item"},
    {"no_access_by_role", "an administrator reads nothing by that role"},
    {"not_received", "the item was not received from the other party"},
    {"origin", "only what this party originated is entered here"},
    {"own_party", "the act speaks for another party"},
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
    {"release_persons", "fewer persons approved the release than the level asks for"},
    {"release_separation", "a releasing authority other than the originator has to sign"},
    {"release_set", "the originator did not release the item to this party"},
    {"releasing_authority", "the person is no releasing authority"},
    {"review_term", "what is kept needs a next review in time; what is not kept has none"},
    {"revoking_officer", "only the officer for it may take this back"},
    {"role_separation", "one person may not hold these roles together"},
    {"role_unknown", "there is no such role"},
    {"sealed_file", "no sealed copy of the item is held any more"},
    {"self_grant", "nobody grants anything to themselves"},
    {"sender_release", "fewer persons of the sender signed the release than the level asks for"},
    {"terms_digest", "the act was signed under another text of the agreement"},
    {"terms_ended", "the agreement has ended; nothing new is exchanged"},
    {"terms_not_yet", "the agreement is not yet in force"},
    {"third_party", "the recipient is no party of this agreement"},
    {"third_party_information", "the sender did not originate the item"},
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
