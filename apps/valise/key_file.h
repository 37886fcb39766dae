// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "crypto/hybrid_sign.h"
#include "crypto/kem.h"
#include "crypto/passphrase.h"

#include <optional>
#include <string>

namespace valise::cli {

enum class KeyKind {
    person,    // Ed25519: signs acts
    recipient, // hybrid KEM: files are sealed to it
    sender,    // Ed25519 and ML-DSA-87: signs files
};
std::string_view to_string(KeyKind kind);
Result<KeyKind> parse_key_kind(std::string_view text); // Errors: cli.key_kind

// FILE.pub: {"v":1,"kind","name"?,"public"}, docs/formats/key-file.md.
struct PublicKeyFile {
    KeyKind kind = KeyKind::person;
    std::string name;   // may be empty
    Bytes public_bytes; // Ed25519 (32) | SPKI DER | ed25519 || ml-dsa-87

    // Reads FILE or FILE.pub; the public half of a secret key file will do. Errors: cli.key_file,
    // cli.key_kind when it is not of that kind.
    static Result<PublicKeyFile> read(const std::string& path, KeyKind kind);
    std::string text() const;

    Result<crypto::WrapPublicKey> recipient() const;
    Result<crypto::HybridVerifier> sender() const;
    // "per-…" of a person, "k-…" of a recipient, "s-…" of a sender.
    Result<std::string> id() const;
};

struct SecretKeyFile {
    PublicKeyFile pub;
    SecretBytes secret; // seed | PKCS#8 DER | both seeds

    static Result<SecretKeyFile> generate(KeyKind kind, std::string name);
    // Opens it with the passphrase of --passphrase-file or asks for it. Errors: cli.key_file,
    // cli.key_kind, crypto.passphrase.
    static Result<SecretKeyFile> read(const std::string& path, KeyKind kind);
    // Without a passphrase the secret lies in clear, which the file says.
    Result<std::string> text(const std::optional<SecretBytes>& passphrase,
                             crypto::Argon2Cost cost) const;

    Result<crypto::SigningKey> person() const;
    Result<crypto::WrapPrivateKey> recipient() const;
    Result<crypto::HybridSigner> sender() const;
};

// The person of --as. Errors: invalid cli.no_key_file, those of reading.
Result<SecretKeyFile> acting_person();

// From --passphrase-file, or typed on the terminal (twice when `confirm`). Errors: invalid
// cli.no_passphrase.
Result<SecretBytes> ask_passphrase(std::string_view what, bool confirm);

} // namespace valise::cli
