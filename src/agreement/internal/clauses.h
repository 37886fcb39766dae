// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/decide.h"

#include <span>

namespace valise::agreement {

// What every clause looks at, with the things that the act names already found in the state.
// Pointers are null where the act names none or the state knows none.
struct Situation {
    const Terms& terms;
    const logbook::State& state;
    const logbook::Act& act;
    Time now;

    const Party* own = nullptr;             // the party whose registry decides
    const Party* other = nullptr;           // its counterparty
    const logbook::Person* actor = nullptr; // active person with the act's key
    const logbook::Item* item = nullptr;
    const logbook::CopyHolding* copy = nullptr;
    const logbook::Container* container = nullptr;
    const logbook::Dispatch* dispatch = nullptr;
    const logbook::Release* release = nullptr;
    const logbook::Person* subject = nullptr; // the person that the act is about
    const logbook::NoticeEntry* notice = nullptr;
    const logbook::Incident* incident = nullptr;
    const logbook::Muster* muster = nullptr;
    // What a release of the item to the recipient is signed over; where the act names an item and
    // its kind asks for a release.
    std::optional<Hash32> release_digest = std::nullopt;
    // The terms that an adopt-terms act holds, where they can be read.
    std::optional<Terms> adopted = std::nullopt;

    static Situation of(const Terms& terms, const logbook::State& state, const logbook::Act& act,
                        Time now);

    logbook::ActKind kind() const { return act.kind(); }
    std::string text(const char* name) const; // a member of the content, empty when absent
    bool actor_has(logbook::Role role) const;
    // A control officer who is there, or the deputy of one who is not and whom the act names.
    bool actor_controls() const;
    bool received() const; // the item came from the other party
    // Code under our own scheme at which the item is protected here; empty for a received item that
    // nobody has marked yet.
    std::string own_level() const;
    // Whether the originator of a received item lets the recipient of the act have it now.
    bool consented() const;
    // Whether the level `have` of our own scheme reaches `need`; false when one is unknown.
    bool covers(const std::string& have, const std::string& need) const;
    std::uint64_t pages() const; // that the act states; 0: none
    // Who is to read: the person of the act where it hands a copy to somebody, else its signer.
    const logbook::Person* reader() const;
    // Before any officer exists somebody must be the first: the registry itself, or the first
    // person for themselves, and only for the first enrolment and the first appointment.
    bool founding() const;
};

struct Verdict {
    Finding finding = Finding::pass;
    std::string_view reason = {};
    std::string_view what = {}; // of a duty
    Time due;
};

inline Verdict pass() {
    return {};
}
inline Verdict not_applicable() {
    return {Finding::not_applicable, {}, {}, {}};
}
inline Verdict refuse(const char* reason) {
    return {Finding::refuse, reason, {}, {}};
}
inline Verdict refuse_if(bool wrong, const char* reason) {
    return wrong ? refuse(reason) : pass();
}
inline Verdict duty(const char* reason, const char* what, Time due) {
    return {Finding::duty, reason, what, due};
}

struct Clause {
    std::string_view id;  // stable: stands in skeletons
    std::string_view row; // of the obligations catalogue
    Verdict (*apply)(const Situation&);
};

// What the clause finds.
Verdict apply(const Clause& clause, const Situation& situation);

// The clauses consulted for a kind of act, in order.
std::span<const Clause> clauses_of(logbook::ActKind kind);

// clauses_terms.cpp
Verdict actor_clause(const Situation&);
Verdict own_party(const Situation&);
Verdict terms_digest(const Situation&);
Verdict draft_terms(const Situation&);
Verdict terms_in_force(const Situation&);
Verdict not_founded(const Situation&);

// clauses_accord.cpp
Verdict adopted_terms_match(const Situation&);
Verdict arrangement_tightens(const Situation&);
Verdict levels_kept(const Situation&);
Verdict adoption_date(const Situation&);
Verdict countersigned(const Situation&);
Verdict termination_notice(const Situation&);

// clauses_recover.cpp
Verdict recover_held(const Situation&);

// clauses_recon.cpp
Verdict recon_statement(const Situation&);
Verdict recon_continues(const Situation&);
Verdict recon_time(const Situation&);
Verdict recon_proposed(const Situation&);

// clauses_people.cpp
Verdict control_officer(const Situation&);
Verdict clearance_officer(const Situation&);
Verdict revoking_officer(const Situation&);
Verdict person_known(const Situation&);
Verdict no_self_grant(const Situation&);
Verdict one_key_one_person(const Situation&);
Verdict by_passkey(const Situation&);
Verdict passkey_free(const Situation&);
Verdict passkey_own_word(const Situation&);
Verdict passkey_officer(const Situation&);
Verdict role_separation(const Situation&);
Verdict until_ahead(const Situation&);
Verdict own_word(const Situation&);
Verdict facility_officers(const Situation&);
Verdict facility_office(const Situation&);
Verdict absence_officer(const Situation&);
Verdict absence_dates(const Situation&);
Verdict debriefing_officer(const Situation&);
Verdict transfer_officer(const Situation&);

// clauses_entry.cpp
Verdict entering_role(const Situation&);
Verdict origin(const Situation&);
Verdict classification(const Situation&);
Verdict form(const Situation&);
Verdict authority(const Situation&);
Verdict purpose_known(const Situation&);
Verdict item_known(const Situation&);
Verdict not_cancelled(const Situation&);
Verdict entered_here(const Situation&);
Verdict correcting_role(const Situation&);
Verdict not_dispatched(const Situation&);

// clauses_release.cpp
Verdict case_by_case(const Situation&);
Verdict releasing_authority(const Situation&);
Verdict release_distinct_persons(const Situation&);
Verdict release_digest_matches(const Situation&);
Verdict release_separation(const Situation&);
Verdict asking_role(const Situation&);
Verdict asked_again(const Situation&);
Verdict release_asked(const Situation&);
Verdict third_party(const Situation&);
Verdict release_set(const Situation&);

// clauses_transmission.cpp
Verdict channel(const Situation&);
Verdict third_party_information(const Situation&);
Verdict sender_release(const Situation&);
Verdict equivalence(const Situation&);
Verdict equivalence_person(const Situation&);
Verdict link_accreditation(const Situation&);
Verdict accreditation_term(const Situation&);
Verdict inspection(const Situation&);
Verdict assurance(const Situation&);
Verdict assurance_matches(const Situation&);
Verdict custody(const Situation&);
Verdict receipt_due(const Situation&);
Verdict remark_duty(const Situation&);

// clauses_package.cpp
Verdict package(const Situation&);
Verdict return_form(const Situation&);
Verdict return_known(const Situation&);
Verdict custody_chain(const Situation&);
Verdict package_frozen(const Situation&);
Verdict still_leaves(const Situation&);
Verdict still_here(const Situation&);
Verdict delivery(const Situation&);
Verdict seals_intact(const Situation&);
Verdict consent_third(const Situation&);

// clauses_receipt.cpp
Verdict dispatch_known(const Situation&);
Verdict received_item(const Situation&);
Verdict class_retained(const Situation&);
Verdict receipt_matches(const Situation&);
Verdict final_recipient(const Situation&);
Verdict discrepancy(const Situation&);
Verdict receipts_back(const Situation&);

// clauses_notices.cpp
Verdict notice_ground(const Situation&);
Verdict notice_channel(const Situation&);
Verdict notice_originator(const Situation&);
Verdict notice_level(const Situation&);
Verdict notice_duty(const Situation&);
Verdict tracer_due(const Situation&);
Verdict class_change_office(const Situation&);
Verdict originator_only(const Situation&);
Verdict class_changes(const Situation&);
Verdict class_change_told(const Situation&);
Verdict label_current(const Situation&);
Verdict notice_known(const Situation&);
Verdict remarked_first(const Situation&);

// clauses_incidents.cpp
Verdict frozen(const Situation&);
Verdict incident_known(const Situation&);
Verdict incident_notice(const Situation&);
Verdict notice_before(const Situation&);
Verdict findings_first(const Situation&);
Verdict report_to_originator(const Situation&);
Verdict report_acknowledged(const Situation&);
Verdict loss_copy(const Situation&);

// clauses_open.cpp
Verdict copy_known(const Situation&);
Verdict no_access_by_role(const Situation&);
Verdict clearance(const Situation&);
Verdict clearance_in_date(const Situation&);
Verdict revalidated(const Situation&);
Verdict briefed(const Situation&);
Verdict need_to_know(const Situation&);
Verdict purpose(const Situation&);
Verdict open_release_set(const Situation&);
Verdict marked_first(const Situation&);

// clauses_export.cpp
Verdict export_level(const Situation&);
Verdict export_attested(const Situation&);
Verdict export_taken(const Situation&);

// clauses_print.cpp
Verdict print_level(const Situation&);
Verdict print_order(const Situation&);
Verdict print_control(const Situation&);

// clauses_control.cpp
Verdict originator_control(const Situation&);
Verdict not_recalled(const Situation&);
Verdict control_export(const Situation&);
Verdict controlled(const Situation&);
Verdict control_until(const Situation&);
Verdict reader_admitted(const Situation&);
Verdict class_heard(const Situation&);
Verdict asked_once(const Situation&);
Verdict lease_term(const Situation&);
Verdict narrow_only(const Situation&);
Verdict recall_held(const Situation&);
Verdict recall_told(const Situation&);
Verdict recall_answer_true(const Situation&);

// clauses_derivation.cpp
Verdict derived_sources(const Situation&);
Verdict derived_access(const Situation&);
Verdict derived_purpose(const Situation&);
Verdict derived_class(const Situation&);
Verdict derived_release(const Situation&);
Verdict translation_language(const Situation&);

// clauses_custody.cpp
Verdict container_known(const Situation&);
Verdict container_level(const Situation&);
Verdict container_cleared(const Situation&);
Verdict container_access(const Situation&);
Verdict container_contents(const Situation&);
Verdict copying_reserved(const Situation&);
Verdict copy_order(const Situation&);
Verdict copy_source(const Situation&);
Verdict copy_limit(const Situation&);
Verdict page_count(const Situation&);
Verdict page_check(const Situation&);
Verdict issue_term(const Situation&);
Verdict copy_in_hand(const Situation&);
Verdict sealed_file(const Situation&);
Verdict still_needed(const Situation&);

// clauses_protection.cpp
Verdict minimum_controls(const Situation&);
Verdict private_rights(const Situation&);
// Whether these controls hold what the party's terms ask for the level; false of unknown levels.
bool protects(const Party& own, const std::set<std::string>& controls, const std::string& level);

// clauses_laws.cpp
Verdict law_edition(const Situation&);
Verdict law_told(const Situation&);
Verdict law_request(const Situation&);
// Whether that party told of any law of its own since it was asked.
bool law_supplied(const logbook::State& state, const std::string& peer,
                  const logbook::LawRequest& request);

// clauses_shredding.cpp
Verdict shredding_officer(const Situation&);
Verdict shredding_basis(const Situation&);
Verdict shredding_term(const Situation&);
Verdict shredding_settled(const Situation&);

// clauses_muster.cpp
Verdict muster_scope(const Situation&);
Verdict muster_known(const Situation&);
Verdict muster_access(const Situation&);
Verdict muster_copy(const Situation&);
Verdict muster_missing(const Situation&);
Verdict muster_complete(const Situation&);
Verdict muster_second_person(const Situation&);
Verdict muster_losses_reported(const Situation&);

// clauses_destruction.cpp
Verdict copy_free(const Situation&);
Verdict destruction_method(const Situation&);
Verdict destruction_persons(const Situation&);
Verdict certifier(const Situation&);
Verdict modification_report(const Situation&);
Verdict review_term(const Situation&);

} // namespace valise::agreement
