// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "label/scheme.h"
#include "logbook/custody.h"
#include "logbook/shredding.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace valise::agreement {

// The languages in which everything that a person reads must be stated.
inline constexpr const char* kLanguages[] = {"en", "ja", "uk"};
using Names = std::map<std::string, std::string>; // language -> text; holds every one of kLanguages

// Where a value was read and whether a person compared it with that source.
struct Provenance {
    std::string source;
    bool verified = false;
    // How well the source was read: "V" the clause itself, "S" second hand, "F" recalled from the
    // family, "U" a candidate, "own proposal"; empty: not stated.
    std::string grade;
    int line = 0; // in the file, 1-based
};

// From the first second of the first day to the last second of the last day, in UTC.
struct Period {
    Time from;
    std::optional<Time> to; // the last day; none: open-ended

    bool contains(Time at) const { return at >= from && (!to || at < to->plus_days(1)); }
    bool overlaps(const Period& other) const;
};

struct Authority { // O-03
    std::string id;
    Names name;
    Period valid;
    Provenance provenance;
};

//= O-31
// The method of which something is left, and a report says what: for equipment alone.
inline constexpr const char* kModification = "modification";

struct DestructionRule { // O-30, by level
    int persons = 0;     // distinct cleared persons, who destroys it among them
    std::map<logbook::Form, std::vector<std::string>> methods; // codes; every form
};

struct Party {
    std::string code; // is_party_code(); begins its register numbers
    Names name;
    Names marking;    // the short name printed on what this party provided
    Names government; // as the translation note names it
    std::vector<Authority> authorities;
    label::Scheme scheme;
    std::map<std::string, int> release_persons; // level code -> distinct persons a release needs
    std::map<std::string, int> copies;          // level code -> further copies held at one time
    std::map<std::string, DestructionRule> destruction; // by level code
    std::map<std::string, int> muster;                  // level code -> months between two musters
    // Level code -> what a place has where anything of the level lies. //= O-17
    std::map<std::string, std::set<std::string>> controls;
    // Level code -> whether the registry's word is enough that a client acts for its person; of a
    // level that is absent no copy leaves for a client.
    std::map<std::string, bool> exports;
    // Level code -> whether a control officer other than the reader orders each print; of a level
    // that is absent nothing is printed. //= O-32
    std::map<std::string, bool> prints;
    // Level code -> whether its originator has to keep control of each opening; of a level that is
    // absent it cannot.
    std::map<std::string, bool> control;
    Provenance provenance;
    std::map<std::string, Provenance> levels; // by level code
};

// O-12. Directional and dated: what is not listed does not exist.
struct Equivalence {
    std::string from_party;
    std::string from_level; // code
    std::string to_party;
    std::vector<std::string> to_levels; // codes; more than one only with needs_person
    bool needs_person = false;
    Period valid;
    Provenance provenance;
};

// A table of equivalences that may be the agreement's, when nobody could read which is. Only drafts
// hold any, two at least: whoever confirms terms keeps the one that the official text has.
struct Candidate {
    std::string id;
    Names name;
    bool in_use = false; // in test mode, until one is confirmed; of exactly one
    std::vector<Equivalence> equivalences;
    Provenance provenance;
};

struct Purpose { // O-16
    std::string code;
    Names name;
    Provenance provenance;
};

enum class Status { draft, confirmed };
enum class Inspection { none, arrival, first_opening, sender_report };
std::string_view to_string(Status status);
std::string_view to_string(Inspection inspection);

struct LinkTerms { // O-38
    int accreditation_days = 0;
    Provenance provenance;
};

struct ReceiptTerms { // O-36; working days, Monday to Friday
    int due_days = 0;
    int reminder_days = 0;
    int tracer_days = 0;
    Provenance provenance;
};

struct CirculationTerms { // O-26
    int issue_days = 0;   // the longest that a copy is out with a reader
    Provenance provenance;
};

struct ReviewTerms { // O-29
    int months = 0;  // between two questions whether an item is still needed
    Provenance provenance;
};

struct MusterTerms {      // O-26
    int spot_percent = 0; // of the copies held; 0: no spot checks
    int spot_days = 0;    // between two spot checks
    Provenance provenance;
};

struct BriefingTerms { // O-25
    bool before_reading = true;
    Provenance provenance;
};

struct FacilityTerms { // O-27
    bool before_receiving = true;
    Provenance provenance;
};

struct AssuranceTerms { // O-19
    bool before_dispatch = true;
    Provenance provenance;
};

struct NoticeTerms {             // O-13, O-44
    std::string class_change_by; // role of who changes the class of what originated here
    int class_change_days = 0;   // working days until the receiver has marked and acknowledged
    int report_days = 0;         // days until an incident is reported on
    int law_days = 0;            // working days until a law is acknowledged, or supplied //= O-07
    Provenance provenance;
};

struct TerminationTerms { // O-48
    int notice_days = 0;  // between written notice and the end
    Provenance provenance;
};

struct ControlTerms {    // O-20, originator control
    int answer_days = 0; // working days until a recall is answered
    int lease_hours = 0; // how long a permit to open holds without asking; 0: each time anew
    Provenance provenance;
};

struct ShreddingTerms {                   // O-26: how long the openings of the book are kept
    std::string by;                       // role of who may have them shredded
    std::vector<std::string> bases;       // codes of what an act may rest on
    int months = 0;                       // kept at least, unless `kept` says otherwise
    std::map<logbook::ActKind, int> kept; // months, of events of this kind
    std::set<logbook::ActKind> never;
    Provenance provenance;
    int months_of(logbook::ActKind kind) const {
        const auto found = kept.find(kind);
        return found == kept.end() ? months : found->second;
    }
};

struct Suite {
    std::string payload;
    std::vector<std::string> wrap; // key access schemes, the first is used for sealing
    std::string signature;
    std::string digest;
    int minimum_version = 0; // of the messages between the registries
    Provenance provenance;
};

// The agreement as data. Exists only when it was parsed and is whole (terms_toml.h). Names no key.
class Terms {
public:
    // The file format of docs/formats/terms.md. The error names the first fault and its line.
    // Errors: agreement.terms with the fault's own reason in the context, base.toml,
    // base.toml_limit.
    static Result<Terms> parse(ByteView bytes);

    const Hash32& digest() const { return digest_; } // SHA-256 of the parsed bytes
    const std::string& id() const { return id_; }
    int version() const { return version_; }
    const Names& title() const { return title_; }
    Status status() const { return status_; }
    const Period& validity() const { return validity_; }
    std::optional<Time> signed_on() const { return signed_on_; }

    const std::vector<Party>& parties() const { return parties_; }  // exactly two
    const Party* party(std::string_view code) const;                // null: no party
    const Party* other(std::string_view code) const;                // null: `code` is no party
    const label::Scheme* scheme(std::string_view party_code) const; // null: no party
    const Authority* authority(std::string_view party_code, std::string_view id) const;
    const Purpose* purpose(std::string_view code) const;

    // The table in force: where there are candidates, that of the one in use.
    const std::vector<Equivalence>& equivalences() const { return equivalences_; }
    const std::vector<Candidate>& candidates() const { return candidates_; }
    const std::vector<Purpose>& purposes() const { return purposes_; }
    const LinkTerms& link() const { return link_; }
    const ReceiptTerms& receipt() const { return receipt_; }
    const NoticeTerms& notice() const { return notice_; }
    const Provenance& copies_provenance() const { return copies_provenance_; }
    const std::optional<Provenance>& export_provenance() const { return export_provenance_; }
    const std::optional<Provenance>& print_provenance() const { return print_provenance_; }
    // None: nobody keeps control of what it sends.
    const std::optional<ControlTerms>& control() const { return control_; }
    // None: no opening is ever shredded.
    const std::optional<ShreddingTerms>& shredding() const { return shredding_; }
    const Provenance& destruction_provenance() const { return destruction_provenance_; }
    const Provenance& protection_provenance() const { return protection_provenance_; }
    const CirculationTerms& circulation() const { return circulation_; }
    const ReviewTerms& review() const { return review_; }
    const MusterTerms& muster() const { return muster_; }
    Inspection inspection() const { return inspection_; }
    const BriefingTerms& briefing() const { return briefing_; }
    const FacilityTerms& facility() const { return facility_; }
    const AssuranceTerms& assurance() const { return assurance_; }
    const TerminationTerms& termination() const { return termination_; }
    const Suite& suite() const { return suite_; }
    // Distinct persons that a release of this level needs; 0 when party or level is unknown.
    int release_persons(std::string_view party_code, std::string_view level) const;
    // O-32. Copies of one item that may be held beside the first; 0 also when party or level is
    // unknown.
    int copies(std::string_view party_code, std::string_view level) const;
    // Null: party or level is unknown.
    const DestructionRule* destruction(std::string_view party_code, std::string_view level) const;

    // I13: a draft decides nothing unless the installation says that it runs in test mode. The
    // digest stays the same; the banner must be shown with everything.
    bool test_mode_only() const { return status_ == Status::draft; }
    bool test_mode() const { return test_mode_; }
    void set_test_mode(bool on) { test_mode_ = on; }
    // "DRAFT TERMS..." in each language; empty for confirmed terms outside of test mode.
    Names banner() const;

private:
    friend class TermsReader;
    Terms() = default;

    Hash32 digest_{};
    std::string id_;
    int version_ = 0;
    Names title_;
    Provenance title_provenance_;
    Status status_ = Status::draft;
    Period validity_;
    std::optional<Time> signed_on_;
    Provenance validity_provenance_;
    std::vector<Party> parties_;
    std::vector<Equivalence> equivalences_;
    std::vector<Candidate> candidates_;
    std::vector<Purpose> purposes_;
    LinkTerms link_;
    ReceiptTerms receipt_;
    NoticeTerms notice_;
    CirculationTerms circulation_;
    ReviewTerms review_;
    MusterTerms muster_;
    Provenance release_provenance_;
    Provenance copies_provenance_;
    Provenance destruction_provenance_;
    Provenance protection_provenance_;
    Inspection inspection_ = Inspection::none;
    Provenance inspection_provenance_;
    BriefingTerms briefing_;
    FacilityTerms facility_;
    AssuranceTerms assurance_;
    TerminationTerms termination_;
    std::optional<Provenance> export_provenance_; // none: nothing leaves for a client
    std::optional<Provenance> print_provenance_;  // none: nothing is printed
    std::optional<ControlTerms> control_;
    std::optional<ShreddingTerms> shredding_;
    Suite suite_;
    bool test_mode_ = false;
};

// `days` working days after `from`: Saturdays and Sundays are passed over, holidays are not known.
Time plus_working_days(Time from, int days);
// The same day and second so many months later; the month's last day where it has no such day.
Time plus_months(Time from, int months);

} // namespace valise::agreement
