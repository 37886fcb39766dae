// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/io.h"
#include "base/secret.h"

#include <optional>

namespace valise::vault {

// Proof that an event stands in one of this party's private log: the vault checks it against a
// checkpoint that it signed itself, so nothing counts as recorded because the daemon says so.
struct RecordedEvent {
    Bytes leaf; // 256 bytes
    std::uint64_t index = 0;
    std::vector<Hash32> path; // inclusion in `checkpoint`
    std::string checkpoint;   // signed note of the private log
    Bytes skeleton;           // canonical JSON
    Hash32 skeleton_salt{};
    std::vector<Hash32> field_leaves; // of all fields, field 0 first
    Bytes signed_act;                 // empty for acts of the registry itself
};

// What the vault says of itself; all public.
struct Identity {
    std::string party;
    Bytes key_list;           // canonical JSON, vault/key_list.h
    Bytes key_list_signature; // hybrid, by the root key
    Bytes root_public;        // ed25519 || ml-dsa-87
    bool peer_trusted = false;
};

// Whose word founds everything else: the officers that are named when the registry is created.
// They lie inside the sealed keystore, so that the daemon cannot put others in their place and no
// name stands on the disk in clear.
struct Founder {
    std::string name;
    Bytes key; // Ed25519 public key
};
struct Founders {
    Founder control_officer;
    Founder clearance_officer;
};

// What only the daemon of this registry gets, at start.
struct DaemonSecrets {
    SecretBytes tls_private_key; // PKCS#8 DER
    Bytes tls_certificate;       // DER
    SecretBytes storage_key;     // 32 bytes, for openings at rest
    Founders founders;           // their names are nobody else's affair
};

enum class LogId : std::uint8_t { private_log = 0, shared_log = 1 };

struct CheckpointRequest {
    LogId log = LogId::private_log;
    std::uint64_t size = 0;
    Hash32 root{};
    std::vector<Hash32> consistency; // from the size that was signed last
    Time now;
};

struct WitnessReply { // status codes of tlog-witness
    unsigned status = 0;
    std::string body;
};

// Seal anew for the receiver: the permit must be a recorded dispatch, the releases recorded acts of
// different persons whose appointments are recorded acts of the founding control officer.
struct ResealRequest {
    RecordedEvent permit;
    std::vector<RecordedEvent> releases;
    std::vector<RecordedEvent> appointments; // of the releasing persons
    std::string dispatch;                    // id
    std::string item_number;                 // register number, for the statement
    std::string recipient;                   // party
    std::string level;                       // level code
    std::string label_xml;
    Hash32 payload_root{}; // of the file at rest, as recorded
    Time now;
};

struct ResealReply {
    Bytes manifest;
    Bytes statement;
    Hash32 payload_root{};
    std::uint64_t container_bytes = 0;
};

// Release a share to the session key that the reader's signed act names.
struct ShareRequest {
    RecordedEvent permit;    // the permitted "open", with the reader's signed act
    RecordedEvent enrolment; // of the reader, signed by the founding control officer
    RecordedEvent clearance; // signed by the founding clearance officer
    RecordedEvent grant;     // need-to-know, signed by the founding control officer
    Bytes manifest;          // of the sealed file
    Hash32 payload_root{};   // as recorded for the item
    Time now;
};

// Port: the process that holds the keys. Every refusal is Code::refused with a reason "vault.*", so
// that the daemon can show it; nothing secret is in it.
class KeyService {
public:
    virtual ~KeyService() = default;
    virtual Result<Identity> identity() = 0;
    virtual Result<DaemonSecrets> daemon_secrets() = 0;
    // The new checkpoint as a signed note with the log's Ed25519 and ML-DSA-44 lines. Refused when
    // it is not consistent with the last one signed.
    virtual Result<std::string> sign_checkpoint(const CheckpointRequest& request) = 0;
    // The size signed last; 0 when none.
    virtual Result<std::uint64_t> signed_size(LogId log) = 0;
    // Cosigns the peer's checkpoint: `body` is a tlog-witness add-checkpoint request.
    virtual Result<WitnessReply> cosign(const std::string& body, Time now) = 0;
    // Root signature on the pairing confirmation; remembers the peer's root. `pair_act` is the
    // signed act of the founding control officer that names the fingerprint.
    virtual Result<Bytes> confirm_peer(ByteView confirmation, ByteView peer_key_list,
                                       ByteView peer_key_list_signature, ByteView pair_act) = 0;
    // Hybrid signature of the receipt key on receipt bytes, for a recorded arrival or reading.
    virtual Result<Bytes> sign_receipt(ByteView receipt, const RecordedEvent& permit) = 0;
    virtual Result<ResealReply> reseal(const ResealRequest& request, const RandomSource& in,
                                       ByteSink& out, int out_descriptor) = 0;
    // The DEK share wrapped to the session key of the act in `permit` (hybrid envelope).
    virtual Result<Bytes> release_share(const ShareRequest& request) = 0;
};

} // namespace valise::vault
