// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/recorded_event.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/io.h"
#include "base/secret.h"

#include <string>
#include <vector>

namespace valise::vault {

using audit::RecordedEvent;
using audit::rests_on_opening;

// How many events, and about how many bytes of them, are shown at once at most.
inline constexpr std::size_t kMaxShownEvents = 256;
inline constexpr std::size_t kMaxShownBytes = 4 << 20;

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
    std::vector<Hash32> consistency; // shared log: from the size that was signed last
};

struct WitnessReply { // status codes of tlog-witness
    unsigned status = 0;
    std::string body;
};

// Leaves of the peer's shared log that the daemon holds, shown from the first one on, and the
// checkpoint that is to be cosigned as mirrored once all of its leaves were shown.
struct MirrorRequest {
    std::uint64_t from = 0; // number of the first leaf
    Bytes leaves;           // kMirrorLeaf bytes each, may be empty
    std::string checkpoint; // empty: nothing is to be cosigned yet
};
inline constexpr std::size_t kMirrorLeaf = 256;
inline constexpr std::size_t kMirrorShown = 8192; // leaves at once
struct MirrorReply {
    std::uint64_t leaves = 0; // that were shown since the start
    std::string lines;        // cosignatures; empty when none were asked for
};

struct ResealReply {
    Bytes manifest;
    Bytes statement;
    Hash32 payload_root{};
    std::uint64_t container_bytes = 0;
};

// The key access object that a client asks to have opened, as it stands in the client's file.
struct ShareRequest {
    std::string policy;
    Bytes wrapped_key;
    std::string ephemeral_key;
    std::string binding;
};
// Under the client's session key; `ephemeral_key` where that is one of a curve.
struct SharedKey {
    Bytes wrapped;
    std::string ephemeral_key;
};

// A text and the receipt key's signature on it.
struct SignedText {
    Bytes text;
    Bytes signature;
};

// Both shares of a controlled item, wrapped to the reader's session key.
struct ControlledShares {
    Bytes share;
    Bytes originators;
    std::optional<Time> lease; // opened unasked, under a permission until then
};

// A book that was restored from a backup and lacks events which were signed. Step by step:
// without a permit, from which tree on events are checked (`private_note`, a checkpoint of this
// registry's own); with the permit of a "recover", the new epoch. `shared_note`: a checkpoint of
// the own shared log, of leaves that the daemon holds again; empty: it holds none.
struct RecoveryRequest {
    std::uint64_t permit = 0;
    std::string private_note;
    std::string shared_note;
};
struct RecoveryReply {
    std::uint64_t signed_size = 0; // of the private log that was signed last and is now closed
    Hash32 root{};
    Bytes key_list; // with a permit: the new one, with the new origins
    Bytes key_list_signature;
};

// Port: the process that holds the keys. Every refusal is Code::refused with a reason "vault.*", so
// that the daemon can show it; nothing secret is in it.
class KeyService {
public:
    virtual ~KeyService() = default;
    virtual Result<Identity> identity() = 0;
    virtual Result<DaemonSecrets> daemon_secrets() = 0;

    // The registry's private log, event by event. The vault checks each one as an outsider would
    // and decides its act again, and does nothing for the daemon that this log does not permit.
    //
    // Under which terms: the first ones named are the only ones ever. Returns the number of events
    // known so far, 0 after a start. Errors: vault.terms; those of the terms.
    virtual Result<std::uint64_t> begin(ByteView terms, bool test_mode) = 0;
    // 0 also when it waits for begin().
    virtual Result<std::uint64_t> known_events() = 0;
    // The events from number `from` on, which must be the number known. Openings of events that
    // were signed before may be missing; signatures and decisions of such events are not checked
    // again, their root is. Those before a refused one are kept. Returns the number known then.
    // Errors: vault.event, vault.not_begun, vault.sequence, vault.inconsistent (another log than
    // the one signed; begin() anew).
    virtual Result<std::uint64_t> record(std::uint64_t from,
                                         const std::vector<RecordedEvent>& events) = 0;

    // The new checkpoint as a signed note with the log's Ed25519 and ML-DSA-44 lines. Of the
    // private log only the tree of exactly the events known; of the shared log one that is
    // consistent with the last one signed.
    virtual Result<std::string> sign_checkpoint(const CheckpointRequest& request) = 0;
    // The tree signed last once more, as tlog::signed_trees() of its root under both keys of the
    // log. Errors: vault.no_tree (none was signed yet).
    virtual Result<Bytes> sign_cose(LogId log) = 0;
    // The size signed last; 0 when none.
    virtual Result<std::uint64_t> signed_size(LogId log) = 0;
    // Cosigns the peer's checkpoint: `body` is a tlog-witness add-checkpoint request.
    virtual Result<WitnessReply> cosign(const std::string& body) = 0;
    // Takes the leaves when they follow on from those shown before, else only says how many those
    // are; then cosigns the checkpoint as mirrored, when it is of exactly these leaves, signed by
    // the peer, and one with every tree of that log that was cosigned before. Errors: vault.mirror,
    // vault.no_mirror (a keystore without the key), vault.no_peer.
    virtual Result<MirrorReply> mirror(const MirrorRequest& request) = 0;
    // Root signature on the pairing confirmation; remembers the peer's root. `pair_act` is the
    // signed act of the founding control officer that names the fingerprint.
    virtual Result<Bytes> confirm_peer(ByteView confirmation, ByteView peer_key_list,
                                       ByteView peer_key_list_signature, ByteView pair_act) = 0;
    // Errors: vault.not_behind (nothing larger was signed than the tree named), vault.recovery (the
    // permit is not one of exactly this state), vault.not_begun.
    virtual Result<RecoveryReply> recover(const RecoveryRequest& request) = 0;
    // The confirmed peer's next key list: signed by the same root, of a greater serial, with the
    // same keys, and logs that differ by their epoch alone. Returns its serial; an older or equal
    // one changes nothing. Errors: vault.peer_keys, vault.no_peer, those of key lists.
    virtual Result<std::uint64_t> follow_peer(ByteView key_list, ByteView signature) = 0;
    // What follows rests on events that are known and stand in a signed tree.
    //
    // Hybrid signature of the receipt key on receipt bytes, for the arrival or the permitted
    // contents receipt that is event `seq`.
    virtual Result<Bytes> sign_receipt(ByteView receipt, std::uint64_t seq) = 0;
    // The same key's signature on the notice that the permitted give-notice `seq` gives: the vault
    // makes the notice from its own book.
    virtual Result<Bytes> sign_notice(std::uint64_t seq) = 0;
    // Seals the item of a permitted dispatch anew for the confirmed peer.
    virtual Result<ResealReply> reseal(const DispatchId& dispatch, const RandomSource& in,
                                       ByteSink& out, int out_descriptor) = 0;
    // The DEK share of the file with this manifest, wrapped (hybrid envelope) to the session key in
    // the reader's act that event `permit` permitted, when it would still be permitted now.
    virtual Result<Bytes> release_share(std::uint64_t permit, ByteView manifest) = 0;

    // Media that a courier carries. What is packed is the daemon's affair, as it is on the wire;
    // the key that comes out of a wrapped share is one of bags alone, never of a document.
    //
    // The receipt key's signature on envelope::bag_signed_bytes().
    virtual Result<Bytes> sign_bag(const Hash32& digest) = 0;
    // envelope::bag_key() of a share that was wrapped to this registry. Errors: crypto.unwrap.
    virtual Result<SecretBytes> bag_key(ByteView wrapped, const Hash32& header_digest) = 0;
    // The same for the client of the attested export that event `permit` permitted, to the session
    // key in that act: RSA-OAEP, or ECDH on the client's curve, as clients in the field ask.
    virtual Result<SharedKey> export_share(std::uint64_t permit, ByteView manifest,
                                           const ShareRequest& asked) = 0;

    // The document of the open permit `permit`, whose act names no session key, to the renderer
    // that this process was told of, and to nobody else; the page images go to `pages`, which must
    // be open for writing. Returns the bytes of the document. Errors: unavailable
    // vault.no_renderer, refused vault.reading_place (the act is for another place), render.* (what
    // the renderer said); those of release_share() and release_controlled().
    virtual Result<std::uint64_t> show(std::uint64_t permit, const RandomSource& in, int pages) = 0;

    // Controlled items, of which the originator's key process holds the other share.
    //
    // logbook::OpeningAsk for the open permit `permit` to read. Errors: vault.control; those of
    // release_share().
    virtual Result<SignedText> ask_opening(std::uint64_t permit, ByteView manifest) = 0;
    // logbook::OpeningAnswer of the permitted permit-opening `permit`, with the manifest of the
    // dispatch as it was sent. Errors: vault.granting, vault.dispatch, vault.withdrawn (recalled,
    // narrowed or of another class since the permit).
    virtual Result<SignedText> grant_opening(std::uint64_t permit, ByteView manifest) = 0;
    // As release_share(), once the answer to the ask stands in the log, or under a lease. Errors:
    // vault.unanswered, vault.unasked (another process asked, or something else was).
    virtual Result<ControlledShares> release_controlled(std::uint64_t permit,
                                                        ByteView manifest) = 0;
};

} // namespace valise::vault
