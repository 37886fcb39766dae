// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/key_list.h"
#include "crypto/hybrid_sign.h"
#include "crypto/kdf.h"
#include "crypto/kem.h"
#include "crypto/sign.h"
#include "vault/key_service_port.h"

#include <optional>

namespace valise::vault {

struct KeystoreRequest {
    std::string party;
    Founders founders;
    Time now;
};

// Ed25519 and ML-DSA-44, both needed for every checkpoint and cosignature.
struct LogSigner {
    std::string name; // origin of a log, name of a witness
    crypto::SigningKey ed25519;
    crypto::SigningKey ml_dsa_44;
};

// Every secret key of a registry, each for one use.
struct Keystore {
    std::string party;
    Founders founders;
    Time created;
    LogSigner private_log;
    LogSigner shared_log;
    LogSigner witness;
    std::optional<LogSigner> mirror; // none in a keystore of version 1
    crypto::HybridSigner root;
    crypto::HybridSigner sender;
    crypto::HybridSigner receipt;
    crypto::WrapPrivateKey unwrapping;
    SecretBytes tls_private_key; // PKCS#8 DER
    Bytes tls_certificate;       // DER
    SecretBytes storage_key;     // 32 bytes: openings in the daemon's database
    SecretBytes state_key;       // 32 bytes: the vault's own state file

    // Fresh keys; origins and names are random and say nothing of the parties.
    static Result<Keystore> generate(const KeystoreRequest& request);

    // Under a passphrase (Argon2id, AES-256-GCM). docs/formats/keystore.md.
    Result<Bytes> seal(const SecretBytes& passphrase, crypto::Argon2Cost cost) const;
    // Reads version 1 too, which has no mirror key. Errors: crypto.passphrase (wrong passphrase or
    // changed file), vault.keystore.
    static Result<Keystore> open(ByteView sealed, const SecretBytes& passphrase);

    Result<agreement::KeyList> key_list() const;
};

// ed25519 || ml-dsa-87, as key lists carry hybrid public keys. Errors: vault.hybrid_key.
Bytes hybrid_bytes(const crypto::HybridPublic& keys);
Result<crypto::HybridVerifier> hybrid_verifier(ByteView bytes);

} // namespace valise::vault
