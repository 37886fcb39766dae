// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/verify.h"
#include "vault/book.h"
#include "vault/keystore.h"
#include "vault/renderer_port.h"
#include "vault/vault_state.h"

#include <memory>
#include <mutex>

namespace valise::vault {

// The rules under which keys sign and shares are released. It believes nothing that the daemon
// says: it reads the registry's private log itself (Book), and what counts is what that log
// permits, once it stands in a tree that the vault signed. Thread-safe.
class Vault : public KeyService {
public:
    // `store` and `clock` must outlive the vault. `neutral` are logs of others that this registry's
    // witness cosigns besides the peer's. Errors: vault.witnessed (one of our own origins, or one
    // twice); vault.state.
    // `renderer` draws documents for the Reading desk; null: nothing is shown there.
    static Result<std::unique_ptr<Vault>> start(Keystore keystore, StateStore& store,
                                                const Clock& clock,
                                                std::vector<tlog::LogKeys> neutral = {},
                                                Renderer* renderer = nullptr);

    Result<Identity> identity() override;
    Result<DaemonSecrets> daemon_secrets() override;
    Result<std::uint64_t> begin(ByteView terms, bool test_mode) override;
    Result<std::uint64_t> known_events() override;
    Result<std::uint64_t> record(std::uint64_t from,
                                 const std::vector<RecordedEvent>& events) override;
    Result<std::string> sign_checkpoint(const CheckpointRequest& request) override;
    Result<Bytes> sign_cose(LogId log) override;
    Result<std::uint64_t> signed_size(LogId log) override;
    Result<WitnessReply> cosign(const std::string& body) override;
    Result<MirrorReply> mirror(const MirrorRequest& request) override;
    Result<Bytes> confirm_peer(ByteView confirmation, ByteView peer_key_list,
                               ByteView peer_key_list_signature, ByteView pair_act) override;
    Result<RecoveryReply> recover(const RecoveryRequest& request) override;
    Result<std::uint64_t> follow_peer(ByteView key_list, ByteView signature) override;
    Result<Bytes> sign_receipt(ByteView receipt, std::uint64_t seq) override;
    Result<Bytes> sign_notice(std::uint64_t seq) override;
    Result<Bytes> sign_bag(const Hash32& digest) override;
    Result<SecretBytes> bag_key(ByteView wrapped, const Hash32& header_digest) override;
    Result<ResealReply> reseal(const DispatchId& dispatch, const RandomSource& in, ByteSink& out,
                               int out_descriptor) override;
    Result<Bytes> release_share(std::uint64_t permit, ByteView manifest) override;
    Result<SharedKey> export_share(std::uint64_t permit, ByteView manifest,
                                   const ShareRequest& asked) override;
    Result<std::uint64_t> show(std::uint64_t permit, const RandomSource& in, int pages) override;
    Result<SignedText> ask_opening(std::uint64_t permit, ByteView manifest) override;
    Result<SignedText> grant_opening(std::uint64_t permit, ByteView manifest) override;
    Result<ControlledShares> release_controlled(std::uint64_t permit, ByteView manifest) override;

    // The newest tree cosigned of that origin; size 0 when none.
    tlog::WitnessState witnessed(const std::string& origin);

private:
    Vault(Keystore keystore, StateStore& store, const Clock& clock, crypto::RecordCipher cipher,
          VaultState state, agreement::KeyList own, tlog::LogKeys private_log,
          tlog::LogKeys shared_log, std::vector<tlog::LogKeys> neutral, Renderer* renderer)
        : keystore_(std::move(keystore)), store_(store), clock_(clock), cipher_(std::move(cipher)),
          state_(std::move(state)), own_(std::move(own)), private_log_(std::move(private_log)),
          shared_log_(std::move(shared_log)), neutral_(std::move(neutral)), renderer_(renderer) {}

    // All of these with the mutex held.
    Result<agreement::KeyList> peer_keys();
    tlog::WitnessState last_tree(const std::string& origin) const;
    // The keys of a log that is to be cosigned: the peer's, or a neutral one; none for others.
    Result<std::optional<tlog::LogKeys>> witnessed_log(const std::string& origin);
    // Whether a tree that was cosigned is one with the leaves that were shown, as far as they
    // reach.
    bool as_mirrored(const tlog::WitnessState& tree) const;
    Result<std::string> cosign_mirrored(const std::string& checkpoint,
                                        const agreement::KeyList& peer);
    // The clock, never below the newest event: it set back does not make anything valid again.
    Time now() const;
    Result<std::unique_ptr<Book>> new_book(agreement::Terms terms);
    // The tree up to which events were checked before, and that they must lead to: the one signed
    // last, or the older one that a restored book begins again from.
    tlog::WitnessState checked_tree() const;
    Result<void> take(const audit::Record& record, const tlog::WitnessState& last);
    // The book, once it holds all that was signed. Errors: vault.not_begun, vault.rollback.
    Result<const Book*> book() const;
    // Errors: vault.not_recorded.
    Result<void> in_signed_tree(std::uint64_t seq) const;
    Result<void> grows_from_last(const CheckpointRequest& request) const;
    Result<void> check_peer(const agreement::KeyList& peer,
                            const agreement::Confirmation& confirmation) const;
    // That no log of the peer bears the name of one that is signed here, or of a neutral one: trees
    // are remembered by it.
    Result<void> check_peer_logs(const agreement::KeyList& peer) const;
    Result<void> check_pair_act(ByteView pair_act, const agreement::KeyList& peer,
                                const agreement::Confirmation& confirmation) const;
    // That the event `seq` is the ground of this receipt. Errors: vault.receipt.
    Result<void> check_ground(const logbook::Receipt& receipt, std::uint64_t seq,
                              const Book& book) const;

    // recovery.cpp
    Result<RecoveryReply> begin_recovery(const RecoveryRequest& request);
    Result<RecoveryReply> open_epoch(const RecoveryRequest& request);
    Result<void> use(VaultState next); // new epochs: saved, then signed under
    Result<RecoveryReply> epoch_opened() const;

    struct Sending {
        OpenDispatch dispatch;
        agreement::KeyList peer;
        Time now;
    };
    Result<Sending> sending(const DispatchId& dispatch); // takes the mutex
    struct Reading {
        Hash32 payload_root{};
        Bytes session_key; // empty: shown at the Reading desk
    };
    Result<Reading> reading(std::uint64_t permit); // takes the mutex
    // A rewrap. `originators`: of a controlled item, joined with ours for the client.
    struct Exporting {
        Reading reading;
        std::optional<SecretBytes> originators;
    };
    Result<Exporting> exporting(std::uint64_t permit,
                                const envelope::Manifest& manifest); // takes the mutex
    Result<Reading> still_permitted(const Book& known, const logbook::Act& act) const;

    // show.cpp
    struct Showing {
        Hash32 payload_root{};
        rendering::Job job;
        std::optional<SecretBytes> originators; // of a controlled item
    };
    Result<Showing> showing(std::uint64_t permit, const envelope::Manifest& manifest);
    Result<void> still_drawn(std::uint64_t permit) const; // with the mutex held
    Result<void> draws(std::uint64_t permit);

    // control.cpp
    Result<void> still_granted(const Book& known, const logbook::Act& act) const;
    struct ControlledReading {
        Reading reading;
        logbook::Dispatch dispatch;
        CopyId copy;
        PersonId reader;
        Hash32 pseudonym{};
        std::string level;
        bool client = false; // opened by a program for its reader
    };
    struct Asking {
        Hash32 asked{};
        crypto::WrapPrivateKey session;
    };
    struct Leased {
        SecretBytes share;
        Time until;
    };
    Result<envelope::Verified> file_of(const logbook::Dispatch& dispatch,
                                       const envelope::Manifest& manifest);
    Result<ControlledReading> controlled_reading(std::uint64_t permit,
                                                 const envelope::Manifest& manifest);
    Result<SecretBytes> originators_share(std::uint64_t permit, const ControlledReading& reading,
                                          std::optional<Time>& lease);

    std::mutex mutex_; // state_, its file, book_, asking_, leased_, and what an epoch changes
    Keystore keystore_;
    StateStore& store_;
    const Clock& clock_;
    crypto::RecordCipher cipher_;
    VaultState state_;
    std::unique_ptr<Book> book_; // none before begin()
    tlog::MemoryTree mirrored_;  // the peer's leaves, as shown since the start
    // Never on a disk: who takes the keystore and its passphrase finds no originator's share there.
    std::map<std::uint64_t, Asking> asking_; // by the permit to read
    std::map<std::pair<CopyId, PersonId>, Leased> leased_;
    std::optional<tlog::WitnessState> recovering_; // a restored book is being read
    agreement::KeyList own_;
    tlog::LogKeys private_log_;
    tlog::LogKeys shared_log_;
    const std::vector<tlog::LogKeys> neutral_;
    Renderer* const renderer_;
    // Prints that were drawn since the start, by their permit. With the mutex held. //= O-32
    std::map<std::uint64_t, unsigned> drawn_;
};

// What the receipt key signs.
Bytes receipt_signed_bytes(ByteView receipt);
// The keys of a log as a key list carries them. Errors: tlog.vkey.
Result<tlog::LogKeys> log_keys(const agreement::LogKeys& keys);
// This origin in another epoch: its last part is the number.
std::string epoch_origin(const std::string& origin, std::uint64_t epoch);
std::uint64_t epoch_of(const std::string& origin);
// These keys under the origin of another epoch.
Result<tlog::LogKeys> log_keys_in(const agreement::LogKeys& keys, std::uint64_t epoch);
// With the serial and the origins of the epochs that the state names.
Result<agreement::KeyList> own_key_list(const Keystore& keystore, const VaultState& state);
// A key list that its own root key signed. Errors: crypto.signature, agreement.key_list.
Result<agreement::KeyList> verify_key_list(ByteView key_list, ByteView signature);

} // namespace valise::vault
