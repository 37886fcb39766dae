// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/secret.h"
#include "crypto/kdf.h"
#include "vault/state_store_port.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <vector>

namespace valise::desk {

// By what the person proves who they are.
enum class Way : std::uint8_t { password, openid, certificate };
std::string_view to_string(Way way);

// A key in the person's authenticator, which signs in in place of the account's own way.
struct Passkey {
    Bytes id;                // of the credential, 1 to 1023 bytes
    Bytes key;               // COSE_Key, as webauthn.h reads it
    std::uint32_t count = 0; // of its signatures, the highest that was seen; 0: it does not count
    bool may_leave = false;  // it may be copied to other machines, as it said when it was made
    bool left = false;       // it was, as it said last
    std::string name;        // by which its person knows it
    Time made;
};

// A way for one person to sign in at the desks. It confers nothing: what its person may do, the
// register and the agreement say, and each act still needs that person's own key. //= O-21
struct Account {
    PersonId person;
    std::string name;     // typed at the sign-in, shown beside the id
    bool initial = false; // the password is still the one that was printed
    Way way = Way::password;
    Time given = {};              // when it was made; 1970: by a program that did not keep that
    std::uint64_t event = 0;      // of the act by which an officer gave it; 0: the same
    bool told = false;            // its person said that they know of it
    std::uint64_t generation = 0; // when this was read: Accounts::generation()
};

// What an officer gave: `issuer` and `subject` with openid, `pin` with certificate.
struct GivenAccount {
    std::string name;
    Way way = Way::password;
    std::string issuer = {};
    std::string subject = {};
    Hash32 pin = {}; // SHA-256 of the certificate's SubjectPublicKeyInfo
    Time at = {};
    std::uint64_t event = 0;
};

// The accounts of one registry, in a sealed file of its own. Thread-safe.
class Accounts {
public:
    // `store` must outlive it; `key`: 32 bytes, under which the file is sealed. Errors: integrity
    // desk.accounts (not such a file, or of another registry), those of the store.
    static Result<std::unique_ptr<Accounts>> open(vault::StateStore& store, SecretBytes key,
                                                  crypto::Argon2Cost cost = {});

    // What is told to the person once and kept nowhere in this form; empty where the way needs
    // none.
    struct Told {
        std::string password;
        std::string secret; // of the one-time codes, base32
    };
    // An initial password counts for a day. The key of one-time codes on the same paper counts on:
    // whoever finds it has one of the two.
    static constexpr std::int64_t kInitialSeconds = std::int64_t{24} * 3600;
    // Makes the person's account, or makes it anew: secrets are fresh, passkeys are gone, and
    // sessions that rest on the former end. Errors: invalid desk.account_name; conflict
    // desk.account_taken (name, subject or pin are another person's); limit desk.accounts_full.
    Result<Told> make(const PersonId& person, const GivenAccount& given);
    Result<Told> make(const PersonId& person, const std::string& name) {
        return make(person, GivenAccount{.name = name});
    }
    // Its person knows that it was given. Errors: not_found desk.no_account.
    Result<void> told(const PersonId& person);
    // Errors: not_found desk.no_account.
    Result<void> end(const PersonId& person);
    std::vector<Account> all() const;
    bool has(const std::string& name) const;
    std::optional<Account> of(const PersonId& person) const;
    std::optional<Account> by_openid(const std::string& issuer, const std::string& subject) const;
    std::optional<Account> by_certificate(const Hash32& pin) const;
    // Counts what ends sessions: another account, password or none. 0: none.
    std::uint64_t generation(const PersonId& person) const;

    // Takes the same time whatever is wrong. A code counts once, a restart in between or not.
    // Errors: refused desk.sign_in; unavailable desk.busy (others are being checked); those of the
    // store.
    Result<Account> check(const std::string& name, ByteView password, std::string_view code,
                          Time now);
    // Passkeys go: somebody else may have added one. Errors: refused desk.sign_in (the present one
    // is another); invalid desk.password (too short, too long, the same, everybody's, or the name);
    // those of the store.
    Result<Account> change_password(const PersonId& person, ByteView present, ByteView fresh);

    // --- passkeys, at most kMostPasskeys of a person
    // ----------------------------------------------
    static constexpr std::size_t kMostPasskeys = 8;
    std::vector<Passkey> passkeys(const PersonId& person) const;
    std::optional<std::pair<Account, Passkey>> by_passkey(ByteView id) const;
    // Errors: not_found desk.no_account; conflict desk.passkey_known; limit desk.passkeys_full.
    Result<void> add_passkey(const PersonId& person, Passkey passkey);
    // Errors: not_found desk.no_passkey.
    Result<void> remove_passkey(const PersonId& person, ByteView id);
    // Keeps what it said when it signed. Errors: refused desk.passkey_count (it counted backwards:
    // there are two of it); not_found desk.no_passkey.
    Result<void> passkey_signed(ByteView id, std::uint32_t count, bool left);

    struct Entry;
    using Entries = std::map<PersonId, Entry>;

private:
    Accounts(vault::StateStore& store, SecretBytes key, crypto::Argon2Cost cost);
    Result<void> load();
    Result<void> save(const Entries& entries) const;
    Result<SecretBytes> hashed(ByteView password, const Entry& entry);
    Result<void> keep(Entries changed); // saved first; the lock is held

    vault::StateStore& store_;
    SecretBytes key_;
    crypto::Argon2Cost cost_;
    std::counting_semaphore<2> guesses_{2}; // each costs 64 MiB
    std::atomic<int> in_line_ = 0;
    mutable std::mutex mutex_;
    Entries entries_;
    std::unique_ptr<Entry> nobody_; // what is compared with where there is no such account
    std::uint64_t next_generation_ = 1;

public:
    ~Accounts();
};

} // namespace valise::desk
