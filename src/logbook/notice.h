// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace valise::logbook {

class State;
struct Dispatch;
struct OpenPermit;

enum class NoticeType : std::uint8_t {
    tracer,          // where is the receipt? //= O-36
    class_change,    // the originator's new class //= O-13
    incident,        // loss or compromise, to the originator, at once //= O-42
    incident_report, // what was found and what is done against it //= O-44
    acknowledge,     // of a notice of the other party
    assurance,       // clearance, need and protection, up to a level //= O-19
    amendment,       // other terms that this party countersigned //= O-48
    arrangement,     // tighter terms that its authority countersigned //= O-08
    termination,     // the day on which the agreement ends //= O-48
    consent,         // the originator lets the item go to a third party //= O-15
    destruction,     // no copy of the item is left at the receiver //= O-29 //= O-30
    withdrawal,      // the package that was announced does not come
    law,             // an edition of a law of the party that tells it //= O-07
    ask_laws,        // the other party is to supply its laws //= O-07
    acknowledge_law, // of a notice `law` //= O-07
    recall,          // the originator wants its item back //= O-20
    recall_answer,   // what became of it here
};
std::string_view to_string(NoticeType type);                 // "class-change"
Result<NoticeType> parse_notice_type(std::string_view text); // logbook.notice
// Whether it is about one dispatch; else it is about the agreement.
bool about_dispatch(NoticeType type);
// Whether a person of the other party has to answer it.
bool wants_answer(NoticeType type);

enum class IncidentWhat : std::uint8_t { loss, compromise, suspected };
std::string_view to_string(IncidentWhat what);
Result<IncidentWhat> parse_incident_what(std::string_view text); // logbook.notice

// What a notice may hold beside the dispatch that it may be about, and which type holds it:
//   tracer           -
//   class-change     level (the originator's code)
//   incident         incident what
//   incident-report  incident enclosed
//   acknowledge      about (the notice acknowledged)
//   assurance        level (the giver's code) until
//   amendment        adopted (digest of the terms) from
//   arrangement      adopted from
//   termination      until
//   consent          third until
//   destruction      -
//   withdrawal       -
//   law              law edition from text (digest of the law's) affects enclosed
//   ask-laws         -
//   acknowledge-law  about
//   recall           enclosed (the ground)
//   recall-answer    about answer
inline constexpr const char* kNoticeMembers[] = {
    "about",   "incident", "level", "what",    "enclosed", "until",   "from",
    "adopted", "third",    "law",   "edition", "text",     "affects", "answer"};
bool has_member(NoticeType type, std::string_view name);

struct NoticeFields {
    NoticeId notice;
    NoticeType type = NoticeType::tracer;
    DispatchId dispatch; // empty: about the agreement
    Hash32 statement{};  // statement_commitment() of that dispatch
    Time at;             // minute of the event that gives it
    std::string party;   // who gives it
    NoticeId about;
    IncidentId incident;
    std::string level;
    std::optional<IncidentWhat> what;
    std::optional<Hash32> enclosed; // enclosed_digest() of the text that travels beside it
    std::optional<Time> until;
    std::optional<Time> from;
    std::optional<Hash32> adopted;
    std::string third; // code of a party
    std::string law;
    std::string edition;
    std::optional<Hash32> text;
    std::optional<bool> affects;
    std::string answer; // RecallAnswer::text()
    bool operator==(const NoticeFields&) const = default;
};

// What one registry tells the other, signed by its receipt key (elsewhere: this room has no keys).
// Canonical JSON {about?, adopted?, affects?, answer?, at, dispatch?, edition?, enclosed?, from?,
// incident?, law?, level?, notice, party, statement?, text?, third?, type, until?, v, what?};
// statement stands with dispatch. It holds no title, name or reason. A change of class names the
// level: a notice travels where an offer may, inside the link or the closed part of a bag, never
// outside. //= O-35
class Notice {
public:
    // Errors: logbook.notice.
    static Result<Notice> make(NoticeFields fields);
    static Result<Notice> parse(ByteView canonical);

    static constexpr std::size_t kMaxBytes = 4096;

    const NoticeFields& fields() const { return fields_; }
    const Bytes& bytes() const { return bytes_; }
    Bytes signed_bytes() const; // "valise/notice/v1\0" ‖ bytes
    bool operator==(const Notice& other) const { return bytes_ == other.bytes_; }

private:
    Notice() = default;

    NoticeFields fields_;
    Bytes bytes_;
};

// What a notice names of its dispatch: the document, or of a package that is under way nothing.
Hash32 told_document(const Dispatch& dispatch);

// The notice that ids and facts of an event say, of this dispatch or of none. Errors:
// logbook.notice.
Result<Notice> notice_saying(const std::map<std::string, std::string>& ids,
                             const std::map<std::string, std::string>& facts,
                             const Dispatch* dispatch, Time at, std::string party);

// The notice that a permitted give-notice gives: registry, key process and outsider each make it
// from the book, so that none of them is told what it says. Errors: logbook.notice.
Result<Notice> notice_of(const State& state, const OpenPermit& permit);

// The id of the notice that event `seq` of this party's private log gives.
NoticeId notice_id(std::string_view party, std::uint64_t seq);

// SHA-256("valise/enclosed/v1\0" ‖ salt ‖ text). The salt is the nonce of the act that holds the
// text: once both are shredded, nobody can guess the text from its digest.
Hash32 enclosed_digest(const std::array<Byte, 16>& salt, std::string_view text);

// A notice that follows from the book and was not yet given.
struct OwedNotice {
    NoticeType type = NoticeType::tracer;
    std::string peer;
    DispatchId dispatch;
    ItemId item;
    NoticeId about;
    IncidentId incident;
    std::string level;
    std::optional<IncidentWhat> what;
    std::optional<Hash32> enclosed;
    std::optional<Time> until;
    std::optional<Time> from;
    std::optional<Hash32> adopted;
    std::string third;
    std::string law;
    std::string edition;
    std::optional<Hash32> text;
    std::optional<bool> affects;
    std::string answer;
    bool operator==(const OwedNotice&) const = default;
};

// All that is owed now; of one dispatch no second while the first is on its way, so that they
// arrive in their order. A crash between an act and its notice is thereby made good. //= I15
std::vector<OwedNotice> owed_notices(const State& state);

} // namespace valise::logbook
