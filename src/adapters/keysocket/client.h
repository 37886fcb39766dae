// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vault/key_service_port.h"

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

namespace valise::adapters {

// The key service of another process, over its unix socket (docs/formats/key-socket.md). Safe to
// call from several threads; calls at the same time use a connection each. A connection is made at
// the first call. Errors: those of the service as it gave them; unavailable adapters.keys_down (not
// running, or it went away: whether the call was done is unknown), refused adapters.keys_owner (it
// runs neither as `user` nor, without one, as we do), invalid adapters.keys_frame, limit
// adapters.keys_limit.
class KeySocketClient : public vault::KeyService {
public:
    explicit KeySocketClient(std::string path, std::optional<uid_t> user = {});
    ~KeySocketClient() override;

    Result<vault::Identity> identity() override;
    Result<vault::DaemonSecrets> daemon_secrets() override;
    Result<std::uint64_t> begin(ByteView terms, bool test_mode) override;
    Result<std::uint64_t> known_events() override;
    Result<std::uint64_t> record(std::uint64_t from,
                                 const std::vector<vault::RecordedEvent>& events) override;
    Result<std::string> sign_checkpoint(const vault::CheckpointRequest& request) override;
    Result<Bytes> sign_cose(vault::LogId log) override;
    Result<std::uint64_t> signed_size(vault::LogId log) override;
    Result<vault::WitnessReply> cosign(const std::string& body) override;
    Result<vault::MirrorReply> mirror(const vault::MirrorRequest& request) override;
    Result<Bytes> confirm_peer(ByteView confirmation, ByteView peer_key_list,
                               ByteView peer_key_list_signature, ByteView pair_act) override;
    Result<Bytes> sign_receipt(ByteView receipt, std::uint64_t seq) override;
    Result<Bytes> sign_notice(std::uint64_t seq) override;
    Result<vault::RecoveryReply> recover(const vault::RecoveryRequest& request) override;
    Result<std::uint64_t> follow_peer(ByteView key_list, ByteView signature) override;
    Result<Bytes> sign_bag(const Hash32& digest) override;
    Result<SecretBytes> bag_key(ByteView wrapped, const Hash32& header_digest) override;
    // Both ends must be open files: in.descriptor() and `out_descriptor` are handed over, `out` is
    // not used. The reading side needs read access only. Errors also: invalid
    // adapters.keys_descriptor.
    Result<vault::ResealReply> reseal(const DispatchId& dispatch, const RandomSource& in,
                                      ByteSink& out, int out_descriptor) override;
    // Both must be open files as for reseal(); `pages` may be a pipe.
    Result<std::uint64_t> show(std::uint64_t permit, const RandomSource& in, int pages) override;
    Result<vault::SignedText> ask_opening(std::uint64_t permit, ByteView manifest) override;
    Result<vault::SignedText> grant_opening(std::uint64_t permit, ByteView manifest) override;
    Result<vault::ControlledShares> release_controlled(std::uint64_t permit,
                                                       ByteView manifest) override;
    Result<Bytes> release_share(std::uint64_t permit, ByteView manifest) override;
    Result<vault::SharedKey> export_share(std::uint64_t permit, ByteView manifest,
                                          const vault::ShareRequest& asked) override;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace valise::adapters
