// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "vault/key_service_port.h"

#include <variant>

namespace valise::adapters::keysocket {

// The calls of vault::KeyService as values.
struct IdentityCall {};
struct SecretsCall {};
struct SignedSizeCall {
    vault::LogId log = vault::LogId::private_log;
};
struct CoseCall {
    vault::LogId log = vault::LogId::private_log;
};
struct CosignCall {
    std::string body;
};
struct ConfirmCall {
    Bytes confirmation;
    Bytes peer_key_list;
    Bytes peer_key_list_signature;
    Bytes pair_act;
};
struct ReceiptCall {
    Bytes receipt;
    std::uint64_t seq = 0;
};
struct NoticeCall {
    std::uint64_t seq = 0;
};
struct BagSignCall {
    Hash32 digest{};
};
struct BagKeyCall {
    Bytes wrapped;
    Hash32 header{};
};
struct BeginCall {
    Bytes terms;
    bool test_mode = false;
};
struct KnownCall {};
struct RecordCall {
    std::uint64_t from = 0;
    std::vector<vault::RecordedEvent> events;
};
struct ResealCall {
    std::string dispatch; // id
};
struct ShareCall {
    std::uint64_t permit = 0;
    Bytes manifest;
};
struct ShowCall {
    std::uint64_t permit = 0;
};

struct ExportCall {
    std::uint64_t permit = 0;
    Bytes manifest;
    vault::ShareRequest asked;
};

struct AskOpeningCall {
    std::uint64_t permit = 0;
    Bytes manifest;
};
struct GrantOpeningCall {
    std::uint64_t permit = 0;
    Bytes manifest;
};
struct ControlledCall {
    std::uint64_t permit = 0;
    Bytes manifest;
};

struct FollowCall {
    Bytes key_list;
    Bytes signature;
};

using Request =
    std::variant<IdentityCall, SecretsCall, BeginCall, KnownCall, RecordCall,
                 vault::CheckpointRequest, SignedSizeCall, CosignCall, ConfirmCall, ReceiptCall,
                 NoticeCall, ResealCall, ShareCall, ExportCall, BagSignCall, BagKeyCall,
                 vault::MirrorRequest, AskOpeningCall, GrantOpeningCall, ControlledCall,
                 vault::RecoveryRequest, FollowCall, ShowCall, CoseCall>;

struct BytesReply {
    Bytes bytes;
};
struct TextReply {
    std::string text;
};
struct NumberReply {
    std::uint64_t number = 0;
};

// An answer that is an error is read back as that error.
using Reply = std::variant<Error, vault::Identity, vault::DaemonSecrets, TextReply, NumberReply,
                           vault::WitnessReply, BytesReply, vault::ResealReply, vault::SharedKey,
                           vault::MirrorReply, vault::SignedText, vault::ControlledShares,
                           vault::RecoveryReply>;

// Whole frames, size in front. Errors: limit adapters.keys_limit, invalid adapters.keys_frame.
Result<SecretBytes> write_request(const Request& request);
Result<SecretBytes> write_reply(const Reply& reply);

// Frames without the size in front. What is read is written back as the same bytes. Errors: invalid
// adapters.keys_frame.
Result<Request> read_request(ByteView payload);
Result<Reply> read_reply(ByteView payload);

} // namespace valise::adapters::keysocket
