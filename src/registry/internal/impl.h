// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/editions.h"
#include "base/codec/json.h"
#include "crypto/hybrid_sign.h"
#include "envelope/container.h"
#include "envelope/verify.h"
#include "exchange/bag.h"
#include "exchange/messages.h"
#include "label/label.h"
#include "registry/internal/gathering.h"
#include "registry/registry.h"
#include "tlog/cosignature.h"

#include <atomic>
#include <deque>
#include <semaphore>
#include <set>
#include <thread>

namespace valise::registry {

// A dispatch that is arriving: everything but the payload, verified, and the file that it lands in.
struct Incoming {
    exchange::Offer offer;
    envelope::Verified verified;
    std::unique_ptr<PartialBlob> blob;
    std::uint64_t next_segment = 0;
};

// What a neutral witness cosigned last of one of our logs.
struct NeutralLines {
    std::uint64_t size = 0; // 0: not known yet
    std::vector<tlog::NoteSignature> lines;
};

// The newest signed tree of one of our logs.
struct Published {
    tlog::Checkpoint tree;
    std::string note;                // our lines
    std::uint64_t cosigned_size = 0; // newest tree whose cosignatures are here
    std::uint64_t witness_size = 0;  // newest tree that the peer remembers, as far as we know
    std::string cosigned_note;
    // Of the shared log: how many leaves the peer holds as far as we know, and the newest tree that
    // it cosigned as mirrored, with its lines.
    std::uint64_t mirror_next = 0;
    std::uint64_t mirrored_size = 0;
    std::string mirrored_note;
    std::map<std::string, NeutralLines> neutral; // by the witness's name
    std::uint64_t neutral_size = 0;              // newest tree that one of them cosigned
    std::uint64_t published_size = 0;            // what lies in the published folder
    std::string published_note;
};

struct PeerKeys {
    agreement::KeyList list;
    crypto::HybridVerifier sender;
    crypto::HybridVerifier receipt;
    std::vector<tlog::Verifier> witness;
    std::vector<tlog::Verifier> mirror; // none of a peer that has no such key
};

// An answer that may have been lost on its way: whoever sends the same ask again gets it again, and
// nothing is permitted or counted for it.
struct GivenOpening {
    static constexpr std::size_t kKept = 16;
    static constexpr std::int64_t kSeconds = 60;
    Hash32 asked{};
    Time at;
    exchange::Opened answer;
};

class Registry::Impl {
public:
    Impl(Ports ports_in, Setup setup_in, Ledger ledger_in)
        : ports(ports_in), setup(std::move(setup_in)), ledger(std::move(ledger_in)),
          editions(setup.terms, setup.terms_bytes) {}

    Ports ports;
    Setup setup;

    std::timed_mutex working; // held by whoever works towards the peer, by wire or by bag
    std::mutex
        witnessing; // held while a checkpoint is cosigned and published: the newest stays last
    Gathering gathering;
    mutable std::mutex mutex; // the sequencer: ledger and everything below
    Ledger ledger;
    agreement::Editions editions; // from `setup`, the terms that the book began with
    agreement::KeyList own;
    Bytes own_signature;
    std::optional<PeerKeys> peer;
    std::optional<Json> pending_invitation;
    std::array<Published, 2> published;
    std::optional<tlog::Checkpoint> mirrors; // the newest tree of the peer that we mirrored whole
    std::map<DispatchId, std::shared_ptr<Incoming>> incoming;
    std::map<DispatchId, std::pair<std::uint64_t, std::uint64_t>> progress; // durable, payload
    std::set<DispatchId> under_way; // of `progress`, those that are not whole at the receiver
    void note_progress(const DispatchId& dispatch, std::uint64_t durable, std::uint64_t payload);
    std::uint64_t delivered_up_to = 0;  // events after which no delivery was left half done
    std::uint64_t told_up_to = 0;       // events after which nothing was owed to the peer
    std::atomic<bool> greeted = false;  // the newest greeting was answered
    std::optional<Behind> behind;       // the book was restored: nothing is done but to recover
    std::optional<Hash32> peer_terms;   // in force there, as its newest greeting says
    Time heard;                         // when the peer answered last
    std::map<Hash32, ItemId> shares_of; // by the hash of the wrapped key; of items that left
    std::set<ItemId> shares_read;
    std::deque<GivenOpening> given_openings; // the newest of this process
    std::set<std::uint64_t> asking;          // permits of which an originator is being asked
    std::size_t clients_asking = 0;          // of these, for clients that wait
    std::mutex showing; // held while events are shown ahead; taken before `mutex`
    // Verifying is work for a processor: a crowd that does it at once only takes them from others.
    std::counting_semaphore<> verifying{
        std::max<std::ptrdiff_t>(1, std::thread::hardware_concurrency())};

    const agreement::Terms& terms() const { return editions.in_force(); }

    // --- other terms (change_terms.cpp) ---
    Result<void> load_terms();
    Result<void> follow_terms(std::uint64_t seq);
    Result<void> change_terms();

    // --- opening (open.cpp) ---
    Result<void> found(const vault::Founders& founders);
    Result<void> load_peer(bool trusted);
    Result<void> load_peer_as_noted();
    Result<void> finish_pairing();
    Result<void> load_published();
    Result<void> load_neutral(LogName log, const tlog::LogKeys& keys);
    void find_under_way();

    // --- deciding and recording (perform.cpp) ---
    Result<ActAnswer> perform(const logbook::SignedAct& act); // whose signature is verified
    void perform_all(std::span<Gathering::Waiting*> together);
    Result<ActAnswer> refuse(const logbook::SignedAct& act, const logbook::Person& actor,
                             Time minute, agreement::Decision decision);
    Result<ActAnswer> permit(const logbook::SignedAct& act, const logbook::Person& actor,
                             Time minute, agreement::Decision decision);
    // An act that is done by being recorded: permit and outcome in one transaction.
    Result<void> record_as_done(Draft permit, ActAnswer& answer);
    // What the registry attests: decided by the same clauses, refused ones recorded as refused.
    struct Attested {
        agreement::Decision decision;
        std::uint64_t seq = 0;
    };
    Result<Attested> attest(logbook::ActKind kind, Json content, Draft draft,
                            JournalChange extra = {});

    // --- the acts (people.cpp, enter.cpp, dispatch.cpp, open.cpp, receipts.cpp) ---
    Result<Draft> draft_of(const logbook::SignedAct& act, const logbook::Person& actor,
                           const agreement::Decision& decision) const;
    Result<void> check_entry(const logbook::Act& act) const;
    Result<ActAnswer> do_enter(Draft draft, ActAnswer answer);
    Result<ActAnswer> do_pair(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    Result<ActAnswer> do_dispatch(Draft draft, ActAnswer answer);
    Result<ActAnswer> do_open(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    Result<ActAnswer> do_print(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    Result<void> still_printable(std::uint64_t permit);
    Result<ActAnswer> do_export(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    Result<ItemId> item_of_share(ByteView wrapped_key);
    // Errors: refused registry.client_gone.
    Result<void> expect_client(const ClientAsk& ask) const;
    Result<Attested> attest_export(const ClientAsk& ask, const logbook::Item& item);
    Result<ClientAnswer> export_share(const ClientAsk& ask, std::unique_lock<std::mutex>& lock);
    Result<void> finish_exports();
    Result<void> finish_readings();
    // --- openings of controlled items (control.cpp) ---
    bool awaits_originator(std::uint64_t permit) const;
    bool leased(std::uint64_t permit, Time at) const;
    Result<Bytes> manifest_of(const BlobId& blob) const;
    Result<ActAnswer> open_controlled(ActAnswer answer, std::unique_lock<std::mutex>& lock);
    // Asks the originator for the permit of this opening, and records it: with the lock given up
    // meanwhile. Without a link a lease is enough.
    Result<void> ask_for_permit(std::uint64_t permit, const ItemId& item, ByteView manifest,
                                std::unique_lock<std::mutex>& lock);
    // `refusal`: why nothing came of it; null: it was opened.
    Result<void> opening_ended(std::uint64_t permit, const Error* refusal);
    Result<exchange::Opened> ask_originator(const vault::SignedText& ask,
                                            std::unique_lock<std::mutex>& lock);
    Result<void> record_opening(const vault::SignedText& asked, const exchange::Opened& answered,
                                const ItemId& item);
    Result<void> release_controlled(std::uint64_t permit, ByteView manifest, ActAnswer& answer);
    Result<exchange::Frame> take_opening(const exchange::Frame& request);
    const GivenOpening* given_opening(const Hash32& asked) const;
    Result<void> finish_openings();
    Result<std::vector<Client>> read_clients() const;
    Result<void> write_clients(const std::vector<Client>& clients);
    Result<ActAnswer> do_remark(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    Result<ActAnswer> do_contents_receipt(const logbook::SignedAct& act, Draft draft,
                                          ActAnswer answer);
    Result<ActAnswer> do_destroy(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    Result<ActAnswer> do_hand_over(Draft draft, ActAnswer answer);
    Result<ActAnswer> do_take_delivery(Draft draft, ActAnswer answer);
    Result<ActAnswer> do_withdraw(Draft draft, ActAnswer answer);
    Result<ActAnswer> do_certify(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    // Deletes the sealed file that a permitted destruction leaves to nobody, and records that it is
    // done. Safe to do again.
    Result<std::uint64_t> erase(std::uint64_t permit);
    Result<void> finish_erasures();
    Result<void> publish_cose(LogName log);
    Result<tlog::WitnessRequest> due_cosignature(LogName log, bool by_courier);
    // receipt_file.cpp
    Result<std::string> shared_leaf_proof(std::uint64_t event) const;
    // shred.cpp
    Result<void> check_shredding(const logbook::Act& act) const;
    Result<ActAnswer> do_shred(Draft draft, ActAnswer answer);
    // Erases the openings that a permitted act names, and records that it is done. Safe to do
    // again.
    Result<std::uint64_t> shred(std::uint64_t permit);
    Result<void> finish_shreddings();
    // What was shredded and lies there again: a database was put back, or somebody wrote into it.
    Result<void> shred_again();
    std::uint64_t returned_openings = 0; // erased a second time since the start
    Result<std::shared_ptr<const RandomSource>> blob_of(const logbook::OpenPermit& permit) const;
    Result<Draft> outcome_draft(std::uint64_t permit, logbook::Stage stage) const;
    Result<std::uint64_t> outcome_of(std::uint64_t permit, logbook::Stage stage);

    // --- logs (publish.cpp) ---
    Result<void> show_events();
    // The same without the sequencer, of what is recorded now.
    Result<void> show_ahead();
    // The same of a book whose events before `checked` alone were checked before.
    Result<void> show_events_from(std::uint64_t checked);
    Result<void> sign(LogName log);
    // The newest checkpoint with every line held for its tree.
    Result<std::string> whole_note(LogName log) const;
    Result<void> publish(LogName log, const std::string& checkpoint);
    Result<void> ask(const NeutralWitness& witness, LogName log);
    std::string evidence_level(std::uint64_t seq) const;

    // --- the mirror (mirror.cpp) ---
    // E3: the peer is sent the leaves of our shared log that it does not hold.
    Result<void> ask_mirror(exchange::Carrier& carrier, const std::atomic<bool>& stop);
    Result<bool> send_leaves(exchange::Carrier& carrier); // whether more are due
    Result<exchange::Mirror> due_leaves(bool by_courier);
    Result<void> take_mirrored(const tlog::Checkpoint& tree, const std::string& own_note,
                               const exchange::Mirrored& answer);
    Result<exchange::Frame> take_mirror(const exchange::Frame& request);
    Result<void> keep_leaves(const exchange::Mirror& message, const tlog::Checkpoint& tree);
    // Shows the key process the leaves that are held, and has this checkpoint of them cosigned.
    Result<std::string> cosign_mirrored(const std::string& checkpoint);
    Result<void> load_mirrored(const tlog::LogKeys& keys);
    Result<void> add_mirror_lines(tlog::SignedCheckpoint& note) const;

    // --- a restored book (recover.cpp) ---
    // Fails while the book lacks what was signed. Errors: integrity registry.behind.
    Result<void> writable() const;
    void find_behind(std::uint64_t signed_size);
    std::optional<std::uint64_t> open_recovery() const; // its permit, the newest
    // Of what is here and was signed; an act over anything else recovers nothing.
    Json recovery_facts() const;
    // Errors: conflict registry.recovery_changed.
    Result<void> check_recovery(const logbook::Act& act) const;
    // The open one, when it is over what is here: the newest event.
    std::optional<std::uint64_t> recovery_to_do() const;
    // What the peer says of our log counts with our own signature on it. Errors: unavailable
    // registry.bare_word; integrity registry.behind, when it is true.
    Result<void> check_claim(exchange::Carrier& carrier, std::uint64_t claimed);
    Result<exchange::Mirror> ask_leaves(exchange::Carrier& carrier);
    Result<void> refill(exchange::Carrier& carrier, std::uint64_t permit, std::string& note);
    Result<void> keep_own(const exchange::Mirror& message, const tlog::Checkpoint& tree,
                          std::uint64_t permit);
    Result<void> take_refill(const exchange::Mirror& message, std::uint64_t permit,
                             std::string& note, bool& more);
    Result<Json> lost_since(std::uint64_t permit) const;
    Result<void> open_epoch(std::uint64_t permit, const std::string& shared_note);
    Result<void> finish_recovery(std::uint64_t permit, const vault::RecoveryReply& opened);
    Result<void> resume_recovery();
    Result<exchange::Frame> take_leaves(const exchange::Frame& request);
    Result<exchange::Frame> take_keys(const exchange::Frame& request);
    Result<void> tell_keys(exchange::Carrier& carrier);

    // --- statements on both logs (reconcile.cpp, recon_file.cpp) ---
    Result<agreement::ReconReading> read_log(LogName log, std::uint64_t from,
                                             std::uint64_t to) const;
    // The statement with this head, from the leaves that lie here.
    Result<agreement::ReconStatement> recomputed(const agreement::ReconStatement& head) const;
    Result<void> check_statement(const logbook::Act& act) const;
    Result<ActAnswer> do_reconcile(const logbook::SignedAct& act, Draft draft, ActAnswer answer);
    Result<void> send_reconcile(exchange::Carrier& carrier, const OutboxEntry& entry);
    Result<exchange::Frame> take_reconcile(const exchange::Frame& request);
    Result<void> take_proposal(const logbook::SignedAct& act);
    Result<void> take_countersigned(const logbook::SignedAct& act);
    // Signed acts over this statement: ours and the peer's, none where nobody signed.
    struct ReconActs {
        std::optional<logbook::SignedAct> ours;
        std::optional<logbook::SignedAct> theirs;
    };
    Result<std::map<Hash32, ReconActs>> recon_acts() const;
    // Whether the newest tree that the peer mirrored holds the leaf of this act, which stands
    // behind leaf `from`; of no act, whether it reaches that far.
    Result<bool> mirrored_act(std::uint64_t from,
                              const std::optional<logbook::SignedAct>& act) const;
    Result<std::pair<agreement::ReconStatement, ReconActs>>
    statement_of(const Hash32& digest) const;
    Result<Json> export_events(const Withholding& withheld);

    // --- the peer (arrive.cpp, deliver.cpp, receipts.cpp) ---
    Bytes answer_to_peer(ByteView request, const Hash32& tls_key);
    Result<exchange::Frame> answer(const exchange::Frame& request);
    Result<void> take_greeting(const exchange::Hello& theirs);
    Result<exchange::Frame> take_hello(const exchange::Frame& request);
    Result<exchange::Frame> take_offer(const exchange::Frame& request);
    Result<exchange::Frame> take_segment(const exchange::Frame& request);
    Result<exchange::Frame> take_complete(const exchange::Frame& request);
    Result<exchange::Frame> take_receipt(const exchange::Frame& request);
    Result<exchange::Frame> take_witness(const exchange::Frame& request);
    Result<exchange::Progress> progress_of(const DispatchId& dispatch);
    Result<std::shared_ptr<Incoming>> begin(const exchange::Offer& offer);
    Result<std::shared_ptr<Incoming>> find_incoming(const DispatchId& dispatch);
    Result<Json> arrival_content(const Incoming& transfer, const Hash32& commitment) const;
    Result<void> resume(Incoming& transfer) const;
    Result<void> arrived(const Incoming& transfer);
    Result<Draft> arrival_draft(const Incoming& transfer) const;
    Result<void> keep(Incoming& transfer) const;
    Result<void> add_package(const envelope::Package& package, Json& content) const;
    Result<void> give_custody_receipt(const DispatchId& id);
    Result<logbook::Receipt> make_receipt(const logbook::Dispatch& dispatch,
                                          logbook::ReceiptType type,
                                          logbook::ReceiptFinding finding) const;
    Result<Hash32> link_tag_of(const DispatchId& dispatch);
    Result<void> check_payload(const logbook::Dispatch& dispatch, const Hash32& payload_root) const;
    Result<void> send_receipt(exchange::Carrier& carrier, const OutboxEntry& entry);
    Result<void> remark(const DispatchId& dispatch);
    Result<void> record_receipt(ByteView receipt, ByteView signature);
    Result<void> close(const logbook::Dispatch& dispatch);

    // --- packages (packages.cpp) ---
    Result<std::shared_ptr<const RandomSource>> announcement(const logbook::Item& item) const;
    Result<void> announced(const DispatchId& dispatch);
    Result<void> finish_deliveries();
    Result<void> end_withdrawn(const DispatchId& dispatch);

    // --- the courier (courier.cpp) ---
    class Packing;
    struct Unpacking;
    Result<UnpackedVolume> unpack(const BlobId& blob);
    Result<void> take_frame(ByteView bytes, const exchange::BagHeader& header, Unpacking& bag);
    Result<void> take_answer(const exchange::Frame& frame, Unpacking& bag) const;
    Result<void> take_news(Unpacking& bag);
    Result<Bytes> present_answer(const std::string& key, const Bytes& kept);
    Result<std::unique_lock<std::timed_mutex>> alone();
    Result<bool> work(exchange::Carrier& carrier, const std::atomic<bool>& stop);
    Result<void> forget_volumes();
    Result<void> forget_told(std::map<std::string, Bytes> told);

    // --- notices (notices.cpp) ---
    // Records and queues what the book owes the peer. //= O-13 //= O-36 //= O-42
    Result<void> give_owed_notices();
    Result<void> give(const logbook::OwedNotice& owed);
    Result<void> add_enclosed(const logbook::OwedNotice& owed, logbook::Opening& opening) const;
    Result<void> add_ground(const ItemId& item, logbook::Opening& opening) const;
    Result<void> send_notice(exchange::Carrier& carrier, const OutboxEntry& entry);
    Result<exchange::Frame> take_notice(const exchange::Frame& request);
    Result<void> notice_ended(std::uint64_t permit, logbook::Stage stage, logbook::Opening opening,
                              JournalChange extra);

    Result<exchange::Frame> call(exchange::Carrier& carrier, const exchange::Frame& request,
                                 std::string_view answer_type);
    Result<void> greet(exchange::Carrier& carrier);
    // Whether the peer is to be greeted first: never reached, silent for a while, or under other
    // terms.
    bool greeting_due() const;
    bool under_same_terms(bool unless_told = false) const;
    Result<void> seal(const DispatchId& dispatch);
    // Errors: unavailable registry.held, with the clause's reason.
    Result<void> may_pass(const DispatchId& dispatch);
    Result<void> may_pass(const logbook::Dispatch& dispatch) const; // under the lock
    Result<SignedPaper> sealed_paper(const DispatchId& dispatch) const;
    Result<void> add_sealed_statement(const Json& sealed, logbook::Opening& opening) const;
    Result<void> send(exchange::Carrier& carrier, const DispatchId& dispatch,
                      const std::atomic<bool>& stop);
    Result<void> refused_by_peer(const DispatchId& dispatch, const Error& refusal);
    Result<void> sent(const DispatchId& dispatch, const exchange::Progress& progress);
    Result<Draft> sent_draft(const DispatchId& dispatch) const;
    Result<void> ask_cosignature(exchange::Carrier& carrier, LogName log);

    Result<Bytes> note(const std::string& name) const; // not_found registry.no_note
    Result<Json> note_json(const std::string& name) const;
    std::string label_namespace() const { return "valise.invalid"; }
};

// --- small things that several use cases need -------------------------------------------------
BlobId new_blob_id();
// The other party's agreement decided; everything else that a peer answers may pass.
bool decided_against(const Error& answer);
inline constexpr const char* kHeld = "registry.held";
std::string dispatch_note(const DispatchId& dispatch, std::string_view what);
logbook::ActNonce new_nonce();
// The parties that a label releases to, "JPN,UKR", as skeletons carry them.
std::string releasable(const label::Label& label);
// The sender's statement and its signature, for the opening of an event that rests on them.
Result<void> add_statement(logbook::Opening& opening, const envelope::Verified& verified);
// Different persons whose signed acts approve one release of this statement to its recipient, under
// one of these terms.
std::int64_t approving_persons(const envelope::StatementInputs& inputs,
                               const std::set<Hash32>& terms);
Result<PeerKeys> peer_keys(ByteView key_list, ByteView signature);

} // namespace valise::registry
