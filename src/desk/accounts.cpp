// SPDX-License-Identifier: Apache-2.0
#include "desk/accounts.h"

#include "crypto/equal.h"
#include "crypto/random.h"
#include "crypto/record_cipher.h"
#include "desk/internal/accounts_file.h"
#include "desk/internal/known_passwords.h"
#include "desk/internal/one_time_code.h"

#include <algorithm>
#include <set>

namespace valise::desk {

namespace {

constexpr std::string_view kPurpose = "valise/desk-accounts/v1";
constexpr std::size_t kMaxAccounts = 10'000;
constexpr std::size_t kMinPassword = 12;  // characters
constexpr std::size_t kMinKinds = 5;      // of them
constexpr std::size_t kMaxPassword = 256; // bytes

std::unexpected<Error> refused() {
    return fail(Code::refused, "desk.sign_in", "name, password or code are not right");
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= kMaxAccountName && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    });
}

// Twelve characters in any script, and not one of them twelve times.
bool strong_enough(ByteView password) {
    std::size_t characters = 0;
    std::set<std::string_view> kinds;
    const std::string_view text = text_view(password);
    for (std::size_t at = 0; at < text.size(); ++characters) {
        std::size_t end = at + 1; // of UTF-8: the bytes that go on
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            ++end;
        kinds.insert(text.substr(at, end - at));
        at = end;
    }
    return characters >= kMinPassword && kinds.size() >= kMinKinds &&
           password.size() <= kMaxPassword;
}

// 100 random bits in groups that can be read out and typed.
std::string fresh_password() {
    const std::string letters = to_base32(crypto::random_array<15>()).substr(0, 20);
    std::string out;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (i > 0 && i % 5 == 0)
            out += '-';
        out += letters[i];
    }
    return out;
}

std::string upper(std::string text) {
    for (char& c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

} // namespace

Accounts::Accounts(vault::StateStore& store, SecretBytes key, crypto::Argon2Cost cost)
    : store_(store), key_(std::move(key)), cost_(cost), nobody_(std::make_unique<Entry>()) {
    nobody_->salt = crypto::random_bytes(kAccountSalt);
    nobody_->hash = crypto::random_bytes(kAccountHash);
    nobody_->cost = cost;
    nobody_->secret = crypto::random_bytes(kCodeSecret);
}

Accounts::~Accounts() = default;

Result<std::unique_ptr<Accounts>> Accounts::open(vault::StateStore& store, SecretBytes key,
                                                 crypto::Argon2Cost cost) {
    std::unique_ptr<Accounts> out(new Accounts(store, std::move(key), cost));
    TRY(out->load());
    return out;
}

Result<void> Accounts::load() {
    TRY_ASSIGN(const auto sealed, store_.load());
    if (!sealed)
        return {};
    const auto access = SecretAccess::because("opening the file of accounts");
    TRY_ASSIGN(const auto cipher, crypto::RecordCipher::create(key_.clone(access)));
    const auto plain = cipher.open(view(kPurpose), *sealed);
    if (!plain)
        return fail(Code::integrity, "desk.accounts",
                    "this is no file of accounts of this registry");
    TRY_ASSIGN(entries_, read_accounts(*plain));
    for (auto& [person, entry] : entries_)
        entry.generation = next_generation_++;
    return {};
}

Result<void> Accounts::save(const Entries& entries) const {
    const auto access = SecretAccess::because("sealing the file of accounts");
    TRY_ASSIGN(const auto cipher, crypto::RecordCipher::create(key_.clone(access)));
    return store_.save(cipher.seal(view(kPurpose), view(write_accounts(entries))));
}

Result<void> Accounts::keep(Entries changed) {
    TRY(save(changed));
    entries_ = std::move(changed);
    return {};
}

// At most two at a time, so that guessing costs the machine no more memory than that; and few in
// line, so that a flood does not take every worker.
Result<SecretBytes> Accounts::hashed(ByteView password, const Entry& entry) {
    constexpr int kMostInLine = 5;
    struct InLine {
        std::atomic<int>& count;
        int place = ++count;
        ~InLine() { --count; }
    } const line{in_line_};
    if (line.place > kMostInLine)
        return fail(Code::unavailable, "desk.busy", "many sign in at once: try again");
    guesses_.acquire();
    auto out = crypto::argon2id(password, entry.salt, entry.cost, kAccountHash);
    guesses_.release();
    return out;
}

Result<Accounts::Told> Accounts::make(const PersonId& person, const GivenAccount& given) {
    if (!is_name(given.name))
        return fail(Code::invalid, "desk.account_name",
                    "a name has 1 to 32 of a-z, 0-9, '.', '-' and '_'");
    Told told;
    Entry entry;
    entry.name = given.name;
    entry.way = given.way;
    entry.given = given.at;
    entry.event = given.event;
    if (given.way == Way::openid) {
        entry.issuer = given.issuer;
        entry.subject = given.subject;
    } else if (given.way == Way::certificate) {
        entry.pin = given.pin;
    } else {
        told.password = fresh_password();
        entry.salt = crypto::random_bytes(kAccountSalt);
        entry.cost = cost_;
        entry.secret = crypto::random_bytes(kCodeSecret);
        entry.initial = true;
        told.secret = upper(to_base32(entry.secret));
        TRY_ASSIGN(const auto hash, hashed(view(told.password), entry));
        entry.hash = to_bytes(hash.read(SecretAccess::because("keeping a password's hash")));
    }
    const std::scoped_lock lock(mutex_);
    for (const auto& [other, known] : entries_) {
        const bool taken = known.name == entry.name ||
                           (entry.way == Way::openid && known.way == Way::openid &&
                            known.issuer == entry.issuer && known.subject == entry.subject) ||
                           (entry.way == Way::certificate && known.way == Way::certificate &&
                            known.pin == entry.pin);
        if (taken && other != person)
            return fail(Code::conflict, "desk.account_taken",
                        "another person has this name, or signs in by the same");
    }
    if (entries_.size() >= kMaxAccounts && !entries_.contains(person))
        return fail(Code::limit, "desk.accounts_full", "a registry has at most 10000 accounts");
    entry.generation = next_generation_++;
    auto changed = entries_;
    changed.insert_or_assign(person, std::move(entry));
    TRY(keep(std::move(changed)));
    return told;
}

Result<void> Accounts::told(const PersonId& person) {
    const std::scoped_lock lock(mutex_);
    auto changed = entries_;
    const auto found = changed.find(person);
    if (found == changed.end())
        return fail(Code::not_found, "desk.no_account", person.text());
    found->second.told = true;
    return keep(std::move(changed));
}

Result<void> Accounts::end(const PersonId& person) {
    const std::scoped_lock lock(mutex_);
    auto changed = entries_;
    if (changed.erase(person) == 0)
        return fail(Code::not_found, "desk.no_account", person.text());
    return keep(std::move(changed));
}

std::vector<Account> Accounts::all() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Account> out;
    for (const auto& [person, entry] : entries_)
        out.push_back(entry.account(person));
    return out;
}

std::optional<Account> Accounts::of(const PersonId& person) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(person);
    if (found == entries_.end())
        return std::nullopt;
    return found->second.account(person);
}

std::optional<Account> Accounts::by_openid(const std::string& issuer,
                                           const std::string& subject) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [person, entry] : entries_)
        if (entry.way == Way::openid && entry.issuer == issuer && entry.subject == subject)
            return entry.account(person);
    return std::nullopt;
}

std::optional<Account> Accounts::by_certificate(const Hash32& pin) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [person, entry] : entries_)
        if (entry.way == Way::certificate && entry.pin == pin)
            return entry.account(person);
    return std::nullopt;
}

bool Accounts::has(const std::string& name) const {
    const std::scoped_lock lock(mutex_);
    return std::ranges::any_of(entries_,
                               [&](const auto& entry) { return entry.second.name == name; });
}

std::uint64_t Accounts::generation(const PersonId& person) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(person);
    return found == entries_.end() ? 0 : found->second.generation;
}

Result<Account> Accounts::check(const std::string& name, ByteView password, std::string_view code,
                                Time now) {
    Entry entry = *nobody_;
    PersonId person;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [id, known] : entries_)
            if (known.name == name && known.way == Way::password) {
                person = id;
                entry = known;
            }
    }
    // A longer one is nobody's, and takes as long to be told so.
    const bool too_long = password.size() > kMaxPassword;
    TRY_ASSIGN(const auto hash,
               hashed(password.first(std::min(password.size(), kMaxPassword)), entry));
    const bool same = crypto::constant_time_equal(
                          hash.read(SecretAccess::because("comparing a password")), entry.hash) &&
                      !too_long;
    const auto period = matching_period(entry.secret, code, now, entry.used);
    const bool ran_out = entry.initial && entry.given.seconds != 0 &&
                         entry.given.plus_seconds(kInitialSeconds) < now;
    if (person.empty() || !same || !period || ran_out)
        return refused();
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(person);
    // Another sign-in took this very code meanwhile, or the account was made anew.
    if (found == entries_.end() || found->second.generation != entry.generation ||
        found->second.used >= *period)
        return refused();
    auto changed = entries_;
    changed.at(person).used = *period;
    TRY(keep(std::move(changed)));
    return entry.account(person);
}

Result<Account> Accounts::change_password(const PersonId& person, ByteView present,
                                          ByteView fresh) {
    std::optional<Entry> known;
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = entries_.find(person);
            found != entries_.end() && found->second.way == Way::password)
            known = found->second;
    }
    if (!known)
        return refused();
    TRY_ASSIGN(const auto hash,
               hashed(present.first(std::min(present.size(), kMaxPassword)), *known));
    if (!crypto::constant_time_equal(hash.read(SecretAccess::because("comparing a password")),
                                     known->hash))
        return refused();
    if (!strong_enough(fresh) || known_password(text_view(fresh)) ||
        std::ranges::equal(fresh, present) || text_view(fresh).find(known->name) == 0)
        return fail(
            Code::invalid, "desk.password",
            "12 characters of five kinds to 256 bytes, not the present one, none that everybody "
            "uses, and not beginning with the name");
    Entry entry = *known;
    entry.salt = crypto::random_bytes(kAccountSalt);
    entry.cost = cost_;
    entry.initial = false;
    TRY_ASSIGN(const auto made, hashed(fresh, entry));
    entry.hash = to_bytes(made.read(SecretAccess::because("keeping a password's hash")));
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(person);
    if (found == entries_.end() || found->second.generation != known->generation)
        return refused();
    entry.used = found->second.used;
    entry.passkeys.clear();
    entry.generation = next_generation_++;
    Account out = entry.account(person);
    auto changed = entries_;
    changed.insert_or_assign(person, std::move(entry));
    TRY(keep(std::move(changed)));
    return out;
}

} // namespace valise::desk
