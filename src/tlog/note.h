// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "crypto/sign.h"

#include <span>

namespace valise::tlog {

//= c2sp.org/signed-note
inline constexpr std::size_t kMaxNoteSize = 1'000'000;
inline constexpr std::size_t kMaxNoteSignatures = 100;

// The first byte of a key: what its signatures cover.
enum class KeyType : Byte {
    ed25519 = 0x01,           // the note's text
    cosigner_ed25519 = 0x04,  // a time and the checkpoint's text
    cosigner_ml_dsa_44 = 0x06 // a time, names and a (sub)tree
};

// One signature line. `blob` is what follows the 4-byte key id.
struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    Bytes blob;

    bool operator==(const NoteSignature&) const = default;

    // "— name base64\n".
    std::string line() const;
    // One line with its line feed. Errors: tlog.note.
    static Result<NoteSignature> parse(std::string_view line);
};

// Non-empty UTF-8 of at most 255 bytes without space, control character or '+'.
bool is_key_name(std::string_view name);

// Signature lines only, at least one: what a witness answers. Errors: tlog.note.
Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

// A text with signatures, none of which was checked.
class Note {
public:
    // Strict, within the limits above. Errors: tlog.note.
    static Result<Note> parse(ByteView bytes);
    // `text` ends with a line feed. Errors: tlog.note.
    static Result<Note> make(std::string text, std::vector<NoteSignature> signatures);

    const std::string& text() const { return text_; } // with its final line feed
    std::span<const NoteSignature> signatures() const { return signatures_; }
    // Errors: tlog.note when there are too many.
    Result<void> add(NoteSignature signature);
    std::string print() const;

private:
    Note(std::string text, std::vector<NoteSignature> signatures)
        : text_(std::move(text)), signatures_(std::move(signatures)) {}

    std::string text_;
    std::vector<NoteSignature> signatures_;
};

// A public key under a name ("vkey").
class Verifier {
public:
    // "name+hex key id+base64(type || key)". Refuses a key id that is not the one of the key: some
    // tools do not look, and then two readers would mean different keys. Errors: tlog.vkey.
    static Result<Verifier> parse(std::string_view vkey);
    // `key` is raw: 32 bytes of Ed25519, 1312 of ML-DSA-44. Errors: tlog.vkey.
    static Result<Verifier> make(std::string name, KeyType type, ByteView key);

    const std::string& name() const { return name_; }
    KeyType type() const { return type_; }
    std::uint32_t key_id() const { return key_id_; }
    ByteView public_bytes() const { return key_.public_bytes(); }
    std::string vkey() const;

    // Whether the line claims to be by this key.
    bool made(const NoteSignature& signature) const {
        return signature.key_id == key_id_ && signature.name == name_;
    }
    // The bare signature by the key, over exactly `message`. Errors: tlog.signature (integrity).
    Result<void> verify_raw(ByteView message, ByteView signature) const;
    // A line of type 0x01 over the text of a note. Errors: tlog.signature (integrity).
    Result<void> verify_text(std::string_view text, const NoteSignature& signature) const;

private:
    Verifier(std::string name, KeyType type, std::uint32_t key_id, crypto::VerifyKey key)
        : name_(std::move(name)), type_(type), key_id_(key_id), key_(std::move(key)) {}

    std::string name_;
    KeyType type_;
    std::uint32_t key_id_;
    crypto::VerifyKey key_;
};

//= c2sp.org/signed-note: SHA-256(name || 0x0A || type || key)[:4]
std::uint32_t note_key_id(std::string_view name, KeyType type, ByteView key);

// Signs texts with an Ed25519 key, type 0x01. Borrows the key.
class NoteSigner {
public:
    // Errors: tlog.vkey for a bad name or another algorithm.
    static Result<NoteSigner> make(std::string name, const crypto::SigningKey& key);

    const Verifier& verifier() const { return verifier_; }
    // Errors: tlog.note for a text that no note can hold, or those of the key.
    Result<NoteSignature> sign(std::string_view text) const;

private:
    NoteSigner(Verifier verifier, const crypto::SigningKey& key)
        : verifier_(std::move(verifier)), key_(&key) {}

    Verifier verifier_;
    const crypto::SigningKey* key_;
};

} // namespace valise::tlog
