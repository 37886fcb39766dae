// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json.h"
#include "crypto/random.h"
#include "crypto/record_cipher.h"
#include "desk/accounts.h"
#include "desk/internal/one_time_code.h"
#include "desk/internal/sessions.h"
#include "desk/internal/throttle.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace valise::desk {
namespace {

class Memory : public vault::StateStore {
public:
    Result<std::optional<Bytes>> load() override { return bytes; }
    Result<void> save(ByteView fresh) override {
        if (broken)
            return fail(Code::internal, "test.disk");
        bytes = to_bytes(fresh);
        return {};
    }
    std::optional<Bytes> bytes;
    bool broken = false;
};

class AnAccount : public ::testing::Test {
protected:
    static constexpr crypto::Argon2Cost kCheap{8, 1};

    std::unique_ptr<Accounts> opened() {
        auto out = Accounts::open(store, SecretBytes::copy(key), kCheap);
        EXPECT_TRUE(out.has_value());
        return std::move(*out);
    }
    static std::string lower(std::string text) {
        for (char& c : text)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return text;
    }
    static std::string code(const Accounts::Told& told, Time at) {
        return one_time_code(from_base32(lower(told.secret)).value(), code_period(at));
    }

    Memory store;
    Bytes key = Bytes(32, 7);
    PersonId person = PersonId::of(Bytes(10, 1));
    PersonId other = PersonId::of(Bytes(10, 2));
    Time now{1'800'000'000};
};

TEST_F(AnAccount, OpensWithAllThreeAndNothingLess) {
    const auto accounts = opened();
    const auto told = accounts->make(person, "ishikawa").value();
    const auto check = [&](const std::string& name, const std::string& password,
                           const std::string& one_time) {
        const auto out = accounts->check(name, view(password), one_time, now);
        return out ? std::string("in") : out.error().reason();
    };
    EXPECT_EQ(check("ishikawa", told.password, "000000"), "desk.sign_in");
    EXPECT_EQ(check("ishikawa", told.password + "x", code(told, now)), "desk.sign_in");
    EXPECT_EQ(check("ishikawA", told.password, code(told, now)), "desk.sign_in");
    EXPECT_EQ(check("nobody", told.password, code(told, now)), "desk.sign_in");
    EXPECT_EQ(check("", "", ""), "desk.sign_in");
    EXPECT_EQ(check("ishikawa", told.password, code(told, now)), "in");
    EXPECT_EQ(check("ishikawa", told.password, code(told, now)), "desk.sign_in") << "a code twice";
    // A restart does not forget which code was taken.
    const auto again = opened();
    EXPECT_FALSE(again->check("ishikawa", view(told.password), code(told, now), now));
    const Time later = now.plus_seconds(60);
    EXPECT_TRUE(again->check("ishikawa", view(told.password), code(told, later), later));
}

TEST_F(AnAccount, TheFileSaysNothingAndIsNobodyElses) {
    const auto accounts = opened();
    const auto told = accounts->make(person, "ishikawa").value();
    const std::string bytes = to_text(*store.bytes);
    for (const std::string& secret : {told.password, told.secret, std::string("ishikawa")})
        EXPECT_EQ(bytes.find(secret), std::string::npos);
    const Bytes good = *store.bytes;
    for (std::size_t at = 0; at < good.size(); at += 7) {
        store.bytes = good;
        (*store.bytes)[at] ^= 1;
        EXPECT_EQ(Accounts::open(store, SecretBytes::copy(key), kCheap).error().reason(),
                  "desk.accounts");
    }
    store.bytes = good;
    EXPECT_FALSE(Accounts::open(store, SecretBytes::copy(Bytes(32, 8)), kCheap));
}

TEST_F(AnAccount, AnInitialPasswordRunsOut) {
    const auto accounts = opened();
    const auto told = accounts->make(person, GivenAccount{.name = "ishikawa", .at = now}).value();
    const Time late = now.plus_seconds(Accounts::kInitialSeconds + 1);
    const auto in = [&](Time at) {
        return accounts->check("ishikawa", view(told.password), code(told, at), at).has_value();
    };
    EXPECT_FALSE(in(late));
    EXPECT_TRUE(in(now.plus_seconds(Accounts::kInitialSeconds - 60)));
    // One of their own does not.
    ASSERT_TRUE(
        accounts->change_password(person, view(told.password), view("a phrase of letters")));
    EXPECT_TRUE(accounts->check("ishikawa", view("a phrase of letters"),
                                code(told, late.plus_seconds(60)), late.plus_seconds(60)));
    EXPECT_EQ(accounts->change_password(person, view("a phrase of letters"), view("Password2026!!"))
                  .error()
                  .reason(),
              "desk.password");
}

TEST_F(AnAccount, OfAnotherWayHasNoPassword) {
    const auto accounts = opened();
    const GivenAccount by_issuer{.name = "ishikawa",
                                 .way = Way::openid,
                                 .issuer = "https://id.example",
                                 .subject = "8a7f",
                                 .at = now};
    EXPECT_EQ(accounts->make(person, by_issuer)->password, "");
    Hash32 pin{};
    pin[3] = 7;
    ASSERT_TRUE(accounts->make(
        other, GivenAccount{.name = "sato", .way = Way::certificate, .pin = pin, .at = now}));
    const auto again = opened();
    for (Accounts* const entry : {accounts.get(), again.get()}) {
        EXPECT_EQ(entry->by_openid("https://id.example", "8a7f")->person, person);
        EXPECT_FALSE(entry->by_openid("https://id.example", "8a7e"));
        EXPECT_FALSE(entry->by_openid("https://id.example/", "8a7f"));
        EXPECT_EQ(entry->by_certificate(pin)->person, other);
        EXPECT_FALSE(entry->by_certificate(Hash32{})) << "the pin of who has none";
        EXPECT_FALSE(entry->by_openid("", ""));
        EXPECT_FALSE(entry->check("ishikawa", {}, "", now));
        EXPECT_EQ(entry->change_password(person, {}, view("a phrase of letters")).error().reason(),
                  "desk.sign_in");
    }
    EXPECT_EQ(accounts->make(other, by_issuer).error().reason(), "desk.account_taken");
    EXPECT_FALSE(accounts->of(person)->told);
    ASSERT_TRUE(accounts->told(person));
    EXPECT_TRUE(opened()->of(person)->told);
}

TEST_F(AnAccount, KeepsPasskeysUntilItIsMadeAnew) {
    const auto accounts = opened();
    ASSERT_TRUE(accounts->make(person, "ishikawa"));
    const auto passkey = [](Byte id) {
        Passkey out;
        out.id = Bytes(16, id);
        out.key = Bytes(77, 1);
        out.count = 3;
        out.name = "k";
        return out;
    };
    for (Byte id = 0; id < Accounts::kMostPasskeys; ++id)
        ASSERT_TRUE(accounts->add_passkey(person, passkey(id)));
    EXPECT_EQ(accounts->add_passkey(person, passkey(99)).error().reason(), "desk.passkeys_full");
    EXPECT_EQ(accounts->add_passkey(other, passkey(0)).error().reason(), "desk.passkey_known");
    EXPECT_EQ(accounts->add_passkey(other, passkey(99)).error().reason(), "desk.no_account");
    EXPECT_EQ(opened()->by_passkey(Bytes(16, 5))->first.person, person);
    // What counts counts up.
    EXPECT_TRUE(accounts->passkey_signed(Bytes(16, 5), 4, true));
    EXPECT_EQ(accounts->passkey_signed(Bytes(16, 5), 4, true).error().reason(),
              "desk.passkey_count");
    EXPECT_EQ(accounts->passkey_signed(Bytes(16, 5), 0, true).error().reason(),
              "desk.passkey_count");
    EXPECT_EQ(opened()->by_passkey(Bytes(16, 5))->second.count, 4U);
    const auto before = accounts->generation(person);
    ASSERT_TRUE(accounts->remove_passkey(person, Bytes(16, 5)));
    EXPECT_NE(accounts->generation(person), before);
    EXPECT_EQ(accounts->remove_passkey(person, Bytes(16, 5)).error().reason(), "desk.no_passkey");
    ASSERT_TRUE(accounts->make(person, "ishikawa"));
    EXPECT_TRUE(accounts->passkeys(person).empty());
    EXPECT_FALSE(accounts->by_passkey(Bytes(16, 1)));
}

// Whoever was in a session for a moment has planted nothing that outlives the owner's new password.
TEST_F(AnAccount, PasskeysGoWithThePassword) {
    const auto accounts = opened();
    const auto told = accounts->make(person, "ishikawa").value();
    Passkey planted;
    planted.id = Bytes(16, 1);
    planted.key = Bytes(77, 1);
    ASSERT_TRUE(accounts->add_passkey(person, planted));
    const auto changed =
        accounts->change_password(person, view(told.password), view("a phrase of letters"));
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->generation, accounts->generation(person));
    EXPECT_FALSE(accounts->by_passkey(planted.id));
    EXPECT_FALSE(opened()->by_passkey(planted.id));
}

// Files of before there was another way.
TEST_F(AnAccount, TheFirstVersionIsRead) {
    const Json old = {{"v", 1},
                      {"accounts", Json::array({{{"person", person.text()},
                                                 {"name", "ishikawa"},
                                                 {"salt", to_base64(Bytes(16, 1))},
                                                 {"hash", to_base64(Bytes(32, 1))},
                                                 {"memory_kib", 8},
                                                 {"iterations", 1},
                                                 {"secret", to_base64(Bytes(20, 1))},
                                                 {"used", 0},
                                                 {"initial", false}}})}};
    const auto cipher = crypto::RecordCipher::create(SecretBytes::copy(key)).value();
    store.bytes = cipher.seal(view("valise/desk-accounts/v1"), view(canonical_json(old)));
    const auto account = opened()->of(person);
    ASSERT_TRUE(account);
    EXPECT_EQ(account->way, Way::password);
    EXPECT_EQ(account->given.seconds, 0);
    Json newer = old;
    newer["v"] = 3;
    store.bytes = cipher.seal(view("valise/desk-accounts/v1"), view(canonical_json(newer)));
    EXPECT_FALSE(Accounts::open(store, SecretBytes::copy(key), kCheap));
}

TEST_F(AnAccount, OneNameOnePerson) {
    const auto accounts = opened();
    EXPECT_TRUE(accounts->make(person, "ishikawa"));
    EXPECT_EQ(accounts->make(other, "ishikawa").error().reason(), "desk.account_taken");
    for (const char* bad : {"", "Ishikawa", "a b", "<b>", "石川"})
        EXPECT_EQ(accounts->make(other, bad).error().reason(), "desk.account_name") << bad;
    const auto before = accounts->generation(person);
    EXPECT_TRUE(accounts->make(person, "haruka"));
    EXPECT_NE(accounts->generation(person), before);
    EXPECT_EQ(accounts->of(person)->name, "haruka");
    EXPECT_TRUE(accounts->end(person));
    EXPECT_EQ(accounts->generation(person), 0U);
    EXPECT_EQ(accounts->end(person).error().reason(), "desk.no_account");
}

TEST_F(AnAccount, APasswordIsReplacedByWhoKnowsIt) {
    const auto accounts = opened();
    const auto told = accounts->make(person, "ishikawa").value();
    EXPECT_TRUE(accounts->of(person)->initial);
    const auto change = [&](const std::string& present, const std::string& fresh) {
        const auto out = accounts->change_password(person, view(present), view(fresh));
        return out ? std::string("changed") : out.error().reason();
    };
    EXPECT_EQ(change("x", "a phrase of letters"), "desk.sign_in");
    for (const std::string& bad :
         {std::string("short"), told.password, std::string("ishikawa-ishikawa"),
          std::string(257, 'a'), std::string(12, ' '), std::string("秘密文書"),
          std::string("合言葉合言葉合言葉合言葉")})
        EXPECT_EQ(change(told.password, bad), "desk.password") << bad;
    store.broken = true; // what the disk did not take does not count
    EXPECT_EQ(change(told.password, "a phrase of letters"), "test.disk");
    store.broken = false;
    EXPECT_TRUE(accounts->check("ishikawa", view(told.password), code(told, now), now));
    EXPECT_EQ(change(told.password, "a phrase of letters"), "changed");
    EXPECT_FALSE(accounts->of(person)->initial);
    const Time later = now.plus_seconds(60);
    EXPECT_FALSE(accounts->check("ishikawa", view(told.password), code(told, later), later));
    EXPECT_TRUE(accounts->check("ishikawa", view("a phrase of letters"), code(told, later), later));
}

// A flood of guesses takes a few workers and not all of them.
TEST_F(AnAccount, FewWaitInLine) {
    auto accounts = std::move(Accounts::open(store, SecretBytes::copy(key), {16 << 10, 3})).value();
    std::atomic<int> busy = 0;
    std::atomic<int> refused = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 24; ++i)
            callers.emplace_back([&] {
                const auto out = accounts->check("nobody", view("x"), "000000", now);
                ++(out.error().reason() == "desk.busy" ? busy : refused);
            });
    }
    EXPECT_EQ(busy + refused, 24);
    EXPECT_GE(busy.load(), 1);
    EXPECT_GE(refused.load(), 1);
}

TEST_F(AnAccount, ASessionIsBoundAndRunsOut) {
    const auto accounts = opened();
    EXPECT_TRUE(accounts->make(person, "ishikawa"));
    Sessions sessions;
    const Account account = *accounts->of(person);
    const auto begin = [&] {
        return sessions.begin(*accounts->of(person), "10.0.0.1", "browser", now);
    };
    const std::string cookie = begin();
    const auto found = [&](const std::string& value, const char* address, const char* agent,
                           Time at) {
        return sessions.find(value, address, agent, at, *accounts).has_value();
    };
    EXPECT_TRUE(found(cookie, "10.0.0.1", "browser", now));
    EXPECT_FALSE(found(cookie, "10.0.0.2", "browser", now));
    EXPECT_FALSE(found(cookie, "10.0.0.1", "another", now));
    EXPECT_FALSE(found(cookie + "0", "10.0.0.1", "browser", now));
    EXPECT_FALSE(found("", "10.0.0.1", "browser", now));
    EXPECT_TRUE(found(cookie, "10.0.0.1", "browser", now.plus_seconds(kSessionIdle)));
    EXPECT_FALSE(found(cookie, "10.0.0.1", "browser", now.plus_seconds(2 * kSessionIdle + 1)));
    const std::string busy = begin();
    for (std::int64_t at = 0; at <= kSessionLongest; at += kSessionIdle)
        EXPECT_TRUE(found(busy, "10.0.0.1", "browser", now.plus_seconds(at))) << at;
    EXPECT_FALSE(found(busy, "10.0.0.1", "browser", now.plus_seconds(kSessionLongest + 1)));
    const std::string ended = begin();
    EXPECT_TRUE(accounts->make(person, "ishikawa"));
    EXPECT_FALSE(found(ended, "10.0.0.1", "browser", now)) << "the account is another";
    // It was made anew between the check of the former one and the session.
    EXPECT_FALSE(
        found(sessions.begin(account, "10.0.0.1", "browser", now), "10.0.0.1", "browser", now));
}

TEST(Guessing, WaitsLongerAndNeverForGood) {
    Throttle throttle;
    Time now{1'800'000'000};
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(throttle.admit("ishikawa", "10.0.0.1", now), 0) << i;
    std::int64_t longest = 0;
    for (int i = 0; i < 12; ++i) {
        const std::int64_t wait = throttle.admit("ishikawa", "10.0.0.1", now);
        EXPECT_GT(wait, 0);
        EXPECT_EQ(throttle.admit("ishikawa", "10.0.0.1", now), wait)
            << "asking does not prolong it";
        // Elsewhere the officer is not kept out by it.
        EXPECT_EQ(throttle.admit("ishikawa", "10.0.1." + std::to_string(i), now), 0);
        longest = std::max(longest, wait);
        now = now.plus_seconds(wait);
        EXPECT_EQ(throttle.admit("ishikawa", "10.0.0.1", now), 0);
    }
    EXPECT_EQ(longest, 60);
    throttle.succeeded("ishikawa", "10.0.0.1");
    EXPECT_EQ(throttle.admit("ishikawa", "10.0.0.1", now), 0);
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2:9:9:9:9"));
    EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
    // Over all names at one address.
    Throttle many;
    std::int64_t wait = 0;
    for (int i = 0; i < 60 && wait == 0; ++i)
        wait = many.admit("name" + std::to_string(i), "10.0.0.9", now);
    EXPECT_GT(wait, 0);
    // Where no name is known, the address counts alone, once.
    Throttle nameless;
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(nameless.admit({}, "10.0.0.9", now), 0) << i;
    EXPECT_GT(nameless.admit({}, "10.0.0.9", now), 0);
    nameless.succeeded({}, "10.0.0.9");
    EXPECT_EQ(nameless.admit({}, "10.0.0.9", now), 0);
}

} // namespace
} // namespace valise::desk
