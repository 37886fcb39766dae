// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/accounts_file.h"

#include <algorithm>

namespace valise::desk {

std::vector<Passkey> Accounts::passkeys(const PersonId& person) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(person);
    return found == entries_.end() ? std::vector<Passkey>() : found->second.passkeys;
}

std::optional<std::pair<Account, Passkey>> Accounts::by_passkey(ByteView id) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [person, entry] : entries_)
        for (const Passkey& passkey : entry.passkeys)
            if (std::ranges::equal(passkey.id, id))
                return std::pair(entry.account(person), passkey);
    return std::nullopt;
}

Result<void> Accounts::add_passkey(const PersonId& person, Passkey passkey) {
    if (passkey.id.empty() || passkey.id.size() > kMaxPasskeyId || passkey.key.empty() ||
        passkey.key.size() > kMaxPasskeyKey || passkey.name.size() > kMaxPasskeyName)
        return fail(Code::refused, "desk.passkey", "no passkey that is kept here");
    const std::scoped_lock lock(mutex_);
    for (const auto& [other, entry] : entries_)
        for (const Passkey& known : entry.passkeys)
            if (known.id == passkey.id)
                return fail(Code::conflict, "desk.passkey_known", "this passkey is known already");
    auto changed = entries_;
    const auto found = changed.find(person);
    if (found == changed.end())
        return fail(Code::not_found, "desk.no_account", person.text());
    if (found->second.passkeys.size() >= kMostPasskeys)
        return fail(Code::limit, "desk.passkeys_full", "a person has at most eight passkeys");
    found->second.passkeys.push_back(std::move(passkey));
    return keep(std::move(changed));
}

Result<void> Accounts::remove_passkey(const PersonId& person, ByteView id) {
    const std::scoped_lock lock(mutex_);
    auto changed = entries_;
    const auto found = changed.find(person);
    if (found == changed.end() ||
        std::erase_if(found->second.passkeys, [&](const Passkey& passkey) {
            return std::ranges::equal(passkey.id, id);
        }) == 0)
        return fail(Code::not_found, "desk.no_passkey", "no such passkey of this person");
    // Whoever signed in with it is out.
    found->second.generation = next_generation_++;
    return keep(std::move(changed));
}

//= WebAuthn 7.2 step 22
// A passkey that counts and does not count up was copied out of its authenticator: neither of the
// two signs in until its person removes it.
Result<void> Accounts::passkey_signed(ByteView id, std::uint32_t count, bool left) {
    const std::scoped_lock lock(mutex_);
    auto changed = entries_;
    for (auto& [person, entry] : changed)
        for (Passkey& passkey : entry.passkeys) {
            if (!std::ranges::equal(passkey.id, id))
                continue;
            if ((count != 0 || passkey.count != 0) && count <= passkey.count)
                return fail(Code::refused, "desk.passkey_count",
                            "this passkey was used elsewhere: remove it");
            passkey.count = count;
            passkey.left = left;
            return keep(std::move(changed));
        }
    return fail(Code::not_found, "desk.no_passkey", "no such passkey");
}

} // namespace valise::desk
