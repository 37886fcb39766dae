// SPDX-License-Identifier: Apache-2.0
// Acts that a passkey signed, through registry, key process and pages, and over to the other party.
#include "agreement/decide.h"
#include "crypto/passkey_test_support.h"
#include "crypto/random.h"
#include "desk/internal/one_time_code.h"
#include "desk/internal/testing.h"
#include "desk/pages.h"
#include "logbook/internal/sample.h"
#include "two_registries/browser.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

#include <set>

namespace valise::testing {
namespace {

using crypto::testing::TestPasskey;
using logbook::ActKind;
using logbook::SignedAct;

constexpr const char* kOrigin = "https://desk.example";

std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    return at == std::string::npos
               ? ""
               : text.substr(at + from.size(), text.find(to, at + from.size()) - at - from.size());
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

class PasskeyActs : public ::testing::Test, protected TokyoStaff {
protected:
    explicit PasskeyActs(const char* persons = "2")
        : terms(released_by(persons, read_terms("jpn-ukr.toml"))), tokyo("JPN", terms),
          kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, tokyo.clock.now().plus_days(200));
        kyiv.accredit("tsilkom-taiemno");
        purpose = tokyo.terms.purposes().front().code;
        item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    }

    // The terms with as many persons for the item's level.
    static Bytes released_by(const std::string& persons, const Bytes& terms) {
        std::string text = to_text(terms);
        const std::string row = "level = \"gokuhi\", persons = ";
        const auto at = text.find(row, text.find("[release]"));
        if (at != std::string::npos)
            text[at + row.size()] = persons.front();
        return to_bytes(text);
    }
    Json asked(const Someone& who, const TestPasskey& one) {
        return {{"person", who.id().text()}, {"passkey", to_base64(one.signer().bytes())}};
    }
    void give(const Someone& who, const TestPasskey& one) {
        ASSERT_TRUE(tokyo.act(who, ActKind::passkey, asked(who, one)).decision.permitted());
        ASSERT_TRUE(tokyo.act(tokyo.control_officer, ActKind::passkey, asked(who, one))
                        .decision.permitted());
    }
    Bytes signed_by(TestPasskey& one, ActKind kind, const Json& content) {
        auto act = logbook::Act::make(kind, tokyo.party, tokyo.terms.digest(), tokyo.clock.now(),
                                      one.signer().bytes(), content, crypto::random_array<16>());
        const auto said = one.sign(SignedAct::challenge(*act));
        ++one.count;
        return SignedAct::make(std::move(*act),
                               {said.authenticator_data, said.client_data, said.signature})
            ->bytes();
    }
    Json approval() {
        const auto state = tokyo.registry->state();
        const auto* known = state.item(item);
        return {{"release_digest",
                 to_base64(logbook::release_digest(item, known->payload_root, known->label_sha256,
                                                   "UKR", tokyo.terms.digest()))},
                {"item", item.text()},
                {"recipient", "UKR"},
                {"level", known->level},
                {"terms", to_base64(tokyo.terms.digest())}};
    }
    std::string answer(const Result<registry::ActAnswer>& done) {
        return !done                        ? done.error().reason()
               : done->decision.permitted() ? "permitted"
                                            : done->decision.reason();
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    std::string purpose;
    ItemId item;
    TestPasskey passkey{true, kOrigin};
};

//= O-05
// The second approval by a passkey: the key processes of both sides read it again, and it arrives.
TEST_F(PasskeyActs, ReleaseAfterAKeyAndArrive) {
    give(releaser, passkey);
    EXPECT_EQ(
        answer(tokyo.registry->perform(signed_by(passkey, ActKind::approve_release, approval()))),
        "agreement.passkey_first");
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    const Bytes act = signed_by(passkey, ActKind::approve_release, approval());
    EXPECT_EQ(answer(tokyo.registry->perform(act)), "permitted");
    EXPECT_EQ(answer(tokyo.registry->perform(act)), "registry.act_repeated");
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.work());
    ASSERT_TRUE(kyiv.work());
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
    // The key process signs a book of which it verified every act.
    EXPECT_TRUE(tokyo.registry->tick());
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    EXPECT_TRUE(tokyo.registry->tick());
    EXPECT_TRUE(
        tokyo.registry->state()
            .release(logbook::release_id(
                *logbook::Act::make(ActKind::approve_release, "JPN", tokyo.terms.digest(),
                                    tokyo.clock.now(), releaser.key.public_bytes(), approval(), {})
                     ->hash_field("release_digest")))
            ->by_passkey.contains(releaser.id()));
}

class ThreePersons : public PasskeyActs {
protected:
    ThreePersons() : PasskeyActs("3") {}
};

//= O-05
// For the other party all passkeys are one signer: two of three are not sent, one of three arrives.
TEST_F(ThreePersons, OneOfThemIsAPasskeys) {
    TestPasskey other{true, kOrigin};
    give(releaser, passkey);
    give(originator, other);
    const auto by = [&](TestPasskey& one) {
        return answer(
            tokyo.registry->perform(signed_by(one, ActKind::approve_release, approval())));
    };
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    ASSERT_EQ(by(passkey), "permitted");
    EXPECT_EQ(by(other), "agreement.passkey_once");
    EXPECT_FALSE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.approve(originator, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.work());
    ASSERT_TRUE(kyiv.work());
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
}

// A passkey never signs one act alike; touched twice, it is performed once, also after a new start.
TEST_F(PasskeyActs, TouchedTwiceIsPerformedOnce) {
    give(releaser, passkey);
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    auto act =
        logbook::Act::make(ActKind::approve_release, "JPN", tokyo.terms.digest(), tokyo.clock.now(),
                           passkey.signer().bytes(), approval(), crypto::random_array<16>());
    ASSERT_TRUE(act);
    const auto touch = [&] {
        const auto said = passkey.sign(SignedAct::challenge(*act));
        ++passkey.count;
        return SignedAct::make(*act, {said.authenticator_data, said.client_data, said.signature})
            ->bytes();
    };
    ASSERT_EQ(answer(tokyo.registry->perform(touch())), "permitted");
    EXPECT_EQ(answer(tokyo.registry->perform(touch())), "registry.act_repeated");
    tokyo.crash();
    tokyo.restart_keys();
    tokyo.start();
    EXPECT_EQ(answer(tokyo.registry->perform(touch())), "registry.act_repeated");
}

//= O-05
TEST_F(PasskeyActs, WhatAnEndedOneSignedReleasesNothing) {
    give(releaser, passkey);
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    ASSERT_EQ(
        answer(tokyo.registry->perform(signed_by(passkey, ActKind::approve_release, approval()))),
        "permitted");
    ASSERT_TRUE(tokyo
                    .act(tokyo.control_officer, ActKind::revoke,
                         {{"what", "passkey"}, {"person", releaser.id().text()}})
                    .decision.permitted());
    EXPECT_FALSE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    ASSERT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
    EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
    EXPECT_TRUE(tokyo.registry->tick());
}

//= O-05
TEST_F(PasskeyActs, KeyAndPasskeyOfOnePersonAreOnePerson) {
    give(releaser, passkey);
    TestPasskey other{true, kOrigin};
    give(releaser, other);
    ASSERT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
    for (TestPasskey* one : {&passkey, &other})
        EXPECT_EQ(
            answer(tokyo.registry->perform(signed_by(*one, ActKind::approve_release, approval()))),
            "agreement.release_distinct_persons");
    EXPECT_FALSE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
}

// Nothing that a taken-over server could make use of: neither a document nor a right.
TEST_F(PasskeyActs, OpenNothingAndGiveNothing) {
    give(releaser, passkey);
    tokyo.grant(releaser, item, purpose, tokyo.clock.now().plus_days(1));
    const auto copy = tokyo.registry->state().item(item)->copies.front();
    const std::pair<ActKind, Json> acts[] = {
        {ActKind::open, {{"item", item.text()}, {"copy", copy.text()}, {"purpose", purpose}}},
        {ActKind::passkey, asked(releaser, TestPasskey(true, kOrigin))},
        {ActKind::dispatch, {{"item", item.text()}, {"recipient", "UKR"}}},
        {ActKind::revoke, {{"what", "person"}, {"person", second.id().text()}}}};
    for (const auto& [kind, content] : acts)
        EXPECT_EQ(answer(tokyo.registry->perform(signed_by(passkey, kind, content))),
                  "agreement.passkey_reach");
    EXPECT_TRUE(tokyo.registry->tick()) << "the refusals stand in a book that is signed";
}

TEST_F(PasskeyActs, SignNothingBeforeOrAfter) {
    ASSERT_TRUE(
        tokyo.act(releaser, ActKind::passkey, asked(releaser, passkey)).decision.permitted());
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    const auto approve = [&] {
        return answer(
            tokyo.registry->perform(signed_by(passkey, ActKind::approve_release, approval())));
    };
    EXPECT_EQ(approve(), "registry.unknown_signer");
    EXPECT_EQ(answer(tokyo.try_act(second, ActKind::passkey, asked(releaser, passkey))),
              "agreement.passkey_officer");
    ASSERT_TRUE(tokyo.act(tokyo.control_officer, ActKind::passkey, asked(releaser, passkey))
                    .decision.permitted());
    ASSERT_TRUE(
        tokyo
            .act(releaser, ActKind::revoke, {{"what", "passkey"}, {"person", releaser.id().text()}})
            .decision.permitted());
    EXPECT_EQ(approve(), "registry.unknown_signer");
}

// A table of all kinds: what is not in it is refused by that clause.
TEST_F(PasskeyActs, ReachTheseKindsAndNoOthers) {
    const std::set<ActKind> reached = {
        ActKind::ask_release, ActKind::refuse_release, ActKind::witness_destruction,
        ActKind::store,       ActKind::begin_muster,   ActKind::approve_release, // second
    };
    give(releaser, passkey);
    for (const ActKind kind : logbook::all_act_kinds()) {
        SCOPED_TRACE(to_string(kind));
        const auto act =
            logbook::Act::make(kind, "JPN", tokyo.terms.digest(), tokyo.clock.now(),
                               passkey.signer().bytes(), logbook::sample::content(kind), {});
        ASSERT_TRUE(act);
        const auto decision =
            agreement::decide(tokyo.terms, tokyo.registry->state(), *act, tokyo.clock.now());
        const auto refusals = decision.refusals();
        EXPECT_EQ(
            std::ranges::any_of(
                refusals, [](const auto& one) { return one.reason == "agreement.passkey_reach"; }),
            !reached.contains(kind));
    }
}

// --- at the desks
class PasskeyPages : public PasskeyActs {
protected:
    PasskeyPages() {
        accounts = std::move(*desk::Accounts::open(store, SecretBytes::copy(Bytes(32, 7)), {8, 1}));
        pages = std::make_unique<desk::Pages>(
            *tokyo.registry, *accounts, tokyo.clock,
            desk::Pages::Setting{true,
                                 {"desk.example"},
                                 [] { return ""; },
                                 [](const forms::Sheet&) { return to_bytes("%PDF"); }});
    }
    Browser signed_in(const Someone& who, const std::string& name) {
        const Json made = pages->make_account(who.id(), name).value();
        Browser browser{*pages};
        browser.origin = kOrigin;
        const auto secret = from_base32(lower(made.at("secret"))).value();
        const std::string password = made.at("password");
        browser.post("/sign-in",
                     {{"token", browser.token("/sign-in")},
                      {"name", name},
                      {"password", password},
                      {"code", desk::one_time_code(secret, desk::code_period(tokyo.clock.now()))}});
        const auto answer = browser.post("/account", {{"token", browser.token("/account")},
                                                      {"password", password},
                                                      {"fresh", "a phrase of letters"},
                                                      {"again", "a phrase of letters"}});
        EXPECT_EQ(answer.status, 303U) << to_text(answer.body);
        return browser;
    }
    void keep(const Someone& who, const TestPasskey& one, Byte id) {
        desk::Passkey kept;
        kept.id = Bytes(20, id);
        kept.key = one.cose();
        kept.name = "my key";
        ASSERT_TRUE(accounts->add_passkey(who.id(), kept));
    }
    std::string prepared(Browser& browser) {
        return browser
            .post("/acts/approve-release", {{"token", browser.token("/acts/approve-release")},
                                            {"item", item.text()},
                                            {"recipient", "UKR"}})
            .headers.at("location");
    }
    HttpResponse touched(Browser& browser, const std::string& at, const std::string& challenge,
                         Byte id = 9) {
        const auto said = passkey.sign(from_base64url(challenge).value_or(Bytes()));
        ++passkey.count;
        return browser.post(at + "/passkey",
                            {{"token", browser.token(at)},
                             {"id", to_base64url(Bytes(20, id))},
                             {"client_data", to_base64url(said.client_data)},
                             {"authenticator_data", to_base64url(said.authenticator_data)},
                             {"signature", to_base64url(crypto::testing::der(said.signature))}});
    }
    static std::string challenge_in(const std::string& page) {
        return between(page, "name=\"challenge\" value=\"", "\"");
    }

    MemoryStateStore store;
    std::unique_ptr<desk::Accounts> accounts;
    std::unique_ptr<desk::Pages> pages;
};

TEST_F(PasskeyPages, APersonAsksAnOfficerConfirmsAndItSigns) {
    Browser browser = signed_in(releaser, "suzuki");
    keep(releaser, passkey, 9);
    const std::string way = between(browser.get("/account"), "href=\"/acts/passkey?", "\"");
    EXPECT_NE(way.find(releaser.id().text()), std::string::npos);
    EXPECT_NE(browser.get(prepared(browser)).find("None of your passkeys signs acts here"),
              std::string::npos);
    ASSERT_TRUE(
        tokyo.act(releaser, ActKind::passkey, asked(releaser, passkey)).decision.permitted());
    EXPECT_NE(browser.get("/account").find("waits for a control officer"), std::string::npos);
    Browser officer = signed_in(tokyo.control_officer, "officer");
    EXPECT_NE(officer.get("/").find("Passkeys to confirm"), std::string::npos);
    EXPECT_EQ(browser.get("/").find("Passkeys to confirm"), std::string::npos);
    ASSERT_TRUE(tokyo.act(tokyo.control_officer, ActKind::passkey, asked(releaser, passkey))
                    .decision.permitted());
    const std::string first = prepared(browser);
    EXPECT_EQ(challenge_in(browser.get(first)), "") << "nobody approved by a key yet";
    EXPECT_NE(browser.get(first).find("This act is not one that a passkey signs now"),
              std::string::npos);
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    const std::string page = browser.get(first);
    EXPECT_NE(page.find("Sign with the passkey my key"), std::string::npos);
    EXPECT_NE(page.find("valise sign"), std::string::npos);
    ASSERT_EQ(touched(browser, first, challenge_in(page)).status, 303U);
    EXPECT_NE(browser.get(first).find("Permitted and recorded"), std::string::npos);
    EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
}

TEST_F(PasskeyPages, WhatIsForAnotherActOrPersonIsRefused) {
    give(releaser, passkey);
    ASSERT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
    Browser browser = signed_in(releaser, "suzuki");
    keep(releaser, passkey, 9);
    const std::string one = prepared(browser);
    const std::string other = prepared(browser);
    const std::string challenge = challenge_in(browser.get(one));
    ASSERT_NE(challenge, challenge_in(browser.get(other)));
    EXPECT_EQ(touched(browser, other, challenge).status, 400U);
    EXPECT_EQ(touched(browser, one, challenge, 8).status, 400U) << "not of this account";
    passkey.flags = 0x01;
    EXPECT_EQ(touched(browser, one, challenge).status, 400U) << "not verified";
    passkey.flags = 0x05;
    passkey.origin = "https://other.example";
    EXPECT_EQ(touched(browser, one, challenge).status, 400U) << "another page";
    passkey.origin = kOrigin;
    const Byte count = passkey.count;
    passkey.count = 0;
    ASSERT_TRUE(accounts->passkey_signed(Bytes(20, 9), 7, false));
    EXPECT_EQ(touched(browser, one, challenge).status, 400U) << "it counted backwards";
    passkey.count = static_cast<Byte>(count + 20);
    EXPECT_EQ(touched(browser, one, challenge).status, 303U);
    // Somebody else's session, with the passkey of the first one.
    Browser second_one = signed_in(originator, "tanaka");
    const std::string theirs = prepared(second_one);
    EXPECT_EQ(touched(second_one, theirs, challenge_in(browser.get(other))).status, 400U);
}

} // namespace
} // namespace valise::testing
