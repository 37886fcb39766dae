// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/keysocket/internal/protocol.h"

#include <concepts>

namespace valise::adapters::keysocket {

// The members of every message, once for writing and reading: `a` is the Writer or the Reader of
// protocol.cpp, `v` a constant value or one that is being filled. The order is that of the parts.

template<class T> inline constexpr const char* kName = nullptr;
template<> inline constexpr const char* kName<IdentityCall> = "identity";
template<> inline constexpr const char* kName<SecretsCall> = "daemon-secrets";
template<> inline constexpr const char* kName<BeginCall> = "begin";
template<> inline constexpr const char* kName<KnownCall> = "known-events";
template<> inline constexpr const char* kName<RecordCall> = "record";
template<> inline constexpr const char* kName<vault::CheckpointRequest> = "sign-checkpoint";
template<> inline constexpr const char* kName<SignedSizeCall> = "signed-size";
template<> inline constexpr const char* kName<CosignCall> = "cosign";
template<> inline constexpr const char* kName<ConfirmCall> = "confirm-peer";
template<> inline constexpr const char* kName<ReceiptCall> = "sign-receipt";
template<> inline constexpr const char* kName<NoticeCall> = "sign-notice";
template<> inline constexpr const char* kName<ResealCall> = "reseal";
template<> inline constexpr const char* kName<ShareCall> = "release-share";
template<> inline constexpr const char* kName<BagSignCall> = "sign-bag";
template<> inline constexpr const char* kName<BagKeyCall> = "bag-key";
template<> inline constexpr const char* kName<ExportCall> = "export-share";
template<> inline constexpr const char* kName<vault::MirrorRequest> = "mirror";
template<> inline constexpr const char* kName<AskOpeningCall> = "ask-opening";
template<> inline constexpr const char* kName<GrantOpeningCall> = "grant-opening";
template<> inline constexpr const char* kName<ControlledCall> = "release-controlled";
template<> inline constexpr const char* kName<vault::RecoveryRequest> = "recover";
template<> inline constexpr const char* kName<FollowCall> = "follow-peer";
template<> inline constexpr const char* kName<ShowCall> = "show";
template<> inline constexpr const char* kName<CoseCall> = "sign-cose";
template<> inline constexpr const char* kName<Error> = "error";
template<> inline constexpr const char* kName<vault::Identity> = "identity-reply";
template<> inline constexpr const char* kName<vault::DaemonSecrets> = "daemon-secrets-reply";
template<> inline constexpr const char* kName<TextReply> = "text-reply";
template<> inline constexpr const char* kName<NumberReply> = "number-reply";
template<> inline constexpr const char* kName<vault::WitnessReply> = "witness-reply";
template<> inline constexpr const char* kName<BytesReply> = "bytes-reply";
template<> inline constexpr const char* kName<vault::ResealReply> = "reseal-reply";
template<> inline constexpr const char* kName<vault::SharedKey> = "export-share-reply";
template<> inline constexpr const char* kName<vault::MirrorReply> = "mirror-reply";
template<> inline constexpr const char* kName<vault::SignedText> = "signed-reply";
template<> inline constexpr const char* kName<vault::ControlledShares> = "controlled-reply";
template<> inline constexpr const char* kName<vault::RecoveryReply> = "recover-reply";

template<class V, class T>
concept Of = std::same_as<std::remove_const_t<V>, T>;

void fields(auto&, Of<IdentityCall> auto&) {}
void fields(auto&, Of<SecretsCall> auto&) {}
void fields(auto& a, Of<SignedSizeCall> auto& v) {
    a.log("log", v.log);
}
void fields(auto& a, Of<CoseCall> auto& v) {
    a.log("log", v.log);
}
void fields(auto& a, Of<CosignCall> auto& v) {
    a.text("body", v.body);
}
void fields(auto& a, Of<ConfirmCall> auto& v) {
    a.bytes("confirmation", v.confirmation);
    a.bytes("peer_key_list", v.peer_key_list);
    a.bytes("peer_key_list_signature", v.peer_key_list_signature);
    a.bytes("pair_act", v.pair_act);
}
void fields(auto&, Of<KnownCall> auto&) {}
void fields(auto& a, Of<BeginCall> auto& v) {
    a.bytes("terms", v.terms);
    a.boolean("test_mode", v.test_mode);
}
void fields(auto& a, Of<vault::RecordedEvent> auto& v) {
    a.bytes("leaf", v.leaf);
    a.bytes("skeleton", v.skeleton);
    a.hash("salt", v.salt);
    a.hashes("fields", v.fields);
    a.hash_or_none("record_salt", v.record_salt);
    a.bytes("opening", v.opening);
}
void fields(auto& a, Of<RecordCall> auto& v) {
    a.number("from", v.from);
    a.objects("events", v.events);
}
void fields(auto& a, Of<ReceiptCall> auto& v) {
    a.bytes("receipt", v.receipt);
    a.number("seq", v.seq);
}
void fields(auto& a, Of<BagSignCall> auto& v) {
    a.hash("digest", v.digest);
}
void fields(auto& a, Of<BagKeyCall> auto& v) {
    a.bytes("wrapped", v.wrapped);
    a.hash("header", v.header);
}
void fields(auto& a, Of<NoticeCall> auto& v) {
    a.number("seq", v.seq);
}
void fields(auto& a, Of<vault::CheckpointRequest> auto& v) {
    a.log("log", v.log);
    a.number("size", v.size);
    a.hash("root", v.root);
    a.hashes("consistency", v.consistency);
}
void fields(auto& a, Of<ResealCall> auto& v) {
    a.text("dispatch", v.dispatch);
}
void fields(auto& a, Of<ShareCall> auto& v) {
    a.number("permit", v.permit);
    a.bytes("manifest", v.manifest);
}
void fields(auto& a, Of<ShowCall> auto& v) {
    a.number("permit", v.permit);
}
void fields(auto& a, Of<ExportCall> auto& v) {
    a.number("permit", v.permit);
    a.bytes("manifest", v.manifest);
    a.text("policy", v.asked.policy);
    a.bytes("wrapped_key", v.asked.wrapped_key);
    a.text("ephemeral_key", v.asked.ephemeral_key);
    a.text("binding", v.asked.binding);
}
void fields(auto& a, Of<vault::MirrorRequest> auto& v) {
    a.number("from", v.from);
    a.bytes("leaves", v.leaves);
    a.text("checkpoint", v.checkpoint);
}
void fields(auto& a, Of<vault::MirrorReply> auto& v) {
    a.number("leaves", v.leaves);
    a.text("lines", v.lines);
}
void fields(auto& a, Of<AskOpeningCall> auto& v) {
    a.number("permit", v.permit);
    a.bytes("manifest", v.manifest);
}
void fields(auto& a, Of<GrantOpeningCall> auto& v) {
    a.number("permit", v.permit);
    a.bytes("manifest", v.manifest);
}
void fields(auto& a, Of<ControlledCall> auto& v) {
    a.number("permit", v.permit);
    a.bytes("manifest", v.manifest);
}
void fields(auto& a, Of<vault::RecoveryRequest> auto& v) {
    a.number("permit", v.permit);
    a.text("private_note", v.private_note);
    a.text("shared_note", v.shared_note);
}
void fields(auto& a, Of<vault::RecoveryReply> auto& v) {
    a.number("signed_size", v.signed_size);
    a.hash("root", v.root);
    a.bytes("key_list", v.key_list);
    a.bytes("key_list_signature", v.key_list_signature);
}
void fields(auto& a, Of<FollowCall> auto& v) {
    a.bytes("key_list", v.key_list);
    a.bytes("signature", v.signature);
}
void fields(auto& a, Of<vault::SignedText> auto& v) {
    a.bytes("text", v.text);
    a.bytes("signature", v.signature);
}
void fields(auto& a, Of<vault::ControlledShares> auto& v) {
    a.bytes("share", v.share);
    a.bytes("originators", v.originators);
    a.time_or_none("lease", v.lease);
}
void fields(auto& a, Of<vault::SharedKey> auto& v) {
    a.bytes("wrapped", v.wrapped);
    a.text("ephemeral_key", v.ephemeral_key);
}
void fields(auto& a, Of<vault::Identity> auto& v) {
    a.text("party", v.party);
    a.bytes("key_list", v.key_list);
    a.bytes("key_list_signature", v.key_list_signature);
    a.bytes("root_public", v.root_public);
    a.boolean("peer_trusted", v.peer_trusted);
}
void fields(auto& a, Of<vault::DaemonSecrets> auto& v) {
    a.secret("tls_private_key", v.tls_private_key);
    a.bytes("tls_certificate", v.tls_certificate);
    a.secret("storage_key", v.storage_key);
    a.text("control_officer_name", v.founders.control_officer.name);
    a.bytes("control_officer_key", v.founders.control_officer.key);
    a.text("clearance_officer_name", v.founders.clearance_officer.name);
    a.bytes("clearance_officer_key", v.founders.clearance_officer.key);
}
void fields(auto& a, Of<TextReply> auto& v) {
    a.text("text", v.text);
}
void fields(auto& a, Of<NumberReply> auto& v) {
    a.number("number", v.number);
}
void fields(auto& a, Of<vault::WitnessReply> auto& v) {
    a.status("status", v.status);
    a.text("body", v.body);
}
void fields(auto& a, Of<BytesReply> auto& v) {
    a.bytes("bytes", v.bytes);
}
void fields(auto& a, Of<vault::ResealReply> auto& v) {
    a.bytes("manifest", v.manifest);
    a.bytes("statement", v.statement);
    a.hash("payload_root", v.payload_root);
    a.number("container_bytes", v.container_bytes);
}

} // namespace valise::adapters::keysocket
