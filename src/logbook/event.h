// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/act.h"

#include <map>
#include <vector>

namespace valise::logbook {

// The numbers stand in the flags of the leaves.
enum class Stage : std::uint8_t { permitted = 0, done = 1, refused = 2, failed = 3 };
std::string_view to_string(Stage stage);
Result<Stage> parse_stage(std::string_view text); // Errors: logbook.stage

// Whether something is left to do after the permit. Acts that are nothing but an entry in the book
// (pair, enrol, appoint, clear, grant, accredit, approve-release, close, revoke, trace,
// change-class, acknowledge, report-incident, investigate, report, close-incident, and of custody
// all but destroy) are done by being recorded as permitted and have no outcome. The others take
// effect when `done` is recorded.
bool has_outcome(ActKind kind);
// Acts that the registry attests as facts (found, arrive, custody-receipt, remark,
// contents-receipt, take-notice): `done` may be recorded without an earlier permit.
bool may_skip_permit(ActKind kind);
Stage effect_stage(ActKind kind);

enum class ClauseFinding : std::uint8_t { pass, refuse, duty };
std::string_view to_string(ClauseFinding finding);

struct ConsultedClause {
    std::string clause; // id as the terms name it
    ClauseFinding finding = ClauseFinding::pass;
    bool operator==(const ConsultedClause&) const = default;
};

using TextMap = std::map<std::string, std::string>;

inline constexpr const char* kRegistryActor = "registry";

// What the caller fills in; Skeleton::make() checks it.
struct SkeletonFields {
    std::uint64_t seq = 0;
    ActKind kind = ActKind::found;
    Stage stage = Stage::permitted;
    std::string actor = kRegistryActor; // a PersonId's text, or "registry"
    Time minute;                        // cut to the minute by make()
    Hash32 terms{};
    std::optional<std::uint64_t> permit; // seq of the permitted event, on done and failed
    TextMap ids;   // item copy dispatch release person notice incident container muster
    TextMap facts; // what the fold needs, by kind (below)
    std::vector<ConsultedClause> clauses;
};

// The part of an event that is never shredded: no title, name or reason can stand in it, because
// each kind has a closed list of ids and facts and each fact a type. From skeletons alone the State
// is folded.
//
// ids and facts by kind; `?` = may be absent; after `|`: at the latest on `done`.
//   found            -                      party authority?
//   pair             -                      peer root(hash) fingerprint?
//   enrol            person                 key
//   appoint          person                 role
//   clear            person                 level until authority?
//   grant            person item            purpose until
//   accredit         -                      peer level until
//   enter            item copy              level purpose origin number label_sha256
//                                           release?(parties, "JPN,UKR"); of an electronic item
//                                           payload_root blob; of another form pages? sheets?
//                                           copying? sources? made_as? language? former? rights?
//   approve-release  item release           release_digest recipient level?
//   dispatch         item dispatch release  recipient level | doc(hash)
//   arrive           dispatch item copy     peer level | purpose number payload_root label_sha256
//                                           blob doc; own_level? origin? release? copying? rights?
//   custody-receipt  dispatch item?         doc?
//   remark           item dispatch?         level (own)
//   open             item copy              purpose?
//   contents-receipt dispatch item?         finding doc?
//   close            dispatch               -
//   revoke           person? item? release? what role? purpose? peer?
//   container        container              level access controls?
//   store            item copy container?   -
//   copy             item copy              form copy_number pages?
//   issue            item copy person       purpose due
//   take-back        item copy              pages?
//   witness-destruction item copy           method pages?
//   destroy          item copy              method pages?
//   certify-destruction item copy           finding modification_report?(hash)
//   review-purpose   item                   finding next?
//   begin-muster     muster container?      level? percent?
//   count            muster                 copies finding
//   close-muster     muster                 -
//   correct          item                   entry(seq of the entry's permit) members pages? sheets?
//   cancel           item                   entry
//   brief            person                 briefing
//   debrief          person                 -
//   transfer         person                 -
//   ask-release, refuse-release             as approve-release
//   facility         -                      facility officer(person) deputy(person)
//   absence          person                 from until
//   assure           -                      recipient level until
//   record-assurance -                      peer level until
//   give-notice      notice dispatch item? about? incident?   type peer level? what? enclosed?
//   take-notice      notice dispatch item? about? incident?   type peer level? what? enclosed?
//   trace            dispatch               -
//   change-class     item                   level
//   acknowledge      notice                 -
//   report-incident  incident item copy?    what
//   investigate      incident               -
//   report           incident               enclosed(hash)
//   close-incident   incident               -
//   law              -                      law edition from text(hash) affects enclosed(hash)
//   ask-laws         -                      peer
//   recover          -                      epoch held(size) signed(size) mirror | root(hash)
//                                           shared_from(size) shared_to(size)
//   reconcile, countersign -                recon(hash) own(size) theirs(size)
//   shred            item?                  of(kind) events(numbers) basis
// Any of them by a person may also have the fact for(person): the officer whose deputy acted.
// `done` and `failed` repeat the ids of the permit; facts of the permit need not be repeated and
// may not change. `refused` may carry any of them and needs none. `permit` stands exactly on done
// and failed events (on done it may be absent where may_skip_permit() says so).
class Skeleton {
public:
    // Errors: logbook.skeleton (names the member).
    static Result<Skeleton> make(SkeletonFields fields);
    // Exactly the canonical bytes. Errors: logbook.skeleton*, base.json*, base.member.
    static Result<Skeleton> parse(ByteView canonical);

    static constexpr std::size_t kMaxBytes = 64 << 10;

    std::uint64_t seq() const { return fields_.seq; }
    ActKind kind() const { return fields_.kind; }
    Stage stage() const { return fields_.stage; }
    const std::string& actor() const { return fields_.actor; }
    bool by_registry() const { return fields_.actor == kRegistryActor; }
    Time minute() const { return fields_.minute; }
    const Hash32& terms() const { return fields_.terms; }
    std::optional<std::uint64_t> permit() const { return fields_.permit; }
    const TextMap& ids() const { return fields_.ids; }
    const TextMap& facts() const { return fields_.facts; }
    const std::vector<ConsultedClause>& clauses() const { return fields_.clauses; }

    // Empty text when absent.
    std::string id(const std::string& name) const;
    std::string fact(const std::string& name) const;

    const Bytes& bytes() const { return bytes_; } // canonical JSON
    bool operator==(const Skeleton& other) const { return bytes_ == other.bytes_; }

private:
    Skeleton() = default;

    SkeletonFields fields_;
    Bytes bytes_;
};

struct OpeningField {
    std::string name; // [a-z][a-z0-9_-]*, at most 32
    Bytes value;
    bool operator==(const OpeningField&) const = default;
};

// The part of an event that can be shredded: titles, names, reasons, the signed act. The order of
// the fields is part of the commitment. Bytes: "VLO1" ‖ u16 count ‖ (u16 length ‖ name ‖ u32 length
// ‖ value)*.
class Opening {
public:
    static constexpr std::size_t kMaxFields = 32;
    static constexpr std::size_t kMaxBytes = 2 << 20;

    // Errors: logbook.opening (name malformed, reserved ("skeleton") or twice; too many, too long).
    Result<void> add(std::string name, ByteView value);
    Result<void> add(std::string name, std::string_view text) {
        return add(std::move(name), view(text));
    }

    static Result<Opening> parse(ByteView bytes); // Errors: logbook.opening
    Bytes bytes() const;

    const std::vector<OpeningField>& fields() const { return fields_; }
    bool empty() const { return fields_.empty(); }
    const Bytes* find(std::string_view name) const; // nullptr when absent
    std::string text(std::string_view name) const;  // empty when absent

    bool operator==(const Opening&) const = default;

private:
    std::vector<OpeningField> fields_;
    std::size_t size_ = 6;
};

struct Event {
    Skeleton skeleton;
    Opening opening; // empty once it is shredded
    bool operator==(const Event&) const = default;
};

} // namespace valise::logbook
