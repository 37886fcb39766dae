// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/decide.h"
#include "agreement/duties.h"
#include "agreement/key_list.h"
#include "agreement/recon.h"
#include "agreement/terms.h"
#include "crypto/kem.h"
#include "exchange/carrier_port.h"
#include "registry/blob_port.h"
#include "registry/client.h"
#include "registry/ledger.h"
#include "registry/publisher_port.h"
#include "tlog/witness_port.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace valise::registry {

// A witness that belongs to neither party, asked for cosignatures on both logs (E4). It sees
// origins, sizes and roots, when they change, and no leaf.
struct NeutralWitness {
    std::vector<tlog::Verifier> keys; // all of its keys, under one name; each must sign
    tlog::WitnessPort* service = nullptr;

    const std::string& name() const { return keys.front().name(); }
};

// All that the registry drives; each must outlive it.
struct Ports {
    Journal& journal;
    BlobStore& blobs;
    vault::KeyService& keys;
    const Clock& clock;
    Publisher& publisher;
    std::vector<NeutralWitness> witnesses = {};
    // Asks the peer at once, whatever else is under way; none: what its originator controls cannot
    // be opened. Called by many threads.
    exchange::Carrier* live = nullptr;
};

struct Setup {
    // For a new book those that it begins with; else any that it knows.
    agreement::Terms terms;
    Bytes terms_bytes; // the file that the terms were read from
    std::string party;
    std::string authority; // id of the competent authority in the terms
    std::uint64_t landmark_spacing = logbook::Landmarks::kSpacing; // events
    // Small files that a backup holds besides, by the names of kBackupFiles; none: none.
    std::function<Result<std::map<std::string, Bytes>>()> kept_files = {};
};

// What happened to an act that a person signed. A refusal is an answer, not an error: it was
// decided and recorded.
struct ActAnswer {
    agreement::Decision decision;
    std::uint64_t seq = 0; // of the permitted or refused event in the private log
    std::optional<std::uint64_t>
        outcome;                  // seq of its done or failed event, when there is one already
    Json result = Json::object(); // by kind: docs/formats/api.md
};

// One act between the registries as somebody who asks sees it, from skeletons alone.
struct DispatchView {
    logbook::Dispatch dispatch;
    std::uint64_t durable_bytes =
        0; // at the receiver, as it last said (out) or as they lie here (in)
    std::uint64_t payload_bytes = 0;
    std::string custody_evidence;  // "E0".."E4" of the custody receipt, empty before it
    std::string contents_evidence; // of the contents receipt
    std::string refusal;           // reason id by which the peer's agreement refused it, or empty
    bool announced = false;        // of a package going out: the peer accepted it
};

// A dispatch whose bytes are travelling by wire.
struct Transfer {
    DispatchId dispatch;
    logbook::Direction direction{};
    std::uint64_t durable_bytes = 0; // at the receiver
    std::uint64_t payload_bytes = 0;
    bool operator==(const Transfer&) const = default;
};

inline constexpr std::uint64_t kLeastVolume = std::uint64_t{32} << 20;

struct PackedBag {
    struct Volume {
        BlobId blob;
        std::uint64_t bytes = 0;
    };
    std::string bag; // its number
    std::vector<Volume> volumes;
    std::uint64_t frames = 0;
    std::string left_out; // reason id of what could not be packed; empty: all is in it
};

struct UnpackedVolume {
    std::string bag;
    std::uint32_t volume = 0;
    bool last = false;
    std::uint64_t frames = 0;
    std::set<std::string> arrived;                // dispatches that are whole here now
    std::map<std::string, std::uint64_t> refused; // by reason id
};

// A notice as somebody who asks sees it.
struct NoticeView {
    logbook::NoticeEntry notice;
    std::string evidence; // "E0".."E4" of what proves it here; empty before the peer took ours
    std::string refusal;  // reason id by which the peer's agreement refused it, or empty
};

// The book lacks what the key process signed: it was restored from a backup.
struct Behind {
    std::uint64_t held = 0;        // events here
    std::uint64_t signed_size = 0; // of the private log
    std::uint64_t shared_held = 0;
    std::uint64_t shared_signed = 0;
    bool by_peer = false; // the peer showed our own signature; the key process had forgotten, too
};

// A statement on both shared logs as somebody who asks sees it.
struct ReconView {
    agreement::ReconStatement statement;
    Hash32 digest{};
    bool ours = false; // proposed here, else by the peer
    bool signed_here = false;
    bool signed_there = false;
    bool differs = false; // the leaves that are here do not say so; nobody here may sign it
};

// Openings that whoever gets an evidence file is not to read: of these events, and of all that are
// of such a kind, about such an item, or about or by such a person.
struct Withholding {
    std::string ground; // a code; empty: nothing is withheld
    std::set<std::uint64_t> events;
    std::set<logbook::ActKind> kinds;
    std::set<ItemId> items;
    std::set<PersonId> persons;

    // Each list with commas between; empty: none. Errors: registry.withhold, those of the parsers.
    static Result<Withholding> parse(std::string ground, const std::string& events,
                                     const std::string& kinds, const std::string& items,
                                     const std::string& persons);
    bool covers(const logbook::Skeleton& event) const;
};

// A text that a registry signed, and the event that rests on it.
struct SignedPaper {
    Bytes text;
    Bytes signature;
    std::uint64_t event = 0; // of the private log
    std::string evidence;    // "E0".."E4"
};
struct DispatchPapers {
    SignedPaper statement; // the sender's
    std::optional<SignedPaper> custody_receipt;
    std::optional<SignedPaper> contents_receipt; // the newest
};

// The use cases of one registry under one agreement. Thread-safe: one sequencer decides and
// records, long work (sealing, transfer) runs outside of it.
class Registry {
public:
    // Reads the journal, checks it against what the vault signed last, records the founding of a
    // new registry. A book that is older than the log that the vault signed can be looked at, and
    // recovered; everything else answers registry.behind. Errors: registry.behind (a book that was
    // never anybody's), registry.rows (integrity: rows and leaves disagree), those of the ports.
    static Result<std::unique_ptr<Registry>> open(Ports ports, Setup setup);
    ~Registry();

    // --- persons ------------------------------------------------------------------------------
    // Decides, records and does one signed act (bytes of logbook::SignedAct). Errors:
    // crypto.signature, registry.other_party, registry.other_terms, registry.act_repeated,
    // registry.act_time (not within a day of now), those of parsing; nothing is recorded then.
    // Reading what its originator controls asks there: the permit is recorded and has failed on
    // unavailable registry.originator_unreachable and refused peer.agreement.*, what they say.
    Result<ActAnswer> perform(ByteView signed_act);

    // What would be decided now about this act, which nobody signed: for the signer that it names
    // (none: attested by the registry), and for each active person as if they were its signer. The
    // clauses alone are asked, not whether the dossier can take the step. Records nothing. Errors:
    // those of Act::make.
    struct Considered {
        agreement::Decision asked;
        std::map<PersonId, agreement::Decision> people;
    };
    Result<Considered> consider(const logbook::Act& act) const;

    // A sealed file on its way in, before the act "enter" names it. Errors: those of the blob
    // store.
    Result<std::pair<BlobId, std::unique_ptr<BlobWriter>>> receive_blob();
    // The sealed file of an item that its reader was permitted to open: `permit` is the seq of the
    // open act. Errors: not_found registry.no_permit.
    Result<std::shared_ptr<const RandomSource>> opened_blob(std::uint64_t permit);
    // A reading that its reader signed for the Reading desk, while its permit is open, and where
    // its copy is.
    struct DeskReading {
        logbook::Act act;
        logbook::Whereabouts place;
        bool awaits = false; // what its originator says; until then nothing is shown
    };
    // Errors: not_found registry.no_permit, also for one that was signed for a machine.
    Result<DeskReading> desk_reading(std::uint64_t permit) const;
    // Decided once more, now: whether who reads this may go on. Records nothing. Errors: refused
    // registry.reading_over (what refuses it stands in its text).
    Result<void> still_readable(const DeskReading& reading) const;
    // Has the document of an open permit drawn whose act names no session key, or a print; what is
    // drawn goes to `pages`. What came of it is for the caller to say, by opened() or printed().
    // Errors: not_found registry.no_permit, those of KeyService::show().
    Result<void> show(std::uint64_t permit, int pages);
    // The sheets of an act "print" are drawn, and so many; none: it failed. The copy is its
    // reader's from here on, so they are handed out afterwards. Errors: not_found
    // registry.no_permit.
    Result<void> printed(std::uint64_t permit, std::optional<std::uint32_t> pages);
    // The reader's side says that it was shown (or failed): records the outcome of the open act.
    Result<void> opened(std::uint64_t permit, bool shown);

    // What the originator of a controlled item knows this reader by. Errors: registry.no_control.
    Result<Hash32> reader_pseudonym(const DispatchId& dispatch, const PersonId& reader) const;

    // --- clients outside of the registry --------------------------------------------------------
    // The answer to a client's question for the key of a file: decided and recorded as the act
    // "export" before anything leaves. A refusal is an answer. Errors: not_found registry.no_share,
    // integrity envelope.asked_share (not what any copy that left has), those of the key service.
    Result<ClientAnswer> export_share(const ClientAsk& ask);
    // Whether that waits for the answer of another registry.
    bool asks_originator(const vault::ShareRequest& asked) const;
    Result<std::vector<Client>> clients() const;
    // Errors: registry.client, registry.client_person.
    Result<void> add_client(Client client);
    Result<void> remove_client(const std::string& id);

    // --- pairing ------------------------------------------------------------------------------
    // The invitation that an officer carries to the peer (JSON text): key list, terms, endpoint.
    Result<std::string> invitation(const std::string& endpoint);
    // What accepting it would confirm: the fingerprint, and the content that the officer signs as a
    // "pair" act. Errors: registry.invitation, registry.other_terms.
    struct Acceptance {
        std::string peer;
        std::string endpoint;
        std::string fingerprint;
        Json pair_content; // of the act "pair"
    };
    Result<Acceptance> consider_invitation(const std::string& invitation);
    // The "pair" act itself goes through perform(); it finds the invitation considered last.

    // --- the peer -----------------------------------------------------------------------------
    // Answers one request frame of the peer whose TLS key is `tls_key`. Never fails: what is wrong
    // is said in a refusal frame.
    Bytes answer_peer(ByteView request, const Hash32& tls_key);
    // Does what is due towards the peer, in order: greeting, receipts, dispatches, cosignatures.
    // Returns whether anything is left that can be tried again at once. Interrupted when `stop` is
    // set.
    Result<bool> work(exchange::Carrier& carrier, const std::atomic<bool>& stop);
    // The same by courier. Packs what is due, the answers to what came, and with `documents` what
    // is to be sent, into volumes of at most about `volume_bytes` (docs/formats/bag.md); a bag that
    // was packed before and not fetched is gone. Errors: registry.volume_size, registry.working,
    // registry.not_paired.
    Result<PackedBag> pack_bag(std::uint64_t volume_bytes, bool documents);
    // A volume of the bag that was packed last. Errors: registry.no_volume.
    Result<std::shared_ptr<const RandomSource>> bag_volume(const BlobId& blob) const;
    Result<void> discard_bag(); // it was fetched
    // Takes one volume of the peer's bag, which was received as a blob and is removed. Safe to do
    // again, in any order: what came before is known. Errors: refused registry.bag_address;
    // exchange.bag; crypto.signature.
    Result<UnpackedVolume> unpack_volume(const BlobId& blob);
    std::string peer_endpoint() const;          // empty before pairing
    std::optional<Hash32> peer_tls_key() const; // none before pairing
    // Whether items are sealed to this key, here or at the peer.
    bool seals_to(ByteView wrapping_key) const;

    // --- backups (backup.cpp) -------------------------------------------------------------------
    // Database, sealed files and what the setup names besides, as they stand now, under this key
    // (docs/formats/backup.md); never a key of the registry. It is made while it is read, which may
    // take long, and other work goes on. Errors: those of the ports, at once or while it is read.
    Result<std::shared_ptr<ByteSource>> backup(const crypto::WrapPublicKey& to);
    std::optional<Behind> behind() const;
    // Content of the act "recover" that an officer signs over what is here now; with mirror "no" in
    // place of "yes" the shared log goes on without the peer's mirror. Errors: conflict
    // registry.not_behind.
    Result<Json> recovery_content() const;
    // Its word `mirror`, of the act that recover() goes on with; none: an officer signs one first.
    std::optional<std::string> recovery_signed() const;
    // What a permitted "recover" does, from where it was broken off: the leaves of our shared log
    // come back from the peer's mirror, the key process opens a new epoch, and what was lost is
    // recorded (docs/formats/acts.md#recover). Returns {"epoch","held","signed","shared_from",
    // "shared_to","lost"}. Errors: conflict registry.not_behind, not_found registry.no_recovery (no
    // officer signed one over what is here now); those of the link and of the key service: an
    // officer who signs "mirror": "no" does without the link.
    Result<Json> recover();

    // --- logs ---------------------------------------------------------------------------------
    // Signs the newest trees (E1), publishes tiles and checkpoints. Cheap when nothing is new.
    Result<void> tick();
    // Asks each neutral witness that has not cosigned the newest trees; one that is away holds up
    // neither the others nor a checkpoint. Errors: the first one met.
    Result<void> ask_witnesses();
    // Answers a log that asks to be cosigned (`body`: a tlog-witness add-checkpoint request), and
    // publishes what was cosigned last of it. Errors: those of the key service.
    Result<vault::WitnessReply> witness(const std::string& body);
    // The newest checkpoint with every line held for it; empty when nothing is signed yet.
    std::string checkpoint(LogName log) const;
    // All that an outsider needs to check what this registry did: docs/formats/evidence.md. What is
    // to be withheld is left out, and the file says on what ground. Errors: invalid
    // registry.withhold (no ground, or an opening without which nothing later could be checked).
    Result<Bytes> export_evidence(const Withholding& withheld = {});

    // --- both logs held against each other: docs/formats/recon.md (reconcile.cpp) ---------------
    // What an officer here may propose now: from where the last statement that both signed ended,
    // to the newest trees that each side mirrors of the other. Errors: conflict
    // registry.recon_mirror (nothing is mirrored yet), those of agreement::reconcile().
    Result<agreement::ReconStatement> propose_reconciliation() const;
    // Those that were proposed here or came from the peer, by the size of our log.
    Result<std::vector<ReconView>> reconciliations() const;
    // The statement with the leaves of both logs, their checkpoints, and the acts that signed it.
    // Errors: not_found registry.no_recon.
    Result<Bytes> export_reconciliation(const Hash32& digest) const;
    // That no transfer of this link stands in a list of the statement. `way` is "there" or "back",
    // `list` is "sent" or "received". Errors: as above; invalid registry.recon_list;
    // agreement.recon_present.
    Result<Bytes> prove_absent(const Hash32& digest, const std::string& way,
                               const std::string& list, const Hash32& link) const;

    // --- views, from skeletons ------------------------------------------------------------------
    // In force; what was handed out stays valid after a change.
    const agreement::Terms& terms() const;
    Bytes terms_text() const; // the file that they were read from
    const std::string& party() const;
    agreement::KeyList key_list() const;
    logbook::State state() const; // a copy, which shares what does not change
    // The items that a query asks for, in the order of the register, with the state that they are
    // read from. Errors: registry.item_query.
    struct ItemPage {
        logbook::State state;
        std::vector<ItemId> items;
        std::string next; // where to go on, as ItemQuery::after; empty at the end
    };
    Result<ItemPage> items(const ItemQuery& query) const;
    Time now() const; // the registry's time: never before the last event
    // Skeletons of the private log from this number on, at most `max` of them; none at the end.
    Result<std::vector<logbook::Skeleton>> skeletons(std::uint64_t from, std::size_t max) const;
    // Of the events from this number on and before `end`, those of which `wanted` holds, at most
    // `max` of them.
    using Wanted = std::function<bool(logbook::ActKind, logbook::Stage)>;
    Result<std::vector<logbook::Skeleton>> skeletons(std::uint64_t from, std::uint64_t end,
                                                     std::size_t max, const Wanted& wanted) const;
    // The skeletons of the newest `max` events that name this item, the oldest first.
    Result<std::vector<logbook::Skeleton>> history(const ItemId& item, std::size_t max) const;
    // What the books are made of, as the register stands: copies that share everything.
    struct Standing {
        logbook::State state;
        logbook::Chronicle chronicle;
        std::vector<RawId> order; // ids of the items by their numbers
    };
    Standing standing() const;
    // The same as of a past minute: the landmark before it and what happened since, so some
    // thousand events at most. `order` names later items too. Errors: those of the journal.
    Result<Standing> standing(Time as_of) const;
    // What the printed forms of a dispatch are made of. Errors: not_found registry.no_dispatch,
    // registry.no_paper.
    // "E0".."E4" of this event of the private log.
    std::string evidence(std::uint64_t seq) const;
    Result<DispatchPapers> papers(const DispatchId& dispatch) const;
    // A receipt of this dispatch, `custody_receipt` or the newest `contents_receipt`, for whoever
    // has only the two key lists: docs/formats/receipt.md. Errors: those of papers().
    Result<Bytes> export_receipt(const DispatchId& dispatch, logbook::ActKind kind) const;
    Result<std::vector<DispatchView>> dispatches() const;
    // What is under way now, without looking through the dispatches that are not.
    std::vector<Transfer> transfers() const;
    Result<std::vector<NoticeView>> notices() const;
    // The text that a notice encloses, ours or theirs: what an officer reads before acknowledging
    // it. Empty: none, or shredded. Errors: not_found registry.no_notice.
    Result<std::string> enclosed(const NoticeId& notice) const;
    // Now; `most` as duties_at() has it.
    std::vector<agreement::StandingDuty>
    duties(std::size_t most = std::numeric_limits<std::size_t>::max()) const;
    // {"ready":bool,"checks":[{"name","ok","text"}]}: can it sign and deliver now?
    Json health() const;

private:
    class Impl;
    explicit Registry(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace valise::registry
