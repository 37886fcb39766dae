// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kdf.h"
#include "vault/keystore.h"
#include "vault/state_store_port.h"

#include <memory>
#include <string>

namespace valise::keys_program {

// The vault's state in a file beside the keystore.
class FileStateStore : public vault::StateStore {
public:
    explicit FileStateStore(std::string path) : path_(std::move(path)) {}
    Result<std::optional<Bytes>> load() override;
    Result<void> save(ByteView bytes) override;

private:
    std::string path_;
};

std::string keystore_path(const std::string& folder);
std::string state_path(const std::string& folder);

// The first line of a file, or all that a descriptor gives. Errors: invalid keys.passphrase when
// empty; those of reading.
Result<SecretBytes> passphrase_from_file(const std::string& path);
Result<SecretBytes> passphrase_from_descriptor(int fd);

// Name and Ed25519 public key of a person's .pub file. Errors: invalid keys.public_file.
Result<vault::Founder> read_founder(const std::string& path);
// The same of its text; `path` is for the message.
Result<vault::Founder> parse_founder(ByteView text, const std::string& path);

struct Creation {
    std::string folder;
    std::string party;
    std::string control_officer;   // .pub files
    std::string clearance_officer; // of another person
    crypto::Argon2Cost cost;
};
// Errors: conflict adapters.file_exists (keys are never overwritten), invalid keys.party,
// keys.one_officer.
Result<void> create_keys(const Creation& creation, const SecretBytes& passphrase, Time now);

Result<vault::Keystore> open_keys(const std::string& folder, const SecretBytes& passphrase);

} // namespace valise::keys_program
