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

// A way for one person to sign in at the desks. It confers nothing: what its person may do, the
// register and the agreement say, and each act still needs that person's own key. //= O-21
struct Account {
    PersonId person;
    std::string name;    // typed at the sign-in, shown beside the id
    bool initial = true; // the password is still the one that was printed
};

// The accounts of one registry, in a sealed file of its own. Thread-safe.
class Accounts {
public:
    // `store` must outlive it; `key`: 32 bytes, under which the file is sealed. Errors: integrity
    // desk.accounts (not such a file, or of another registry), those of the store.
    static Result<std::unique_ptr<Accounts>> open(vault::StateStore& store, SecretBytes key,
                                                  crypto::Argon2Cost cost = {});

    // What is told to the person once and kept nowhere in this form.
    struct Told {
        std::string password;
        std::string secret; // of the one-time codes, base32
    };
    // Makes the person's account, or makes it anew: both secrets are fresh, and sessions that rest
    // on the former end. Errors: invalid desk.account_name; conflict desk.account_taken (another
    // person's); limit desk.accounts_full.
    Result<Told> make(const PersonId& person, const std::string& name);
    // Errors: not_found desk.no_account.
    Result<void> end(const PersonId& person);
    std::vector<Account> all() const;
    bool has(const std::string& name) const;
    std::optional<Account> of(const PersonId& person) const;
    // Counts what ends sessions: another account, password or none. 0: none.
    std::uint64_t generation(const PersonId& person) const;

    // Takes the same time whatever is wrong. A code counts once, a restart in between or not.
    // Errors: refused desk.sign_in; unavailable desk.busy (others are being checked); those of the
    // store.
    Result<Account> check(const std::string& name, ByteView password, std::string_view code,
                          Time now);
    // Errors: refused desk.sign_in (the present one is another); invalid desk.password (too short,
    // too long, the same, or the name); those of the store.
    Result<void> change_password(const PersonId& person, ByteView present, ByteView fresh);

private:
    struct Entry;
    struct Secrets;

    Accounts(vault::StateStore& store, SecretBytes key, crypto::Argon2Cost cost);
    Result<void> load();
    Result<void> save(const std::map<PersonId, Entry>& entries) const;
    Result<SecretBytes> hashed(ByteView password, const Entry& entry);

    vault::StateStore& store_;
    SecretBytes key_;
    crypto::Argon2Cost cost_;
    std::counting_semaphore<2> guesses_{2}; // each costs 64 MiB
    std::atomic<int> in_line_ = 0;
    mutable std::mutex mutex_;
    std::map<PersonId, Entry> entries_;
    std::unique_ptr<Entry> nobody_; // what is compared with where there is no such account
    std::uint64_t next_generation_ = 1;

public:
    ~Accounts();
};

} // namespace valise::desk
