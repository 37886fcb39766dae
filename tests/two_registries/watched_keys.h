// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vault/key_service_port.h"

#include <functional>

namespace valise::testing {

// The key process as it is, and what a daemon that was taken over could ask of it around a client's
// share.
class WatchedKeys : public vault::KeyService {
public:
    explicit WatchedKeys(vault::KeyService& inner) : inner_(inner) {}

    using Around = std::function<void(std::uint64_t permit, ByteView manifest,
                                      const vault::ShareRequest& asked)>;
    Around before_share = [](std::uint64_t, ByteView, const vault::ShareRequest&) {};
    Around after_share = before_share;
    Around before_ask = before_share; // asks for nothing by itself

    Result<vault::SharedKey> export_share(std::uint64_t permit, ByteView manifest,
                                          const vault::ShareRequest& asked) override {
        before_share(permit, manifest, asked);
        auto share = inner_.export_share(permit, manifest, asked);
        after_share(permit, manifest, asked);
        return share;
    }
    Result<vault::SignedText> ask_opening(std::uint64_t permit, ByteView manifest) override {
        before_ask(permit, manifest, {});
        return inner_.ask_opening(permit, manifest);
    }

    Result<vault::Identity> identity() override { return inner_.identity(); }
    Result<vault::DaemonSecrets> daemon_secrets() override { return inner_.daemon_secrets(); }
    Result<std::uint64_t> begin(ByteView terms, bool test_mode) override {
        return inner_.begin(terms, test_mode);
    }
    Result<std::uint64_t> known_events() override { return inner_.known_events(); }
    Result<std::uint64_t> record(std::uint64_t from,
                                 const std::vector<vault::RecordedEvent>& events) override {
        return inner_.record(from, events);
    }
    Result<std::string> sign_checkpoint(const vault::CheckpointRequest& request) override {
        return inner_.sign_checkpoint(request);
    }
    Result<Bytes> sign_cose(vault::LogId log) override { return inner_.sign_cose(log); }
    Result<std::uint64_t> signed_size(vault::LogId log) override { return inner_.signed_size(log); }
    Result<vault::WitnessReply> cosign(const std::string& body) override {
        return inner_.cosign(body);
    }
    Result<vault::MirrorReply> mirror(const vault::MirrorRequest& request) override {
        return inner_.mirror(request);
    }
    Result<Bytes> confirm_peer(ByteView confirmation, ByteView list, ByteView signature,
                               ByteView pair_act) override {
        return inner_.confirm_peer(confirmation, list, signature, pair_act);
    }
    Result<vault::RecoveryReply> recover(const vault::RecoveryRequest& request) override {
        return inner_.recover(request);
    }
    Result<std::uint64_t> follow_peer(ByteView list, ByteView signature) override {
        return inner_.follow_peer(list, signature);
    }
    Result<Bytes> sign_receipt(ByteView receipt, std::uint64_t seq) override {
        return inner_.sign_receipt(receipt, seq);
    }
    Result<Bytes> sign_notice(std::uint64_t seq) override { return inner_.sign_notice(seq); }
    Result<Bytes> sign_bag(const Hash32& digest) override { return inner_.sign_bag(digest); }
    Result<SecretBytes> bag_key(ByteView wrapped, const Hash32& header) override {
        return inner_.bag_key(wrapped, header);
    }
    Result<vault::ResealReply> reseal(const DispatchId& dispatch, const RandomSource& in,
                                      ByteSink& out, int descriptor) override {
        return inner_.reseal(dispatch, in, out, descriptor);
    }
    Result<Bytes> release_share(std::uint64_t permit, ByteView manifest) override {
        return inner_.release_share(permit, manifest);
    }
    Result<std::uint64_t> show(std::uint64_t permit, const RandomSource& in, int pages) override {
        return inner_.show(permit, in, pages);
    }
    Result<vault::SignedText> grant_opening(std::uint64_t permit, ByteView manifest) override {
        return inner_.grant_opening(permit, manifest);
    }
    Result<vault::ControlledShares> release_controlled(std::uint64_t permit,
                                                       ByteView manifest) override {
        return inner_.release_controlled(permit, manifest);
    }

private:
    vault::KeyService& inner_;
};

} // namespace valise::testing
