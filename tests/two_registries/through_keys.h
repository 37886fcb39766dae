// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vault/vault.h"

#include <functional>

namespace valise::testing {

// A key process that is slow, or away.
class ThroughKeys : public vault::KeyService {
public:
    explicit ThroughKeys(vault::Vault& vault) : vault_(vault) {}

    std::function<void()> before_record = [] {}; // asked to read events
    std::function<void()> before_sign = [] {};
    bool down = false;

    Result<vault::Identity> identity() override { return asked(&vault::Vault::identity); }
    Result<vault::DaemonSecrets> daemon_secrets() override {
        return asked(&vault::Vault::daemon_secrets);
    }
    Result<std::uint64_t> begin(ByteView terms, bool test_mode) override {
        return asked(&vault::Vault::begin, terms, test_mode);
    }
    Result<std::uint64_t> known_events() override { return asked(&vault::Vault::known_events); }
    Result<std::uint64_t> record(std::uint64_t from,
                                 const std::vector<vault::RecordedEvent>& events) override {
        before_record();
        return asked(&vault::Vault::record, from, events);
    }
    Result<std::string> sign_checkpoint(const vault::CheckpointRequest& request) override {
        before_sign();
        return asked(&vault::Vault::sign_checkpoint, request);
    }
    Result<Bytes> sign_cose(vault::LogId log) override {
        return asked(&vault::Vault::sign_cose, log);
    }
    Result<std::uint64_t> signed_size(vault::LogId log) override {
        return asked(&vault::Vault::signed_size, log);
    }
    Result<vault::WitnessReply> cosign(const std::string& body) override {
        return asked(&vault::Vault::cosign, body);
    }
    Result<vault::MirrorReply> mirror(const vault::MirrorRequest& request) override {
        return asked(&vault::Vault::mirror, request);
    }
    Result<Bytes> confirm_peer(ByteView confirmation, ByteView list, ByteView signature,
                               ByteView act) override {
        return asked(&vault::Vault::confirm_peer, confirmation, list, signature, act);
    }
    Result<vault::RecoveryReply> recover(const vault::RecoveryRequest& request) override {
        return asked(&vault::Vault::recover, request);
    }
    Result<std::uint64_t> follow_peer(ByteView list, ByteView signature) override {
        return asked(&vault::Vault::follow_peer, list, signature);
    }
    Result<Bytes> sign_receipt(ByteView receipt, std::uint64_t seq) override {
        return asked(&vault::Vault::sign_receipt, receipt, seq);
    }
    Result<Bytes> sign_notice(std::uint64_t seq) override {
        return asked(&vault::Vault::sign_notice, seq);
    }
    Result<vault::ResealReply> reseal(const DispatchId& dispatch, const RandomSource& in,
                                      ByteSink& out, int descriptor) override {
        if (down)
            return away();
        return vault_.reseal(dispatch, in, out, descriptor);
    }
    Result<Bytes> release_share(std::uint64_t permit, ByteView manifest) override {
        return asked(&vault::Vault::release_share, permit, manifest);
    }
    Result<Bytes> sign_bag(const Hash32& digest) override {
        return asked(&vault::Vault::sign_bag, digest);
    }
    Result<SecretBytes> bag_key(ByteView wrapped, const Hash32& header) override {
        return asked(&vault::Vault::bag_key, wrapped, header);
    }
    Result<vault::SharedKey> export_share(std::uint64_t permit, ByteView manifest,
                                          const vault::ShareRequest& request) override {
        return asked(&vault::Vault::export_share, permit, manifest, request);
    }
    Result<std::uint64_t> show(std::uint64_t permit, const RandomSource& in, int pages) override {
        if (down)
            return away();
        return vault_.show(permit, in, pages);
    }
    Result<vault::SignedText> ask_opening(std::uint64_t permit, ByteView manifest) override {
        return asked(&vault::Vault::ask_opening, permit, manifest);
    }
    Result<vault::SignedText> grant_opening(std::uint64_t permit, ByteView manifest) override {
        return asked(&vault::Vault::grant_opening, permit, manifest);
    }
    Result<vault::ControlledShares> release_controlled(std::uint64_t permit,
                                                       ByteView manifest) override {
        return asked(&vault::Vault::release_controlled, permit, manifest);
    }

private:
    struct Away {
        template<class T> operator Result<T>() const { // NOLINT: what fails fits every answer
            return fail(Code::unavailable, "adapters.keys_down", "the key process is away");
        }
    };
    static Away away() { return {}; }
    template<class R, class... P, class... A>
    Result<R> asked(Result<R> (vault::Vault::*what)(P...), A&&... words) {
        if (down)
            return away();
        return (vault_.*what)(std::forward<A>(words)...);
    }

    vault::Vault& vault_;
};

} // namespace valise::testing
