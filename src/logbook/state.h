// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/shared_map.h"
#include "base/shared_table.h"
#include "logbook/accord.h"
#include "logbook/control.h"
#include "logbook/custody.h"
#include "logbook/derivation.h"
#include "logbook/dispatch_states.h"
#include "logbook/entry_states.h"
#include "logbook/event.h"
#include "logbook/form.h"
#include "logbook/law.h"
#include "logbook/muster.h"
#include "logbook/notices.h"
#include "logbook/number.h"
#include "logbook/package.h"
#include "logbook/passkey_states.h"
#include "logbook/receipt.h"
#include "logbook/release_states.h"
#include "logbook/shredding.h"

#include <set>
#include <tuple>

namespace valise::logbook {

enum class Role : std::uint8_t {
    control_officer,
    clearance_officer,
    releasing_authority,
    originator,
    reader,
    administrator,
};
std::string_view to_string(Role role);          // "control-officer"
Result<Role> parse_role(std::string_view text); // Errors: logbook.role
std::span<const Role> all_roles();

enum class Direction : std::uint8_t { out, in };

struct Clearance {
    std::string level; // code of the person's own scheme; ranks are the agreement's business
    Time until;        // counts while now <= until
    std::string authority;
    bool operator==(const Clearance&) const = default;
};

// Both ends included; a later one replaces it.
struct Absence {
    Time from;
    Time until;
    bool operator==(const Absence&) const = default;
};

struct Person {
    PersonId id;
    Bytes key;                            // Ed25519 public, 32 bytes
    std::vector<SigningPasskey> passkeys; // ended ones too, in the order in which they were asked
    std::set<Role> roles;
    std::optional<Clearance> clearance; // the newest `clear`; it replaces the one before
    std::optional<Time> briefed;        // minute of the newest acknowledgement, gone by `debrief`
    std::optional<Time> transferred;    // to another employer, and not cleared anew since
    std::optional<Absence> absence;     // the newest
    bool active = true;                 // false after `revoke person`: no role, clearance or grant
    bool operator==(const Person&) const = default;
};

//= O-27
struct Facility {
    std::string code;
    PersonId officer;
    PersonId deputy; // acts while the officer is absent or out of office
    bool operator==(const Facility&) const = default;
};

struct Grant {
    PersonId person;
    ItemId item;
    std::string purpose;
    Time until; // counts while now <= until
    bool operator==(const Grant&) const = default;
};

// A later line about an entry: both stay readable.
struct EntryNote {
    std::uint64_t event = 0;
    EntryEvent what = EntryEvent::correct; // or cancel
    Time minute;
    std::optional<PersonId> by;
    std::string members; // corrected ones, "pages,title"; what they say now is in the openings
    std::uint32_t pages = 0;
    std::uint32_t sheets = 0; // 0: not corrected
    bool operator==(const EntryNote&) const = default;
};

// A numbered copy that a person took out of the registry for a client of theirs.
struct TakenCopy {
    std::uint64_t event = 0; // its outcome
    std::uint32_t number = 0;
    CopyId copy; // of which it was taken
    std::string purpose;
    Time minute;
    bool operator==(const TakenCopy&) const = default;
};
using TakenBy = std::pair<PersonId, std::string>; // the person and the client

struct Item {
    ItemId id;
    Form form = Form::electronic;
    std::uint32_t pages = 0; // of paper, as it was entered
    std::uint32_t sheets = 0;
    EntryState entry = EntryState::entered;
    std::uint64_t event = 0; // number of the entry's permit, or of the arrival
    std::vector<EntryNote> notes;
    Direction direction = Direction::out; // out = entered here, in = received
    std::string level;                    // the originator's code: never changed by the receiver
    std::string label_level;              // as the label says; `level` differs after a change
    std::string own_level;                // received items: the receiver's code; empty until marked
    std::string purpose;
    std::string origin;                 // party that originated it
    std::string number;                 // register number here
    Hash32 payload_root{};              // zero: not electronic
    Hash32 label_sha256{};              // of the original label
    BlobId blob;                        // empty: not electronic
    std::optional<PersonId> entered_by; // absent: the registry (arrivals)
    Time entered;
    std::set<std::string> release; // parties that it may go to; empty = none but the origin
    std::vector<CopyId> copies;    // in the order in which they came; State::copies_of() reads it
    DispatchId dispatch;           // received items: the dispatch that brought it
    NoticeId change; // received items: the change of class that waits to be marked; else empty
    std::uint32_t copies_made = 1;       // highest copy number given, destroyed copies with it
    std::map<TakenBy, TakenCopy> taken;  // the newest of each //= O-32
    std::set<ItemId> sources;            // what it was made out of //= O-11
    std::optional<MadeAs> made_as;       // stands with `sources`
    std::string language;                // of a translation: the code that it is in
    std::string former;                  // number in a register that was taken over
    bool copying_reserved = false;       // by the originator, on the label
    std::set<std::string> rights;        // kinds of private rights, on the label //= O-18
    std::optional<ReviewFinding> review; // the newest
    Time reviewed;                       // minute of that review; 0: none was made
    Time next_review;                    // of a review that kept it
    bool operator==(const Item&) const = default;
};

// Code of the own scheme at which the item is protected here; empty for a received item that nobody
// has marked yet.
inline const std::string& protected_level(const Item& item) {
    return item.direction == Direction::in ? item.own_level : item.level;
}

struct Release {
    ReleaseId id;
    Hash32 digest{};
    ItemId item;
    std::string recipient;
    std::optional<PersonId> asked_by; // absent: the first approval asked
    std::set<PersonId> approvals;     // of the present round; empty again when asked anew
    std::set<PersonId> by_passkey;    // those of them that a passkey signed
    bool control = false;             // somebody of this round asked that the originator keeps it
    std::optional<Time> until;        // the earliest day that they asked for
    ReleaseState state = ReleaseState::none;
    bool operator==(const Release&) const = default;
};

struct Dispatch {
    DispatchId id;
    ItemId item;
    ReleaseId release; // outgoing only
    std::string peer;
    std::string level;
    Direction direction = Direction::out;
    Hash32 document{}; // statement commitment; zero until it is sealed
    DispatchState state = DispatchState::none;
    std::optional<ReceiptFinding> finding; // of the newest contents receipt
    Time since;                            // minute of the newest change of state
    Time moved;                            // minute at which it was sent, or arrived; 0 before
    std::uint64_t traced = 0;              // number of the newest act that traces it; 0: none
    // Of a package, which goes by hand. //= O-35 //= O-37
    std::string seals;                    // their numbers; empty: it goes by wire
    CopyId copy;                          // that goes, or that came
    DispatchId returns;                   // the dispatch that had brought the copy; empty: none
    std::vector<Leg> legs;                // outgoing, in order
    std::optional<SealFinding> delivered; // incoming: the seals as the officer found them
    bool withdrawn = false;               // before it left
    Time receipted;                       // outgoing: minute of the custody receipt; 0 before
    bool package() const { return !seals.empty(); }
    bool operator==(const Dispatch&) const = default;
};

struct Peer {
    std::string party;
    bool paired = false;
    Hash32 root{}; // SHA-256 of the peer's root key
    bool operator==(const Peer&) const = default;
};

struct Accreditation {
    std::string peer;
    std::string level;
    Time until; // counts while now <= until
    bool operator==(const Accreditation&) const = default;
};

//= O-19
// The peer's word that its persons are cleared, need it and will protect it, up to a level of its
// own scheme.
struct Assurance {
    std::string peer;
    std::string level;
    Time until;              // counts while now <= until
    std::uint64_t event = 0; // that recorded it, or gave it
    bool operator==(const Assurance&) const = default;
};

//= O-15
// The originator's word that this item may go to a third party.
struct Consent {
    ItemId item;
    std::string recipient;
    Time until;              // counts while now <= until
    std::uint64_t event = 0; // that gave it, or took the notice of it
    bool operator==(const Consent&) const = default;
};

// A permit whose outcome is not recorded yet.
struct OpenPermit {
    std::uint64_t seq = 0;
    ActKind kind = ActKind::found;
    std::string actor;
    Time minute;
    TextMap ids;
    TextMap facts;
    bool answered = false; // an opening that the item's originator permitted too
    // Who reads under it, themselves or by a client of theirs. None of any other act.
    std::optional<PersonId> reader() const;
    bool operator==(const OpenPermit&) const = default;
};

class State;
// The number of the copy that an act "export" is about: the next one of its item for who takes it,
// that of the copy which was taken for a rewrap. None where there is no such item or copy.
std::optional<std::uint32_t> export_number(const Act& act, const State& state);
// Of the copy that an act "print" makes: the next one of its item, or that of the ordered copy
// which it names. None where there is no such item.
std::optional<std::uint32_t> print_number(const Act& act, const State& state);

// The fold of the skeletons: all that `decide` and the pages know. A value: copy it to try an event
// out; copies share what neither changed, however long the register is. Stages: see has_outcome().
// `refused` changes nothing but the count and the clock; `failed` gives back what `permitted` had
// reserved (a release becomes usable again, an offer can be made again; a register number stays
// spent). Level codes are kept, never compared.
class State {
public:
    // Strong guarantee: on an error the state is as before.
    // Errors: conflict logbook.sequence (seq is not next_seq()), logbook.time_backwards,
    // logbook.permit (no such open permit, or of another kind or with other ids),
    // logbook.fact_changed, logbook.no_transition, logbook.known / logbook.unknown (…an id that
    // exists already / that does not), logbook.approval_repeated, logbook.number_spent,
    // logbook.not_founded; invalid logbook.skeleton.
    Result<void> apply(const Skeleton& skeleton);

    std::uint64_t next_seq() const { return next_seq_; }
    Time last_minute() const { return last_minute_; }

    bool founded() const { return !party_.empty(); }
    const std::string& party() const { return party_; }
    const std::string& authority() const { return authority_; }

    const SharedMap<PersonId, Person>& persons() const { return persons_; }
    const std::map<std::string, Facility>& facilities() const { return facilities_; }
    const SharedTable<ItemId, Item>& items() const { return items_; }
    const SharedTable<CopyId, CopyHolding>& copies() const { return copies_; }
    const SharedMap<ContainerId, Container>& containers() const { return containers_; }
    // Every copy that was ever stored there: where it is now, it says itself.
    using Stored = SharedTable<CopyId, std::monostate>;
    const Stored& stored_in(const ContainerId& id) const;
    const SharedMap<ReleaseId, Release>& releases() const { return releases_; }
    const SharedMap<DispatchId, Dispatch>& dispatches() const { return dispatches_; }
    const std::map<std::string, Peer>& peers() const { return peers_; }
    const std::map<std::string, Accreditation>& accreditations() const { return accreditations_; }
    const std::map<std::string, Assurance>& assurances() const { return assurances_; }
    // Ours, by the party that it was given to.
    const std::map<std::string, Assurance>& given_assurances() const { return given_assurances_; }
    // By item and third party.
    const SharedMap<std::pair<ItemId, std::string>, Consent>& consents() const { return consents_; }
    // The newest that this party, and that the other one countersigned; none once it is in force.
    const std::optional<Adoption>& adopted() const { return adopted_; }
    const std::optional<Adoption>& peer_adopted() const { return peer_adopted_; }
    const std::optional<Termination>& termination() const { return termination_; }
    // Ours by their code, and those that the other party told of by party and code. //= O-07
    const std::map<std::string, Law>& laws() const { return laws_; }
    const SharedMap<std::pair<std::string, std::string>, Law>& peer_laws() const {
        return peer_laws_;
    }
    // By the party that was asked, and by the one that asked us.
    const std::map<std::string, LawRequest>& asked_laws() const { return asked_laws_; }
    const std::map<std::string, LawRequest>& laws_asked_by() const { return laws_asked_by_; }
    // Statements of ours that the other party has not countersigned, by their digests.
    const std::map<Hash32, Reconciliation>& proposed() const { return proposed_; }
    // How far both parties signed that their logs agree.
    const std::optional<Reconciliation>& reconciled() const { return reconciled_; }
    // Each time that the book was restored from a backup and lacked events, the oldest first.
    const std::vector<Recovery>& recoveries() const { return recoveries_; }
    const SharedMap<MusterId, Muster>& musters() const { return musters_; }
    const SharedMap<NoticeId, NoticeEntry>& notices() const { return notices_; }
    const SharedMap<IncidentId, Incident>& incidents() const { return incidents_; }
    const SharedMap<std::uint64_t, OpenPermit>& open_permits() const { return permits_; }
    const SharedMap<DispatchId, Control>& controls() const { return controls_; }
    const SharedMap<ItemId, Recall>& recalls() const { return recalls_; }
    const SharedMap<std::pair<CopyId, PersonId>, Lease>& leases() const { return leases_; }
    // By the number of the event whose opening it is.
    const SharedMap<std::uint64_t, Shredded>& shredded() const { return shredded_; }
    // An event was recorded then or before: exact to the day.
    Time recorded_by(std::uint64_t event) const;

    // nullptr when unknown. Pointers live until the next apply().
    const Person* person(const PersonId& id) const;
    // The active person with this key or signing passkey, as acts name their signer; a revoked
    // person's, and a passkey that is only asked for or ended, find nobody.
    const Person* person_by_key(ByteView signer) const;
    const Item* item(const ItemId& id) const;
    const CopyHolding* copy(const CopyId& id) const;
    const Container* container(const ContainerId& id) const;
    const Release* release(const ReleaseId& id) const;
    const Dispatch* dispatch(const DispatchId& id) const;
    // Whether a dispatch of the item was permitted and has not failed.
    bool dispatched(const ItemId& item) const;
    const Peer* peer(const std::string& party) const;
    const NoticeEntry* notice(const NoticeId& id) const;
    const Incident* incident(const IncidentId& id) const;
    const Muster* muster(const MusterId& id) const;
    const Control* control(const DispatchId& id) const; // nullptr: nobody controls it
    const Recall* recall(const ItemId& id) const;       // nullptr: never recalled
    // A received item whose originator holds a share of its key.
    bool controlled(const Item& item) const;
    // The permission under which this reader may open this copy unasked, when it is in date.
    const Lease* lease(const CopyId& copy, const PersonId& reader, Time now) const;
    // An incident reported here and not closed that freezes this copy, or with an empty copy any
    // copy of the item.
    const Incident* freezing(const ItemId& item, const CopyId& copy) const;

    // False for inactive and unknown persons.
    bool has_role(const PersonId& id, Role role) const;
    bool absent(const PersonId& id, Time now) const;
    // A control officer who is there.
    bool in_office(const PersonId& id, Time now) const;
    // Whether `deputy` acts for `officer` now: a facility names both, the officer is not in office,
    // and the deputy is there.
    bool deputises(const PersonId& deputy, const PersonId& officer, Time now) const;
    // The clearance of an active person, when it has not run out at `now` and the person has not
    // changed employers since.
    std::optional<Clearance> clearance_at(const PersonId& id, Time now) const;
    // Grants of an active person for this item that have not run out at `now`.
    std::vector<Grant> grants(const PersonId& person, const ItemId& item, Time now) const;
    std::optional<Accreditation> accreditation_at(const std::string& peer, Time now) const;
    std::vector<CopyHolding> copies_of(const ItemId& item) const;

    // The number that the next item entered in this year gets: "JPN-2026-0001". Empty before the
    // registry is founded.
    std::string next_number(int year) const;

    bool operator==(const State&) const = default;

private:
    friend class Fold;

    std::uint64_t next_seq_ = 0;
    Time last_minute_;
    std::string party_;
    std::string authority_;
    SharedMap<PersonId, Person> persons_;
    std::map<std::string, Facility> facilities_;
    SharedMap<std::tuple<PersonId, ItemId, std::string>, Grant> grants_; // by purpose
    SharedTable<ItemId, Item> items_;
    SharedTable<CopyId, CopyHolding> copies_;
    SharedTable<BlobId, ItemId> sealed_; // whose file each is: no two items share one
    SharedMap<ContainerId, Container> containers_;
    SharedMap<ContainerId, Stored> stored_;
    SharedMap<ReleaseId, Release> releases_;
    SharedMap<DispatchId, Dispatch> dispatches_;
    std::map<std::string, Peer> peers_;
    std::map<std::string, Accreditation> accreditations_;
    std::map<std::string, Assurance> assurances_;
    std::map<std::string, Assurance> given_assurances_;
    SharedMap<std::pair<ItemId, std::string>, Consent> consents_;
    std::optional<Adoption> adopted_;
    std::optional<Adoption> peer_adopted_;
    std::optional<Termination> termination_;
    std::map<std::string, Law> laws_;
    SharedMap<std::pair<std::string, std::string>, Law> peer_laws_;
    std::map<std::string, LawRequest> asked_laws_;
    std::map<std::string, LawRequest> laws_asked_by_;
    std::map<Hash32, Reconciliation> proposed_;
    std::optional<Reconciliation> reconciled_;
    SharedMap<MusterId, Muster> musters_;
    SharedMap<NoticeId, NoticeEntry> notices_;
    SharedMap<IncidentId, Incident> incidents_;
    std::vector<Recovery> recoveries_;
    std::map<int, std::uint32_t> numbers_; // year -> last sequence spent
    SharedMap<std::uint64_t, OpenPermit> permits_;
    SharedMap<DispatchId, Control> controls_;
    SharedMap<ItemId, Recall> recalls_;
    SharedMap<std::pair<CopyId, PersonId>, Lease> leases_; // the newest of each
    SharedMap<std::uint64_t, Shredded> shredded_;
    SharedMap<std::uint64_t, Time> days_; // ~number of the first event of a day -> its minute
};

// The state after these events, from their skeletons alone.
Result<State> fold(std::span<const Event> events);

} // namespace valise::logbook
