// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vault/keystore.h"
#include "vault/recorded.h"
#include "vault/vault_state.h"

#include <memory>
#include <mutex>

namespace valise::vault {

// The rules under which keys sign and shares are released. It believes nothing that the daemon
// says: what counts is recorded in a log whose checkpoints it signed itself, and signed by persons
// whose keys lead back to the founding officers. Thread-safe.
class Vault : public KeyService {
public:
    // `store` must outlive the vault.
    static Result<std::unique_ptr<Vault>> start(Keystore keystore, StateStore& store);

    Result<Identity> identity() override;
    Result<DaemonSecrets> daemon_secrets() override;
    Result<std::string> sign_checkpoint(const CheckpointRequest& request) override;
    Result<std::uint64_t> signed_size(LogId log) override;
    Result<WitnessReply> cosign(const std::string& body, Time now) override;
    Result<Bytes> confirm_peer(ByteView confirmation, ByteView peer_key_list,
                               ByteView peer_key_list_signature, ByteView pair_act) override;
    Result<Bytes> sign_receipt(ByteView receipt, const RecordedEvent& permit) override;
    Result<ResealReply> reseal(const ResealRequest& request, const RandomSource& in, ByteSink& out,
                               int out_descriptor) override;
    Result<Bytes> release_share(const ShareRequest& request) override;

    // The newest tree cosigned of that origin; size 0 when none.
    tlog::WitnessState witnessed(const std::string& origin);

private:
    Vault(Keystore keystore, StateStore& store, crypto::RecordCipher cipher, VaultState state,
          agreement::KeyList own, tlog::LogKeys private_log, tlog::LogKeys shared_log)
        : keystore_(std::move(keystore)), store_(store), cipher_(std::move(cipher)),
          state_(std::move(state)), own_(std::move(own)), private_log_(std::move(private_log)),
          shared_log_(std::move(shared_log)) {}

    Result<agreement::KeyList> peer_keys();
    // That each person who approved was enrolled and appointed by the founding control officer,
    // that they are different persons, and that not all are mere originators.
    Result<std::vector<Bytes>> approvals(const ResealRequest& request, const Hash32& digest);
    Result<void> check_reader(const ShareRequest& request, const ProvenEvent& permit);

    std::mutex mutex_; // state_ and its file
    Keystore keystore_;
    StateStore& store_;
    crypto::RecordCipher cipher_;
    VaultState state_;
    const agreement::KeyList own_;
    const tlog::LogKeys private_log_;
    const tlog::LogKeys shared_log_;
};

// What the receipt key signs.
Bytes receipt_signed_bytes(ByteView receipt);
// The keys of a log as a key list carries them. Errors: tlog.vkey.
Result<tlog::LogKeys> log_keys(const agreement::LogKeys& keys);
// A key list that its own root key signed. Errors: crypto.signature, agreement.key_list.
Result<agreement::KeyList> verify_key_list(ByteView key_list, ByteView signature);

} // namespace valise::vault
