// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/codec/json.h"
#include "base/ids.h"

#include <array>
#include <optional>
#include <span>

namespace valise::crypto {
class SigningKey;
}

namespace valise::logbook {

// The numbers stand in the leaves of the shared log: never renumbered, never reused.
enum class ActKind : std::uint8_t {
    found = 1,
    pair = 2,
    enrol = 3,
    appoint = 4,
    clear = 5,
    grant = 6,
    accredit = 7,
    enter = 8,
    approve_release = 9,
    dispatch = 10,
    arrive = 11,
    custody_receipt = 12,
    remark = 13,
    open = 14,
    contents_receipt = 15,
    close = 16,
    revoke = 17,
    container = 18,
    store = 19,
    copy = 20,
    issue = 21,
    take_back = 22,
    witness_destruction = 23,
    destroy = 24,
    certify_destruction = 25,
    review_purpose = 26,
    export_copy = 27,
    correct = 28,
    cancel = 29,
    brief = 30,
    debrief = 31,
    transfer = 32,
    ask_release = 33,
    refuse_release = 34,
    facility = 35,
    absence = 36,
    assure = 37,
    record_assurance = 38,
    hand_over = 39,
    take_delivery = 40,
    consent = 41,
    withdraw = 42,
    begin_muster = 43,
    count = 44,
    close_muster = 45,
    adopt_terms = 46,
    put_in_force = 47,
    terminate = 48,
    ask_laws = 49,
    give_notice = 50,
    take_notice = 51,
    trace = 52,
    change_class = 53,
    acknowledge = 54,
    report_incident = 55,
    investigate = 56,
    report = 57,
    close_incident = 58,
    law = 59,
    print = 60,
    recover = 61,
    reconcile = 62,
    countersign = 63,
    permit_opening = 64,
    recall = 65,
    answer_recall = 66,
    narrow = 67,
    shred = 70,
    passkey = 76,
};

// All kinds, in the order of their numbers.
std::span<const ActKind> all_act_kinds();

// "approve-release". Errors: logbook.act_kind (with the nearest known kind).
std::string_view to_string(ActKind kind);
Result<ActKind> parse_act_kind(std::string_view text);
Result<ActKind> act_kind_of(std::uint8_t number);

using ActNonce = std::array<Byte, 16>;

// What a person decided, or what the registry attests, as a value: its content has every member
// that its kind needs, each within its bounds, and none that the kind does not know. The bytes are
// canonical JSON, so that one act has one text.
//
// Members by kind (docs/formats/acts.md); `?` = may be absent:
//   found            party authority
//   pair             peer fingerprint confirmation(b64) peer_root(b64)
//   enrol            person key(b64, 32) name
//   appoint          person role
//   clear            person level until authority
//   grant            person item purpose until reason?
//   accredit         peer level until reference
//   enter            item level purpose title label(b64) form authority copy? former?
//                    sources?(items) made_as? language?    sources and made_as stand together
//                    rights_ground?
//                    form = electronic (blob payload_root plain_bytes?(integer))
//                         | paper (pages(count) sheets?(count)) | equipment (serial)
//                         | oral, visual (disclosed_by disclosed_to disclosed_at)
//   approve-release  release_digest item recipient level terms control? until? reason?
//                    control = originator: each opening there asks here, until the day
//                    stated
//   dispatch         item recipient dispatch? release? copy? seals? until?
//                    copy and seals stand together: a package, by hand and not by wire
//   arrive           dispatch peer item level purpose payload_root statement blob
//                    copy? own_level? label?(b64) label_sha256? title? number? origin? release?
//                    form? pages?(count) sheets?(count) seals? returns?(dispatch)   of a package
//                    control?
//   custody-receipt  dispatch item statement? payload_root? receipt?(b64) number?
//   remark           item level label?(b64) dispatch?
//   open             item copy purpose session_key?(b64)   none: shown at the Reading desk
//   contents-receipt dispatch item finding note? statement? payload_root? receipt?(b64) number?
//   close            dispatch reason?
//   revoke           what person? role? item? purpose? peer? release? recipient? reason?
//                    what = role (person role) | clearance (person) | grant (person item purpose?)
//                         | person, passkey (person) | accreditation (peer) | release (release)
//                         | assurance (recipient)
//   container        container level access(persons) controls? name
//   store            item copy container?          (absent: in the registry itself)
//   copy             item copy form reason pages?(count) rights_ground?
//   issue            item copy person purpose due
//   take-back        item copy pages?(count) note?
//   witness-destruction  item copy method pages?(count)
//   destroy          item copy method reference place pages?(count) reason?
//   certify-destruction  item copy finding note? modification_report?(hash)
//                    finding = destroyed | kept
//   review-purpose   item finding reason next?     finding = kept | return | destroy
//   export           item copy purpose client person? session_key?(b64) rights_ground?
//                    person and session_key: a rewrap, which
//                    the registry attests for that person; none: the person takes the copy
//   print            item copy print(copy) purpose due reason rights_ground?
//                    a sheet with a number of its own, drawn from `copy` for its reader
//   begin-muster     level? container? percent?(count) note?     percent: a spot check
//   count            muster copies finding note?   finding = present | missing
//   close-muster     muster note?
//   adopt-terms      adopted(hash) as from text(b64, the terms)   as = amendment | arrangement
//   put-in-force     adopted(hash)
//   terminate        ends reference
//   ask-laws         peer note?
//   correct          item reason title? pages?(count) sheets?(count) serial? disclosed_by?
//                    disclosed_to? disclosed_at?     at least one of them
//   cancel           item reason
//   brief            person briefing(hash of the text that was told) reference?
//   debrief          person reason?
//   transfer         person employer reason?
//   ask-release      release_digest item recipient level terms control? until? reason?
//   refuse-release   release_digest item recipient terms reason
//   facility         facility name officer(person) deputy(person)
//   absence          person from until reason?
//   assure           recipient level until reference?
//   record-assurance peer level until assurance(b64, the peer's signed `assure`)
//   hand-over        dispatch carrier reference at finding place? note?
//                    finding = intact | broken, of the seals
//   take-delivery    dispatch carrier finding reference? note?
//   consent          item recipient until reason?
//   withdraw         dispatch reason
//   give-notice      type peer dispatch? item? and the members of its type (notice.h)
//   take-notice      notice type peer dispatch? item? and the members of its type
//   trace            dispatch note?
//   change-class     item level reason
//   acknowledge      notice note?
//   report-incident  item what copy? note?
//   investigate      incident note
//   report           incident note
//   close-incident   incident note?
//   law              law edition from text(hash) affects title note?   affects = yes | no
//   recover          epoch held(size) root(hash) signed(size) mirror    a restored book: number of
//                    the new epoch, its size and root, size signed last; mirror = yes | no
//   reconcile        recon(hash) own(size) theirs(size) text(b64, the statement)
//   countersign      recon(hash) own(size) theirs(size) text?(b64) countersigned?(b64, the peer's
//                    signed `countersign`, which the registry attests)    one of the two
//   permit-opening   dispatch item copy reader(hash, a pseudonym) level opening asked(hash)
//                    session_key?(b64) until? by?(client)   the originator's, with a session
//                    key; the receiver's, as answered; opening = the event that asks
//   recall           item ground
//   answer-recall    notice answer note?     answer = held,destroyed,returned,read,media
//   narrow           dispatch readers?(pseudonyms) until? reason?     at least one of the two
//   shred            of(kind) events(numbers) basis reference item?   all of one kind, and of the
//                    item exactly where events of that kind name one
//   passkey          person passkey(b64, crypto::PasskeySigner)   said by the person with their own
//                    key, then confirmed by a control officer with theirs: it signs from then on
// A person's act may also say `for`: the officer whose deputy they are (O-27).
// Counts are integers from 1 to 999999. Times are RFC 3339 in full; hashes base64 of 32 bytes;
// parties by their codes; levels, roles and methods codes of [a-z0-9._-]; a form is "electronic" or
// "paper"; ids as base/ids.h writes them, several persons in order with commas between them.
class Act {
public:
    // `signer` is an Ed25519 public key (32 bytes), a passkey (crypto::PasskeySigner: the act is of
    // version 2), or empty for an act that the registry attests.
    // `content` is an object of the members above.
    // Errors: logbook.act_member (names the member), logbook.act (party, signer, time).
    static Result<Act> make(ActKind kind, std::string party, const Hash32& terms, Time at,
                            Bytes signer, Json content, const ActNonce& nonce);
    // Exactly the canonical bytes, at most kMaxBytes. Errors: those of make(), base.json*,
    // base.member, logbook.act_version.
    static Result<Act> parse(ByteView canonical);

    static constexpr std::size_t kMaxBytes = 1 << 20;

    ActKind kind() const { return kind_; }
    const std::string& party() const { return party_; }
    const Hash32& terms() const { return terms_; }
    Time at() const { return at_; }
    const Bytes& signer() const { return signer_; }
    bool attested_by_registry() const { return signer_.empty(); }
    bool by_passkey() const { return signer_.size() > 32; } // Ed25519 keys have 32
    const ActNonce& nonce() const { return nonce_; }
    const Json& content() const { return content_; }
    const Bytes& bytes() const { return bytes_; } // canonical JSON

    // Members of the content by type. Errors: logbook.act_member when absent or of another type.
    Result<std::string> field(std::string_view name) const;
    std::optional<std::string> optional_field(std::string_view name) const;
    Result<std::int64_t> integer_field(std::string_view name) const;
    std::optional<std::int64_t> optional_integer(std::string_view name) const;
    Result<Bytes> bytes_field(std::string_view name) const; // base64 decoded
    Result<Hash32> hash_field(std::string_view name) const;
    Result<Time> time_field(std::string_view name) const;
    template<class IdType> Result<IdType> id_field(std::string_view name) const {
        TRY_ASSIGN(const std::string text, field(name));
        return IdType::parse(text);
    }

    bool operator==(const Act& other) const { return bytes_ == other.bytes_; }

private:
    Act() = default;

    ActKind kind_ = ActKind::found;
    std::string party_;
    Hash32 terms_{};
    Time at_;
    Bytes signer_;
    ActNonce nonce_{};
    Json content_;
    Bytes bytes_;
};

// What an authenticator answered to act_challenge().
struct PasskeyAnswer {
    Bytes authenticator_data;
    Bytes client_data;
    Bytes signature; // 64 bytes, crypto::plain_signature()
};

// An act with its person's signature. Bytes: u32 length ‖ act ‖ Ed25519 signature (64) over
// "valise/act/v1\0" ‖ act; where a passkey signs, u32 length ‖ act ‖ u16 length ‖ what the
// authenticator says ‖ u16 length ‖ what the browser collected ‖ signature (64).
class SignedAct {
public:
    // Errors: logbook.act_signer (no passkey, or not this one), crypto.signature.
    static Result<SignedAct> make(Act act, PasskeyAnswer answer);
    // What a passkey is asked: SHA-256("valise/act/v2\0" ‖ act).
    static Hash32 challenge(const Act& act);
    // Errors: logbook.act_signer (the key is not the one that the act names), crypto.*.
    static Result<SignedAct> make(Act act, const crypto::SigningKey& key);
    // Well-formed, not yet verified. Errors: logbook.signed_act, those of Act::parse.
    static Result<SignedAct> parse(ByteView bytes);

    // The signature is that of the key which the act itself names. Whose key it is, is a question
    // to the State (person_by_key). Errors: crypto.signature.
    Result<void> verify() const;

    const Act& act() const { return act_; }
    const Bytes& bytes() const { return bytes_; }
    // SHA-256("valise/signed-act/v1\0" ‖ bytes): what stands in the leaf.
    Hash32 digest() const;

    bool operator==(const SignedAct& other) const { return bytes_ == other.bytes_; }

private:
    explicit SignedAct(Act act) : act_(std::move(act)) {}

    Act act_;
    std::array<Byte, 64> signature_{};
    Bytes authenticator_data_; // both empty but for a passkey
    Bytes client_data_;
    Bytes bytes_;
};

// What two persons approve: this item with this label, for this recipient, under these terms.
// SHA-256 over the canonical JSON of {item, label_sha256, payload_root, recipient, terms}.
Hash32 release_digest(const ItemId& item, const Hash32& payload_root, const Hash32& label_sha256,
                      std::string_view recipient, const Hash32& terms);
// What a `correct` corrects, "pages,title".
std::string corrected_members(const Act& act);
// The id of a release is its digest, so both approvals meet under one id.
ReleaseId release_id(const Hash32& digest);

} // namespace valise::logbook
