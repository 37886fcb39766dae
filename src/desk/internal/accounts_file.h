// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "desk/accounts.h"

namespace valise::desk {

inline constexpr std::size_t kMaxAccountName = 32;
inline constexpr std::size_t kAccountSalt = 16;
inline constexpr std::size_t kAccountHash = 32;
inline constexpr std::size_t kCodeSecret = 20; //= RFC 4226 4
inline constexpr std::size_t kMaxPasskeyId = 1023;
inline constexpr std::size_t kMaxPasskeyKey = 1024;
inline constexpr std::size_t kMaxPasskeyName = 64;
inline constexpr std::size_t kMaxLink = 512; // of an issuer's name, or a subject there

struct Accounts::Entry {
    std::string name;
    Way way = Way::password;
    Time given;
    std::uint64_t event = 0;
    bool told = false;
    // Of a password; empty otherwise.
    Bytes salt;
    Bytes hash;
    crypto::Argon2Cost cost;
    Bytes secret;          // of one-time codes
    std::int64_t used = 0; // period of the code that was taken last
    bool initial = false;
    std::string issuer;
    std::string subject;
    Hash32 pin{};
    std::vector<Passkey> passkeys;
    std::uint64_t generation = 0; // not in the file

    Account account(const PersonId& person) const {
        return {person, name, initial, way, given, event, told, generation};
    }
};

// docs/formats/accounts.md, without its seal. Errors: those of the strict reader.
Result<Accounts::Entries> read_accounts(ByteView plain);
std::string write_accounts(const Accounts::Entries& entries);

} // namespace valise::desk
