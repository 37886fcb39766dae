// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "tlog/note.h"

namespace valise::tlog {

//= c2sp.org/tlog-checkpoint
// A log's origin, its size in leaves and its root. A Checkpoint in hand is one that this side made
// or that SignedCheckpoint::verify() returned; what a peer only claims stays a SignedCheckpoint.
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash32 root{};

    bool operator==(const Checkpoint&) const = default;

    // Three lines. Extension lines are never written: ML-DSA cosignatures do not cover them.
    std::string text() const;
    // Exactly what text() writes; extension lines are refused. Errors: tlog.checkpoint.
    static Result<Checkpoint> parse(std::string_view text);
};

// The keys of one log. Both algorithms are needed, so that neither a quantum computer nor a flaw in
// the newer scheme is enough to forge a checkpoint.
class LogKeys {
public:
    // One key of type 0x01 and one of 0x06, both named as the origin. Errors: tlog.vkey.
    static Result<LogKeys> make(Verifier ed25519, Verifier ml_dsa_44);
    // From raw public keys. Errors: tlog.vkey.
    static Result<LogKeys> make(const std::string& origin, ByteView ed25519, ByteView ml_dsa_44);

    const std::string& origin() const { return ed25519_.name(); }
    const Verifier& ed25519() const { return ed25519_; }
    const Verifier& ml_dsa_44() const { return ml_dsa_44_; }

private:
    LogKeys(Verifier ed25519, Verifier ml_dsa_44)
        : ed25519_(std::move(ed25519)), ml_dsa_44_(std::move(ml_dsa_44)) {}

    Verifier ed25519_;
    Verifier ml_dsa_44_;
};

// A well-formed checkpoint note of which no signature was checked.
class SignedCheckpoint {
public:
    // Errors: tlog.note, tlog.checkpoint.
    static Result<SignedCheckpoint> parse(ByteView note);
    // Errors: tlog.note.
    static Result<SignedCheckpoint> make(const Checkpoint& checkpoint,
                                         std::vector<NoteSignature> signatures);

    // For looking up keys and state; believe none of it before verify().
    const std::string& claimed_origin() const { return claimed_.origin; }
    std::uint64_t claimed_size() const { return claimed_.size; }
    const Hash32& claimed_root() const { return claimed_.root; }
    std::span<const NoteSignature> signatures() const { return note_.signatures(); }
    std::string print() const { return note_.print(); }
    // Errors: tlog.note when there are too many.
    Result<void> add(NoteSignature signature) { return note_.add(std::move(signature)); }

    // Of the log's own origin, signed by both of its keys, and no line by them bad. Unknown lines
    // are ignored. Errors: tlog.origin (not_found), tlog.signature (integrity), tlog.root (size 0
    // with another root than the empty tree's; integrity).
    Result<Checkpoint> verify(const LogKeys& log) const;
    // The signatures alone, without the rule for size 0: a witness answers the two apart.
    Result<Checkpoint> verify_signatures(const LogKeys& log) const;

private:
    SignedCheckpoint(Note note, Checkpoint claimed)
        : note_(std::move(note)), claimed_(std::move(claimed)) {}

    Note note_;
    Checkpoint claimed_;
};

// The two lines of a log over its own checkpoint, Ed25519 0x01 and ML-DSA-44 0x06; `now` stands in
// the second. Borrows the keys for the call. Errors: tlog.vkey, tlog.cosignature, those of the
// keys.
Result<std::vector<NoteSignature>> sign_checkpoint(const Checkpoint& checkpoint,
                                                   const crypto::SigningKey& ed25519,
                                                   const crypto::SigningKey& ml_dsa_44, Time now);

} // namespace valise::tlog
