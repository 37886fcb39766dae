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
template<> inline constexpr const char* kName<vault::CheckpointRequest> = "sign-checkpoint";
template<> inline constexpr const char* kName<SignedSizeCall> = "signed-size";
template<> inline constexpr const char* kName<CosignCall> = "cosign";
template<> inline constexpr const char* kName<ConfirmCall> = "confirm-peer";
template<> inline constexpr const char* kName<ReceiptCall> = "sign-receipt";
template<> inline constexpr const char* kName<vault::ResealRequest> = "reseal";
template<> inline constexpr const char* kName<vault::ShareRequest> = "release-share";
template<> inline constexpr const char* kName<Error> = "error";
template<> inline constexpr const char* kName<vault::Identity> = "identity-reply";
template<> inline constexpr const char* kName<vault::DaemonSecrets> = "daemon-secrets-reply";
template<> inline constexpr const char* kName<TextReply> = "text-reply";
template<> inline constexpr const char* kName<NumberReply> = "number-reply";
template<> inline constexpr const char* kName<vault::WitnessReply> = "witness-reply";
template<> inline constexpr const char* kName<BytesReply> = "bytes-reply";
template<> inline constexpr const char* kName<vault::ResealReply> = "reseal-reply";

template<class V, class T>
concept Of = std::same_as<std::remove_const_t<V>, T>;

void fields(auto&, Of<IdentityCall> auto&) {}
void fields(auto&, Of<SecretsCall> auto&) {}
void fields(auto& a, Of<SignedSizeCall> auto& v) {
    a.log("log", v.log);
}
void fields(auto& a, Of<CosignCall> auto& v) {
    a.text("body", v.body);
    a.time("now", v.now);
}
void fields(auto& a, Of<ConfirmCall> auto& v) {
    a.bytes("confirmation", v.confirmation);
    a.bytes("peer_key_list", v.peer_key_list);
    a.bytes("peer_key_list_signature", v.peer_key_list_signature);
    a.bytes("pair_act", v.pair_act);
}
void fields(auto& a, Of<vault::RecordedEvent> auto& v) {
    a.bytes("leaf", v.leaf);
    a.number("index", v.index);
    a.hashes("path", v.path);
    a.text("checkpoint", v.checkpoint);
    a.bytes("skeleton", v.skeleton);
    a.hash("skeleton_salt", v.skeleton_salt);
    a.hashes("field_leaves", v.field_leaves);
    a.bytes("signed_act", v.signed_act);
}
void fields(auto& a, Of<ReceiptCall> auto& v) {
    a.bytes("receipt", v.receipt);
    a.object("permit", v.permit);
}
void fields(auto& a, Of<vault::CheckpointRequest> auto& v) {
    a.log("log", v.log);
    a.number("size", v.size);
    a.hash("root", v.root);
    a.hashes("consistency", v.consistency);
    a.time("now", v.now);
}
void fields(auto& a, Of<vault::ResealRequest> auto& v) {
    a.object("permit", v.permit);
    a.objects("releases", v.releases);
    a.objects("appointments", v.appointments);
    a.text("dispatch", v.dispatch);
    a.text("item_number", v.item_number);
    a.text("recipient", v.recipient);
    a.text("level", v.level);
    a.text("label_xml", v.label_xml);
    a.hash("payload_root", v.payload_root);
    a.time("now", v.now);
}
void fields(auto& a, Of<vault::ShareRequest> auto& v) {
    a.object("permit", v.permit);
    a.object("enrolment", v.enrolment);
    a.object("clearance", v.clearance);
    a.object("grant", v.grant);
    a.bytes("manifest", v.manifest);
    a.hash("payload_root", v.payload_root);
    a.time("now", v.now);
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
